-- Links that are sent again, and what endpoints say about deliveries.
ALTER TABLE link ADD COLUMN resent_count BIGINT NOT NULL DEFAULT 0 CHECK (resent_count >= 0);
ALTER TABLE message ADD COLUMN resend BIGINT NOT NULL DEFAULT 0 CHECK (resend >= 0);
ALTER TABLE delivery ADD COLUMN last_answer TEXT COLLATE "C";
