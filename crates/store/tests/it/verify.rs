//! The check of the books: clean books are clean, and no rewriting of them goes unseen.

use std::collections::BTreeSet;

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::id::{BookingId, LinkId, MerchantId, PaymentId};
use kadi_domain::ledger::{Account, Chain, Entry, Posting};
use kadi_domain::time::Timestamp;
use kadi_store::{Reader, Report, verify};

use crate::behind::Behind;
use crate::store::Store;
use crate::world;
use crate::world::NOW;

/// The columns of an entry, with what their values are.
const COLUMNS: [(&str, char); 12] = [
    ("link_id", 'i'),
    ("position", 'i'),
    ("booking_id", 'i'),
    ("merchant_id", 'i'),
    ("payment_id", 'i'),
    ("currency", 't'),
    ("account", 'i'),
    ("debit", 'i'),
    ("credit", 'i'),
    ("booked_at", 'i'),
    ("hash", 'b'),
    ("child_id", 'c'),
];

pub(crate) fn check(store: &Store) -> Report {
    check_by(&store.reader())
}

pub(crate) fn check_by(reader: &Reader) -> Report {
    verify(reader, &world::keys(5), NOW).unwrap()
}

pub(crate) fn broken(report: &Report) -> BTreeSet<&'static str> {
    report.broken.iter().map(|breach| breach.invariant).collect()
}

pub(crate) fn clean_books_are_clean_and_every_invariant_was_looked_at(store: &Store) {
    let report = check(store);
    assert_eq!(report.broken, vec![]);
    assert!(report.is_clean());
    for (invariant, times) in &report.checked {
        assert!(*times > 0, "{invariant} was never looked at");
    }
    let whole = store.reader().snapshot(|reader: &Reader| verify(reader, &world::keys(5), NOW)).unwrap();
    assert_eq!(whole, report, "in one snapshot too");
}

pub(crate) fn an_empty_store_is_clean(store: &Store) {
    assert!(check(store).is_clean());
}

pub(crate) fn any_single_changed_byte_of_an_entry_is_found(store: &Store) {
    let attacker = store.behind().attack();
    let ids = attacker.query("SELECT link_id, position FROM entry ORDER BY link_id, position");
    attacker.execute("CREATE TABLE kept AS SELECT * FROM entry").unwrap();
    let reader = store.reader();
    let is_clean = || check_by(&reader).is_clean();
    let (mut edits, mut seed) = (0, 42_u64);
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    while edits < 220 {
        let (column, kind) = COLUMNS[edits % COLUMNS.len()];
        let place = &ids[random(ids.len())];
        let changed = match kind {
            'i' => format!("({column} | {bit}) - ({column} & {bit})", bit = 1_i64 << random(63)),
            // Also where there is none.
            'c' => format!("coalesce(child_id, 0) + {}", 1 + random(9)),
            't' => format!("substr('{}', 1, 3)", ["INS", "USD", "\u{1}NR", "IN"][random(4)]),
            _ => attacker.with_byte("hash", random(32), random(256)),
        };
        let edit = format!(
            "UPDATE entry SET {column} = {changed} WHERE link_id = {} AND position = {} \
             AND ({column} IS NULL OR {column} <> {changed})",
            place[0], place[1]
        );
        // The place of another entry cannot be taken, and a byte may be replaced by itself.
        if attacker.execute(&edit).unwrap_or(0) == 0 {
            continue;
        }
        assert!(!is_clean(), "unseen: {edit}");
        attacker.execute("DELETE FROM entry; INSERT INTO entry SELECT * FROM kept").unwrap();
        edits += 1;
    }
    assert!(is_clean(), "all edits were undone");
}

fn entries_of(attacker: &Behind, link: i64) -> Vec<Entry> {
    let rows = attacker.query(&format!(
        "SELECT position, booking_id, merchant_id, payment_id, account, debit, credit, booked_at, child_id \
         FROM entry WHERE link_id = {link} ORDER BY position"
    ));
    let entry = |row: Vec<String>| {
        let number = |at: usize| -> i64 { row[at].parse().unwrap() };
        Entry {
            link_id: LinkId::new(link),
            position: number(0),
            booking_id: BookingId::new(number(1)),
            merchant_id: MerchantId::new(number(2)),
            payment_id: PaymentId::new(number(3)),
            currency: Currency::INR,
            posting: Posting {
                account: Account::from_number(number(4)).unwrap(),
                debit: Minor::new(number(5)),
                credit: Minor::new(number(6)),
                child: row[8].parse().ok().map(MerchantId::new),
            },
            booked_at: Timestamp::from_ms(number(7)),
            hash: [0; 32],
        }
    };
    rows.into_iter().map(entry).collect()
}

