-- Order ids: the links to which a merchant gave one (8 is the number of that kind of text).
CREATE INDEX link_text_by_order_id ON link_text (value, link_id) WHERE kind = 8;

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

-- Links that only their customer's mobile may pay, and the one-time codes that prove it: of a code itself
-- nothing is kept.
ALTER TABLE link ADD COLUMN only_mobile BIGINT NOT NULL DEFAULT 0 CHECK (only_mobile IN (0, 1));
ALTER TABLE message ADD COLUMN code_number BIGINT
  CHECK (code_number IS NULL OR (code_number > 0 AND resend = 0 AND event_id IS NULL));
CREATE TABLE one_time_code (
  link_id      BIGINT PRIMARY KEY,
  merchant_id  BIGINT NOT NULL,
  number       BIGINT NOT NULL CHECK (number > 0),
  made_at      BIGINT NOT NULL,
  is_sent      BIGINT NOT NULL CHECK (is_sent IN (0, 1)),
  tries        BIGINT NOT NULL CHECK (tries BETWEEN 0 AND 5),
  is_spent     BIGINT NOT NULL CHECK (is_spent IN (0, 1)),
  lately_since BIGINT NOT NULL,
  lately_count BIGINT NOT NULL CHECK (lately_count > 0),
  today_since  BIGINT NOT NULL,
  today_count  BIGINT NOT NULL CHECK (today_count > 0)
);

-- Forms: the version that a link's payers fill in, and what they answered, sealed.
ALTER TABLE link ADD COLUMN template_id BIGINT;
ALTER TABLE payment ADD COLUMN answers BYTEA;
