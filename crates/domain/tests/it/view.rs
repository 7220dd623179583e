//! What a batch knows of a record after several decisions, and what its save must do about it.

use kadi_domain::id::LinkId;
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::shelf::Fate;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Puts};

use crate::world::{MERCHANT, START, once};

const KEY: JobKey = JobKey { kind: JobKind::ExpireLink, subject: 5 };

#[derive(Clone, Copy, Debug)]
enum Did {
    New,
    Change,
    Done,
}

fn changes(did: Did) -> Changes {
    let job = Job::new(KEY.kind, KEY.subject, MERCHANT, START);
    let mut changes = Changes::default();
    match did {
        Did::New => changes.jobs.new.push(job),
        Did::Change => changes.jobs.changed.push(job),
        Did::Done => changes.jobs_done.push(KEY),
    }
    changes
}

/// What becomes of a job after these decisions of one batch, and whether the batch still sees it.
fn fate(is_stored: bool, decisions: &[Did]) -> (Fate, bool) {
    let mut view = View::default();
    view.jobs.load(KEY, is_stored.then(|| Job::new(KEY.kind, KEY.subject, MERCHANT, START)));
    for did in decisions {
        view.apply(changes(*did));
    }
    let (_, value, fate) = view.jobs.fates().next().unwrap();
    (fate, value.is_some())
}

#[test]
fn a_record_meets_one_fate_however_many_decisions_touch_it() {
    assert_eq!(fate(true, &[]), (Fate::Kept, true));
    assert_eq!(fate(false, &[]), (Fate::Kept, false));
    assert_eq!(fate(false, &[Did::New]), (Fate::New, true));
    assert_eq!(fate(true, &[Did::Change]), (Fate::Changed, true));
    assert_eq!(fate(true, &[Did::Done]), (Fate::Removed, false));
    // Made and changed is still to be inserted; made and done was never there.
    assert_eq!(fate(false, &[Did::New, Did::Change]), (Fate::New, true));
    assert_eq!(fate(false, &[Did::New, Did::Done]), (Fate::Kept, false));
    assert_eq!(fate(false, &[Did::New, Did::Done, Did::New]), (Fate::New, true));
    // Done and made again: the row is still there.
    assert_eq!(fate(true, &[Did::Done, Did::New]), (Fate::Changed, true));
    assert_eq!(fate(true, &[Did::Done, Did::New, Did::Done]), (Fate::Removed, false));
    assert_eq!(fate(true, &[Did::Change, Did::Done]), (Fate::Removed, false));
}

#[test]
fn a_record_that_nobody_asked_for_is_a_fault_and_not_an_absence() {
    let mut view = View::default();
    assert!(view.links.get(&LinkId::new(1)).is_err());
    view.links.load(LinkId::new(1), None);
    assert_eq!(view.links.get(&LinkId::new(1)), Ok(None));
    assert!(view.subscriptions_of(LinkId::new(1)).is_err());
}

#[test]
fn later_decisions_see_what_earlier_ones_made() {
    let mut view = View::default();
    let link = once();
    let new = Puts { new: vec![link.clone()], changed: Vec::new() };
    view.apply(Changes { links: new, ..Changes::default() });
    assert_eq!(view.links.get(&link.id), Ok(Some(&link)));
    let cancelled = link.clone().cancel(START).unwrap();
    let changed = Puts { new: Vec::new(), changed: vec![cancelled.clone()] };
    view.apply(Changes { links: changed, ..Changes::default() });
    assert_eq!(view.links.get(&link.id), Ok(Some(&cancelled)));
    assert_eq!(view.links.new_ones().collect::<Vec<_>>(), [&cancelled], "one insert, of the last state");
    assert_eq!(view.links.changed_ones().count(), 0);
}