/// Rewrites all hashes of a link and its head, as someone does who knows how they are made.
pub(crate) fn recompute(attacker: &Behind, link: i64) {
    let mut chain = Chain::default();
    for entry in entries_of(attacker, link) {
        chain = Chain { count: entry.position, head: entry.expected_hash(&chain.head) };
        let hash = attacker.bytes(&chain.head);
        let place = format!("link_id = {link} AND position = {}", entry.position);
        attacker.execute(&format!("UPDATE entry SET hash = {hash} WHERE {place}")).unwrap();
    }
    let (count, head) = (chain.count, attacker.bytes(&chain.head));
    let change = format!("chain_count = {count}, chain_head = {head}, sealed_count = {count}");
    attacker.execute(&format!("UPDATE link SET {change} WHERE id = {link}")).unwrap();
}

/// The link and the payment of the entry that comes first in this order.
pub(crate) fn first_entry(attacker: &Behind, order: &str) -> (i64, i64) {
    let found = attacker.query(&format!("SELECT link_id, payment_id FROM entry ORDER BY {order} LIMIT 1"));
    (found[0][0].parse().unwrap(), found[0][1].parse().unwrap())
}

/// The link and the payment of a sealed payment that is held.
fn held(attacker: &Behind) -> (i64, i64) {
    let found = attacker.query("SELECT link_id, id FROM payment WHERE state = 5 ORDER BY id LIMIT 1");
    (found[0][0].parse().unwrap(), found[0][1].parse().unwrap())
}

pub(crate) fn a_recomputed_chain_is_found_against_its_seal(store: &Store) {
    let attacker = store.behind().attack();
    let (link, payment) = held(&attacker);
    attacker
        .execute(&format!(
            "UPDATE entry SET debit = debit + 1 WHERE payment_id = {payment} AND debit > 0; \
             UPDATE entry SET credit = credit + 1 WHERE payment_id = {payment} AND credit > 0; \
             UPDATE payment SET taken = taken + 1 WHERE id = {payment}; \
             UPDATE link SET held = held + 1 WHERE id = {link};"
        ))
        .unwrap();
    recompute(&attacker, link);
    let report = check(store);
    assert_eq!(broken(&report), BTreeSet::from(["seal_heads"]), "everything else was made to fit");
    attacker.execute("DELETE FROM seal_head; DELETE FROM seal; UPDATE link SET sealed_count = 0").unwrap();
    assert!(check(store).is_clean(), "only the seals know");
}

pub(crate) fn a_cut_tail_is_found_against_its_seal(store: &Store) {
    let attacker = store.behind().attack();
    let (link, _) = first_entry(&attacker, "position DESC");
    let last = format!("SELECT max(position) FROM entry WHERE link_id = {link}");
    attacker.execute(&format!("DELETE FROM entry WHERE link_id = {link} AND position = ({last})")).unwrap();
    recompute(&attacker, link);
    let report = check(store);
    assert!(broken(&report).contains("seal_heads"), "{:?}", report.broken);
    assert!(!broken(&report).contains("entry_chain"), "the chain itself was made to fit");
}

pub(crate) fn a_cut_payment_with_all_its_traces_is_found_against_its_seal(store: &Store) {
    let attacker = store.behind().attack();
    let (link, payment) = first_entry(&attacker, "link_id DESC, position DESC");
    attacker
        .execute(&format!(
            "DELETE FROM entry WHERE payment_id = {payment}; DELETE FROM payment WHERE id = {payment}; \
             DELETE FROM charge WHERE payment_id = {payment}; \
             DELETE FROM delivery WHERE link_id = {link} AND event_id IN \
               (SELECT id FROM event WHERE link_id = {link} AND kind IN (4, 7)); \
             DELETE FROM message WHERE event_id IN \
               (SELECT id FROM event WHERE link_id = {link} AND kind IN (4, 7)); \
             DELETE FROM event WHERE link_id = {link} AND kind IN (4, 7); \
             UPDATE link SET captured = 0, captured_count = 0, attempted = 0, status = 1, ended_at = NULL, \
               event_count = event_count - 2, chain_count = 0, chain_head = NULL, sealed_count = 0 \
               WHERE id = {link};"
        ))
        .unwrap();
    let report = check(store);
    let named = BTreeSet::from(["seal_heads", "sealed_count_from_seals"]);
    assert_eq!(broken(&report), named, "{:?}", report.broken);
}

