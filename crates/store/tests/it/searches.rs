//! Links are found by what they are like, as `LinkFilter::matches` says, and by what names few of them.

use kadi_domain::amount::Minor;
use kadi_domain::customer::Customer;
use kadi_domain::id::{CustomerId, LinkId, MerchantId};
use kadi_domain::link::{Link, LinkKind, LinkStatus, LinkText, LinkWord, Sums, TextKind};
use kadi_domain::payment::{Payment, PaymentState};
use kadi_domain::search::{Clue, LinkFilter, LinkSearch, Standing};
use kadi_domain::time::Timestamp;
use kadi_store::{PaymentPage, Reader};

use crate::sample;
use crate::sample::{MERCHANT, at};
use crate::store::Store;

const OTHER: MerchantId = MerchantId::new(10);
const NOW: Timestamp = Timestamp::from_ms(500);

fn numbers(seed: &mut u64, below: u64) -> i64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    i64::try_from((*seed >> 33) % below).unwrap()
}

/// A link of any kind, in any status, with any sums.
fn any_link(id: i64, seed: &mut u64) -> Link {
    let mut pick = |below| numbers(seed, below);
    let end = at(499);
    let status = match pick(5) {
        0 => LinkStatus::Completed { at: end },
        1 => LinkStatus::Cancelled { at: end },
        2 => LinkStatus::Expired { at: end },
        3 => LinkStatus::Closed { at: end },
        _ => LinkStatus::Active,
    };
    let captured_count = pick(3);
    let (reserved_count, held) = (i64::from(pick(4) == 0 && captured_count < 2), pick(4) / 3);
    Link {
        kind: [LinkKind::Fixed, LinkKind::Open, LinkKind::Invoice][usize::try_from(pick(3)).unwrap()],
        created_at: at(100 + pick(20)),
        expires_at: [None, Some(at(500)), Some(at(501))][usize::try_from(pick(3)).unwrap()],
        due: (pick(2) == 0).then_some(Minor::new(2_000)),
        status,
        sums: Sums {
            captured: Minor::new(captured_count * 1_000),
            captured_count,
            reserved: Minor::new(reserved_count),
            reserved_count,
            held: Minor::new(held),
            ..Sums::default()
        },
        ..sample::link(id)
    }
}

fn any_filter(seed: &mut u64) -> LinkFilter {
    let mut pick = |below| numbers(seed, below);
    let mut filter = LinkFilter::all();
    if pick(2) == 0 {
        (filter.since, filter.until) = (at(100 + pick(10)), at(110 + pick(10)));
    }
    filter.kinds.retain(|_| pick(3) > 0);
    filter.words.retain(|_| pick(3) > 0);
    filter.standings.retain(|_| pick(3) > 0);
    filter
}

fn found(reader: &Reader, clues: &[Clue], filter: LinkFilter, page: (i64, i64)) -> (Vec<i64>, i64) {
    let search = LinkSearch { clues: clues.to_vec(), filter, skip: page.0, limit: page.1 };
    let found = reader.search_links(MERCHANT, &search, NOW).unwrap();
    (found.links.iter().map(|link| link.id.get()).collect(), found.total)
}

pub(crate) fn links_are_found_as_the_filter_says(store: &Store) {
    let mut seed = 7;
    let mut links: Vec<Link> = (1..=200).map(|id| any_link(id, &mut seed)).collect();
    let mut changes = sample::ground(&[]);
    changes.merchants.new.push(sample::merchant(OTHER));
    changes.links.new.clone_from(&links);
    changes.links.new.push(Link { merchant_id: OTHER, ..sample::link(900) });
    store.put(changes);
    links.sort_by_key(|link| std::cmp::Reverse((link.created_at, link.id)));
    let reader = store.reader();
    let (mut some, mut seen) = (0, [false; 8]);
    for _ in 0..300 {
        let filter = any_filter(&mut seed);
        let matching: Vec<&Link> = links.iter().filter(|link| filter.matches(link, NOW)).collect();
        let expected: Vec<i64> = matching.iter().map(|link| link.id.get()).collect();
        let total = i64::try_from(expected.len()).unwrap();
        assert_eq!(found(&reader, &[], filter.clone(), (0, 1_000)), (expected.clone(), total), "{filter:?}");
        let page: Vec<i64> = expected.iter().skip(3).take(4).copied().collect();
        assert_eq!(found(&reader, &[], filter.clone(), (3, 4)), (page, total), "{filter:?}");
        assert_eq!(found(&reader, &[], filter, (total, 4)), (vec![], total));
        some += i64::from(total > 0);
        for link in matching {
            let word = LinkWord::ALL.iter().position(|word| *word == link.word(NOW)).unwrap();
            let standing = Standing::ALL.iter().position(|it| *it == link.standing(NOW)).unwrap();
            (seen[word], seen[4 + standing]) = (true, true);
        }
    }
    assert!(some > 100 && seen == [true; 8], "{some} searches found something, {seen:?}");
}

