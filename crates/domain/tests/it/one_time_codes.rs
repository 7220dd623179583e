//! One-time codes and proofs: what counts, for how long, and for which link.

use std::collections::BTreeSet;

use kadi_domain::customer::{Contact, Customer};
use kadi_domain::id::LinkId;
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::moment::Setup;
use kadi_domain::one_time_code::{LIFE_MS, OneTimeCode, Request, TRIES_MAX, Tried, digits, request};
use kadi_domain::payer::{PROOF_MS, check_payer, is_proof, proof};
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::secret::Pii;
use kadi_domain::time::{HOUR_MS, MINUTE_MS, Timestamp};
use kadi_domain::work::Changes;

use crate::world::{KEYS, MERCHANT, START, World, once};

const MOBILE: &str = "9812345670";

/// A link that only one mobile may pay, its customer, and its codes.
struct Bound {
    world: World,
    customer: Customer,
    code: Option<OneTimeCode>,
}

impl Bound {
    fn new() -> Self {
        let mut world = World::new(once());
        let contact = Contact { mobile: Some(Pii::new(MOBILE)), ..Contact::default() };
        let customer = world.with_moment(|moment| Customer::seal(&contact, MERCHANT, moment)).unwrap();
        world.link.terms.only_mobile = true;
        world.link.customer_id = Some(customer.id);
        Self { world, customer, code: None }
    }

    fn ask(&mut self, typed: &str, is_capped: bool) -> Result<Option<Changes>, Stop> {
        let (link, merchant) = (self.world.link.clone(), self.world.merchant.clone());
        let typed = Pii::new(typed);
        let asked = Request {
            link: &link,
            merchant: &merchant,
            customer: Some(&self.customer),
            earlier: self.code.as_ref(),
            typed: &typed,
            is_capped,
        };
        let changes = self.world.with_moment(|moment| request(&asked, moment))?;
        if let Some(changes) = &changes {
            self.code = changes.codes.new.iter().chain(&changes.codes.changed).next().cloned();
        }
        Ok(changes)
    }

    fn try_one(&mut self, typed: &str) -> Tried {
        let (code, tried) = self.code.take().unwrap().try_one(typed, &KEYS, self.world.now).unwrap();
        self.code = Some(code);
        tried
    }

    fn right(&self) -> String {
        let code = self.code.as_ref().unwrap();
        digits(&KEYS, code.link_id, code.number, code.made_at).unwrap()
    }
}

fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[test]
fn a_code_is_six_digits_of_its_own_link_number_and_time() {
    let at = |link, number, ms| digits(&KEYS, LinkId::new(link), number, Timestamp::from_ms(ms)).unwrap();
    let all: Vec<String> = (0..1_000).map(|number| at(7, number, 5)).collect();
    assert!(all.iter().all(|code| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())));
    assert!(all.iter().collect::<BTreeSet<_>>().len() > 990, "they differ");
    assert!(all.iter().any(|code| code.starts_with('0')), "leading zeros stay");
    assert_eq!(at(7, 3, 5), all[3]);
    assert_ne!((at(8, 3, 5), at(7, 3, 6)), (all[3].clone(), all[3].clone()));
}

#[test]
fn the_right_code_counts_once_within_ten_minutes() {
    let mut bound = Bound::new();
    let changes = bound.ask(MOBILE, false).unwrap().unwrap();
    assert_eq!((changes.messages.new.len(), changes.jobs.new.len()), (1, 1));
    bound.world.now = START.plus_ms(LIFE_MS - 1);
    let right = bound.right();
    assert_eq!(bound.try_one(&another(&right)), Tried::Wrong);
    assert_eq!(bound.try_one(&right), Tried::Proven);
    assert_eq!(bound.try_one(&right), Tried::Over);
    bound.ask(MOBILE, false).unwrap().unwrap();
    let right = bound.right();
    bound.world.now = bound.world.now.plus_ms(LIFE_MS);
    assert_eq!(bound.try_one(&right), Tried::Over);
}

#[test]
fn the_fifth_wrong_try_ends_a_code_and_the_next_code_has_five_of_its_own() {
    let mut bound = Bound::new();
    for _ in 0..2 {
        bound.ask(MOBILE, false).unwrap().unwrap();
        let wrong = another(&bound.right());
        for number in 1..=TRIES_MAX {
            let expected = if number < TRIES_MAX { Tried::Wrong } else { Tried::Over };
            assert_eq!(bound.try_one(&wrong), expected);
            assert_eq!(bound.code.as_ref().unwrap().tries, number);
        }
        let right = bound.right();
        assert_eq!((bound.try_one(&right), bound.code.as_ref().unwrap().tries), (Tried::Over, TRIES_MAX));
    }
}

