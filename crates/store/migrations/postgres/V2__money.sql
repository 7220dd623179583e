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

-- Statements go by merchant and time.
CREATE INDEX entry_by_merchant ON entry (merchant_id, booked_at, link_id, position);
