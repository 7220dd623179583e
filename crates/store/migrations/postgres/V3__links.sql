-- Searching links: by who is asked to pay, and by the merchant's id of the request that made them (kind 6).
ALTER TABLE customer ADD COLUMN name_index BYTEA;
CREATE INDEX customer_by_name ON customer (merchant_id, name_index) WHERE name_index IS NOT NULL;
CREATE INDEX link_by_customer ON link (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX link_text_by_request ON link_text (value, link_id) WHERE kind = 6;

-- Edits: the terms of a link before each of its changes.
ALTER TABLE link ADD COLUMN edit_count BIGINT NOT NULL DEFAULT 0 CHECK (edit_count >= 0);
CREATE TABLE link_edit (
  link_id      BIGINT NOT NULL,
  number       BIGINT NOT NULL CHECK (number > 0),
  after_event  BIGINT NOT NULL CHECK (after_event > 0),
  changed_at   BIGINT NOT NULL,
  amount       BIGINT CHECK (amount > 0),
  max_payments BIGINT CHECK (max_payments > 0),
  expires_at   BIGINT,
  PRIMARY KEY (link_id, number)
);

-- Links are sent again to others than their customers too.
CREATE INDEX message_by_resend ON message (link_id, resend) WHERE resend > 0;
