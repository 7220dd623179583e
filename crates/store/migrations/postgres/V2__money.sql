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

-- Holds: what was decided about money that was held, and what its attempt had asked for.
ALTER TABLE payment ADD COLUMN is_foreign BIGINT NOT NULL DEFAULT 0 CHECK (is_foreign IN (0, 1));
ALTER TABLE payment ADD COLUMN hold_decision BIGINT CHECK ((hold_decision IS NULL) OR coalesce(hold_reason, 0) > 0);
ALTER TABLE payment ADD COLUMN asked BIGINT CHECK ((asked IS NULL) = (hold_decision IS NULL));
ALTER TABLE merchant ADD COLUMN hold_policy BIGINT;
CREATE INDEX payment_held ON payment (merchant_id, created_at, id) WHERE state = 5 AND hold_decision IS NULL;
