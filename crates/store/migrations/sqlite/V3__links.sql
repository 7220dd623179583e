-- Payment modes: which of them a link takes, what one payment may take of each sub-wallet, and by what within
-- its mode a payment is paid.
ALTER TABLE link ADD COLUMN modes TEXT CHECK (length(modes) > 1);
ALTER TABLE link ADD COLUMN wallet_caps TEXT CHECK (length(wallet_caps) > 0);
ALTER TABLE payment ADD COLUMN channel TEXT CHECK (length(channel) > 0);
ALTER TABLE payment ADD COLUMN drawn TEXT CHECK (length(drawn) > 0);

-- Risk: when the newest payments of a link began, and those of a mobile number at a merchant, 8 bytes each.
DROP INDEX payment_by_link;
CREATE INDEX payment_by_link ON payment (link_id, created_at);
CREATE TABLE pace (
  merchant_id INTEGER NOT NULL,
  mobile      BLOB NOT NULL CHECK (length(mobile) = 32),
  times       BLOB NOT NULL CHECK (length(times) > 0 AND length(times) % 8 = 0),
  version     INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, mobile)
) STRICT, WITHOUT ROWID;

-- Links that only their customer's mobile may pay, and the one-time codes that prove it: of a code itself
-- nothing is kept.
ALTER TABLE link ADD COLUMN only_mobile INTEGER NOT NULL DEFAULT 0 CHECK (only_mobile IN (0, 1));
ALTER TABLE message ADD COLUMN code_number INTEGER
  CHECK (code_number IS NULL OR (code_number > 0 AND resend = 0 AND event_id IS NULL));
CREATE TABLE one_time_code (
  link_id      INTEGER PRIMARY KEY,
  merchant_id  INTEGER NOT NULL,
  number       INTEGER NOT NULL CHECK (number > 0),
  made_at      INTEGER NOT NULL,
  is_sent      INTEGER NOT NULL CHECK (is_sent IN (0, 1)),
  tries        INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 5),
  is_spent     INTEGER NOT NULL CHECK (is_spent IN (0, 1)),
  lately_since INTEGER NOT NULL,
  lately_count INTEGER NOT NULL CHECK (lately_count > 0),
  today_since  INTEGER NOT NULL,
  today_count  INTEGER NOT NULL CHECK (today_count > 0)
) STRICT;

-- Forms: the version that a link's payers fill in, and what they answered, sealed.
ALTER TABLE link ADD COLUMN template_id INTEGER;
ALTER TABLE payment ADD COLUMN answers BLOB;
