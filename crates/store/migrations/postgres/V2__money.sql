-- Links that are sent again, and what endpoints say about deliveries.
ALTER TABLE link ADD COLUMN resent_count BIGINT NOT NULL DEFAULT 0 CHECK (resent_count >= 0);
ALTER TABLE message ADD COLUMN resend BIGINT NOT NULL DEFAULT 0 CHECK (resend >= 0);
ALTER TABLE delivery ADD COLUMN last_answer TEXT COLLATE "C";

-- Fees: a fee's least and most, and what a payer pays on top.
ALTER TABLE merchant_fee ADD COLUMN fee_min BIGINT NOT NULL DEFAULT 0 CHECK (fee_min >= 0);
ALTER TABLE merchant_fee ADD COLUMN fee_cap BIGINT CHECK (fee_cap >= 0);
ALTER TABLE merchant_fee ADD COLUMN surcharge_bps BIGINT NOT NULL DEFAULT 0 CHECK (surcharge_bps >= 0);
ALTER TABLE merchant_fee ADD COLUMN surcharge_flat BIGINT NOT NULL DEFAULT 0 CHECK (surcharge_flat >= 0);

-- Splits: the shares of children in a link's payments, and whom an entry on the account of children is for.
ALTER TABLE link ADD COLUMN split_count BIGINT NOT NULL DEFAULT 0 CHECK (split_count >= 0);
ALTER TABLE entry ADD COLUMN child_id BIGINT;
CREATE TABLE link_split (
  link_id   BIGINT NOT NULL,
  position  BIGINT NOT NULL,
  child_id  BIGINT NOT NULL,
  amount    BIGINT CHECK (amount > 0),
  bps       BIGINT CHECK (bps > 0 AND bps <= 10000),
  bears_fee BIGINT NOT NULL CHECK (bears_fee IN (0, 1)),
  PRIMARY KEY (link_id, position),
  CONSTRAINT link_split_one_share CHECK ((amount IS NULL) <> (bps IS NULL))
);

-- Parts: how small the payments of an obligation may be, and the plan by which it is to be paid.
ALTER TABLE link ADD COLUMN in_parts BIGINT NOT NULL DEFAULT 0 CHECK (in_parts IN (0, 1));
ALTER TABLE link ADD COLUMN part_first_min BIGINT CHECK (part_first_min > 0);
ALTER TABLE link ADD COLUMN part_min BIGINT CHECK (part_min > 0);
ALTER TABLE link ADD COLUMN plan_count BIGINT NOT NULL DEFAULT 0 CHECK (plan_count >= 0);
CREATE TABLE link_instalment (
  link_id  BIGINT NOT NULL,
  position BIGINT NOT NULL,
  amount   BIGINT NOT NULL CHECK (amount > 0),
  due_at   BIGINT NOT NULL,
  PRIMARY KEY (link_id, position)
);

-- Refunds. Both sums of a payment are of refunds that took money out of it: never more than came and counts.
ALTER TABLE payment ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0 CHECK (refunded >= 0);
ALTER TABLE payment ADD COLUMN refund_pending BIGINT NOT NULL DEFAULT 0 CHECK (
  refund_pending >= 0
  AND refunded + refund_pending <= CASE WHEN hold_reason IS NULL THEN applied ELSE taken END
);
ALTER TABLE payment ADD COLUMN fee_back BIGINT NOT NULL DEFAULT 0 CHECK (fee_back BETWEEN 0 AND fee);
ALTER TABLE payment ADD COLUMN fee_tax_back BIGINT NOT NULL DEFAULT 0
  CHECK (fee_tax_back BETWEEN 0 AND fee_tax);
ALTER TABLE link ADD COLUMN refund_pending BIGINT NOT NULL DEFAULT 0
  CHECK (refund_pending >= 0 AND refunded + refund_pending <= captured);
ALTER TABLE event ADD COLUMN refund_id BIGINT;
ALTER TABLE idempotency ADD COLUMN refund_id BIGINT;
ALTER TABLE merchant ADD COLUMN refund_fee_bearer BIGINT NOT NULL DEFAULT 1;
ALTER TABLE charge ADD COLUMN refund_story BIGINT NOT NULL DEFAULT 1;

CREATE TABLE refund (
  id             BIGINT PRIMARY KEY,
  payment_id     BIGINT NOT NULL,
  link_id        BIGINT NOT NULL,
  merchant_id    BIGINT NOT NULL,
  currency       TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  amount         BIGINT NOT NULL CHECK (amount > 0),
  fee            BIGINT NOT NULL CHECK (fee >= 0),
  fee_tax        BIGINT NOT NULL CHECK (fee_tax >= 0),
  net            BIGINT NOT NULL CHECK (net >= 0),
  hold_reason    BIGINT,
  of_merchant    BIGINT,
  created_at     BIGINT NOT NULL,
  rail_reference TEXT COLLATE "C",
  state          BIGINT NOT NULL,
  state_at       BIGINT,
  failure        TEXT COLLATE "C",
  version        BIGINT NOT NULL,
  CONSTRAINT refund_whole CHECK (fee + fee_tax + net = amount)
);
CREATE INDEX refund_by_link ON refund (link_id);