#[test]
fn a_code_that_went_to_nobody_is_never_right() {
    for (typed, is_capped) in [("9812345671", false), (MOBILE, true)] {
        let mut bound = Bound::new();
        let changes = bound.ask(typed, is_capped).unwrap().unwrap();
        assert_eq!((changes.messages.new.len(), changes.codes.new.len()), (0, 1));
        let right = bound.right();
        assert_eq!(bound.try_one(&right), Tried::Wrong, "as if it were another");
    }
}

#[test]
fn whoever_asks_gets_five_codes_in_ten_minutes_and_twenty_in_a_day() {
    let mut bound = Bound::new();
    let mut given = 0;
    for turn in 0..6 {
        for number in 0..6 {
            let typed = if number % 2 == 0 { MOBILE } else { "9812345671" };
            let changes = bound.ask(typed, false).unwrap();
            assert_eq!(changes.is_some(), turn < 4 && number < 5, "{turn} {number}");
            given += usize::from(changes.is_some());
        }
        bound.world.pass(10);
    }
    assert_eq!(given, 20);
    bound.world.now = START.plus_ms(24 * HOUR_MS - 1);
    assert!(bound.ask(MOBILE, false).unwrap().is_none());
    bound.world.now = START.plus_ms(24 * HOUR_MS);
    assert!(bound.ask(MOBILE, false).unwrap().is_some());
}

#[test]
fn codes_are_refused_where_nothing_can_be_paid_or_sent() {
    let refused = |change: fn(&mut Bound)| {
        let mut bound = Bound::new();
        change(&mut bound);
        bound.ask(MOBILE, false).unwrap_err()
    };
    let closed = refused(|bound| bound.world.link.status = LinkStatus::Cancelled { at: START });
    assert_eq!(closed, Stop::Refused(Refusal::LinkCancelled));
    let inactive = refused(|bound| bound.world.merchant.active = false);
    assert_eq!(inactive, Stop::Refused(Refusal::MerchantInactive));
    let free = refused(|bound| bound.world.link.terms.only_mobile = false);
    assert!(matches!(free, Stop::Broken(_)));
    let silent = refused(|bound| bound.world.set_up(Setup { sms: false, ..Setup::sandbox() }));
    assert_eq!(silent, Stop::Refused(Refusal::ChannelMissing));
}

#[test]
fn only_the_customers_number_pays_and_a_link_that_is_over_says_so_first() {
    let bound = Bound::new();
    let check = |link: &Link, customer: Option<&Customer>, mobile: Option<&str>| {
        let mobile = mobile.map(Pii::new);
        check_payer(link, customer, mobile.as_ref(), START, &KEYS)
    };
    let (link, customer) = (&bound.world.link, Some(&bound.customer));
    assert_eq!(check(link, customer, Some(MOBILE)), Ok(()));
    let erased = Customer { mobile: None, mobile_index: None, ..bound.customer.clone() };
    for (customer, mobile) in [
        (customer, None),
        (customer, Some("9812345671")),
        (customer, Some("")),
        (None, Some(MOBILE)),
        (Some(&erased), Some(MOBILE)),
        (Some(&erased), Some("")),
    ] {
        assert_eq!(check(link, customer, mobile), Err(Stop::Refused(Refusal::MobileRequired)), "{mobile:?}");
    }
    assert_eq!(check(&once(), None, None), Ok(()));
    let over = Link { expires_at: Some(START), ..link.clone() };
    assert_eq!(check(&over, customer, None), Err(Stop::Refused(Refusal::LinkExpired)));
}

#[test]
fn a_proof_counts_for_its_link_until_its_end_and_not_a_character_may_change() {
    let link = LinkId::new(1_234);
    let text = proof(&KEYS, link, START).unwrap();
    let counts = |link, text: &str, at: Timestamp| is_proof(&KEYS, link, text, at).unwrap();
    assert!(counts(link, &text, START) && counts(link, &text, START.plus_ms(PROOF_MS - 1)));
    assert!(!counts(link, &text, START.plus_ms(PROOF_MS)));
    assert!(!counts(LinkId::new(1_235), &text, START));
    for at in 0..text.len() {
        let (head, rest) = text.split_at(at);
        let tail: String = rest.chars().skip(1).collect();
        for other in ["0", "1", "9", "a", "f", "-", " ", "\u{e9}"] {
            let changed = format!("{head}{other}{tail}");
            assert!(changed == text || !counts(link, &changed, START), "{changed}");
        }
        assert!(!counts(link, head, START) && !counts(link, &tail, START));
    }
    let (until, tag) = text.split_once('-').unwrap();
    for changed in [format!("+{until}-{tag}"), format!("0{until}-{tag}"), format!("{until}-{tag}-")] {
        assert!(!counts(link, &changed, START), "{changed}");
    }
    assert!(!counts(link, &format!("-{text}"), START));
    assert_eq!(PROOF_MS, 30 * MINUTE_MS);
}