pub(crate) fn links_are_found_by_every_clue(store: &Store) {
    let mut changes = sample::ground(&[]);
    changes.merchants.new.push(sample::merchant(OTHER));
    for (id, merchant_id) in [(1, MERCHANT), (2, MERCHANT), (3, OTHER)] {
        let customer_id = Some(CustomerId::new(30 + id));
        changes.links.new.push(Link { merchant_id, customer_id, created_at: at(id), ..sample::link(id) });
        changes.customers.push(Customer {
            merchant_id,
            id: CustomerId::new(30 + id),
            ..sample::customer(40)
        });
        let text = |kind, value: &str| LinkText { kind, position: 0, value: value.into() };
        let texts = vec![text(TextKind::Notes, "R 2"), text(TextKind::RequestId, "R 1")];
        changes.texts.push((LinkId::new(id), texts));
    }
    changes.references.push((sample::reference("INV-1"), LinkId::new(2)));
    store.put(changes);
    let reader = store.reader();
    let by = |clues: &[Clue]| found(&reader, clues, LinkFilter::all(), (0, 9));
    let both = (vec![2, 1], 2);
    let reference = |value: &str| Clue::Reference(sample::reference("").namespace, value.into());
    for clue in
        [Clue::RequestId("R 1".into()), Clue::Name([42; 32]), Clue::Mobile([40; 32]), Clue::Email([41; 32])]
    {
        assert_eq!(by(std::slice::from_ref(&clue)), both, "{clue:?}");
        assert_eq!(by(&[clue.clone(), Clue::Id(LinkId::new(1))]), (vec![1], 1), "all clues together");
        assert_eq!(by(&[clue.clone(), Clue::Id(LinkId::new(3))]), (vec![], 0), "another merchant's");
        assert_eq!(by(&[clue, reference("INV-1")]), (vec![2], 1));
    }
    for clue in [
        Clue::RequestId("R 2".into()),
        Clue::Name([40; 32]),
        Clue::Mobile([41; 32]),
        Clue::Email([42; 32]),
        Clue::Id(LinkId::new(3)),
        Clue::Id(LinkId::new(404)),
        reference("INV-2"),
    ] {
        assert_eq!(by(std::slice::from_ref(&clue)), (vec![], 0), "{clue:?}");
    }
    let open = LinkFilter { kinds: vec![LinkKind::Open], ..LinkFilter::all() };
    assert_eq!(
        found(&reader, &[Clue::Id(LinkId::new(1))], open, (0, 9)),
        (vec![], 0),
        "the filter still holds"
    );
    let page = found(&reader, &[Clue::Mobile([40; 32])], LinkFilter::all(), (1, 1));
    assert_eq!(page, (vec![1], 2));
}

pub(crate) fn payments_are_found_by_day_and_state(store: &Store) {
    let mut changes = sample::ground(&[5, 6]);
    let failed = PaymentState::Failed { at: at(90), reason: "no".into() };
    let made = |id: i64, link, state: &PaymentState| Payment {
        created_at: at(id * 10),
        state: state.clone(),
        ..sample::payment(id, link)
    };
    let captured = PaymentState::Captured { at: at(90), charges: kadi_domain::fee::Charges::default() };
    changes.payments.new.extend([
        made(1, 5, &captured),
        made(2, 5, &failed),
        made(3, 5, &captured),
        made(4, 5, &PaymentState::Started),
        made(5, 6, &captured),
    ]);
    store.put(changes);
    let reader = store.reader();
    let ids = |since, until, captured_only, skip, limit| {
        let page = PaymentPage { since: at(since), until: at(until), captured_only, skip, limit };
        let found = reader.payments_between(LinkId::new(5), &page).unwrap();
        (found.payments.iter().map(|payment| payment.id.get()).collect::<Vec<_>>(), found.total)
    };
    assert_eq!(ids(0, 100, false, 0, 9), (vec![4, 3, 2, 1], 4));
    assert_eq!(ids(0, 100, true, 0, 9), (vec![3, 1], 2));
    assert_eq!(ids(20, 30, false, 0, 9), (vec![3, 2], 2), "both ends belong to it");
    assert_eq!(ids(21, 29, false, 0, 9), (vec![], 0));
    assert_eq!(ids(0, 100, false, 1, 2), (vec![3, 2], 4));
    assert_eq!(ids(0, 100, true, 2, 2), (vec![], 2));
}
