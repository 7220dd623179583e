-- Fees: a fee's least and most, and what a payer pays on top.
ALTER TABLE merchant_fee ADD COLUMN fee_min BIGINT NOT NULL DEFAULT 0 CHECK (fee_min >= 0);
ALTER TABLE merchant_fee ADD COLUMN fee_cap BIGINT CHECK (fee_cap >= 0);
ALTER TABLE merchant_fee ADD COLUMN surcharge_bps BIGINT NOT NULL DEFAULT 0 CHECK (surcharge_bps >= 0);
ALTER TABLE merchant_fee ADD COLUMN surcharge_flat BIGINT NOT NULL DEFAULT 0 CHECK (surcharge_flat >= 0);
