-- Links that are sent again, and what endpoints say about deliveries.
ALTER TABLE link ADD COLUMN resent_count INTEGER NOT NULL DEFAULT 0 CHECK (resent_count >= 0);
ALTER TABLE message ADD COLUMN resend INTEGER NOT NULL DEFAULT 0 CHECK (resend >= 0);
ALTER TABLE delivery ADD COLUMN last_answer TEXT;

-- Fees: a fee's least and most, and what a payer pays on top.
ALTER TABLE merchant_fee ADD COLUMN fee_min INTEGER NOT NULL DEFAULT 0 CHECK (fee_min >= 0);
ALTER TABLE merchant_fee ADD COLUMN fee_cap INTEGER CHECK (fee_cap >= 0);
ALTER TABLE merchant_fee ADD COLUMN surcharge_bps INTEGER NOT NULL DEFAULT 0 CHECK (surcharge_bps >= 0);
ALTER TABLE merchant_fee ADD COLUMN surcharge_flat INTEGER NOT NULL DEFAULT 0 CHECK (surcharge_flat >= 0);

-- Splits: the shares of children in a link's payments, and whom an entry on the account of children is for.
ALTER TABLE link ADD COLUMN split_count INTEGER NOT NULL DEFAULT 0 CHECK (split_count >= 0);
ALTER TABLE entry ADD COLUMN child_id INTEGER;
CREATE TABLE link_split (
  link_id   INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  child_id  INTEGER NOT NULL,
  amount    INTEGER CHECK (amount > 0),
  bps       INTEGER CHECK (bps > 0 AND bps <= 10000),
  bears_fee INTEGER NOT NULL CHECK (bears_fee IN (0, 1)),
  PRIMARY KEY (link_id, position),
  CONSTRAINT link_split_one_share CHECK ((amount IS NULL) <> (bps IS NULL))
) STRICT, WITHOUT ROWID;

-- Parts: how small the payments of an obligation may be, and the plan by which it is to be paid.
ALTER TABLE link ADD COLUMN in_parts INTEGER NOT NULL DEFAULT 0 CHECK (in_parts IN (0, 1));
ALTER TABLE link ADD COLUMN part_first_min INTEGER CHECK (part_first_min > 0);
ALTER TABLE link ADD COLUMN part_min INTEGER CHECK (part_min > 0);
ALTER TABLE link ADD COLUMN plan_count INTEGER NOT NULL DEFAULT 0 CHECK (plan_count >= 0);
CREATE TABLE link_instalment (
  link_id  INTEGER NOT NULL,
  position INTEGER NOT NULL,
  amount   INTEGER NOT NULL CHECK (amount > 0),
  due_at   INTEGER NOT NULL,
  PRIMARY KEY (link_id, position)
) STRICT, WITHOUT ROWID;

-- Refunds. Both sums of a payment are of refunds that took money out of it: never more than came and counts.
ALTER TABLE payment ADD COLUMN refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded >= 0);
ALTER TABLE payment ADD COLUMN refund_pending INTEGER NOT NULL DEFAULT 0 CHECK (
  refund_pending >= 0
  AND refunded + refund_pending <= CASE WHEN hold_reason IS NULL THEN applied ELSE taken END
);
ALTER TABLE payment ADD COLUMN fee_back INTEGER NOT NULL DEFAULT 0 CHECK (fee_back BETWEEN 0 AND fee);
ALTER TABLE payment ADD COLUMN fee_tax_back INTEGER NOT NULL DEFAULT 0
  CHECK (fee_tax_back BETWEEN 0 AND fee_tax);
ALTER TABLE link ADD COLUMN refund_pending INTEGER NOT NULL DEFAULT 0
  CHECK (refund_pending >= 0 AND refunded + refund_pending <= captured);
ALTER TABLE event ADD COLUMN refund_id INTEGER;
ALTER TABLE idempotency ADD COLUMN refund_id INTEGER;
ALTER TABLE merchant ADD COLUMN refund_fee_bearer INTEGER NOT NULL DEFAULT 1;
ALTER TABLE charge ADD COLUMN refund_story INTEGER NOT NULL DEFAULT 1;

CREATE TABLE refund (
  id             INTEGER PRIMARY KEY,
  payment_id     INTEGER NOT NULL,
  link_id        INTEGER NOT NULL,
  merchant_id    INTEGER NOT NULL,
  currency       TEXT NOT NULL CHECK (length(currency) = 3),
  amount         INTEGER NOT NULL CHECK (amount > 0),
  fee            INTEGER NOT NULL CHECK (fee >= 0),
  fee_tax        INTEGER NOT NULL CHECK (fee_tax >= 0),
  net            INTEGER NOT NULL CHECK (net >= 0),
  hold_reason    INTEGER,
  of_merchant    INTEGER,
  created_at     INTEGER NOT NULL,
  rail_reference TEXT,
  state          INTEGER NOT NULL,
  state_at       INTEGER,
  failure        TEXT,
  version        INTEGER NOT NULL,
  CONSTRAINT refund_whole CHECK (fee + fee_tax + net = amount)
) STRICT;
CREATE INDEX refund_by_link ON refund (link_id);

