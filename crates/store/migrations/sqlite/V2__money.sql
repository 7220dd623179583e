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

-- Holds: what was decided about money that was held, and what its attempt had asked for.
ALTER TABLE payment ADD COLUMN is_foreign INTEGER NOT NULL DEFAULT 0 CHECK (is_foreign IN (0, 1));
ALTER TABLE payment ADD COLUMN hold_decision INTEGER CHECK ((hold_decision IS NULL) OR coalesce(hold_reason, 0) > 0);
ALTER TABLE payment ADD COLUMN asked INTEGER CHECK ((asked IS NULL) = (hold_decision IS NULL));
ALTER TABLE merchant ADD COLUMN hold_policy INTEGER;
CREATE INDEX payment_held ON payment (merchant_id, created_at) WHERE state = 5 AND hold_decision IS NULL;
