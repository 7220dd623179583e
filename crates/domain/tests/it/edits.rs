//! Changing a link: what is allowed, what money forbids, and what it was before.

use kadi_domain::amount::Minor;
use kadi_domain::edit::{Edit, FormerTerms, Grounds, Term, edit};
use kadi_domain::id::{MerchantId, ObligationId};
use kadi_domain::link::{Link, LinkKind, LinkStatus, Sums, Terms};
use kadi_domain::merchant::Merchant;
use kadi_domain::moment::Setup;
use kadi_domain::parts::PartRules;
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::split::{Share, SplitRule};
use kadi_domain::time::Timestamp;
use proptest::prelude::*;

use crate::world::{START, at_most, merchant, once, one_order, open, reusable};

const LATER: Timestamp = Timestamp::from_ms(START.ms() + 10);

fn try_edit(link: Link, wished: &Edit, grounds: &Grounds<'_>) -> Result<Link, Refusal> {
    match edit(link.clone(), wished, grounds, START) {
        Ok((edited, former)) => {
            assert_eq!(former.is_some(), edited != link);
            Ok(edited)
        }
        Err(Stop::Refused(refusal)) => Err(refusal),
        Err(Stop::Broken(fault)) => panic!("{fault}"),
    }
}

fn change(link: Link, wished: &Edit) -> Result<Link, Refusal> {
    try_edit(
        link,
        wished,
        &Grounds { merchant: &merchant(), setup: &Setup::sandbox(), split: &[], line_count: 0 },
    )
}

fn amount(amount: i64) -> Edit {
    Edit { amount: Some(Minor::new(amount)), ..Edit::default() }
}

fn max(max: i64) -> Edit {
    Edit { max_payments: Some(max), ..Edit::default() }
}

fn end(ms: i64) -> Edit {
    Edit { expires_at: Some(Timestamp::from_ms(START.ms() + ms)), ..Edit::default() }
}

fn in_parts() -> Link {
    Link { terms: Terms { parts: Some(PartRules::default()), ..Terms::default() }, ..once() }
}

fn with_sums(link: Link, captured: (i64, i64), reserved: (i64, i64)) -> Link {
    let sums = Sums {
        captured: Minor::new(captured.0),
        captured_count: captured.1,
        reserved: Minor::new(reserved.0),
        reserved_count: reserved.1,
        ..Sums::default()
    };
    Link { sums, ..link }
}

#[test]
fn terms_change_and_what_they_were_is_kept() {
    let description = Some("new".to_owned());
    let all = Edit { amount: Some(Minor::new(500)), max_payments: Some(4), description, ..end(20) };
    let link = Link { event_count: 3, edit_count: 1, ..at_most(2) };
    let grounds = Grounds { merchant: &merchant(), setup: &Setup::sandbox(), split: &[], line_count: 0 };
    let (edited, former) = edit(link.clone(), &all, &grounds, START).unwrap();
    let ends = Some(Timestamp::from_ms(START.ms() + 20));
    let expected = Link {
        amount: Some(Minor::new(500)),
        max_payments: Some(4),
        expires_at: ends,
        description: "new".to_owned(),
        edit_count: 2,
        ..link.clone()
    };
    assert_eq!(edited, expected);
    let former = former.unwrap();
    let kept = FormerTerms {
        number: 2,
        after_event: 3,
        changed_at: START,
        amount: Some(Minor::new(1_000)),
        max_payments: Some(2),
        expires_at: None,
        description: Some(link.description.clone()),
    };
    assert_eq!(former, kept);
    let amount = Some(Minor::new(900));
    let first = FormerTerms { number: 1, after_event: 1, amount, description: None, ..former.clone() };
    let edits = [first, former.clone()];
    let of = |event| edited.clone().as_of_event(event, &edits).unwrap();
    assert_eq!([of(1).description, of(3).description], [link.description.clone(), link.description.clone()]);
    assert_eq!(of(1).amount, Some(Minor::new(900)));
    assert_eq!((of(2).amount, of(3).amount), (link.amount, link.amount));
    assert_eq!((of(3).max_payments, of(3).expires_at), (Some(2), None));
    assert_eq!(of(4), edited, "what comes after an edit knows its terms");
    assert!(edited.as_of_event(1, &[former]).is_err(), "one is lost");
}

