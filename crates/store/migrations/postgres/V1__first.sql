-- Kadi's tables on PostgreSQL, the same as on SQLite, where the words about them stand. Texts are compared byte
-- by byte, as SQLite does.

CREATE TABLE id_block (
  id   BIGINT PRIMARY KEY CHECK (id = 1),
  next BIGINT NOT NULL CHECK (next >= 1)
);
INSERT INTO id_block (id, next) VALUES (1, 1);

-- The random mark of each batcher's last batch: tells whether a commit of unknown end took place.
CREATE TABLE batch_mark (
  batcher BIGINT PRIMARY KEY,
  turn    BIGINT NOT NULL CHECK (turn >= 1),
  mark    BYTEA NOT NULL CHECK (length(mark) = 16)
);

CREATE TABLE value (
  name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE merchant (
  id                BIGINT PRIMARY KEY,
  slug              TEXT COLLATE "C" NOT NULL UNIQUE,
  name              TEXT COLLATE "C" NOT NULL,
  active            BIGINT NOT NULL CHECK (active IN (0, 1)),
  environment       BIGINT NOT NULL,
  vpa               TEXT COLLATE "C",
  gstin             TEXT COLLATE "C",
  state_code        TEXT COLLATE "C",
  aggregator        TEXT COLLATE "C",
  limit_min         BIGINT NOT NULL,
  limit_max         BIGINT,
  limit_account_max BIGINT,
  risk_amount_max   BIGINT,
  risk_mobile_hour  BIGINT,
  risk_link_hour    BIGINT,
  version           BIGINT NOT NULL
);

-- Lists of texts: features, redirect hosts, resellers.
CREATE TABLE merchant_text (
  merchant_id BIGINT NOT NULL,
  kind        BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  value       TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (merchant_id, kind, position)
);

-- Blind indexes of contacts that may not pay.
CREATE TABLE merchant_block (
  merchant_id BIGINT NOT NULL,
  kind        BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  print       BYTEA NOT NULL CHECK (length(print) = 32),
  PRIMARY KEY (merchant_id, kind, position)
);

CREATE TABLE merchant_fee (
  merchant_id BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  rail        TEXT COLLATE "C" NOT NULL,
  mode        TEXT COLLATE "C" NOT NULL,
  bps         BIGINT NOT NULL CHECK (bps >= 0),
  flat        BIGINT NOT NULL CHECK (flat >= 0),
  tax_bps     BIGINT NOT NULL CHECK (tax_bps >= 0),
  PRIMARY KEY (merchant_id, position)
);

CREATE TABLE merchant_setting (
  merchant_id BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  dialect     BIGINT NOT NULL,
  name        TEXT COLLATE "C" NOT NULL,
  value       TEXT COLLATE "C" NOT NULL,
  identifies  BIGINT NOT NULL CHECK (identifies IN (0, 1)),
  PRIMARY KEY (merchant_id, position)
);
CREATE UNIQUE INDEX merchant_setting_identity ON merchant_setting (dialect, name, value) WHERE identifies = 1;

CREATE TABLE credential (
  id          BIGINT PRIMARY KEY,
  merchant_id BIGINT NOT NULL,
  dialect     BIGINT NOT NULL,
  slot        TEXT COLLATE "C" NOT NULL,
  label       TEXT COLLATE "C" NOT NULL,
  print       BYTEA NOT NULL CHECK (length(print) = 32),
  sealed      BYTEA,
  created_at  BIGINT NOT NULL,
  revoked_at  BIGINT,
  UNIQUE (dialect, slot, print)
);
CREATE INDEX credential_by_merchant ON credential (merchant_id);

CREATE TABLE template (
  id          BIGINT PRIMARY KEY,
  merchant_id BIGINT NOT NULL,
  kind        BIGINT NOT NULL,
  number      TEXT COLLATE "C" NOT NULL,
  version     BIGINT NOT NULL CHECK (version >= 1),
  name        TEXT COLLATE "C" NOT NULL,
  created_at  BIGINT NOT NULL,
  UNIQUE (merchant_id, kind, number, version)
);

CREATE TABLE template_field (
  template_id   BIGINT NOT NULL,
  position      BIGINT NOT NULL,
  name          TEXT COLLATE "C" NOT NULL,
  label         TEXT COLLATE "C" NOT NULL,
  field_type    BIGINT NOT NULL,
  required      BIGINT NOT NULL CHECK (required IN (0, 1)),
  min_length    BIGINT,
  max_length    BIGINT,
  pattern       TEXT COLLATE "C",
  default_value TEXT COLLATE "C",
  PRIMARY KEY (template_id, position)
);

CREATE TABLE template_choice (
  template_id BIGINT NOT NULL,
  field       BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  value       TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (template_id, field, position)
);

-- The only table with a person's name and contacts, sealed. No foreign key points here: a person may be
-- erased.
CREATE TABLE customer (
  id           BIGINT PRIMARY KEY,
  merchant_id  BIGINT NOT NULL,
  name         BYTEA,
  mobile       BYTEA,
  email        BYTEA,
  external_id  BYTEA,
  mobile_index BYTEA,
  email_index  BYTEA
);
CREATE INDEX customer_by_mobile ON customer (mobile_index) WHERE mobile_index IS NOT NULL;
CREATE INDEX customer_by_email ON customer (email_index) WHERE email_index IS NOT NULL;

CREATE TABLE link (
  id             BIGINT PRIMARY KEY,
  merchant_id    BIGINT NOT NULL,
  origin         BIGINT NOT NULL,
  kind           BIGINT NOT NULL,
  currency       TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  amount         BIGINT CHECK (amount > 0),
  due            BIGINT CHECK (due > 0),
  max_payments   BIGINT CHECK (max_payments > 0),
  one_order      BIGINT NOT NULL CHECK (one_order IN (0, 1)),
  name           TEXT COLLATE "C" NOT NULL,
  description    TEXT COLLATE "C" NOT NULL,
  customer_id    BIGINT,
  created_at     BIGINT NOT NULL,
  expires_at     BIGINT,
  status         BIGINT NOT NULL,
  ended_at       BIGINT,
  sent_at        BIGINT,
  opened_at      BIGINT,
  captured       BIGINT NOT NULL CHECK (captured >= 0),
  refunded       BIGINT NOT NULL CHECK (refunded >= 0),
  held           BIGINT NOT NULL CHECK (held >= 0),
  reserved       BIGINT NOT NULL CHECK (reserved >= 0),
  captured_count BIGINT NOT NULL CHECK (captured_count >= 0),
  reserved_count BIGINT NOT NULL CHECK (reserved_count >= 0),
  event_count    BIGINT NOT NULL CHECK (event_count >= 0),
  chain_count    BIGINT NOT NULL CHECK (chain_count >= 0),
  chain_head     BYTEA CHECK (length(chain_head) = 32),
  version        BIGINT NOT NULL,
  sealed_count   BIGINT NOT NULL DEFAULT 0 CHECK (sealed_count >= 0),
  CONSTRAINT link_within_due CHECK (due IS NULL OR captured + reserved <= due),
  CONSTRAINT link_within_max_payments
    CHECK (max_payments IS NULL OR captured_count + reserved_count <= max_payments),
  CONSTRAINT link_chain_whole CHECK ((chain_count = 0) = (chain_head IS NULL)),
  CONSTRAINT link_sealed_within_chain CHECK (sealed_count <= chain_count)
);
-- Ids come in blocks from several batchers: lists go by time.
CREATE INDEX link_by_merchant ON link (merchant_id, created_at, id);
CREATE INDEX link_unsealed ON link (merchant_id) WHERE chain_count > sealed_count;

CREATE TABLE link_text (
  link_id  BIGINT NOT NULL,
  kind     BIGINT NOT NULL,
  position BIGINT NOT NULL,
  value    TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (link_id, kind, position)
);

CREATE TABLE link_line (
  link_id     BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  name        TEXT COLLATE "C" NOT NULL,
  code        TEXT COLLATE "C",
  units       BIGINT NOT NULL,
  unit_amount BIGINT NOT NULL,
  PRIMARY KEY (link_id, position)
);

CREATE TABLE link_tax (
  link_id  BIGINT NOT NULL,
  line     BIGINT NOT NULL,
  position BIGINT NOT NULL,
  name     TEXT COLLATE "C" NOT NULL,
  amount   BIGINT NOT NULL,
  PRIMARY KEY (link_id, line, position)
);

-- What merchants call their links: one namespace for each dialect and kind, unique for ever.
CREATE TABLE link_reference (
  dialect     BIGINT NOT NULL,
  kind        BIGINT NOT NULL,
  merchant_id BIGINT NOT NULL,
  value       TEXT COLLATE "C" NOT NULL,
  link_id     BIGINT NOT NULL,
  PRIMARY KEY (dialect, kind, merchant_id, value)
);
CREATE INDEX link_reference_by_link ON link_reference (link_id);

CREATE TABLE subscription (
  link_id  BIGINT NOT NULL,
  position BIGINT NOT NULL,
  dialect  BIGINT NOT NULL,
  form     BIGINT NOT NULL,
  url      TEXT COLLATE "C",
  events   BIGINT NOT NULL,
  PRIMARY KEY (link_id, position)
);

CREATE TABLE idempotency (
  merchant_id BIGINT NOT NULL,
  key_hash    BYTEA NOT NULL CHECK (length(key_hash) = 32),
  fingerprint BYTEA NOT NULL CHECK (length(fingerprint) = 32),
  link_id     BIGINT NOT NULL,
  PRIMARY KEY (merchant_id, key_hash)
);

CREATE TABLE payment (
  id             BIGINT PRIMARY KEY,
  link_id        BIGINT NOT NULL,
  merchant_id    BIGINT NOT NULL,
  rail           TEXT COLLATE "C" NOT NULL,
  rail_account   TEXT COLLATE "C" NOT NULL,
  mode           TEXT COLLATE "C" NOT NULL,
  currency       TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  applied        BIGINT NOT NULL CHECK (applied > 0),
  discount       BIGINT NOT NULL CHECK (discount >= 0),
  surcharge      BIGINT NOT NULL CHECK (surcharge >= 0),
  payer_mobile   BYTEA,
  created_at     BIGINT NOT NULL,
  reserved_until BIGINT,
  rail_reference TEXT COLLATE "C",
  taken          BIGINT CHECK (taken >= 0),
  state          BIGINT NOT NULL,
  state_at       BIGINT,
  captured_at    BIGINT,
  fee            BIGINT NOT NULL CHECK (fee >= 0),
  fee_tax        BIGINT NOT NULL CHECK (fee_tax >= 0),
  net            BIGINT NOT NULL,
  hold_reason    BIGINT,
  failure        TEXT COLLATE "C",
  version        BIGINT NOT NULL
);
CREATE INDEX payment_by_link ON payment (link_id);
-- The rail's money is booked once.
CREATE UNIQUE INDEX payment_by_rail ON payment (merchant_id, rail, rail_account, rail_reference)
  WHERE rail_reference IS NOT NULL;

CREATE TABLE charge (
  payment_id     BIGINT PRIMARY KEY,
  merchant_id    BIGINT NOT NULL,
  account        TEXT COLLATE "C" NOT NULL,
  currency       TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  amount         BIGINT NOT NULL,
  story          BIGINT NOT NULL,
  opened_at      BIGINT NOT NULL,
  reserved_until BIGINT NOT NULL,
  told           BIGINT NOT NULL CHECK (told >= 0),
  settled        BIGINT
);

CREATE TABLE entry (
  link_id     BIGINT NOT NULL,
  position    BIGINT NOT NULL CHECK (position >= 1),
  booking_id  BIGINT NOT NULL,
  merchant_id BIGINT NOT NULL,
  payment_id  BIGINT NOT NULL,
  currency    TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
  account     BIGINT NOT NULL,
  debit       BIGINT NOT NULL CHECK (debit >= 0),
  credit      BIGINT NOT NULL CHECK (credit >= 0),
  booked_at   BIGINT NOT NULL,
  hash        BYTEA NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (link_id, position),
  CONSTRAINT entry_not_empty CHECK (debit > 0 OR credit > 0)
);

CREATE TABLE event (
  id          BIGINT PRIMARY KEY,
  merchant_id BIGINT NOT NULL,
  link_id     BIGINT NOT NULL,
  number      BIGINT NOT NULL CHECK (number >= 1),
  kind        BIGINT NOT NULL,
  payment_id  BIGINT,
  happened_at BIGINT NOT NULL,
  word        BIGINT NOT NULL,
  captured    BIGINT NOT NULL,
  refunded    BIGINT NOT NULL,
  sent_at     BIGINT,
  opened_at   BIGINT
);
CREATE INDEX event_by_merchant ON event (merchant_id, happened_at, number, id);
CREATE UNIQUE INDEX event_by_link ON event (link_id, number);

CREATE TABLE message (
  id          BIGINT PRIMARY KEY,
  merchant_id BIGINT NOT NULL,
  link_id     BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  channel     BIGINT NOT NULL,
  created_at  BIGINT NOT NULL,
  state       BIGINT NOT NULL,
  state_at    BIGINT,
  detail      TEXT COLLATE "C"
);
CREATE INDEX message_by_customer ON message (customer_id);

CREATE TABLE delivery (
  id          BIGINT PRIMARY KEY,
  merchant_id BIGINT NOT NULL,
  link_id     BIGINT NOT NULL,
  event_id    BIGINT NOT NULL,
  dialect     BIGINT NOT NULL,
  form        BIGINT NOT NULL,
  url         TEXT COLLATE "C" NOT NULL,
  created_at  BIGINT NOT NULL,
  attempts    BIGINT NOT NULL CHECK (attempts >= 0),
  last_status BIGINT,
  state       BIGINT NOT NULL,
  state_at    BIGINT
);
CREATE INDEX delivery_by_link ON delivery (link_id);

CREATE TABLE job (
  kind         BIGINT NOT NULL,
  subject      BIGINT NOT NULL,
  merchant_id  BIGINT NOT NULL,
  due_at       BIGINT NOT NULL,
  attempts     BIGINT NOT NULL CHECK (attempts >= 0),
  leased_until BIGINT,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX job_by_due ON job (due_at);

CREATE TABLE seal (
  id          BIGINT PRIMARY KEY,
  merchant_id BIGINT NOT NULL,
  number      BIGINT NOT NULL CHECK (number >= 1),
  sealed_at   BIGINT NOT NULL,
  key_id      BIGINT NOT NULL,
  tag         BYTEA NOT NULL CHECK (length(tag) = 32),
  UNIQUE (merchant_id, number)
);

CREATE TABLE seal_head (
  seal_id     BIGINT NOT NULL,
  link_id     BIGINT NOT NULL,
  chain_count BIGINT NOT NULL CHECK (chain_count >= 1),
  chain_head  BYTEA NOT NULL CHECK (length(chain_head) = 32),
  PRIMARY KEY (seal_id, link_id)
);

-- Fails the transaction where an update did not find every row that it came for.
CREATE FUNCTION kadi_expect(hits BIGINT, wanted BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
BEGIN
  IF hits <> wanted THEN
    RAISE EXCEPTION 'a row was changed or removed' USING ERRCODE = 'KD001';
  END IF;
  RETURN hits;
END
$$;

CREATE FUNCTION kadi_append_only() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of % is never changed or removed', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION kadi_append_only();
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION kadi_append_only();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seal
  FOR EACH STATEMENT EXECUTE FUNCTION kadi_append_only();
CREATE TRIGGER seal_head_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seal_head
  FOR EACH STATEMENT EXECUTE FUNCTION kadi_append_only();
