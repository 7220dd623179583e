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

-- Statements go by merchant and time.
CREATE INDEX entry_by_merchant ON entry (merchant_id, booked_at, link_id, position);