#[test]
fn an_obligations_due_goes_with_its_amount() {
    assert_eq!(change(once(), &amount(700)).unwrap().due, Some(Minor::new(700)));
    assert_eq!(change(reusable(), &amount(700)).unwrap().due, None);
    let part_paid = with_sums(in_parts(), (300, 1), (200, 1));
    assert_eq!(change(part_paid, &amount(500)).unwrap().due, Some(Minor::new(500)));
}

#[test]
fn what_is_so_already_changes_nothing() {
    for (link, wished) in [
        (once(), Edit::default()),
        (once(), amount(1_000)),
        (at_most(3), max(3)),
        (once(), max(1)),
        (one_order(), max(1)),
        (Link { expires_at: Some(LATER), ..once() }, end(10)),
        // Also where another would be refused.
        (with_sums(once(), (0, 0), (1_000, 1)), amount(1_000)),
    ] {
        assert_eq!(change(link.clone(), &wished), Ok(link));
    }
}

#[test]
fn what_money_or_the_kind_of_link_forbids_is_refused() {
    let (fixed_amount, fixed_max) = (Refusal::TermFixed(Term::Amount), Refusal::TermFixed(Term::MaxPayments));
    let (taken_amount, taken_max) = (Refusal::TermTaken(Term::Amount), Refusal::TermTaken(Term::MaxPayments));
    let lasts = |max| Link { max_payments: Some(max), ..in_parts() };
    let least = |least| {
        let parts = Some(PartRules { min: Some(Minor::new(least)), ..PartRules::default() });
        Link { terms: Terms { parts, ..Terms::default() }, ..once() }
    };
    let planned = Link { terms: Terms { plan_count: 2, ..in_parts().terms }, ..once() };
    let obliged = Terms { obligation: Some(ObligationId::new(9)), ..Terms::default() };
    let rows = [
        (Link { expires_at: Some(START), ..once() }, amount(5), Refusal::LinkExpired),
        (Link { status: LinkStatus::Cancelled { at: START }, ..once() }, max(5), Refusal::LinkCancelled),
        (Link { status: LinkStatus::Completed { at: START }, ..once() }, end(5), Refusal::LinkCompleted),
        (open(), amount(500), fixed_amount.clone()),
        (Link { kind: LinkKind::Invoice, ..once() }, amount(500), fixed_amount),
        (once(), amount(0), Refusal::AmountInvalid),
        (once(), amount(-5), Refusal::AmountInvalid),
        (once(), amount(i64::MAX), Refusal::AmountInvalid),
        (once(), amount(99), Refusal::AmountBelowMinimum),
        (Link { terms: obliged, ..once() }, amount(500), Refusal::ObligationMismatch),
        (planned, amount(500), Refusal::PartsInvalid),
        (least(600), amount(500), Refusal::PartsInvalid),
        (with_sums(once(), (0, 0), (1_000, 1)), amount(1_500), taken_amount.clone()),
        (with_sums(once(), (400, 1), (0, 0)), amount(1_500), taken_amount.clone()),
        (with_sums(in_parts(), (300, 1), (200, 1)), amount(499), taken_amount.clone()),
        (once(), max(2), fixed_max.clone()),
        (one_order(), max(2), fixed_max.clone()),
        (reusable(), max(0), fixed_max.clone()),
        (reusable(), max(-1), fixed_max),
        (with_sums(at_most(9), (2_000, 2), (1_000, 1)), max(2), taken_max.clone()),
        (with_sums(in_parts(), (300, 1), (200, 1)), max(2), taken_max),
        // The last part that is allowed is under way: the rest could never be paid.
        (with_sums(lasts(2), (300, 1), (700, 1)), amount(1_200), taken_amount),
        (once(), end(0), Refusal::ExpiryInvalid),
        (once(), end(-1), Refusal::ExpiryInvalid),
    ];
    for (link, wished, refusal) in rows {
        assert_eq!(change(link.clone(), &wished), Err(refusal), "{wished:?} of {link:?}");
    }
    let off = Merchant { active: false, ..merchant() };
    let refused = try_edit(
        once(),
        &end(5),
        &Grounds { merchant: &off, setup: &Setup::sandbox(), split: &[], line_count: 0 },
    );
    assert_eq!(refused, Err(Refusal::MerchantInactive));
    let refused = try_edit(
        once(),
        &amount(500),
        &Grounds { merchant: &merchant(), setup: &Setup::sandbox(), split: &[], line_count: 1 },
    );
    assert_eq!(refused, Err(Refusal::LinesMismatch));
    let share = |share| SplitRule { child_id: MerchantId::new(8), share, bears_fee: false };
    let split = [share(Share::Amount(Minor::new(600)))];
    let shared = Grounds { merchant: &merchant(), setup: &Setup::sandbox(), split: &split, line_count: 0 };
    assert_eq!(try_edit(once(), &amount(599), &shared), Err(Refusal::SplitInvalid));
    assert!(try_edit(once(), &amount(600), &shared).is_ok());
}

