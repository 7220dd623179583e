//! A story: a merchant with one price list, some links, and what happens to them step by step.

use kadi_testkit::Chance;

use crate::oracle::{Fee, Kind, OWN, SayBack, Share, Shop, Subscriber, Terms};

/// What the rail does about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    Takes,
    /// So much more than it was asked to take.
    TakesOver(i64),
    /// One unit less.
    TakesShort,
    /// Into another account.
    TakesElsewhere,
    /// In another currency.
    TakesDollars,
    Declines,
    Waits,
}

/// How a payer chooses the amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// What the link asks for.
    Asked,
    /// So many minor units.
    Exact(i64),
    /// So many thousandths of what is left, of the link or of the payment.
    Of(i64),
    /// One unit more than is left.
    TooMuch,
}

/// How far a payer comes before everything breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// The rail's answer is recorded.
    Answered,
    /// The rail's answer is lost.
    Silence,
    /// The rail never hears of it.
    Started,
}

/// What a notice says, right or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tells {
    /// What the rail did.
    Truth,
    /// That nothing was taken.
    Failure,
    /// That it is still pending.
    Pending,
    /// That money was taken, under another reference.
    OtherReference,
    /// That another amount was taken back.
    OtherReversal,
    /// That money was taken, under the reference of another payment of the merchant.
    BorrowedReference,
}