pub(crate) fn another_book_key_makes_no_seal(store: &Store) {
    let report = verify(&store.reader(), &world::keys(6), NOW).unwrap();
    assert_eq!(broken(&report), BTreeSet::from(["seal_tag"]));
}

/// One edit behind Kadi's back, and the invariant that must name it.
const EDITS: &[(&str, &str)] = &[
    ("obligation_paid_once", "UPDATE obligation SET paid_by = NULL"),
    ("obligation_paid_once", "UPDATE obligation SET paid_by = paid_by + 1"),
    ("obligation_paid_once", "UPDATE obligation SET link_count = 3"),
    ("no_strays", "UPDATE obligation SET amount = amount + 1"),
    ("no_strays", "DELETE FROM obligation"),
    ("account_in_chart", "UPDATE entry SET account = 99 WHERE position = 1"),
    ("rows_readable", "UPDATE link SET kind = 77"),
    ("rows_readable", "UPDATE payment SET state_at = NULL WHERE state = 3"),
    ("rows_readable", "UPDATE charge SET story = 0, script = 'answer=won'"),
    ("booking_balances", "UPDATE entry SET debit = debit + 1 WHERE debit > 0"),
    ("books_balance", "UPDATE entry SET credit = credit + 1 WHERE position = 2 AND credit > 0"),
    (
        "entry_chain",
        "UPDATE link SET chain_head = (SELECT tag FROM seal WHERE id = (SELECT min(id) FROM seal)) WHERE chain_count > 0",
    ),
    ("entry_of_link", "UPDATE entry SET payment_id = 1"),
    ("entry_of_merchant", "UPDATE entry SET merchant_id = 3 - merchant_id"),
    ("entry_of_child", "UPDATE entry SET child_id = NULL WHERE child_id IS NOT NULL"),
    ("entry_of_child", "UPDATE entry SET child_id = 3 WHERE account = 2"),
    ("plan_total", "DELETE FROM link_instalment WHERE position = 1"),
    ("plan_total", "UPDATE link_instalment SET amount = amount + 1 WHERE position = 2"),
    ("no_strays", "UPDATE link_edit SET link_id = -link_id"),
    ("edits_kept", "UPDATE link SET edit_count = edit_count + 1"),
    ("edits_kept", "DELETE FROM link_edit WHERE number = 1"),
    ("split_rules", "DELETE FROM link_split WHERE position = 2"),
    ("split_rules", "UPDATE link_split SET child_id = 1 + child_id % 2"),
    ("split_parts_add_up", "UPDATE entry SET credit = credit + 1 WHERE account = 3 AND credit > 0"),
    ("payment_booked", "UPDATE link_split SET bears_fee = 1 - bears_fee"),
    ("split_refunds_within_parts", "DELETE FROM split_part WHERE position = 1"),
    ("split_refunds_within_parts", "DELETE FROM split_part"),
    ("split_refunds_within_parts", "UPDATE split_part SET amount_back = amount_back + 1"),
    ("split_refunds_within_parts", "UPDATE split_part SET amount = amount + 1"),
    ("split_refunds_within_parts", "DELETE FROM split_refund WHERE position = 2"),
    ("split_refunds_within_parts", "UPDATE split_refund SET child_id = 1 WHERE position = 1"),
    ("split_refunds_within_parts", "UPDATE refund SET of_merchant = NULL"),
    ("payment_booked", "UPDATE split_refund SET amount = amount - 1"),
    ("no_strays", "UPDATE split_part SET link_id = 1"),
    ("no_strays", "UPDATE split_refund SET link_id = 1"),
    ("seal_numbers", "DELETE FROM seal WHERE number = 1"),
    ("seal_tag", "UPDATE seal SET sealed_at = sealed_at - 1"),
    ("seal_tag", "DELETE FROM seal_head WHERE seal_id = (SELECT min(id) FROM seal)"),
    ("seal_heads", "UPDATE seal_head SET chain_count = chain_count + 100"),
    ("sealed_count_from_seals", "UPDATE link SET sealed_count = sealed_count - 1 WHERE sealed_count > 0"),
    ("sealed_count_from_seals", "UPDATE link SET sealed_count = 1 WHERE chain_count = 0"),
    ("sealed_count_from_seals", "DELETE FROM seal WHERE number = 2"),
    ("sums_from_payments", "UPDATE link SET captured = captured - 1 WHERE captured > 0"),
    ("sums_from_payments", "UPDATE link SET reserved = reserved + 1, reserved_count = reserved_count + 1"),
    ("sums_from_entries", "UPDATE link SET held = held + 1"),
    ("captured_within_due", "UPDATE link SET due = captured - 1 WHERE due IS NOT NULL"),
    ("captured_within_due", "UPDATE link SET refunded = -1"),
    ("payments_within_max", "UPDATE link SET max_payments = captured_count - 1 WHERE captured_count > 1"),
    ("one_order_one_outcome", "UPDATE link SET status = 1, ended_at = NULL WHERE one_order = 1"),
    ("net_follows_from_parts", "UPDATE payment SET net = net + 1 WHERE state = 3"),
    ("lines_total", "UPDATE link_line SET unit_amount = unit_amount + 1"),
    ("lines_total", "DELETE FROM link_tax"),
    ("payment_booked", "UPDATE payment SET taken = taken + 1 WHERE state = 3"),
    ("payment_booked", "UPDATE payment SET hold_reason = 3 WHERE state = 5"),
    ("payment_money_as_attempted", "UPDATE payment SET discount = 1 WHERE state = 3"),
    ("payment_money_as_attempted", "UPDATE payment SET surcharge = 1 WHERE captured_at IS NOT NULL"),
    ("payment_money_as_attempted", "UPDATE payment SET rail_reference = NULL WHERE state = 3"),
    ("payment_money_as_attempted", "UPDATE payment SET rail_reference = NULL WHERE state = 5"),
    ("payment_money_as_attempted", "UPDATE payment SET taken = NULL WHERE state = 5"),
    ("payment_money_as_attempted", "UPDATE payment SET taken = NULL WHERE state = 6"),
    ("payment_money_as_attempted", "UPDATE payment SET taken = 1 WHERE state = 1"),
    ("payment_money_as_attempted", "UPDATE payment SET rail_reference = 'UTR' WHERE state = 4"),
    ("rail_agrees", "UPDATE charge SET amount = amount + 1"),
    ("payment_of_link", "UPDATE payment SET currency = 'USD'"),
    ("refunds_within_captured", "UPDATE payment SET refunded = refunded - 1 WHERE refunded > 0"),
    ("refunds_within_captured", "UPDATE payment SET fee_back = fee_back + 1 WHERE refunded > 0"),
    ("refunds_within_captured", "UPDATE refund SET state = 4 WHERE state = 2"),
    ("refund_of_payment", "UPDATE refund SET merchant_id = 3 - merchant_id"),
    ("refund_of_payment", "UPDATE refund SET payment_id = 1"),
    ("refund_of_payment", "UPDATE refund SET net = net - 1, fee = fee + 2"),
    ("refund_watched", "DELETE FROM job WHERE kind = 6"),
    ("refund_state_from_events", "UPDATE refund SET state_at = state_at - 1 WHERE state = 2"),
    ("refund_state_from_events", "UPDATE refund SET state = 4, failure = NULL WHERE state = 3"),
    ("rail_agrees", "UPDATE payback SET amount = amount + 1"),
    ("rail_agrees", "UPDATE payback SET settled = 3 WHERE settled = 2"),
    ("payment_booked", "UPDATE refund SET fee = fee + 1, net = net - 1 WHERE state = 1"),
    ("sums_from_payments", "UPDATE link SET refund_pending = 0 WHERE refund_pending > 0"),
    ("sums_from_entries", "UPDATE payment SET refund_pending = 0 WHERE refund_pending > 0"),
    ("no_strays", "UPDATE refund SET link_id = 1"),
    ("no_strays", "UPDATE payback SET refund_id = -refund_id"),
    ("no_strays", "UPDATE idempotency SET refund_id = 1 WHERE refund_id IS NOT NULL"),
    ("reservation_watched", "DELETE FROM job WHERE kind = 3"),
    (
        "payment_state_from_events",
        "UPDATE payment SET state = 2, state_at = NULL, failure = NULL WHERE state = 4",
    ),
    (
        "payment_state_from_events",
        "UPDATE payment SET captured_at = captured_at - 1 WHERE captured_at IS NOT NULL",
    ),
    ("payment_state_from_events", "UPDATE payment SET captured_at = NULL WHERE captured_at IS NOT NULL"),
    ("payment_state_from_events", "UPDATE payment SET hold_reason = 1 WHERE captured_at IS NOT NULL"),
    ("payment_state_from_events", "UPDATE payment SET state_at = state_at - 1 WHERE state = 5"),
    ("event_numbers", "DELETE FROM event WHERE number = 1"),
    ("event_numbers", "UPDATE event SET merchant_id = 3 - merchant_id"),
    ("link_status_from_events", "UPDATE link SET status = 4 WHERE status = 3"),
    ("link_status_from_events", "UPDATE link SET opened_at = 5"),
    ("link_status_from_events", "UPDATE event SET captured = captured + 1"),
    ("link_status_from_sums", "UPDATE link SET status = 1, ended_at = NULL WHERE status = 2"),
    ("link_status_from_sums", "UPDATE link SET status = 2, ended_at = 5 WHERE status = 1"),
    ("delivery_of_event", "UPDATE delivery SET event_id = 1"),
    ("delivery_of_event", "DELETE FROM job WHERE kind = 2"),
    ("message_of_link", "DELETE FROM job WHERE kind = 1"),
    ("message_of_link", "UPDATE message SET link_id = 1"),
    ("resends_counted_and_sent", "UPDATE link SET resent_count = resent_count + 1"),
    ("resends_counted_and_sent", "UPDATE message SET resend = resend + 1"),
    ("receipt_of_capture", "UPDATE message SET event_id = -event_id WHERE event_id IS NOT NULL"),
    ("code_of_bound_mobile", "UPDATE link SET only_mobile = 0"),
    ("code_of_bound_mobile", "UPDATE message SET code_number = 1 WHERE resend = 0 AND event_id IS NULL"),
    ("answers_of_form", "UPDATE link SET template_id = NULL"),
    ("invoice_of_template", "DELETE FROM link_invoice"),
    ("invoice_of_template", "UPDATE link SET invoice_template_id = NULL"),
    ("invoice_of_template", "UPDATE link SET invoice_template_id = -1 WHERE invoice_template_id > 0"),
    ("invoice_of_template", "UPDATE link SET invoice_template_id = template_id WHERE template_id > 0"),
    ("invoice_of_template", "UPDATE template SET kind = 2, version = version + 1 WHERE kind = 1"),
    ("invoice_of_template", "UPDATE template SET merchant_id = 3 - merchant_id, version = version + 5"),
    ("no_strays", "UPDATE link_invoice SET link_id = -link_id"),
    ("no_strays", "UPDATE one_time_code SET link_id = -link_id"),
    ("no_strays", "DELETE FROM link WHERE id = (SELECT min(id) FROM link)"),
    ("no_strays", "DELETE FROM link WHERE id = (SELECT max(id) FROM link)"),
    ("no_strays", "UPDATE idempotency SET link_id = 1"),
    ("no_strays", "UPDATE link_reference SET link_id = 1"),
    ("rail_reference_once", "UPDATE payment SET rail_reference = 'UTR' WHERE state = 3"),
    ("times_past", "UPDATE payment SET created_at = created_at + 1000000000"),
    ("times_past", "UPDATE seal SET sealed_at = sealed_at + 1000000000"),
];

pub(crate) fn every_invariant_names_what_breaks_it(store: &Store) {
    let named: BTreeSet<&str> = EDITS.iter().map(|(invariant, _)| *invariant).collect();
    let all: BTreeSet<&str> = check(store).checked.iter().map(|(invariant, _)| *invariant).collect();
    assert_eq!(named, all, "every invariant has an edit that breaks it");
    let attacker = store.behind().attack();
    attacker.keep();
    let reader = store.reader();
    for (invariant, edit) in EDITS {
        assert!(attacker.execute(edit).unwrap() > 0, "{edit}");
        let report = check_by(&reader);
        assert!(broken(&report).contains(invariant), "{edit}: {:?}", report.broken);
        attacker.restore(edit);
    }
    assert!(check(store).is_clean(), "all edits were undone");
}

pub(crate) fn a_report_is_bounded_and_still_counts(store: &Store) {
    store
        .behind()
        .attack()
        .execute(
            "UPDATE entry SET booked_at = booked_at - 1; UPDATE event SET number = -number; \
             UPDATE payment SET merchant_id = 7, taken = 7",
        )
        .unwrap();
    let report = check(store);
    assert_eq!(report.broken.len(), 100);
    assert!(report.broken_count > 100);
    assert!(!report.is_clean());
}