#[test]
fn a_number_that_is_taken_may_be_the_last() {
    let rest_under_way = with_sums(in_parts(), (300, 1), (700, 1));
    assert_eq!(change(rest_under_way, &max(2)).unwrap().max_payments, Some(2));
    let full = change(with_sums(at_most(9), (2_000, 2), (0, 0)), &max(2)).unwrap();
    assert!(full.is_full().unwrap(), "whoever saves it completes it");
}

prop_compose! {
    fn links()(
        kind in 0..4, due in 100..2_000_i64, captured in 0..1_500_i64, reserved in 0..1_500_i64,
        counts in (0..4_i64, 0..3_i64), max in proptest::option::of(1..6_i64),
    ) -> Link {
        let amount = Some(Minor::new(due));
        let link = match kind {
            0 => Link { amount, due: amount, ..once() },
            1 => Link { amount, due: amount, max_payments: max, ..in_parts() },
            2 => Link { amount, max_payments: max, ..reusable() },
            _ => Link { amount, ..one_order() },
        };
        let captured = if counts.0 == 0 { 0 } else { captured.max(counts.0) };
        let reserved = if counts.1 == 0 { 0 } else { reserved.max(counts.1) };
        with_sums(link, (captured, counts.0), (reserved, counts.1))
    }
}

fn holds(link: &Link) -> bool {
    let taken = link.sums.captured.plus(link.sums.reserved).unwrap();
    let count = link.sums.captured_count + link.sums.reserved_count;
    link.due.is_none_or(|due| taken <= due) && link.max_payments.is_none_or(|max| count <= max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn no_edit_leaves_less_than_what_is_taken_and_none_touches_money(
        link in links().prop_filter("may stand in a store", |link| holds(link) && !link.is_full().unwrap()),
        wished_amount in proptest::option::of(-5..2_500_i64),
        wished_max in proptest::option::of(-1..7_i64),
        ends in proptest::option::of(-5..50_i64),
        describes in proptest::bool::ANY,
    ) {
        let wished = Edit {
            amount: wished_amount.map(Minor::new),
            max_payments: wished_max,
            expires_at: ends.map(|ms| Timestamp::from_ms(START.ms() + ms)),
            description: describes.then(|| "new".to_owned()),
            ..Edit::default()
        };
        let grounds = Grounds { merchant: &merchant(), setup: &Setup::sandbox(), split: &[], line_count: 0 };
        if let Ok((edited, former)) = edit(link.clone(), &wished, &grounds, START) {
            prop_assert!(holds(&edited), "{edited:?}");
            prop_assert_eq!(edited.due.is_some(), link.due.is_some());
            prop_assert!(edited.due.is_none() || edited.due == edited.amount);
            // Nothing but terms differs, and those of before come back by what is kept.
            let back = edited.clone().as_of_event(link.event_count, former.as_slice());
            prop_assert_eq!(back.unwrap(), Link { edit_count: i64::from(former.is_some()), ..link.clone() });
            // What is left of an obligation in parts can still be paid to the end.
            if let (Some(_), Some(due)) = (edited.terms.parts, edited.due) {
                let free = due.minus(edited.sums.captured).unwrap().minus(edited.sums.reserved).unwrap();
                let was_stuck = link.has_room(free).is_ok_and(|room| !room);
                let taken = edited.sums.captured_count + edited.sums.reserved_count;
                let is_open = edited.max_payments.is_none_or(|max| taken < max);
                prop_assert!(!free.is_positive() || is_open || was_stuck, "{edited:?}");
            }
        }
    }
}
