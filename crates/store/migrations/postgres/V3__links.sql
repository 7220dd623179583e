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