/// What happens. Links, payments and refunds are counted over the story; a number too large is taken modulo,
/// so that a story from which steps were left out is a story.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A link is made.
    Make(Terms),
    /// The same is asked for once more, under the same key: the same body, or another one.
    MakeAgain { link: usize, is_same: bool },
    /// A link is asked for under a reference that was used before.
    MakeUnderUsed { link: usize },
    /// A payer pays.
    Pay { link: usize, mode: &'static str, size: Size, does: Does, until: Until },
    /// A payer sends the form of a payment once more.
    TapAgain { payment: usize },
    /// Several payers at the same moment, each tapping so often; the rail's words come together too.
    Crowd { link: usize, size: Size, does: Vec<Does>, taps: usize },
    /// The rail decides about what it had left open, or takes money back.
    Turn { payment: usize, is_good: bool },
    /// The rail tells, unasked.
    Notice { payment: usize, tells: Tells, times: usize },
    /// The merchant asks for refunds, all at the same moment, of everybody's parts or of one.
    Refund { payment: usize, of: Option<usize>, sizes: Vec<Size>, word: SayBack, answers: bool },
    /// The rail decides about a refund, or it comes back.
    TurnBack { refund: usize, is_good: bool },
    /// The rail tells about a refund; the truth, or that it has failed.
    NoticeBack { refund: usize, is_true: bool },
    /// The merchant decides about held money.
    Decide { payment: usize, what: &'static str },
    /// The merchant cancels.
    Cancel { link: usize },
    /// Somebody opens the page.
    Open { link: usize },
    /// The merchant sends it again, so many times at the same moment, where at most three are allowed.
    Resend { link: usize, times: usize },
    /// Time passes and workers do what is due meanwhile.
    Pass { ms: i64 },
    /// Time passes and nobody works; then all that is due is done.
    Sleep { ms: i64 },
    /// Two workers want the same job.
    Rivals,
    /// A worker dies with a job, before or after it did it.
    Die { is_done: bool },
    /// The rail answers no questions, or does again.
    Deaf { is_deaf: bool },
    /// The books are sealed.
    Seal,
    /// The engine is stopped and started again.
    Restart,
}

/// A story.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) seed: u64,
    pub(crate) shop: Shop,
    pub(crate) steps: Vec<Step>,
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const MODES: [&str; 4] = ["UPI", "CC", "NB", "DC"];
/// How many children share at most.
pub(crate) const CHILDREN: usize = 3;

fn pick<T: Clone>(chance: &mut Chance, all: &[T]) -> T {
    all[chance.below(all.len())].clone()
}

fn up_to(chance: &mut Chance, most: i64) -> i64 {
    1 + i64::try_from(chance.below(usize::try_from(most).unwrap())).unwrap()
}

impl Story {
    /// The story of this seed.
    pub(crate) fn of(seed: u64) -> Self {
        let chance = &mut Chance::new(seed);
        let shop = shop(chance);
        let mut steps = vec![Step::Make(terms(chance))];
        for _ in 0..1 + chance.below(3) {
            steps.push(payment(chance));
        }
        for _ in 0..4 + chance.below(16) {
            steps.push(step(chance));
        }
        Self { seed, shop, steps }
    }
}

fn shop(chance: &mut Chance) -> Shop {
    let mut fees = Vec::new();
    for _ in 0..chance.below(4) {
        let mode = pick(chance, &["*", "UPI", "CC", "NB"]);
        let has_surcharge = matches!(mode, "CC" | "NB") && chance.percent(40) || chance.percent(3);
        let min = if chance.percent(30) { up_to(chance, 900) } else { 0 };
        fees.push(Fee {
            rail: pick(chance, &["*", "*", "till"]),
            mode,
            bps: pick(chance, &[0, 1, 33, 100, 150, 199, 2_500]),
            flat: pick(chance, &[0, 0, 3, 290]),
            min,
            cap: chance.percent(30).then(|| min + up_to(chance, 2_000)),
            tax_bps: pick(chance, &[0, 1_800, 1_800, 1_234]),
            surcharge_bps: if has_surcharge { pick(chance, &[0, 150, 237]) } else { 0 },
            surcharge_flat: if has_surcharge { pick(chance, &[0, 25]) } else { 0 },
        });
    }
    let policy = pick(chance, &[None, None, None, Some("apply"), Some("refund")]);
    Shop { fees, platform_bears: chance.percent(50), sends_receipts: chance.percent(50), policy, min: 100 }
}

fn terms(chance: &mut Chance) -> Terms {
    let amount = pick(chance, &[100, 101, 1_000, 9_999, 50_000, 123_457]) + up_to(chance, 40) - 1;
    let kind = match chance.below(10) {
        0..4 => Kind::Once,
        4 => Kind::Many(None),
        5 => Kind::Many(Some(up_to(chance, 3))),
        6..9 => {
            let most = if chance.percent(50) { Some(up_to(chance, 4)) } else { None };
            let each = if chance.percent(50) { up_to(chance, amount / 3) } else { 1 };
            let first = if chance.percent(50) { up_to(chance, amount / 2) } else { 1 };
            Kind::Parts(most, first, each)
        }
        _ => Kind::OneOrder,
    };
    let is_open = matches!(kind, Kind::Once | Kind::Many(_)) && chance.percent(20);
    let amount = (!is_open).then_some(amount);
    let subscriber = |chance: &mut Chance| Subscriber {
        only: pick(chance, &[vec![], vec!["payment.captured", "refund.succeeded"], vec!["link.completed"]]),
    };
    let hours = pick(chance, &[1, 10, 100]);
    let end = up_to(chance, hours * HOUR_MS);
    Terms {
        shares: if chance.percent(20) { shares(chance, amount, &kind) } else { Vec::new() },
        amount,
        kind,
        ends_at: chance.percent(30).then_some(end),
        is_sent: chance.percent(40),
        subscribers: (0..chance.below(3)).map(|_| subscriber(chance)).collect(),
    }
}

fn shares(chance: &mut Chance, amount: Option<i64>, kind: &Kind) -> Vec<Share> {
    let each = amount.filter(|_| !matches!(kind, Kind::Parts(..)));
    let mut children: Vec<usize> = (0..CHILDREN).collect();
    (0..1 + chance.below(CHILDREN))
        .map(|_| {
            let child = children.remove(chance.below(children.len()));
            let amount = each.filter(|_| chance.percent(40)).map(|each| up_to(chance, each / 4));
            Share { child, amount, bps: up_to(chance, 2_500), bears_fee: chance.percent(50) }
        })
        .collect()
}

fn does(chance: &mut Chance) -> Does {
    match chance.below(20) {
        0..11 => Does::Takes,
        11..13 => Does::TakesOver(up_to(chance, 300)),
        13 => Does::TakesShort,
        14 => Does::TakesElsewhere,
        15 => Does::TakesDollars,
        16..18 => Does::Declines,
        _ => Does::Waits,
    }
}

fn size(chance: &mut Chance) -> Size {
    match chance.below(20) {
        0..10 => Size::Asked,
        10..12 => Size::Exact(up_to(chance, 20_000)),
        12..19 => Size::Of(pick(chance, &[1, 250, 333, 500, 1_000])),
        _ => Size::TooMuch,
    }
}

fn refund_size(chance: &mut Chance) -> Size {
    match chance.below(10) {
        0 => Size::Exact(pick(chance, &[0, -1, 1, 9_223_372_036_854_775_807])),
        1..8 => Size::Of(pick(chance, &[7, 250, 333, 500, 900, 1_000])),
        8 => Size::Asked,
        _ => Size::TooMuch,
    }
}

fn payment(chance: &mut Chance) -> Step {
    let (link, mode) = (pick(chance, &[0, 0, 1, 2]), pick(chance, &MODES));
    let until =
        pick(chance, &[Until::Answered, Until::Answered, Until::Answered, Until::Silence, Until::Started]);
    Step::Pay { link, mode, size: size(chance), does: does(chance), until }
}

fn step(chance: &mut Chance) -> Step {
    let (link, payment_at, refund) = (pick(chance, &[0, 0, 1, 2]), chance.below(6), chance.below(4));
    let is_good = chance.percent(70);
    match chance.below(100) {
        0..6 => Step::Make(terms(chance)),
        6..8 => Step::MakeAgain { link, is_same: is_good },
        8..10 => Step::MakeUnderUsed { link },
        10..30 => payment(chance),
        30..32 => Step::TapAgain { payment: payment_at },
        32..36 => {
            let does = (0..2 + chance.below(3)).map(|_| does(chance)).collect();
            Step::Crowd { link, size: size(chance), does, taps: pick(chance, &[1, 1, 2]) }
        }
        36..42 => Step::Turn { payment: payment_at, is_good },
        42..52 => {
            let truth = [Tells::Truth; 5];
            let lies = [Tells::Failure, Tells::Pending, Tells::OtherReference, Tells::OtherReversal];
            let all = [truth.as_slice(), &lies, &[Tells::Failure, Tells::BorrowedReference]].concat();
            Step::Notice { payment: payment_at, tells: pick(chance, &all), times: 1 + chance.below(2) }
        }
        52..64 => {
            let sizes = (0..pick(chance, &[1, 1, 1, 2, 4])).map(|_| refund_size(chance)).collect();
            let word = pick(chance, &[SayBack::Paid, SayBack::Paid, SayBack::Failed, SayBack::Pending]);
            let of = pick(chance, &[None, None, None, Some(OWN), Some(0), Some(1), Some(2)]);
            Step::Refund { payment: payment_at, of, sizes, word, answers: is_good }
        }
        64..68 => Step::TurnBack { refund, is_good },
        68..72 => Step::NoticeBack { refund, is_true: is_good },
        72..77 => Step::Decide { payment: payment_at, what: pick(chance, &["apply", "refund"]) },
        77..79 => Step::Cancel { link },
        79..81 => Step::Open { link },
        81..83 => Step::Resend { link, times: pick(chance, &[1, 2, 5]) },
        83..89 => {
            let ms =
                pick(chance, &[1_000, MINUTE_MS, 6 * MINUTE_MS, 16 * MINUTE_MS, 2 * HOUR_MS, 80 * HOUR_MS]);
            Step::Pass { ms }
        }
        89..92 => {
            Step::Sleep { ms: pick(chance, &[MINUTE_MS, 15 * MINUTE_MS, 20 * MINUTE_MS, 150 * HOUR_MS]) }
        }
        92..94 => Step::Rivals,
        94..96 => Step::Die { is_done: is_good },
        96..98 => Step::Deaf { is_deaf: is_good },
        98 => Step::Seal,
        _ => Step::Restart,
    }
}
