//! A batch that fails at any of its steps leaves nothing behind, whatever was sent after that step.

use std::collections::BTreeSet;

use kadi_domain::id::{LinkId, PaymentId, RefundId};
use kadi_domain::job::{Job, JobKind};
use kadi_domain::reference::{IdempotencyKey, IdempotencyRecord};
use kadi_domain::work::{Changes, Needs};
use kadi_store::{Commit, Trouble};

use crate::behind::Behind;
use crate::edit_trips::former;
use crate::obligation_trips::obligation;
use crate::payer_trips::code;
use crate::risk_trips::pace;
use crate::sample;
use crate::sample::{MERCHANT, at};
use crate::sample_sandbox;
use crate::store::{Store, try_put};

/// A batch that writes into every table but those of one batcher and of ids.
fn everything() -> Changes {
    let mut changes = crate::seal_trips::sealed_books();
    let link = LinkId::new(5);
    changes.credentials.new.push(sample::credential(3));
    changes.templates.push(sample::template(4, 1));
    changes.customers.push(sample::customer(77));
    changes.lines.push((link, sample::lines()));
    changes.texts.push((link, sample::texts()));
    changes.edits.push((link, former(1, Some(70))));
    changes.splits.push((link, sample::split()));
    changes.plans.push((link, sample::plan()));
    changes.invoices.push((link, vec![1]));
    changes.subscriptions.push((link, sample::subscriptions()));
    changes.references.push((sample::reference("INV-1"), link));
    let key = IdempotencyKey { merchant_id: MERCHANT, key_hash: [1; 32] };
    changes
        .idempotency
        .push((key, IdempotencyRecord { fingerprint: [3; 32], link_id: link, refund_id: None }));
    changes.charges.new.push(sample_sandbox::charge(8));
    changes.refunds.new.push(sample::refund(6, 8, 5));
    changes.split_parts.new.push(((link, PaymentId::new(8)), sample::split_parts()));
    changes.split_refunds.new.push(((link, RefundId::new(6)), sample::split_refunds()));
    changes.paces.new.push(pace([1; 32], &[5]));
    changes.obligations.new.push(obligation());
    changes.codes.new.push(code(5));
    changes.paybacks.new.push(sample_sandbox::payback(6, 8));
    changes.messages.new.push(sample::message(3, 5, 77));
    changes.deliveries.new.push(sample::delivery(4, 5, 2));
    changes.jobs.new.push(Job::new(JobKind::Deliver, 4, MERCHANT, at(100)));
    changes.values.push(("a", "1".into()));
    changes
}

/// Makes every write into a table fail, or lets it succeed again.
fn fail(behind: &Behind, table: &str, fails: bool) {
    let text = match (behind, fails) {
        (Behind::Sqlite(_), true) => format!(
            "CREATE TRIGGER fail_insert BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END; \
             CREATE TRIGGER fail_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"
        ),
        (Behind::Sqlite(_), false) => "DROP TRIGGER fail_insert; DROP TRIGGER fail_update".to_owned(),
        (Behind::Postgres(_), true) => format!(
            "CREATE OR REPLACE FUNCTION fail() RETURNS TRIGGER LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'no'; END $$; \
             CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION fail()"
        ),
        (Behind::Postgres(_), false) => format!("DROP TRIGGER fail ON {table}"),
    };
    behind.execute(&text).unwrap();
}

pub(crate) fn a_failure_at_any_step_stores_nothing(store: &Store) {
    let (mut session, behind) = (store.session(), store.behind());
    let rows = || -> Vec<_> {
        behind.tables().iter().map(|table| behind.query(&format!("SELECT * FROM {table}"))).collect()
    };
    let before = rows();
    for table in behind.tables() {
        // No batch writes here: the sequence of ids.
        if table == "id_block" {
            continue;
        }
        fail(&behind, &table, true);
        let end = try_put(&mut session, everything());
        fail(&behind, &table, false);
        assert!(matches!(end, Commit::Aborted(Trouble::Poison(_))), "{table}: {end:?}");
        assert_eq!(rows(), before, "{table}");
    }
    assert_eq!(try_put(&mut session, everything()), Commit::Committed, "the session goes on");
}

/// What a batch finds out too late, in its last step before the COMMIT.
pub(crate) fn a_session_that_was_taken_over_stores_nothing(store: &Store) {
    let mut old = store.session();
    let mut next = store.session();
    let end = try_put(&mut old, everything());
    assert!(matches!(end, Commit::Aborted(Trouble::Again(_))), "{end:?}");
    assert_eq!(store.reader().merchants().unwrap(), vec![]);
    assert_eq!(try_put(&mut next, everything()), Commit::Committed);
}

/// A row whose version is the highest there is cannot be changed any more, and that is no other row's fault.
pub(crate) fn a_value_out_of_range_poisons_and_stores_nothing(store: &Store) {
    store.put(sample::ground(&[5]));
    store.behind().execute("UPDATE link SET version = 9223372036854775807").unwrap();
    let mut session = store.session();
    let needs = Needs { links: BTreeSet::from([LinkId::new(5)]), ..Needs::default() };
    let mut view = session.load(&needs).unwrap();
    let link = view.link(LinkId::new(5)).unwrap().clone();
    let mut changes = Changes { values: vec![("neighbour", "stored".into())], ..Changes::default() };
    changes.links.changed.push(link);
    view.apply(changes);
    let end = session.save(&view, [1; 16]);
    assert!(matches!(end, Commit::Aborted(Trouble::Poison(_))), "{end:?}");
    assert_eq!(store.reader().value("neighbour").unwrap(), None);
}
