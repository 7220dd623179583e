-- Money that a rail tells otherwise when it is asked, what an attempt had asked for before held money was
-- applied, refunds that a rail paid beyond what was left, and what payers have tried to pay in all.
ALTER TABLE payment ADD COLUMN gave_away TEXT COLLATE "C" CHECK (gave_away IS NULL OR rail_reference IS NULL);
ALTER TABLE payment ADD COLUMN asked_discount BIGINT CHECK (asked_discount >= 0);
ALTER TABLE payment ADD COLUMN asked_surcharge BIGINT CHECK (asked_surcharge >= 0);
ALTER TABLE payment ADD COLUMN refund_excess BIGINT NOT NULL DEFAULT 0 CHECK (refund_excess >= 0);
ALTER TABLE refund ADD COLUMN is_excess BIGINT NOT NULL DEFAULT 0 CHECK (is_excess IN (0, 1));
ALTER TABLE link ADD COLUMN attempted BIGINT NOT NULL DEFAULT 0 CHECK (attempted >= 0);
-- A webhook that tells of a success alone waits for the link that is paid in full.
UPDATE subscription SET events = 8 WHERE dialect = 3 AND form = 1;
