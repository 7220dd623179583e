-- Order ids: the links to which a merchant gave one (8 is the number of that kind of text).
CREATE INDEX link_text_by_order_id ON link_text (value, link_id) WHERE kind = 8;

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