-- What the sandbox rail remembers of refunds.
CREATE TABLE payback (
  refund_id   BIGINT PRIMARY KEY,
  payment_id  BIGINT NOT NULL,
  merchant_id BIGINT NOT NULL,
  amount      BIGINT NOT NULL,
  story       BIGINT NOT NULL,
  settled     BIGINT
);

-- Statements go by merchant and time.
CREATE INDEX entry_by_merchant ON entry (merchant_id, booked_at, link_id, position);

-- Holds: what was decided about money that was held, and what its attempt had asked for.
ALTER TABLE payment ADD COLUMN is_foreign BIGINT NOT NULL DEFAULT 0 CHECK (is_foreign IN (0, 1));
ALTER TABLE payment ADD COLUMN hold_decision BIGINT CHECK ((hold_decision IS NULL) OR coalesce(hold_reason, 0) > 0);
ALTER TABLE payment ADD COLUMN asked BIGINT CHECK ((asked IS NULL) = (hold_decision IS NULL));
ALTER TABLE payment ADD COLUMN came_in TEXT COLLATE "C" CHECK (length(came_in) = 3);
ALTER TABLE payment ADD COLUMN beside BIGINT;
ALTER TABLE merchant ADD COLUMN hold_policy BIGINT;
CREATE INDEX payment_held ON payment (merchant_id, created_at, id) WHERE state = 5 AND hold_decision IS NULL;

-- The check of the books looks for each link's last sealed head.
CREATE INDEX seal_head_by_link ON seal_head (link_id, chain_count);

-- Refunds of split payments: what the children got of a payment and have given back, and what each refund takes
-- of it. No part gives back more than it got, nor more fee or net than was in it.
CREATE TABLE split_part (
  link_id      BIGINT NOT NULL,
  payment_id   BIGINT NOT NULL,
  position     BIGINT NOT NULL,
  child_id     BIGINT NOT NULL,
  amount       BIGINT NOT NULL,
  fee          BIGINT NOT NULL CHECK (fee >= 0),
  fee_tax      BIGINT NOT NULL CHECK (fee_tax >= 0),
  amount_back  BIGINT NOT NULL,
  fee_back     BIGINT NOT NULL CHECK (fee_back BETWEEN 0 AND fee),
  fee_tax_back BIGINT NOT NULL CHECK (fee_tax_back BETWEEN 0 AND fee_tax),
  PRIMARY KEY (link_id, payment_id, position),
  CONSTRAINT split_part_within CHECK (
    amount_back <= amount AND amount_back - fee_back - fee_tax_back BETWEEN 0 AND amount - fee - fee_tax
  )
);
CREATE TABLE split_refund (
  link_id   BIGINT NOT NULL,
  refund_id BIGINT NOT NULL,
  position  BIGINT NOT NULL,
  child_id  BIGINT NOT NULL,
  amount    BIGINT NOT NULL,
  fee       BIGINT NOT NULL CHECK (fee >= 0),
  fee_tax   BIGINT NOT NULL CHECK (fee_tax >= 0),
  PRIMARY KEY (link_id, refund_id, position),
  CONSTRAINT split_refund_whole CHECK (fee + fee_tax <= amount)
);

-- Receipts: payers with an e-mail address get one for each captured payment; of one event there is one.
ALTER TABLE merchant ADD COLUMN receipts BIGINT NOT NULL DEFAULT 1 CHECK (receipts IN (0, 1));
ALTER TABLE link ADD COLUMN has_email BIGINT NOT NULL DEFAULT 0 CHECK (has_email IN (0, 1));
ALTER TABLE message ADD COLUMN event_id BIGINT CHECK (event_id IS NULL OR resend = 0);
CREATE UNIQUE INDEX message_by_event ON message (event_id) WHERE event_id IS NOT NULL;

-- The sandbox rail's scripts, where a payment has no story: its number is 0 then.
ALTER TABLE charge ADD COLUMN script TEXT COLLATE "C" CHECK ((script IS NULL) = (story > 0));

-- What a child is owed, by link.
CREATE INDEX entry_by_child ON entry (child_id, link_id, booked_at) WHERE child_id IS NOT NULL;

-- Obligations: several links for what is owed once, and the payment that counts.
ALTER TABLE link ADD COLUMN obligation_id BIGINT;
CREATE INDEX link_by_obligation ON link (obligation_id) WHERE obligation_id IS NOT NULL;
CREATE TABLE obligation (
  id          BIGINT PRIMARY KEY,
  merchant_id BIGINT NOT NULL,
  name        TEXT COLLATE "C" NOT NULL,
  currency    TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  amount      BIGINT NOT NULL CHECK (amount > 0),
  link_count  BIGINT NOT NULL CHECK (link_count > 0),
  paid_by     BIGINT,
  version     BIGINT NOT NULL,
  UNIQUE (merchant_id, name)
);
