-- Attempts: the token of the page's form that began a payment, so that two taps are one payment.
ALTER TABLE payment ADD COLUMN attempt_token BYTEA CHECK (length(attempt_token) = 16);
CREATE UNIQUE INDEX payment_by_token ON payment (link_id, attempt_token) WHERE attempt_token IS NOT NULL;

-- Invoices that are drawn from a template: the version that a link was made with, and the values of its
-- fields, sealed.
ALTER TABLE link ADD COLUMN invoice_template_id BIGINT;
CREATE TABLE link_invoice (
  link_id BIGINT PRIMARY KEY,
  fields  BYTEA NOT NULL
);

-- The postal address that invoices show of their merchant.
ALTER TABLE merchant ADD COLUMN address TEXT COLLATE "C";

-- What a link said it was for, before an edit that changed it.
ALTER TABLE link_edit ADD COLUMN description TEXT COLLATE "C";