-- What the sandbox rail remembers of refunds.
CREATE TABLE payback (
  refund_id   INTEGER PRIMARY KEY,
  payment_id  INTEGER NOT NULL,
  merchant_id INTEGER NOT NULL,
  amount      INTEGER NOT NULL,
  story       INTEGER NOT NULL,
  settled     INTEGER
) STRICT;

-- Statements go by merchant and time.
CREATE INDEX entry_by_merchant ON entry (merchant_id, booked_at, link_id, position);

-- Holds: what was decided about money that was held, and what its attempt had asked for.
ALTER TABLE payment ADD COLUMN is_foreign INTEGER NOT NULL DEFAULT 0 CHECK (is_foreign IN (0, 1));
ALTER TABLE payment ADD COLUMN hold_decision INTEGER CHECK ((hold_decision IS NULL) OR coalesce(hold_reason, 0) > 0);
ALTER TABLE payment ADD COLUMN asked INTEGER CHECK ((asked IS NULL) = (hold_decision IS NULL));
ALTER TABLE payment ADD COLUMN came_in TEXT CHECK (length(came_in) = 3);
ALTER TABLE payment ADD COLUMN beside INTEGER;
ALTER TABLE merchant ADD COLUMN hold_policy INTEGER;
CREATE INDEX payment_held ON payment (merchant_id, created_at) WHERE state = 5 AND hold_decision IS NULL;

-- The check of the books looks for each link's last sealed head.
CREATE INDEX seal_head_by_link ON seal_head (link_id, chain_count);

-- Refunds of split payments: what the children got of a payment and have given back, and what each refund takes
-- of it. No part gives back more than it got, nor more fee or net than was in it.
CREATE TABLE split_part (
  link_id      INTEGER NOT NULL,
  payment_id   INTEGER NOT NULL,
  position     INTEGER NOT NULL,
  child_id     INTEGER NOT NULL,
  amount       INTEGER NOT NULL,
  fee          INTEGER NOT NULL CHECK (fee >= 0),
  fee_tax      INTEGER NOT NULL CHECK (fee_tax >= 0),
  amount_back  INTEGER NOT NULL,
  fee_back     INTEGER NOT NULL CHECK (fee_back BETWEEN 0 AND fee),
  fee_tax_back INTEGER NOT NULL CHECK (fee_tax_back BETWEEN 0 AND fee_tax),
  PRIMARY KEY (link_id, payment_id, position),
  CONSTRAINT split_part_within CHECK (
    amount_back <= amount AND amount_back - fee_back - fee_tax_back BETWEEN 0 AND amount - fee - fee_tax
  )
) STRICT, WITHOUT ROWID;
CREATE TABLE split_refund (
  link_id   INTEGER NOT NULL,
  refund_id INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  child_id  INTEGER NOT NULL,
  amount    INTEGER NOT NULL,
  fee       INTEGER NOT NULL CHECK (fee >= 0),
  fee_tax   INTEGER NOT NULL CHECK (fee_tax >= 0),
  PRIMARY KEY (link_id, refund_id, position),
  CONSTRAINT split_refund_whole CHECK (fee + fee_tax <= amount)
) STRICT, WITHOUT ROWID;

-- Receipts: payers with an e-mail address get one for each captured payment; of one event there is one.
ALTER TABLE merchant ADD COLUMN receipts INTEGER NOT NULL DEFAULT 1 CHECK (receipts IN (0, 1));
ALTER TABLE link ADD COLUMN has_email INTEGER NOT NULL DEFAULT 0 CHECK (has_email IN (0, 1));
ALTER TABLE message ADD COLUMN event_id INTEGER CHECK (event_id IS NULL OR resend = 0);
CREATE UNIQUE INDEX message_by_event ON message (event_id) WHERE event_id IS NOT NULL;

-- The sandbox rail's scripts, where a payment has no story: its number is 0 then.
ALTER TABLE charge ADD COLUMN script TEXT CHECK ((script IS NULL) = (story > 0));

-- What a child is owed, by link.
CREATE INDEX entry_by_child ON entry (child_id, link_id, booked_at) WHERE child_id IS NOT NULL;

-- Obligations: several links for what is owed once, and the payment that counts.
ALTER TABLE link ADD COLUMN obligation_id INTEGER;
CREATE INDEX link_by_obligation ON link (obligation_id) WHERE obligation_id IS NOT NULL;
CREATE TABLE obligation (
  id          INTEGER PRIMARY KEY,
  merchant_id INTEGER NOT NULL,
  name        TEXT NOT NULL,
  currency    TEXT NOT NULL CHECK (length(currency) = 3),
  amount      INTEGER NOT NULL CHECK (amount > 0),
  link_count  INTEGER NOT NULL CHECK (link_count > 0),
  paid_by     INTEGER,
  version     INTEGER NOT NULL,
  UNIQUE (merchant_id, name)
) STRICT;
