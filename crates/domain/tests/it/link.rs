//! The link machine: each arrow once, and each missing arrow once.

use kadi_domain::amount::{AMOUNT_MAX, Minor};
use kadi_domain::link::{Link, LinkStatus, LinkWord, Sums};
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::time::Timestamp;

use crate::world::{START, World, at_most, once, one_order, reusable};

const LATER: Timestamp = START.plus_ms(60_000);

fn ended(status: LinkStatus) -> Link {
    Link { status, ..reusable() }
}

fn expiring() -> Link {
    Link { expires_at: Some(LATER), ..reusable() }
}

/// Every way in which a link takes no payment, with the refusal that says so.
fn closed() -> [(Link, Refusal); 4] {
    [
        (ended(LinkStatus::Completed { at: START }), Refusal::LinkCompleted),
        (ended(LinkStatus::Cancelled { at: START }), Refusal::LinkCancelled),
        (ended(LinkStatus::Expired { at: START }), Refusal::LinkExpired),
        (expiring(), Refusal::LinkExpired),
    ]
}

#[test]
fn an_active_link_can_be_cancelled_once() {
    let link = once().cancel(LATER).unwrap();
    assert_eq!(link.status, LinkStatus::Cancelled { at: LATER });
    assert_eq!(link.cancel(LATER), Err(Refusal::LinkCancelled));
}

#[test]
fn a_link_that_has_ended_cannot_be_cancelled() {
    for (link, refusal) in closed() {
        assert_eq!(link.cancel(LATER), Err(refusal));
    }
}

#[test]
fn a_link_that_has_ended_cannot_be_reserved() {
    for (link, refusal) in closed() {
        assert_eq!(link.reserve(Minor::new(1_000), LATER), Err(Stop::Refused(refusal)));
    }
}

#[test]
fn a_link_expires_with_the_clock_at_its_very_moment() {
    let before = Timestamp::from_ms(LATER.ms() - 1);
    assert_eq!(expiring().word(before), LinkWord::Active);
    assert_eq!(expiring().word(LATER), LinkWord::Expired);
    assert!(expiring().cancel(before).is_ok());
    assert!(expiring().reserve(Minor::new(1_000), before).is_ok());
    for status in [LinkStatus::Completed { at: START }, LinkStatus::Cancelled { at: START }] {
        let link = Link { status, ..expiring() };
        assert_ne!(link.word(LATER), LinkWord::Expired, "an end is not overtaken by the clock");
    }
}

#[test]
fn reserving_takes_room_and_releasing_gives_it_back() {
    let reserved = once().reserve(Minor::new(1_000), START).unwrap();
    assert_eq!(
        reserved.sums,
        Sums {
            reserved: Minor::new(1_000),
            reserved_count: 1,
            attempted: Minor::new(1_000),
            ..Sums::default()
        }
    );
    let again = reserved.clone().reserve(Minor::new(1_000), START);
    assert_eq!(again, Err(Stop::Refused(Refusal::LinkBusy)));
    let mut released = reserved.release(Minor::new(1_000)).unwrap();
    released.sums.attempted = Minor::ZERO;
    assert_eq!(released, once());
}

#[test]
fn payments_that_ended_without_a_word_may_all_come_late_and_still_be_counted() {
    let mut link = reusable();
    link.amount = Some(AMOUNT_MAX);
    let mut count = 0;
    let refused = loop {
        match link.clone().reserve(AMOUNT_MAX, START) {
            Ok(reserved) => link = reserved.release(AMOUNT_MAX).unwrap(),
            Err(refused) => break refused,
        }
        count += 1;
    };
    assert_eq!((refused, count), (Stop::Refused(Refusal::LinkCompleted), 4_000));
    // Each may bring twice what was asked for.
    assert!(AMOUNT_MAX.times(2 * count).is_ok());
}

#[test]
fn nothing_is_released_that_was_not_reserved() {
    assert!(once().release(Minor::new(1)).is_err());
    assert!(once().release(Minor::ZERO).is_err());
    let reserved = once().reserve(Minor::new(1_000), START).unwrap();
    assert!(reserved.release(Minor::new(1_001)).is_err());
}

#[test]
fn what_is_left_follows_from_what_was_captured() {
    let captured = |link: Link, captured, captured_count| Link {
        sums: Sums { captured: Minor::new(captured), captured_count, ..Sums::default() },
        ..link
    };
    assert_eq!(once().left().unwrap(), Some(Minor::new(1_000)));
    assert_eq!(captured(once(), 400, 1).left().unwrap(), Some(Minor::new(600)));
    assert_eq!(captured(once(), 400, 1).default_amount().unwrap(), Some(Minor::new(600)));
    assert_eq!(captured(reusable(), 5_000, 5).left().unwrap(), None);
    assert!(!captured(once(), 999, 1).is_full().unwrap());
    assert!(captured(once(), 1_000, 1).is_full().unwrap());
    assert!(!captured(at_most(2), 1_000, 1).is_full().unwrap());
    assert!(captured(at_most(2), 2_000, 2).is_full().unwrap());
    assert!(!captured(reusable(), 1_000_000, 1_000).is_full().unwrap());
}

#[test]
fn a_completed_link_reopens_when_its_money_is_gone_and_only_then() {
    let status_after_reversal = |link: Link, change: fn(&mut World)| {
        let mut world = World::paying(link);
        let (success, reversal) = (world.succeeded(0), world.reversed(0));
        world.report(0, &success);
        change(&mut world);
        world.report(0, &reversal);
        world.link.word(world.now)
    };
    assert_eq!(status_after_reversal(once(), |_| {}), LinkWord::Active);
    assert_eq!(status_after_reversal(at_most(1), |_| {}), LinkWord::Active);
    assert_eq!(status_after_reversal(one_order(), |_| {}), LinkWord::Completed);
    let over = Link { expires_at: Some(LATER), ..once() };
    assert_eq!(status_after_reversal(over, |world| world.pass(1)), LinkWord::Expired);
    let cancel = |world: &mut World| world.link.status = LinkStatus::Cancelled { at: START };
    assert_eq!(status_after_reversal(at_most(2), cancel), LinkWord::Cancelled);
    let expire = |world: &mut World| world.link.status = LinkStatus::Expired { at: START };
    assert_eq!(status_after_reversal(at_most(2), expire), LinkWord::Expired);
}

#[test]
fn as_born_takes_back_all_that_happened_since() {
    let born = Link { sent_at: Some(START), ..once() };
    let mut lived = born.clone().reserve(Minor::new(1_000), START).unwrap();
    lived.opened_at = Some(LATER);
    lived.status = LinkStatus::Cancelled { at: LATER };
    assert_eq!(lived.as_born(), born);
    let sent_later = Link { sent_at: Some(LATER), ..once() };
    assert_eq!(sent_later.as_born(), once());
}
