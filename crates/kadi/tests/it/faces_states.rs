//! How a link comes to stand as a row of the table says.

use serde_json::{Value, json};

use crate::faces_makers::{Kind, Made, Maker, Stage, Wish};
use crate::harness::http::Call;
use crate::harness::own_api::text;
use crate::harness::wait::wait_until;

/// A step on a link's way.
type Step = fn(&Stage<'_>, &Made);

/// How long the clock moves between the two steps of every state.
pub(crate) const LATER_S: u64 = 7_200;

/// A way to a state.
pub(crate) struct State {
    pub(crate) name: &'static str,
    pub(crate) wish: Wish,
    /// Before the clock moves, and after that.
    pub(crate) steps: [Step; 2],
}

/// Every row of the table, in its order.
pub(crate) static STATES: &[State] = &[
    State { name: "made", wish: Wish { kind: Kind::Once, send: false, short: false }, steps: [rest, rest] },
    state("sent", rest),
    state("opened", open),
    state("a try failed", fail),
    state("being paid", begin),
    state("money held", overpay),
    state("paid", pay),
    state("paid, refunded in part", |on, link| refund(on, link, 10_000)),
    state("paid, refunded whole", |on, link| refund(on, link, 50_000)),
    state("paid, taken back", take_back),
    state("paid in part", apply_half),
    state("cancelled", cancel),
    state("cancelled, being paid", |on, link| both(on, link, [begin, cancel])),
    State {
        steps: [|on, link| both(on, link, [begin, cancel]), succeed],
        ..state("cancelled, then paid", rest)
    },
    state("cancelled, money held", |on, link| both(on, link, [overpay, cancel])),
    state("cancelled, paid in part", |on, link| both(on, link, [apply_half, cancel])),
    ended("expired", rest),
    ended("expired, being paid", begin),
    State { steps: [begin, succeed], ..ended("expired, then paid", rest) },
    ended("expired, money held", overpay),
    ended("expired, paid in part", apply_half),
    kind("in parts, some paid", Kind::InParts, |on, link| part(on, link, "200.00")),
    kind("one order, failed", Kind::OneOrder, fail),
    kind("one order, held", Kind::OneOrder, overpay),
    kind("one order, paid", Kind::OneOrder, pay),
    kind("one order, taken back", Kind::OneOrder, take_back),
    kind("any amount", Kind::AnyAmount, rest),
    kind("any amount, paid twice", Kind::AnyAmount, twice),
    kind("any amount, paid, cancelled", Kind::AnyAmount, |on, link| both(on, link, [twice, cancel])),
    kind("many times, paid twice", Kind::ManyTimes, |on, link| both(on, link, [pay, pay])),
    kind("with lines, paid", Kind::WithLines, pay),
    kind("with a form, paid", Kind::WithForm, pay),
    kind("shared out, paid", Kind::Shared, pay),
    kind("paid through another link", Kind::ForAnObligation, pay_another),
    state("dollars held", |on, link| drop(ends(on, link, "wrong_currency", "held"))),
    ended("expired, dollars held", |on, link| drop(ends(on, link, "wrong_currency", "held"))),
    kind("in dollars", Kind::InDollars, rest),
    kind("in dollars, paid", Kind::InDollars, pay),
];

const fn state(name: &'static str, step: Step) -> State {
    kind(name, Kind::Once, step)
}

const fn ended(name: &'static str, step: Step) -> State {
    State { wish: Wish { kind: Kind::Once, send: true, short: true }, ..state(name, step) }
}

const fn kind(name: &'static str, kind: Kind, step: Step) -> State {
    State { name, wish: Wish { kind, send: true, short: false }, steps: [step, rest] }
}

impl State {
    pub(crate) fn of(name: &str) -> &'static Self {
        STATES.iter().find(|state| state.name == name).unwrap_or_else(|| panic!("no way to {name:?}"))
    }

    /// A link on its way, before the clock moves.
    pub(crate) fn begin(&self, on: &Stage<'_>, maker: Maker) -> Made {
        let made = on.make(maker, self.wish);
        self.steps[0](on, &made);
        made
    }
}

fn rest(_: &Stage<'_>, _: &Made) {}

fn both(on: &Stage<'_>, link: &Made, steps: [Step; 2]) {
    steps.iter().for_each(|step| step(on, link));
}

fn open(on: &Stage<'_>, link: &Made) {
    assert_eq!(on.server.send(&Call::get(&format!("/p/{}", link.code))).status, 200);
    wait_until("the opening", || !own(on, link)["opened_at"].is_null());
}

fn own(on: &Stage<'_>, link: &Made) -> Value {
    on.shop.found(&format!("/v1/links/{}", link.id))
}

fn try_to_pay(on: &Stage<'_>, link: &Made, wish: Value) -> Value {
    let mut wish = wish;
    if link.kind == Kind::WithForm {
        wish["form"] = json!({"student": "Asha"});
    }
    let answer = on.server.pay_with(&link.code, &wish);
    assert_eq!(answer.status, 200, "{link:?} {wish}: {}", answer.text());
    answer.json()
}

fn ends(on: &Stage<'_>, link: &Made, outcome: &str, state: &str) -> Value {
    let paid = try_to_pay(on, link, json!({"outcome": outcome}));
    assert_eq!(paid["state"], state, "{link:?}");
    paid
}

fn pay(on: &Stage<'_>, link: &Made) {
    ends(on, link, "success", "captured");
}

fn fail(on: &Stage<'_>, link: &Made) {
    ends(on, link, "failure", "failed");
}

fn begin(on: &Stage<'_>, link: &Made) {
    ends(on, link, "pending", "pending");
}

fn overpay(on: &Stage<'_>, link: &Made) {
    ends(on, link, "overpaid", "held");
}

/// Taken back by the rail before the clock stands still again.
fn take_back(on: &Stage<'_>, link: &Made) {
    ends(on, link, "reversal", "captured");
}

fn part(on: &Stage<'_>, link: &Made, amount: &str) {
    let paid = try_to_pay(on, link, json!({"outcome": "success", "amount": amount}));
    assert_eq!(paid["state"], "captured", "{link:?}");
}

fn twice(on: &Stage<'_>, link: &Made) {
    part(on, link, "100.00");
    part(on, link, "150.50");
}

/// Half of the money comes, is held, and counts by the merchant's decision.
fn apply_half(on: &Stage<'_>, link: &Made) {
    let held = ends(on, link, "underpaid", "held");
    let path = format!("/v1/holds/{}/decide", text(&held["id"]));
    let answer = on.shop.post_json(&path, &json!({"decision": "apply"}));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn refund(on: &Stage<'_>, link: &Made, amount: i64) {
    let paid = ends(on, link, "success", "captured");
    let path = format!("/v1/payments/{}/refunds", text(&paid["id"]));
    assert_eq!(on.shop.post_json(&path, &json!({"amount": amount})).status, 201);
}

fn cancel(on: &Stage<'_>, link: &Made) {
    let answer = on.shop.post_json(&format!("/v1/links/{}/cancel", link.id), &json!({}));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// The rail says at last that the payment under way succeeded.
fn succeed(on: &Stage<'_>, link: &Made) {
    let payments = on.shop.payments(&json!({"id": link.id}));
    assert_eq!(on.server.settle(text(&payments[0]["id"]), "success").status, 200);
}

fn pay_another(on: &Stage<'_>, link: &Made) {
    let wish = json!({"kind": "fixed", "amount": 50_000, "name": "The same", "obligation": link.reference});
    let other = on.shop.link(&wish);
    assert_eq!(on.server.pay(text(&other["code"]), "success")["state"], "captured");
}
