INSERT INTO entry (link_id, position, booking_id, merchant_id, payment_id, currency, account, debit, credit, booked_at, hash, child_id) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
INSERT INTO seal (id, merchant_id, number, sealed_at, key_id, tag) SELECT ?1, ?2, ?3, ?4, ?5, ?6
INSERT INTO seal_head (seal_id, link_id, chain_count, chain_head) SELECT ?1, ?2, ?3, ?4
UPDATE link SET sealed_count = ?2 WHERE link.id = ?1 AND link.chain_count >= ?2
SELECT seal.number, seal.tag FROM seal WHERE seal.merchant_id = ?1 ORDER BY seal.number DESC LIMIT 1
SELECT link.id, link.chain_count, link.chain_head FROM link WHERE link.merchant_id = ?1 AND link.chain_count > link.sealed_count ORDER BY link.id LIMIT (SELECT ?2)
SELECT credential.id, credential.merchant_id, credential.dialect, credential.slot, credential.label, credential.print, credential.sealed, credential.created_at, credential.revoked_at FROM credential WHERE credential.id = ?1
SELECT credential.id, credential.merchant_id, credential.dialect, credential.slot, credential.label, credential.print, credential.sealed, credential.created_at, credential.revoked_at FROM credential WHERE credential.dialect = ?1 AND credential.slot = ?2 AND credential.print = ?3
SELECT credential.id, credential.merchant_id, credential.dialect, credential.slot, credential.label, credential.print, credential.sealed, credential.created_at, credential.revoked_at FROM credential WHERE credential.merchant_id = ?1 ORDER BY credential.id
INSERT INTO credential (id, merchant_id, dialect, slot, label, print, sealed, created_at, revoked_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
UPDATE credential SET label = ?2, sealed = ?3, revoked_at = ?4 WHERE credential.id = ?1
INSERT INTO customer (id, merchant_id, name, mobile, email, external_id, mobile_index, email_index) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
SELECT customer.id, customer.merchant_id, customer.name, customer.mobile, customer.email, customer.external_id, customer.mobile_index, customer.email_index FROM customer WHERE customer.id = ?1
SELECT delivery.id, delivery.merchant_id, delivery.link_id, delivery.event_id, delivery.dialect, delivery.form, delivery.url, delivery.created_at, delivery.attempts, delivery.last_status, delivery.state, delivery.state_at FROM delivery WHERE delivery.id = ?1 ORDER BY delivery.id
INSERT INTO delivery (id, merchant_id, link_id, event_id, dialect, form, url, created_at, attempts, last_status, state, state_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
UPDATE delivery SET attempts = ?2, last_status = ?3, state = ?4, state_at = ?5 WHERE delivery.id = ?1
INSERT INTO event (id, merchant_id, link_id, number, kind, payment_id, happened_at, word, captured, refunded, sent_at, opened_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
SELECT value.name, value.value FROM value WHERE value.name = ?1
SELECT value.name, value.value FROM value WHERE substr(value.name, 1, length(?1)) = ?1 ORDER BY value.name
INSERT INTO value (name, value) SELECT ?1, ?2
UPDATE value SET value = ?2 WHERE value.name = ?1
SELECT id_block.next FROM id_block WHERE id_block.id = 1
UPDATE id_block SET next = ?1 WHERE id_block.id = 1
SELECT batch_mark.turn, batch_mark.mark FROM batch_mark WHERE batch_mark.batcher = ?1
INSERT INTO batch_mark (batcher, turn, mark) SELECT ?1, ?2, ?3
UPDATE batch_mark SET turn = ?2 WHERE batch_mark.batcher = ?1
UPDATE batch_mark SET mark = ?3 WHERE batch_mark.batcher = ?1 AND batch_mark.turn = ?2
SELECT job.kind, job.subject, job.merchant_id, job.due_at, job.attempts, job.leased_until FROM job WHERE job.kind = ?1 AND job.subject = ?2 ORDER BY job.kind, job.subject
INSERT INTO job (kind, subject, merchant_id, due_at, attempts, leased_until) SELECT ?1, ?2, ?3, ?4, ?5, ?6
UPDATE job SET due_at = ?3, attempts = ?4, leased_until = ?5 WHERE job.kind = ?1 AND job.subject = ?2
DELETE FROM job WHERE job.kind = ?1 AND job.subject = ?2
INSERT INTO link_reference (dialect, kind, merchant_id, value, link_id) SELECT ?1, ?2, ?3, ?4, ?5
SELECT link_reference.dialect, link_reference.kind, link_reference.merchant_id, link_reference.value, link_reference.link_id FROM link_reference WHERE link_reference.dialect = ?1 AND link_reference.kind = ?2 AND link_reference.merchant_id = ?3 AND link_reference.value = ?4
SELECT link_reference.dialect, link_reference.kind, link_reference.merchant_id, link_reference.value, link_reference.link_id FROM link_reference WHERE link_reference.link_id = ?1 ORDER BY link_reference.dialect, link_reference.kind, link_reference.value
INSERT INTO idempotency (merchant_id, key_hash, fingerprint, link_id) SELECT ?1, ?2, ?3, ?4
SELECT idempotency.merchant_id, idempotency.key_hash, idempotency.fingerprint, idempotency.link_id FROM idempotency WHERE idempotency.merchant_id = ?1 AND idempotency.key_hash = ?2
SELECT link.id, link.merchant_id, link.origin, link.kind, link.currency, link.amount, link.due, link.max_payments, link.one_order, link.name, link.description, link.customer_id, link.created_at, link.expires_at, link.status, link.ended_at, link.sent_at, link.opened_at, link.captured, link.refunded, link.held, link.reserved, link.captured_count, link.reserved_count, link.event_count, link.chain_count, link.chain_head, link.version, link.split_count, link.in_parts, link.part_first_min, link.part_min, link.plan_count FROM link WHERE link.id = ?1 ORDER BY link.id
INSERT INTO link (id, merchant_id, origin, kind, currency, amount, due, max_payments, one_order, name, description, customer_id, created_at, expires_at, status, ended_at, sent_at, opened_at, captured, refunded, held, reserved, captured_count, reserved_count, event_count, chain_count, chain_head, version, split_count, in_parts, part_first_min, part_min, plan_count) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33
UPDATE link SET status = ?3, ended_at = ?4, sent_at = ?5, opened_at = ?6, captured = ?7, refunded = ?8, held = ?9, reserved = ?10, captured_count = ?11, reserved_count = ?12, event_count = ?13, chain_count = ?14, chain_head = ?15, version = ?2 + 1 WHERE link.id = ?1 AND link.version = ?2
SELECT merchant_text.merchant_id, merchant_text.kind, merchant_text.value FROM merchant_text WHERE merchant_text.merchant_id = ?1 ORDER BY merchant_text.merchant_id, merchant_text.kind, merchant_text.position
SELECT merchant_block.merchant_id, merchant_block.kind, merchant_block.print FROM merchant_block WHERE merchant_block.merchant_id = ?1 ORDER BY merchant_block.merchant_id, merchant_block.kind, merchant_block.position
SELECT merchant_fee.merchant_id, merchant_fee.rail, merchant_fee.mode, merchant_fee.bps, merchant_fee.flat, merchant_fee.tax_bps, merchant_fee.fee_min, merchant_fee.fee_cap, merchant_fee.surcharge_bps, merchant_fee.surcharge_flat FROM merchant_fee WHERE merchant_fee.merchant_id = ?1 ORDER BY merchant_fee.merchant_id, merchant_fee.position
SELECT merchant_setting.merchant_id, merchant_setting.dialect, merchant_setting.name, merchant_setting.value, merchant_setting.identifies FROM merchant_setting WHERE merchant_setting.merchant_id = ?1 ORDER BY merchant_setting.merchant_id, merchant_setting.position
INSERT INTO merchant_text (merchant_id, kind, position, value) SELECT ?1, ?2, ?3, ?4
INSERT INTO merchant_block (merchant_id, kind, position, print) SELECT ?1, ?2, ?3, ?4
INSERT INTO merchant_fee (merchant_id, position, rail, mode, bps, flat, tax_bps, fee_min, fee_cap, surcharge_bps, surcharge_flat) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
INSERT INTO merchant_setting (merchant_id, position, dialect, name, value, identifies) SELECT ?1, ?2, ?3, ?4, ?5, ?6
DELETE FROM merchant_text WHERE merchant_text.merchant_id = ?1
DELETE FROM merchant_block WHERE merchant_block.merchant_id = ?1
DELETE FROM merchant_fee WHERE merchant_fee.merchant_id = ?1
DELETE FROM merchant_setting WHERE merchant_setting.merchant_id = ?1
SELECT merchant.id, merchant.slug, merchant.name, merchant.active, merchant.environment, merchant.vpa, merchant.gstin, merchant.state_code, merchant.aggregator, merchant.limit_min, merchant.limit_max, merchant.limit_account_max, merchant.risk_amount_max, merchant.risk_mobile_hour, merchant.risk_link_hour, merchant.version FROM merchant WHERE merchant.id = ?1 ORDER BY merchant.id
SELECT merchant.id FROM merchant ORDER BY merchant.id
SELECT merchant.slug, merchant.id FROM merchant WHERE merchant.slug = ?1
SELECT merchant_setting.dialect, merchant_setting.name, merchant_setting.value, merchant_setting.merchant_id FROM merchant_setting WHERE merchant_setting.identifies = 1 AND merchant_setting.dialect = ?1 AND merchant_setting.name = ?2 AND merchant_setting.value = ?3
INSERT INTO merchant (id, slug, name, active, environment, vpa, gstin, state_code, aggregator, limit_min, limit_max, limit_account_max, risk_amount_max, risk_mobile_hour, risk_link_hour, version) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16
UPDATE merchant SET slug = ?2, name = ?3, active = ?4, environment = ?5, vpa = ?6, gstin = ?7, state_code = ?8, aggregator = ?9, limit_min = ?10, limit_max = ?11, limit_account_max = ?12, risk_amount_max = ?13, risk_mobile_hour = ?14, risk_link_hour = ?15, version = ?16 + 1 WHERE merchant.id = ?1 AND merchant.version = ?16
SELECT message.id, message.merchant_id, message.link_id, message.customer_id, message.channel, message.created_at, message.state, message.state_at, message.detail FROM message WHERE message.id = ?1 ORDER BY message.id
INSERT INTO message (id, merchant_id, link_id, customer_id, channel, created_at, state, state_at, detail) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
UPDATE message SET state = ?2, state_at = ?3, detail = ?4 WHERE message.id = ?1
INSERT INTO link_line (link_id, position, name, code, units, unit_amount) SELECT ?1, ?2, ?3, ?4, ?5, ?6
INSERT INTO link_tax (link_id, line, position, name, amount) SELECT ?1, ?2, ?3, ?4, ?5
INSERT INTO link_text (link_id, kind, position, value) SELECT ?1, ?2, ?3, ?4
INSERT INTO subscription (link_id, position, dialect, form, url, events) SELECT ?1, ?2, ?3, ?4, ?5, ?6
SELECT link_line.link_id, link_line.position, link_line.name, link_line.code, link_line.units, link_line.unit_amount FROM link_line WHERE link_line.link_id = ?1 ORDER BY link_line.link_id, link_line.position
SELECT link_tax.link_id, link_tax.line, link_tax.name, link_tax.amount FROM link_tax WHERE link_tax.link_id = ?1 ORDER BY link_tax.link_id, link_tax.line, link_tax.position
SELECT link_text.kind, link_text.position, link_text.value FROM link_text WHERE link_text.link_id = ?1 ORDER BY link_text.kind, link_text.position
SELECT subscription.link_id, subscription.dialect, subscription.form, subscription.url, subscription.events FROM subscription WHERE subscription.link_id = ?1 ORDER BY subscription.link_id, subscription.position
SELECT payment.id, payment.link_id, payment.merchant_id, payment.rail, payment.rail_account, payment.mode, payment.currency, payment.applied, payment.discount, payment.surcharge, payment.payer_mobile, payment.created_at, payment.reserved_until, payment.rail_reference, payment.taken, payment.state, payment.state_at, payment.captured_at, payment.fee, payment.fee_tax, payment.net, payment.hold_reason, payment.failure, payment.version FROM payment WHERE payment.id = ?1 ORDER BY payment.id
INSERT INTO payment (id, link_id, merchant_id, rail, rail_account, mode, currency, applied, discount, surcharge, payer_mobile, created_at, reserved_until, rail_reference, taken, state, state_at, captured_at, fee, fee_tax, net, hold_reason, failure, version) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24
UPDATE payment SET reserved_until = ?3, rail_reference = ?4, taken = ?5, state = ?6, state_at = ?7, captured_at = ?8, fee = ?9, fee_tax = ?10, net = ?11, hold_reason = ?12, failure = ?13, version = ?2 + 1 WHERE payment.id = ?1 AND payment.version = ?2
SELECT charge.payment_id, charge.merchant_id, charge.account, charge.currency, charge.amount, charge.story, charge.opened_at, charge.reserved_until, charge.told, charge.settled FROM charge WHERE charge.payment_id = ?1
INSERT INTO charge (payment_id, merchant_id, account, currency, amount, story, opened_at, reserved_until, told, settled) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
UPDATE charge SET told = ?2, settled = ?3 WHERE charge.payment_id = ?1
SELECT link_instalment.link_id, link_instalment.amount, link_instalment.due_at FROM link_instalment WHERE link_instalment.link_id = ?1 ORDER BY link_instalment.link_id, link_instalment.position
INSERT INTO link_instalment (link_id, position, amount, due_at) SELECT ?1, ?2, ?3, ?4
SELECT link_split.link_id, link_split.child_id, link_split.amount, link_split.bps, link_split.bears_fee FROM link_split WHERE link_split.link_id = ?1 ORDER BY link_split.link_id, link_split.position
INSERT INTO link_split (link_id, position, child_id, amount, bps, bears_fee) SELECT ?1, ?2, ?3, ?4, ?5, ?6
SELECT template.id, template.merchant_id, template.kind, template.number, template.version, template.name, template.created_at FROM template WHERE template.merchant_id = ?1 AND template.kind = ?2 AND template.number = ?3 AND template.version = (SELECT max(every.version) FROM template AS every WHERE every.merchant_id = template.merchant_id AND every.kind = template.kind AND every.number = template.number)
SELECT template.id, template.merchant_id, template.kind, template.number, template.version, template.name, template.created_at FROM template WHERE template.merchant_id = ?1 AND template.version = (SELECT max(every.version) FROM template AS every WHERE every.merchant_id = template.merchant_id AND every.kind = template.kind AND every.number = template.number) ORDER BY template.kind, template.number
SELECT template_field.template_id, template_field.position, template_field.name, template_field.label, template_field.field_type, template_field.required, template_field.min_length, template_field.max_length, template_field.pattern, template_field.default_value FROM template_field WHERE template_field.template_id = ?1 ORDER BY template_field.template_id, template_field.position
SELECT template_choice.template_id, template_choice.field, template_choice.value FROM template_choice WHERE template_choice.template_id = ?1 ORDER BY template_choice.template_id, template_choice.field, template_choice.position
INSERT INTO template (id, merchant_id, kind, number, version, name, created_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
INSERT INTO template_field (template_id, position, name, label, field_type, required, min_length, max_length, pattern, default_value) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
INSERT INTO template_choice (template_id, field, position, value) SELECT ?1, ?2, ?3, ?4
SELECT link.id FROM link WHERE link.id > (SELECT ?1) ORDER BY link.id LIMIT (SELECT ?2)
SELECT entry.link_id, entry.position, entry.booking_id, entry.merchant_id, entry.payment_id, entry.currency, entry.account, entry.debit, entry.credit, entry.booked_at, entry.hash, entry.child_id FROM entry WHERE entry.link_id = ?1 ORDER BY entry.link_id, entry.position
SELECT entry.position, entry.account FROM entry WHERE entry.link_id = ?1 ORDER BY entry.link_id, entry.position
SELECT event.id, event.merchant_id, event.link_id, event.number, event.kind, event.payment_id, event.happened_at, event.word, event.captured, event.refunded, event.sent_at, event.opened_at FROM event WHERE event.link_id = ?1 ORDER BY event.link_id, event.number
SELECT charge.payment_id FROM charge WHERE NOT EXISTS (SELECT 1 FROM payment WHERE payment.id = charge.payment_id) ORDER BY charge.payment_id LIMIT (SELECT ?1)
SELECT message.id, message.merchant_id, message.link_id, message.customer_id, message.channel, message.created_at, message.state, message.state_at, message.detail FROM message ORDER BY message.id DESC LIMIT (SELECT ?1)
SELECT message.id, message.merchant_id, message.link_id, message.customer_id, message.channel, message.created_at, message.state, message.state_at, message.detail FROM message, customer WHERE message.customer_id = customer.id AND ((message.channel = ?3 AND customer.mobile_index = ?1) OR (message.channel = ?2 AND customer.email_index = ?1)) ORDER BY message.id DESC LIMIT (SELECT ?4)
SELECT event.id, event.merchant_id, event.link_id, event.number, event.kind, event.payment_id, event.happened_at, event.word, event.captured, event.refunded, event.sent_at, event.opened_at FROM event WHERE event.id = ?1
SELECT event.id, event.merchant_id, event.link_id, event.number, event.kind, event.payment_id, event.happened_at, event.word, event.captured, event.refunded, event.sent_at, event.opened_at FROM event WHERE event.merchant_id = (SELECT ?1) AND (event.happened_at, event.number, event.id) < ((SELECT ?2), (SELECT ?3), (SELECT ?4)) ORDER BY event.happened_at DESC, event.number DESC, event.id DESC LIMIT (SELECT ?5)
SELECT event.id, event.merchant_id, event.link_id, event.number, event.kind, event.payment_id, event.happened_at, event.word, event.captured, event.refunded, event.sent_at, event.opened_at FROM event WHERE event.link_id = ?1 ORDER BY event.number
SELECT delivery.id, delivery.merchant_id, delivery.link_id, delivery.event_id, delivery.dialect, delivery.form, delivery.url, delivery.created_at, delivery.attempts, delivery.last_status, delivery.state, delivery.state_at FROM delivery WHERE delivery.link_id = ?1 ORDER BY delivery.id
SELECT job.kind, job.subject, job.merchant_id, job.due_at, job.attempts, job.leased_until FROM job WHERE job.due_at <= (SELECT ?1) AND (job.leased_until IS NULL OR job.leased_until <= ?2) ORDER BY job.due_at, job.kind, job.subject LIMIT (SELECT ?3)
SELECT job.kind, job.subject, job.merchant_id, job.due_at, job.attempts, job.leased_until FROM (SELECT job.kind, job.subject, job.merchant_id, job.due_at, job.attempts, job.leased_until, ROW_NUMBER() OVER (PARTITION BY job.merchant_id ORDER BY job.due_at, job.subject) AS turn FROM job WHERE job.due_at <= (SELECT ?2) AND +job.kind = ?1 AND (job.leased_until IS NULL OR job.leased_until <= ?3)) AS job WHERE job.turn <= (SELECT ?4) ORDER BY job.turn, job.due_at, job.subject LIMIT (SELECT ?5)
SELECT min(job.due_at) FROM job
SELECT DISTINCT link.merchant_id FROM link WHERE link.chain_count > link.sealed_count ORDER BY link.merchant_id LIMIT (SELECT ?1)
SELECT link.id, link.merchant_id, link.origin, link.kind, link.currency, link.amount, link.due, link.max_payments, link.one_order, link.name, link.description, link.customer_id, link.created_at, link.expires_at, link.status, link.ended_at, link.sent_at, link.opened_at, link.captured, link.refunded, link.held, link.reserved, link.captured_count, link.reserved_count, link.event_count, link.chain_count, link.chain_head, link.version, link.split_count, link.in_parts, link.part_first_min, link.part_min, link.plan_count FROM link WHERE link.merchant_id = (SELECT ?1) AND (link.created_at, link.id) < ((SELECT ?2), (SELECT ?3)) ORDER BY link.created_at DESC, link.id DESC LIMIT (SELECT ?4)
SELECT link.created_at FROM link WHERE link.id = ?1
SELECT count(*) FROM link
SELECT payment.id, payment.link_id, payment.merchant_id, payment.rail, payment.rail_account, payment.mode, payment.currency, payment.applied, payment.discount, payment.surcharge, payment.payer_mobile, payment.created_at, payment.reserved_until, payment.rail_reference, payment.taken, payment.state, payment.state_at, payment.captured_at, payment.fee, payment.fee_tax, payment.net, payment.hold_reason, payment.failure, payment.version FROM payment WHERE payment.link_id = ?1 ORDER BY payment.created_at DESC, payment.id DESC
SELECT payment.id, payment.link_id, payment.merchant_id, payment.rail, payment.rail_account, payment.mode, payment.currency, payment.applied, payment.discount, payment.surcharge, payment.payer_mobile, payment.created_at, payment.reserved_until, payment.rail_reference, payment.taken, payment.state, payment.state_at, payment.captured_at, payment.fee, payment.fee_tax, payment.net, payment.hold_reason, payment.failure, payment.version FROM payment WHERE payment.link_id = ?1 AND (payment.created_at, payment.id) < (?2, ?3) ORDER BY payment.created_at DESC, payment.id DESC LIMIT (SELECT ?4)
SELECT payment.id FROM payment WHERE payment.link_id = ?1 ORDER BY payment.created_at, payment.id LIMIT 1
SELECT seal.id, seal.merchant_id, seal.number, seal.sealed_at, seal.key_id, seal.tag FROM seal WHERE seal.merchant_id = ?1 AND seal.number > ?2 ORDER BY seal.number LIMIT 1
SELECT seal_head.link_id, seal_head.chain_count, seal_head.chain_head, entry.hash, link.merchant_id, link.chain_count, link.sealed_count FROM seal_head LEFT JOIN entry ON entry.link_id = seal_head.link_id AND entry.position = seal_head.chain_count LEFT JOIN link ON link.id = seal_head.link_id WHERE seal_head.seal_id = ?1 ORDER BY seal_head.link_id
SELECT link.id, link.sealed_count, link.chain_count, COALESCE(top.chain_count, 0) FROM link LEFT JOIN (SELECT seal_head.link_id, max(seal_head.chain_count) AS chain_count FROM seal_head JOIN seal ON seal.id = seal_head.seal_id GROUP BY seal_head.link_id) AS top ON top.link_id = link.id WHERE link.sealed_count <> COALESCE(top.chain_count, 0) OR link.sealed_count > link.chain_count ORDER BY link.id LIMIT (SELECT ?1)
SELECT merchant.slug, link_split.child_id, link_split.amount, link_split.bps, link_split.bears_fee FROM link_split JOIN merchant ON merchant.id = link_split.child_id WHERE link_split.link_id = ?1 ORDER BY link_split.position
SELECT entry.link_id FROM entry WHERE entry.link_id > ?1 AND entry.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT payment.link_id FROM payment WHERE payment.link_id > ?1 AND payment.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT event.link_id FROM event WHERE event.link_id > ?1 AND event.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT delivery.link_id FROM delivery WHERE delivery.link_id > ?1 AND delivery.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT link_reference.link_id FROM link_reference WHERE link_reference.link_id > ?1 AND link_reference.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT link_text.link_id FROM link_text WHERE link_text.link_id > ?1 AND link_text.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT link_line.link_id FROM link_line WHERE link_line.link_id > ?1 AND link_line.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT link_tax.link_id FROM link_tax WHERE link_tax.link_id > ?1 AND link_tax.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT subscription.link_id FROM subscription WHERE subscription.link_id > ?1 AND subscription.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT link_split.link_id FROM link_split WHERE link_split.link_id > ?1 AND link_split.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT link_instalment.link_id FROM link_instalment WHERE link_instalment.link_id > ?1 AND link_instalment.link_id <= ?2 EXCEPT SELECT link.id FROM link WHERE link.id > ?1 AND link.id <= ?2 ORDER BY 1 LIMIT (SELECT ?3)
SELECT idempotency.link_id FROM idempotency WHERE idempotency.merchant_id = ?1 AND NOT EXISTS (SELECT 1 FROM link WHERE link.id = idempotency.link_id AND link.merchant_id = idempotency.merchant_id) LIMIT (SELECT ?2)
SELECT min(payment.id), max(payment.id) FROM payment WHERE payment.merchant_id = ?1 AND payment.rail_reference IS NOT NULL GROUP BY payment.rail, payment.rail_account, payment.rail_reference HAVING count(*) > 1 LIMIT (SELECT ?2)
SELECT message.id, message.state, link.id, job.subject FROM message LEFT JOIN link ON link.id = message.link_id AND link.merchant_id = message.merchant_id LEFT JOIN job ON job.kind = (SELECT ?2) AND job.subject = message.id WHERE message.id > (SELECT ?1) ORDER BY message.id LIMIT (SELECT ?3)
