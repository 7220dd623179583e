CREATE TABLE batch_mark (
  batcher INTEGER PRIMARY KEY,
  turn    INTEGER NOT NULL CHECK (turn >= 1),
  mark    BLOB NOT NULL CHECK (length(mark) = 16)
) STRICT;
CREATE TABLE charge (
  payment_id     INTEGER PRIMARY KEY,
  merchant_id    INTEGER NOT NULL,
  account        TEXT NOT NULL,
  currency       TEXT NOT NULL CHECK (length(currency) = 3),
  amount         INTEGER NOT NULL,
  story          INTEGER NOT NULL,
  opened_at      INTEGER NOT NULL,
  reserved_until INTEGER NOT NULL,
  told           INTEGER NOT NULL CHECK (told >= 0),
  settled        INTEGER
, refund_story INTEGER NOT NULL DEFAULT 1, script TEXT CHECK ((script IS NULL) = (story > 0))) STRICT;
CREATE TABLE credential (
  id          INTEGER PRIMARY KEY,
  merchant_id INTEGER NOT NULL,
  dialect     INTEGER NOT NULL,
  slot        TEXT NOT NULL,
  label       TEXT NOT NULL,
  print       BLOB NOT NULL CHECK (length(print) = 32),
  sealed      BLOB,
  created_at  INTEGER NOT NULL,
  revoked_at  INTEGER,
  UNIQUE (dialect, slot, print)
) STRICT;
CREATE TABLE customer (
  id           INTEGER PRIMARY KEY,
  merchant_id  INTEGER NOT NULL,
  name         BLOB,
  mobile       BLOB,
  email        BLOB,
  external_id  BLOB,
  mobile_index BLOB,
  email_index  BLOB
, name_index BLOB) STRICT;
CREATE TABLE delivery (
  id          INTEGER PRIMARY KEY,
  merchant_id INTEGER NOT NULL,
  link_id     INTEGER NOT NULL,
  event_id    INTEGER NOT NULL,
  dialect     INTEGER NOT NULL,
  form        INTEGER NOT NULL,
  url         TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  attempts    INTEGER NOT NULL CHECK (attempts >= 0),
  last_status INTEGER,
  state       INTEGER NOT NULL,
  state_at    INTEGER
, last_answer TEXT) STRICT;
CREATE TABLE entry (
  link_id     INTEGER NOT NULL,
  position    INTEGER NOT NULL CHECK (position >= 1),
  booking_id  INTEGER NOT NULL,
  merchant_id INTEGER NOT NULL,
  payment_id  INTEGER NOT NULL,
  currency    TEXT NOT NULL CHECK (length(currency) = 3),
  account     INTEGER NOT NULL,
  debit       INTEGER NOT NULL CHECK (debit >= 0),
  credit      INTEGER NOT NULL CHECK (credit >= 0),
  booked_at   INTEGER NOT NULL,
  hash        BLOB NOT NULL CHECK (length(hash) = 32), child_id INTEGER,
  PRIMARY KEY (link_id, position),
  CONSTRAINT entry_not_empty CHECK (debit > 0 OR credit > 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
  id          INTEGER PRIMARY KEY,
  merchant_id INTEGER NOT NULL,
  link_id     INTEGER NOT NULL,
  number      INTEGER NOT NULL CHECK (number >= 1),
  kind        INTEGER NOT NULL,
  payment_id  INTEGER,
  happened_at INTEGER NOT NULL,
  word        INTEGER NOT NULL,
  captured    INTEGER NOT NULL,
  refunded    INTEGER NOT NULL,
  sent_at     INTEGER,
  opened_at   INTEGER
, refund_id INTEGER) STRICT;
CREATE TABLE id_block (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  next INTEGER NOT NULL CHECK (next >= 1)
) STRICT;
CREATE TABLE idempotency (
  merchant_id INTEGER NOT NULL,
  key_hash    BLOB NOT NULL CHECK (length(key_hash) = 32),
  fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
  link_id     INTEGER NOT NULL, refund_id INTEGER,
  PRIMARY KEY (merchant_id, key_hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE job (
  kind         INTEGER NOT NULL,
  subject      INTEGER NOT NULL,
  merchant_id  INTEGER NOT NULL,
  due_at       INTEGER NOT NULL,
  attempts     INTEGER NOT NULL CHECK (attempts >= 0),
  leased_until INTEGER,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE TABLE link (
  id             INTEGER PRIMARY KEY,
  merchant_id    INTEGER NOT NULL,
  origin         INTEGER NOT NULL,
  kind           INTEGER NOT NULL,
  currency       TEXT NOT NULL CHECK (length(currency) = 3),
  amount         INTEGER CHECK (amount > 0),
  due            INTEGER CHECK (due > 0),
  max_payments   INTEGER CHECK (max_payments > 0),
  one_order      INTEGER NOT NULL CHECK (one_order IN (0, 1)),
  name           TEXT NOT NULL,
  description    TEXT NOT NULL,
  customer_id    INTEGER,
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER,
  status         INTEGER NOT NULL,
  ended_at       INTEGER,
  sent_at        INTEGER,
  opened_at      INTEGER,
  captured       INTEGER NOT NULL CHECK (captured >= 0),
  refunded       INTEGER NOT NULL CHECK (refunded >= 0),
  held           INTEGER NOT NULL CHECK (held >= 0),
  reserved       INTEGER NOT NULL CHECK (reserved >= 0),
  captured_count INTEGER NOT NULL CHECK (captured_count >= 0),
  reserved_count INTEGER NOT NULL CHECK (reserved_count >= 0),
  event_count    INTEGER NOT NULL CHECK (event_count >= 0),
  chain_count    INTEGER NOT NULL CHECK (chain_count >= 0),
  chain_head     BLOB CHECK (length(chain_head) = 32),
  version        INTEGER NOT NULL,
  sealed_count   INTEGER NOT NULL DEFAULT 0 CHECK (sealed_count >= 0), resent_count INTEGER NOT NULL DEFAULT 0 CHECK (resent_count >= 0), split_count INTEGER NOT NULL DEFAULT 0 CHECK (split_count >= 0), in_parts INTEGER NOT NULL DEFAULT 0 CHECK (in_parts IN (0, 1)), part_first_min INTEGER CHECK (part_first_min > 0), part_min INTEGER CHECK (part_min > 0), plan_count INTEGER NOT NULL DEFAULT 0 CHECK (plan_count >= 0), refund_pending INTEGER NOT NULL DEFAULT 0
  CHECK (refund_pending >= 0 AND refunded + refund_pending <= captured), has_email INTEGER NOT NULL DEFAULT 0 CHECK (has_email IN (0, 1)), obligation_id INTEGER, modes TEXT CHECK (length(modes) > 1), wallet_caps TEXT CHECK (length(wallet_caps) > 0), edit_count INTEGER NOT NULL DEFAULT 0 CHECK (edit_count >= 0), attempted INTEGER NOT NULL DEFAULT 0 CHECK (attempted >= 0), only_mobile INTEGER NOT NULL DEFAULT 0 CHECK (only_mobile IN (0, 1)), template_id INTEGER, invoice_template_id INTEGER,
  CONSTRAINT link_within_due CHECK (due IS NULL OR captured + reserved <= due),
  CONSTRAINT link_within_max_payments
    CHECK (max_payments IS NULL OR captured_count + reserved_count <= max_payments),
  CONSTRAINT link_chain_whole CHECK ((chain_count = 0) = (chain_head IS NULL)),
  CONSTRAINT link_sealed_within_chain CHECK (sealed_count <= chain_count)
) STRICT;
CREATE TABLE link_edit (
  link_id      INTEGER NOT NULL,
  number       INTEGER NOT NULL CHECK (number > 0),
  after_event  INTEGER NOT NULL CHECK (after_event > 0),
  changed_at   INTEGER NOT NULL,
  amount       INTEGER CHECK (amount > 0),
  max_payments INTEGER CHECK (max_payments > 0),
  expires_at   INTEGER, description TEXT,
  PRIMARY KEY (link_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE link_instalment (
  link_id  INTEGER NOT NULL,
  position INTEGER NOT NULL,
  amount   INTEGER NOT NULL CHECK (amount > 0),
  due_at   INTEGER NOT NULL,
  PRIMARY KEY (link_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE link_invoice (
  link_id INTEGER PRIMARY KEY,
  fields  BLOB NOT NULL
) STRICT;
CREATE TABLE link_line (
  link_id     INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  name        TEXT NOT NULL,
  code        TEXT,
  units       INTEGER NOT NULL,
  unit_amount INTEGER NOT NULL,
  PRIMARY KEY (link_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE link_reference (
  dialect     INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  merchant_id INTEGER NOT NULL,
  value       TEXT NOT NULL,
  link_id     INTEGER NOT NULL,
  PRIMARY KEY (dialect, kind, merchant_id, value)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE link_tax (
  link_id  INTEGER NOT NULL,
  line     INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name     TEXT NOT NULL,
  amount   INTEGER NOT NULL,
  PRIMARY KEY (link_id, line, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE link_text (
  link_id  INTEGER NOT NULL,
  kind     INTEGER NOT NULL,
  position INTEGER NOT NULL,
  value    TEXT NOT NULL,
  PRIMARY KEY (link_id, kind, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE merchant (
  id                INTEGER PRIMARY KEY,
  slug              TEXT NOT NULL UNIQUE,
  name              TEXT NOT NULL,
  active            INTEGER NOT NULL CHECK (active IN (0, 1)),
  environment       INTEGER NOT NULL,
  vpa               TEXT,
  gstin             TEXT,
  state_code        TEXT,
  aggregator        TEXT,
  limit_min         INTEGER NOT NULL,
  limit_max         INTEGER,
  limit_account_max INTEGER,
  risk_amount_max   INTEGER,
  risk_mobile_hour  INTEGER,
  risk_link_hour    INTEGER,
  version           INTEGER NOT NULL
, refund_fee_bearer INTEGER NOT NULL DEFAULT 1, hold_policy INTEGER, receipts INTEGER NOT NULL DEFAULT 1 CHECK (receipts IN (0, 1)), address TEXT) STRICT;
CREATE TABLE merchant_block (
  merchant_id INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  print       BLOB NOT NULL CHECK (length(print) = 32),
  PRIMARY KEY (merchant_id, kind, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE merchant_fee (
  merchant_id INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  rail        TEXT NOT NULL,
  mode        TEXT NOT NULL,
  bps         INTEGER NOT NULL CHECK (bps >= 0),
  flat        INTEGER NOT NULL CHECK (flat >= 0),
  tax_bps     INTEGER NOT NULL CHECK (tax_bps >= 0), fee_min INTEGER NOT NULL DEFAULT 0 CHECK (fee_min >= 0), fee_cap INTEGER CHECK (fee_cap >= 0), surcharge_bps INTEGER NOT NULL DEFAULT 0 CHECK (surcharge_bps >= 0), surcharge_flat INTEGER NOT NULL DEFAULT 0 CHECK (surcharge_flat >= 0),
  PRIMARY KEY (merchant_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE merchant_setting (
  merchant_id INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  dialect     INTEGER NOT NULL,
  name        TEXT NOT NULL,
  value       TEXT NOT NULL,
  identifies  INTEGER NOT NULL CHECK (identifies IN (0, 1)),
  PRIMARY KEY (merchant_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE merchant_text (
  merchant_id INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  value       TEXT NOT NULL,
  PRIMARY KEY (merchant_id, kind, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE message (
  id          INTEGER PRIMARY KEY,
  merchant_id INTEGER NOT NULL,
  link_id     INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  channel     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  state       INTEGER NOT NULL,
  state_at    INTEGER,
  detail      TEXT
, resend INTEGER NOT NULL DEFAULT 0 CHECK (resend >= 0), event_id INTEGER CHECK (event_id IS NULL OR resend = 0), code_number INTEGER
  CHECK (code_number IS NULL OR (code_number > 0 AND resend = 0 AND event_id IS NULL))) STRICT;
CREATE TABLE obligation (
  id          INTEGER PRIMARY KEY,
  merchant_id INTEGER NOT NULL,
  name        TEXT NOT NULL,
  currency    TEXT NOT NULL CHECK (length(currency) = 3),
  amount      INTEGER NOT NULL CHECK (amount > 0),
  link_count  INTEGER NOT NULL CHECK (link_count > 0),
  paid_by     INTEGER,
  version     INTEGER NOT NULL,
  UNIQUE (merchant_id, name)
) STRICT;
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
CREATE TABLE pace (
  merchant_id INTEGER NOT NULL,
  mobile      BLOB NOT NULL CHECK (length(mobile) = 32),
  times       BLOB NOT NULL CHECK (length(times) > 0 AND length(times) % 8 = 0),
  version     INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, mobile)
) STRICT, WITHOUT ROWID;
CREATE TABLE payback (
  refund_id   INTEGER PRIMARY KEY,
  payment_id  INTEGER NOT NULL,
  merchant_id INTEGER NOT NULL,
  amount      INTEGER NOT NULL,
  story       INTEGER NOT NULL,
  settled     INTEGER
) STRICT;
CREATE TABLE payment (
  id             INTEGER PRIMARY KEY,
  link_id        INTEGER NOT NULL,
  merchant_id    INTEGER NOT NULL,
  rail           TEXT NOT NULL,
  rail_account   TEXT NOT NULL,
  mode           TEXT NOT NULL,
  currency       TEXT NOT NULL CHECK (length(currency) = 3),
  applied        INTEGER NOT NULL CHECK (applied > 0),
  discount       INTEGER NOT NULL CHECK (discount >= 0),
  surcharge      INTEGER NOT NULL CHECK (surcharge >= 0),
  payer_mobile   BLOB,
  created_at     INTEGER NOT NULL,
  reserved_until INTEGER,
  rail_reference TEXT,
  taken          INTEGER CHECK (taken >= 0),
  state          INTEGER NOT NULL,
  state_at       INTEGER,
  captured_at    INTEGER,
  fee            INTEGER NOT NULL CHECK (fee >= 0),
  fee_tax        INTEGER NOT NULL CHECK (fee_tax >= 0),
  net            INTEGER NOT NULL,
  hold_reason    INTEGER,
  failure        TEXT,
  version        INTEGER NOT NULL
, refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded >= 0), refund_pending INTEGER NOT NULL DEFAULT 0 CHECK (
  refund_pending >= 0
  AND refunded + refund_pending <= CASE WHEN hold_reason IS NULL THEN applied ELSE taken END
), fee_back INTEGER NOT NULL DEFAULT 0 CHECK (fee_back BETWEEN 0 AND fee), fee_tax_back INTEGER NOT NULL DEFAULT 0
  CHECK (fee_tax_back BETWEEN 0 AND fee_tax), is_foreign INTEGER NOT NULL DEFAULT 0 CHECK (is_foreign IN (0, 1)), hold_decision INTEGER CHECK ((hold_decision IS NULL) OR coalesce(hold_reason, 0) > 0), asked INTEGER CHECK ((asked IS NULL) = (hold_decision IS NULL)), came_in TEXT CHECK (length(came_in) = 3), beside INTEGER, channel TEXT CHECK (length(channel) > 0), drawn TEXT CHECK (length(drawn) > 0), gave_away TEXT CHECK (gave_away IS NULL OR rail_reference IS NULL), asked_discount INTEGER CHECK (asked_discount >= 0), asked_surcharge INTEGER CHECK (asked_surcharge >= 0), refund_excess INTEGER NOT NULL DEFAULT 0 CHECK (refund_excess >= 0), answers BLOB, attempt_token BLOB CHECK (length(attempt_token) = 16)) STRICT;
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
CREATE TABLE refund (
  id             INTEGER PRIMARY KEY,
  payment_id     INTEGER NOT NULL,
  link_id        INTEGER NOT NULL,
  merchant_id    INTEGER NOT NULL,
  currency       TEXT NOT NULL CHECK (length(currency) = 3),
  amount         INTEGER NOT NULL CHECK (amount > 0),
  fee            INTEGER NOT NULL CHECK (fee >= 0),
  fee_tax        INTEGER NOT NULL CHECK (fee_tax >= 0),
  net            INTEGER NOT NULL CHECK (net >= 0),
  hold_reason    INTEGER,
  of_merchant    INTEGER,
  created_at     INTEGER NOT NULL,
  rail_reference TEXT,
  state          INTEGER NOT NULL,
  state_at       INTEGER,
  failure        TEXT,
  version        INTEGER NOT NULL, is_excess INTEGER NOT NULL DEFAULT 0 CHECK (is_excess IN (0, 1)),
  CONSTRAINT refund_whole CHECK (fee + fee_tax + net = amount)
) STRICT;
CREATE TABLE seal (
  id          INTEGER PRIMARY KEY,
  merchant_id INTEGER NOT NULL,
  number      INTEGER NOT NULL CHECK (number >= 1),
  sealed_at   INTEGER NOT NULL,
  key_id      INTEGER NOT NULL,
  tag         BLOB NOT NULL CHECK (length(tag) = 32),
  UNIQUE (merchant_id, number)
) STRICT;
CREATE TABLE seal_head (
  seal_id     INTEGER NOT NULL,
  link_id     INTEGER NOT NULL,
  chain_count INTEGER NOT NULL CHECK (chain_count >= 1),
  chain_head  BLOB NOT NULL CHECK (length(chain_head) = 32),
  PRIMARY KEY (seal_id, link_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE split_part (
  link_id      INTEGER NOT NULL,
  payment_id   INTEGER NOT NULL,
  position     INTEGER NOT NULL,
  child_id     INTEGER NOT NULL,
  amount       INTEGER NOT NULL,
  fee          INTEGER NOT NULL CHECK (fee >= 0),
  fee_tax      INTEGER NOT NULL CHECK (fee_tax >= 0),
  amount_back  INTEGER NOT NULL,
  fee_back     INTEGER NOT NULL CHECK (fee_back BETWEEN 0 AND fee),
  fee_tax_back INTEGER NOT NULL CHECK (fee_tax_back BETWEEN 0 AND fee_tax),
  PRIMARY KEY (link_id, payment_id, position),
  CONSTRAINT split_part_within CHECK (
    amount_back <= amount AND amount_back - fee_back - fee_tax_back BETWEEN 0 AND amount - fee - fee_tax
  )
) STRICT, WITHOUT ROWID;
CREATE TABLE split_refund (
  link_id   INTEGER NOT NULL,
  refund_id INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  child_id  INTEGER NOT NULL,
  amount    INTEGER NOT NULL,
  fee       INTEGER NOT NULL CHECK (fee >= 0),
  fee_tax   INTEGER NOT NULL CHECK (fee_tax >= 0),
  PRIMARY KEY (link_id, refund_id, position),
  CONSTRAINT split_refund_whole CHECK (fee + fee_tax <= amount)
) STRICT, WITHOUT ROWID;
CREATE TABLE subscription (
  link_id  INTEGER NOT NULL,
  position INTEGER NOT NULL,
  dialect  INTEGER NOT NULL,
  form     INTEGER NOT NULL,
  url      TEXT,
  events   INTEGER NOT NULL,
  PRIMARY KEY (link_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE template (
  id          INTEGER PRIMARY KEY,
  merchant_id INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  number      TEXT NOT NULL,
  version     INTEGER NOT NULL CHECK (version >= 1),
  name        TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  UNIQUE (merchant_id, kind, number, version)
) STRICT;
CREATE TABLE template_choice (
  template_id INTEGER NOT NULL,
  field       INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  value       TEXT NOT NULL,
  PRIMARY KEY (template_id, field, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE template_field (
  template_id   INTEGER NOT NULL,
  position      INTEGER NOT NULL,
  name          TEXT NOT NULL,
  label         TEXT NOT NULL,
  field_type    INTEGER NOT NULL,
  required      INTEGER NOT NULL CHECK (required IN (0, 1)),
  min_length    INTEGER,
  max_length    INTEGER,
  pattern       TEXT,
  default_value TEXT,
  PRIMARY KEY (template_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE value (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX credential_by_merchant ON credential (merchant_id);
CREATE INDEX customer_by_email ON customer (email_index) WHERE email_index IS NOT NULL;
CREATE INDEX customer_by_mobile ON customer (mobile_index) WHERE mobile_index IS NOT NULL;
CREATE INDEX customer_by_name ON customer (merchant_id, name_index) WHERE name_index IS NOT NULL;
CREATE INDEX delivery_by_link ON delivery (link_id);
CREATE INDEX entry_by_child ON entry (child_id, link_id, booked_at) WHERE child_id IS NOT NULL;
CREATE INDEX entry_by_merchant ON entry (merchant_id, booked_at, link_id, position);
CREATE UNIQUE INDEX event_by_link ON event (link_id, number);
CREATE INDEX event_by_merchant ON event (merchant_id, happened_at, number);
CREATE INDEX job_by_due ON job (due_at);
CREATE INDEX link_by_customer ON link (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX link_by_merchant ON link (merchant_id, created_at);
CREATE INDEX link_by_obligation ON link (obligation_id) WHERE obligation_id IS NOT NULL;
CREATE INDEX link_reference_by_link ON link_reference (link_id);
CREATE INDEX link_text_by_order_id ON link_text (value, link_id) WHERE kind = 8;
CREATE INDEX link_text_by_request ON link_text (value, link_id) WHERE kind = 6;
CREATE INDEX link_unsealed ON link (merchant_id) WHERE chain_count > sealed_count;
CREATE UNIQUE INDEX merchant_setting_identity ON merchant_setting (dialect, name, value) WHERE identifies = 1;
CREATE INDEX message_by_customer ON message (customer_id);
CREATE UNIQUE INDEX message_by_event ON message (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX message_by_resend ON message (link_id, resend) WHERE resend > 0;
CREATE INDEX payment_by_link ON payment (link_id, created_at);
CREATE UNIQUE INDEX payment_by_rail ON payment (merchant_id, rail, rail_account, rail_reference)
  WHERE rail_reference IS NOT NULL;
CREATE UNIQUE INDEX payment_by_token ON payment (link_id, attempt_token) WHERE attempt_token IS NOT NULL;
CREATE INDEX payment_held ON payment (merchant_id, created_at) WHERE state = 5 AND hold_decision IS NULL;
CREATE INDEX refund_by_link ON refund (link_id);
CREATE INDEX seal_head_by_link ON seal_head (link_id, chain_count);
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
  BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
  BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END;
CREATE TRIGGER seal_head_is_never_changed BEFORE UPDATE ON seal_head
  BEGIN SELECT RAISE(ABORT, 'a sealed head is never changed'); END;
CREATE TRIGGER seal_head_is_never_removed BEFORE DELETE ON seal_head
  BEGIN SELECT RAISE(ABORT, 'a sealed head is never removed'); END;
CREATE TRIGGER seal_is_never_changed BEFORE UPDATE ON seal
  BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;
CREATE TRIGGER seal_is_never_removed BEFORE DELETE ON seal
  BEGIN SELECT RAISE(ABORT, 'a seal is never removed'); END;
INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (1, 'first', '2026-01-01T00:00:00Z', '11160307830132486693');
INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (2, 'money', '2026-01-01T00:00:00Z', '5434716991367850426');
INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (3, 'links', '2026-01-01T00:00:00Z', '2369342472541960450');
INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (4, 'invoices', '2026-01-01T00:00:00Z', '12973682462723001075');
