//! `splitSettlementInfo`: children that may share, shares that fit, and what is stored of them.

use kadi_domain::merchant::{Feature, Merchant};
use kadi_domain::split::Share;
use serde_json::{Value, json};

use crate::support::merchants::{Input, merchant, mid, with_keys};
use crate::support::paytm::{KEY, fixed, generic, with};
use crate::support::shop::Shop;

const UNKNOWN: (&str, &str) = ("5024", "Invalid child MID");
const NOT_LINKED: (&str, &str) = ("5025", "Invalid Merchant ID. Mentioned ID is not linked to Aggregator.");

fn child(slug: &str, parent: &str) -> Input {
    with_keys(Merchant { aggregator: Some(parent.to_owned()), ..merchant(slug) }, &[])
}

/// `demo` is a child of `agg` and has children of its own.
fn family() -> Shop {
    let mut gone = child("gone", "demo");
    gone.0.active = false;
    let demo = Merchant { aggregator: Some("agg".to_owned()), ..merchant("demo") };
    Shop::open(vec![
        with_keys(demo, &[("C11", KEY)]),
        child("own", "demo"),
        child("sister", "agg"),
        child("stranger", "other"),
        with_keys(merchant("lonely"), &[]),
        gone,
    ])
}

fn split(body: Value, method: &str, children: &Value) -> Value {
    with(body, "splitSettlementInfo", json!({"splitMethod": method, "splitInfo": children}))
}

fn percent(slug: &str, percentage: &str) -> Value {
    json!({"mid": mid(slug), "percentage": percentage})
}

fn rupees(slug: &str, value: &str) -> Value {
    json!({"mid": mid(slug), "amount": {"value": value, "currency": "INR"}})
}

fn by_percentage(children: &[Value]) -> Value {
    split(fixed(), "PERCENTAGE", &json!(children))
}

fn by_amount(children: &[Value]) -> Value {
    split(fixed(), "AMOUNT", &json!(children))
}

#[test]
fn children_are_refused_in_list_order_before_anything_about_their_shares() {
    let shop = family();
    let no_share = |slug: &str| json!({"mid": mid(slug)});
    for (body, code) in [
        (by_percentage(&[percent("nobody", "10")]), UNKNOWN),
        (by_percentage(&[percent("gone", "10")]), UNKNOWN),
        (by_percentage(&[percent("", "10")]), UNKNOWN),
        (by_percentage(&[json!({"mid": 7, "percentage": "10"})]), UNKNOWN),
        (by_percentage(&[percent("own", "10"), percent("nobody", "10")]), UNKNOWN),
        (by_percentage(&[percent("stranger", "10"), percent("nobody", "10")]), NOT_LINKED),
        (by_percentage(&[percent("lonely", "10")]), NOT_LINKED),
        (by_percentage(&[percent("own", "101"), percent("lonely", "10")]), NOT_LINKED),
        (with(fixed(), "splitSettlementInfo", json!({"splitInfo": no_share("stranger")})), NOT_LINKED),
        (by_amount(&[no_share("own"), no_share("nobody")]), UNKNOWN),
    ] {
        let (told, text, _) = shop.create(&body).told();
        assert_eq!((told.as_str(), text.as_str()), code, "{body}");
    }
}

#[test]
fn shares_that_are_none_or_too_much_are_refused_by_name() {
    let shop = family();
    let at = |member: &str| format!("502 splitSettlementInfo.{member}");
    let whole = || "502 splitSettlementInfo".to_owned();
    let own = |member: &str, value: Value| by_amount(&[with(rupees("own", "1"), member, value)]);
    for (body, told) in [
        (split(fixed(), "HALVES", &json!([percent("own", "10")])), at("splitMethod")),
        (with(fixed(), "splitSettlementInfo", json!({"splitInfo": percent("own", "1")})), at("splitMethod")),
        (by_amount(&[percent("own", "10")]), at("splitInfo[0].amount")),
        (by_percentage(&[rupees("own", "10")]), at("splitInfo[0].percentage")),
        (by_percentage(&[percent("own", "0")]), at("splitInfo[0].percentage")),
        (by_percentage(&[percent("own", "-1")]), at("splitInfo[0].percentage")),
        (by_percentage(&[percent("own", "1.005")]), at("splitInfo[0].percentage")),
        (own("amount", json!({"value": "1.00"})), at("splitInfo[0].amount.currency")),
        (own("amount", json!({"value": "1.00", "currency": "USD"})), at("splitInfo[0].amount.currency")),
        (own("amount", json!({"value": "0", "currency": "INR"})), at("splitInfo[0].amount.value")),
        (own("amount", json!({"value": "1e2", "currency": "INR"})), at("splitInfo[0].amount.value")),
        (by_percentage(&[percent("own", "100.01")]), whole()),
        (by_percentage(&[percent("own", "60"), percent("sister", "40.01")]), whole()),
        (by_amount(&[rupees("own", "499.01")]), whole()),
        (by_amount(&[rupees("own", "400"), rupees("sister", "99.01")]), whole()),
        (by_percentage(&[percent("own", "1"), percent("own", "1")]), whole()),
        (by_percentage(&[percent("demo", "1")]), whole()),
        (split(generic(), "AMOUNT", &json!([rupees("own", "1")])), whole()),
        (with(by_amount(&[rupees("own", "1")]), "partialPayment", true), whole()),
    ] {
        assert_eq!(shop.create(&body).word(), told, "{body}");
    }
    let mut off = merchant("demo");
    off.features.remove(&Feature::Split);
    let shop = Shop::open(vec![with_keys(off, &[("C11", KEY)]), child("own", "demo")]);
    assert_eq!(shop.create(&by_percentage(&[percent("own", "1")])).word(), whole());
}

#[test]
fn the_shares_of_a_link_are_those_that_were_asked_for() {
    let shop = family();
    let shares = |body: Value| {
        let answer = shop.create(&body);
        assert_eq!(answer.word(), "200", "{body}");
        let id = shop.link(&answer).id;
        let rules = shop.read(move |reader| reader.split_of(id));
        rules.into_iter().map(|(slug, rule)| (slug, rule.share, rule.bears_fee)).collect::<Vec<_>>()
    };
    let rupees_of = |paise| Share::Amount(kadi_domain::amount::Minor::new(paise));
    let own = |share| ("own".to_owned(), share, false);
    let sister = |share| ("sister".to_owned(), share, false);
    assert_eq!(
        shares(by_amount(&[rupees("own", "400"), rupees("sister", "99.00")])),
        [own(rupees_of(40_000)), sister(rupees_of(9_900))]
    );
    assert_eq!(
        shares(by_percentage(&[percent("sister", "33.33"), percent("own", "66.67")])),
        [sister(Share::Percent(3_333)), own(Share::Percent(6_667))]
    );
    let lone = split(fixed(), "PERCENTAGE", &json!({"mid": mid("own"), "percentage": 12.5}));
    assert_eq!(shares(lone), [own(Share::Percent(1_250))]);
    assert_eq!(
        shares(split(generic(), "PERCENTAGE", &json!([percent("own", "100")]))),
        [own(Share::Percent(10_000))]
    );
    let parts = with(by_percentage(&[percent("own", "10")]), "partialPayment", true);
    assert_eq!(shares(parts), [own(Share::Percent(1_000))]);
}
