//! How far a link is paid, in one word.

use kadi_domain::amount::Minor;
use kadi_domain::link::{Link, LinkStatus, LinkWord, Sums};
use kadi_domain::search::{LinkFilter, Standing};
use kadi_domain::time::Timestamp;

use crate::world::{START, once, one_order, reusable};

const LATER: Timestamp = Timestamp::from_ms(START.ms() + 10);

fn over(link: Link) -> Link {
    Link { expires_at: Some(LATER), ..link }
}

fn taken(link: Link, captured: i64) -> Link {
    Link { sums: Sums { captured: Minor::new(captured), captured_count: 1, ..Sums::default() }, ..link }
}

fn under_way(link: Link) -> Link {
    let sums = Sums { reserved: Minor::new(1_000), reserved_count: 1, ..link.sums };
    Link { sums, ..link }
}

fn held(link: Link) -> Link {
    Link { sums: Sums { held: Minor::new(5), ..link.sums }, ..link }
}

fn done(link: Link) -> Link {
    Link { status: LinkStatus::Completed { at: START }, ..link }
}

fn cancelled(link: Link) -> Link {
    Link { status: LinkStatus::Cancelled { at: START }, ..link }
}

#[test]
fn a_link_stands_where_its_money_and_its_end_say() {
    let rows = [
        (once(), Standing::Untouched),
        (reusable(), Standing::Untouched),
        (over(once()), Standing::Over),
        (cancelled(once()), Standing::Over),
        (done(one_order()), Standing::Over),
        (done(held(one_order())), Standing::UnderWay),
        (under_way(once()), Standing::UnderWay),
        (held(once()), Standing::UnderWay),
        (taken(once(), 400), Standing::UnderWay),
        // The end of what is under way is not known, whatever became of the link.
        (over(under_way(once())), Standing::UnderWay),
        (cancelled(under_way(taken(once(), 400))), Standing::UnderWay),
        (over(taken(once(), 400)), Standing::Over),
        (over(held(once())), Standing::UnderWay),
        (done(taken(once(), 1_000)), Standing::Paid),
        (taken(reusable(), 1_000), Standing::Paid),
        (under_way(taken(reusable(), 1_000)), Standing::Paid),
        (cancelled(taken(reusable(), 1_000)), Standing::Paid),
        (over(taken(reusable(), 1_000)), Standing::Paid),
    ];
    for (link, standing) in rows {
        assert_eq!(link.standing(LATER), standing, "{link:?}");
    }
    assert_eq!(over(once()).standing(START), Standing::Untouched, "before its end");
}

#[test]
fn a_filter_takes_what_fits_all_of_it() {
    let link = reusable();
    let all = LinkFilter::all();
    assert!(all.matches(&link, LATER));
    let at = |ms| Timestamp::from_ms(START.ms() + ms);
    assert!(LinkFilter { since: START, until: START, ..all.clone() }.matches(&link, LATER));
    assert!(!LinkFilter { since: at(1), ..all.clone() }.matches(&link, LATER));
    assert!(!LinkFilter { until: at(-1), ..all.clone() }.matches(&link, LATER));
    assert!(!LinkFilter { kinds: vec![], ..all.clone() }.matches(&link, LATER));
    assert!(!LinkFilter { words: vec![LinkWord::Expired], ..all.clone() }.matches(&link, LATER));
    assert!(!LinkFilter { standings: vec![Standing::Paid], ..all }.matches(&link, LATER));
}
