-- Attempts: the token of the page's form that began a payment, so that two taps are one payment.
ALTER TABLE payment ADD COLUMN attempt_token BYTEA CHECK (length(attempt_token) = 16);
CREATE UNIQUE INDEX payment_by_token ON payment (link_id, attempt_token) WHERE attempt_token IS NOT NULL;
