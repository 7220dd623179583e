//! Whoever removes seals, or makes the sandbox rail and the books disagree, is found.

use std::collections::BTreeSet;

use kadi_domain::time::MINUTE_MS;
use kadi_store::verify;

use crate::store::Store;
use crate::verify::{broken, check, check_by, first_entry, recompute};
use crate::world;
use crate::world::NOW;

const SEALS: &str = "sealed_count_from_seals";
const RAIL: &str = "rail_agrees";

pub(crate) fn removed_seals_are_known_to_their_links(store: &Store) {
    let attacker = store.behind().attack();
    attacker.keep();
    let reader = store.reader();
    for edit in [
        // The last seal of one merchant, and of all.
        "DELETE FROM seal_head WHERE seal_id = (SELECT max(id) FROM seal); \
         DELETE FROM seal WHERE id = (SELECT max(id) FROM seal)",
        "DELETE FROM seal_head WHERE seal_id IN (SELECT id FROM seal WHERE number = 2); \
         DELETE FROM seal WHERE number = 2",
        // All seals of one merchant, and of all.
        "DELETE FROM seal_head WHERE seal_id IN (SELECT id FROM seal WHERE merchant_id = 1); \
         DELETE FROM seal WHERE merchant_id = 1",
        "DELETE FROM seal_head; DELETE FROM seal",
        // The seal alone, its heads are left.
        "DELETE FROM seal WHERE id = (SELECT max(id) FROM seal)",
    ] {
        attacker.execute(edit).unwrap();
        let report = check_by(&reader);
        assert_eq!(broken(&report), BTreeSet::from([SEALS]), "{edit}: {:?}", report.broken);
        attacker.restore(edit);
    }
}

pub(crate) fn a_tail_that_goes_with_its_seal_is_known_to_its_link(store: &Store) {
    let attacker = store.behind().attack();
    let (link, payment) = first_entry(&attacker, "link_id DESC, position DESC");
    let sealed = attacker.number(&format!("SELECT sealed_count FROM link WHERE id = {link}"));
    attacker
        .execute(&format!(
            "DELETE FROM seal_head WHERE seal_id = (SELECT max(id) FROM seal); \
             DELETE FROM seal WHERE id = (SELECT max(id) FROM seal); \
             DELETE FROM entry WHERE payment_id = {payment}; DELETE FROM payment WHERE id = {payment}; \
             DELETE FROM charge WHERE payment_id = {payment}; \
             DELETE FROM delivery WHERE link_id = {link} AND event_id IN \
               (SELECT id FROM event WHERE link_id = {link} AND kind IN (4, 7)); \
             DELETE FROM message WHERE event_id IN \
               (SELECT id FROM event WHERE link_id = {link} AND kind IN (4, 7)); \
             DELETE FROM event WHERE link_id = {link} AND kind IN (4, 7); \
             UPDATE link SET captured = 0, captured_count = 0, attempted = 0, status = 1, ended_at = NULL, \
               event_count = event_count - 2 WHERE id = {link};"
        ))
        .unwrap();
    recompute(&attacker, link);
    attacker
        .execute(&format!("UPDATE link SET chain_head = NULL, sealed_count = {sealed} WHERE id = {link}"))
        .unwrap();
    let report = check(store);
    assert_eq!(broken(&report), BTreeSet::from([SEALS]), "{:?}", report.broken);
}

