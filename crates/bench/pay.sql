-- What a hand-written program would do to take one payment on PostgreSQL: Kadi's own rows in two transactions of one
-- statement each, the reservation before the rail is called and the capture after it. All clients pay one link.
--
-- pgbench -n -M prepared -f pay.sql -D n=0 -D run=1 -D merchant=1 -D link=1 -D now=1795298264000 -c 64 -j 2 -T 5 URL
\set n :n + 1
\set id :run * 100000000000 + :n * 2048 + :client_id * 2
WITH reserved AS (
  UPDATE link SET reserved = reserved + 1000, reserved_count = reserved_count + 1, version = version + 1
  WHERE id = :link::int8 RETURNING id
), paid AS (
  INSERT INTO payment (id, link_id, merchant_id, rail, rail_account, mode, currency, applied, discount, surcharge,
    payer_mobile, created_at, reserved_until, rail_reference, taken, state, state_at, captured_at, fee, fee_tax, net,
    hold_reason, failure, version)
  SELECT :id::int8, reserved.id, :merchant::int8, 'bench', 'bench', 'UPI', 'INR', 1000, 0, 0, NULL, :now::int8, :now::int8 + 900000, NULL,
    NULL, 1, NULL, NULL, 0, 0, 0, NULL, NULL, 0 FROM reserved
  RETURNING id
)
INSERT INTO job (kind, subject, merchant_id, due_at, attempts, leased_until)
SELECT 3, id, :merchant::int8, :now::int8 + 60000, 0, NULL FROM paid;
WITH captured AS (
  UPDATE link SET reserved = reserved - 1000, reserved_count = reserved_count - 1, captured = captured + 1000,
    captured_count = captured_count + 1, event_count = event_count + 1, chain_count = chain_count + 4,
    chain_head = decode(repeat('ab', 32), 'hex'), version = version + 1
  WHERE id = :link::int8 RETURNING id, captured, event_count, chain_count
), paid AS (
  UPDATE payment SET state = 3, state_at = :now::int8, captured_at = :now::int8, reserved_until = NULL, taken = 1000,
    rail_reference = 'UTR' || (:id::int8)::text, fee = 10, fee_tax = 2, net = 988, version = version + 1
  WHERE id = :id::int8
), entries AS (
  INSERT INTO entry (link_id, position, booking_id, merchant_id, payment_id, currency, account, debit, credit,
    booked_at, hash)
  SELECT captured.id, captured.chain_count - 4 + line.at, :id::int8, :merchant::int8, :id::int8, 'INR', line.account, line.debit,
    line.credit, :now::int8, decode(repeat('cd', 32), 'hex')
  FROM captured, (VALUES (1, 1, 1000, 0), (2, 2, 0, 988), (3, 4, 0, 10), (4, 5, 0, 2)) AS line (at, account, debit,
    credit)
), events AS (
  INSERT INTO event (id, merchant_id, link_id, number, kind, payment_id, happened_at, word, captured, refunded,
    sent_at, opened_at)
  SELECT :id::int8 + 1, :merchant::int8, captured.id, captured.event_count, 7, :id::int8, :now::int8, 1, captured.captured, 0, NULL, NULL
  FROM captured
)
DELETE FROM job WHERE kind = 3 AND subject = :id::int8;
