-- Payment modes: which of them a link takes, what one payment may take of each sub-wallet, and by what within
-- its mode a payment is paid.
ALTER TABLE link ADD COLUMN modes TEXT COLLATE "C" CHECK (length(modes) > 1);
ALTER TABLE link ADD COLUMN wallet_caps TEXT COLLATE "C" CHECK (length(wallet_caps) > 0);
ALTER TABLE payment ADD COLUMN channel TEXT COLLATE "C" CHECK (length(channel) > 0);
ALTER TABLE payment ADD COLUMN drawn TEXT COLLATE "C" CHECK (length(drawn) > 0);

-- Risk: when the newest payments of a link began, and those of a mobile number at a merchant, 8 bytes each.
DROP INDEX payment_by_link;
CREATE INDEX payment_by_link ON payment (link_id, created_at);
CREATE TABLE pace (
  merchant_id BIGINT NOT NULL,
  mobile      BYTEA NOT NULL CHECK (length(mobile) = 32),
  times       BYTEA NOT NULL CHECK (length(times) > 0 AND length(times) % 8 = 0),
  version     BIGINT NOT NULL,
  PRIMARY KEY (merchant_id, mobile)
);

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