/// Edits of the rail's memory, or of payments beside it, that must be named.
const DISAGREEMENTS: &[&str] = &[
    "UPDATE charge SET amount = amount - 1",
    "UPDATE charge SET currency = 'USD'",
    "UPDATE charge SET account = 'another shop'",
    "UPDATE charge SET merchant_id = 3 - merchant_id",
    "DELETE FROM charge WHERE payment_id IN (SELECT id FROM payment WHERE state = 3)",
    "DELETE FROM charge WHERE payment_id IN (SELECT id FROM payment WHERE state = 6)",
    // The rail says otherwise: failed, succeeded, given back, never given back.
    "UPDATE charge SET story = 2 WHERE payment_id IN (SELECT id FROM payment WHERE state = 3)",
    "UPDATE charge SET story = 1 WHERE payment_id IN (SELECT id FROM payment WHERE state = 4)",
    "UPDATE charge SET story = 12, told = 1 WHERE payment_id IN (SELECT id FROM payment WHERE state = 3)",
    "UPDATE charge SET story = 12, told = 1 WHERE payment_id IN (SELECT id FROM payment WHERE state = 1)",
    "UPDATE charge SET story = 1 WHERE payment_id IN (SELECT id FROM payment WHERE state = 6)",
    "UPDATE charge SET settled = 3 WHERE payment_id IN (SELECT id FROM payment WHERE state = 3)",
    // Nobody will ask about money that was taken.
    "DELETE FROM job WHERE kind = 3",
    // The books say otherwise.
    "UPDATE payment SET rail_reference = 'SBX' || (id + 1) WHERE state = 3",
    "UPDATE payment SET taken = taken + 1, surcharge = 1 WHERE state = 3",
    "UPDATE payment SET state = 4, failure = '', taken = NULL, rail_reference = NULL WHERE state = 3",
    "UPDATE payment SET state = 1, state_at = NULL, taken = NULL, rail_reference = NULL WHERE state = 3",
    "UPDATE payment SET state = 5, hold_reason = 1, taken = 1 WHERE state = 3",
    "UPDATE payment SET state = 3, captured_at = NULL WHERE captured_at IS NOT NULL",
    "UPDATE payment SET rail = 'sandbox' WHERE rail = 'bank'",
];

pub(crate) fn the_rail_and_the_books_cannot_be_made_to_disagree(store: &Store) {
    let attacker = store.behind().attack();
    attacker.keep();
    let reader = store.reader();
    for edit in DISAGREEMENTS {
        assert!(attacker.execute(edit).unwrap() > 0, "{edit}");
        let report = check_by(&reader);
        assert!(broken(&report).contains(RAIL), "{edit}: {:?}", report.broken);
        attacker.restore(edit);
    }
}

pub(crate) fn a_payment_that_only_the_rail_remembers_is_found(store: &Store) {
    store.behind().attack().execute("DELETE FROM payment WHERE state = 1").unwrap();
    let report = check(store);
    let named = report.broken.iter().any(|breach| breach.what.starts_with("a charge of payment "));
    assert!(named && broken(&report).contains("no_strays"), "{:?}", report.broken);
}

/// What is on its way is no breach: edits after which rail and books still agree, or will.
pub(crate) fn what_is_on_its_way_is_clean(store: &Store) {
    let attacker = store.behind().attack();
    attacker.keep();
    let reader = store.reader();
    for edit in [
        // The success is known to nobody yet, and the rail will be asked.
        "UPDATE charge SET story = 1 WHERE payment_id IN (SELECT id FROM payment WHERE state = 1)",
        // The rail was not asked yet, or knows nothing of what failed.
        "DELETE FROM charge WHERE payment_id IN (SELECT id FROM payment WHERE state IN (1, 2, 4))",
        // A notice of a failure contradicts a success that nobody heard of, and the rail will be asked.
        "UPDATE charge SET story = 9 WHERE payment_id IN (SELECT id FROM payment WHERE state = 4); \
         INSERT INTO job (kind, subject, merchant_id, due_at, attempts) \
         SELECT 3, id, merchant_id, created_at, 0 FROM payment WHERE state = 4",
        // The money has gone again, and that was not told yet.
        "UPDATE charge SET story = 12, told = 0 WHERE payment_id IN (SELECT id FROM payment WHERE state = 3)",
    ] {
        assert!(attacker.execute(edit).unwrap() > 0, "{edit}");
        let report = check_by(&reader);
        assert_eq!(report.broken, vec![], "{edit}");
        attacker.restore(edit);
    }
    let earlier = NOW.plus_ms(-MINUTE_MS);
    let report = verify(&store.reader(), &world::keys(5), earlier).unwrap();
    assert_eq!(report.broken, vec![], "the check began before the rail's last word");
}
