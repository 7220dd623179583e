-- What a hand-written program would do to make one link on PostgreSQL: Kadi's own rows in one statement, which is
-- one transaction. Numbers rise as Kadi's do; each of at most 1,024 clients has its own.
--
-- pgbench -n -M prepared -f create.sql -D n=0 -D run=1 -D merchant=1 -D now=1795298264000 -c 64 -j 2 -T 5 URL
\set n :n + 1
\set id :run * 100000000000 + :n * 2048 + :client_id * 2
WITH made AS (
  INSERT INTO link (id, merchant_id, origin, kind, currency, amount, due, max_payments, one_order, name, description,
    customer_id, created_at, expires_at, status, ended_at, sent_at, opened_at, captured, refunded, held, reserved,
    captured_count, reserved_count, event_count, chain_count, chain_head, version)
  VALUES (:id::int8, :merchant::int8, 1, 3, 'INR', 49900, 49900, NULL, 0, 'Order', 'Two books and a map', NULL, :now::int8,
    :now::int8 + 2592000000, 1, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 1, 0, NULL, 0)
  RETURNING id
), texts AS (
  INSERT INTO link_text (link_id, kind, position, value) SELECT id, 6, 0, 'req-' || id FROM made
), refs AS (
  INSERT INTO link_reference (dialect, kind, merchant_id, value, link_id)
  SELECT 1, 1, :merchant::int8, 'BENCH-' || lpad(id::text, 18, '0'), id FROM made
), events AS (
  INSERT INTO event (id, merchant_id, link_id, number, kind, payment_id, happened_at, word, captured, refunded,
    sent_at, opened_at)
  SELECT id + 1, :merchant::int8, id, 1, 1, NULL, :now::int8, 1, 0, 0, NULL, NULL FROM made
)
INSERT INTO job (kind, subject, merchant_id, due_at, attempts, leased_until)
SELECT 4, id, :merchant::int8, :now::int8 + 2592000000, 0, NULL FROM made;
