//! The scripted run: links of many kinds, and in which order what happens to them.

use kadi_domain::create::{Expiry, NewLink};
use kadi_domain::job::JobKind;
use kadi_domain::sandbox::{ChargeWord, Story};
use kadi_domain::time::{HOUR_MS, MINUTE_MS, Timestamp};
use kadi_engine::commands::deliver::Verdict;

use crate::steps::Step::{self, *};
use crate::stock::{crowd, invoice, one_order, plain, told};

/// What happens to one link, turn by turn.
pub(crate) struct Plot {
    pub(crate) new: fn(&str) -> NewLink,
    /// How long after its making its time is over.
    pub(crate) ends_after_ms: Option<i64>,
    pub(crate) steps: &'static [Step],
}

/// The clock goes forward before this turn, by so much.
pub(crate) const ADVANCES: [(usize, i64); 2] = [(5, 2 * MINUTE_MS), (9, HOUR_MS)];
/// Books are sealed after these turns.
pub(crate) const SEALS: [usize; 3] = [6, 8, 11];
/// The engine is stopped and started again after this turn.
pub(crate) const RESTART: usize = 7;
/// How many links take their turn in one batch.
pub(crate) const CREWS: [usize; 4] = [1, 2, 1, 7];

pub(crate) const PLOTS: [Plot; 10] = [
    plot(
        invoice,
        &[
            Create,
            Create,
            Lease(JobKind::SendMessage),
            Send,
            Lease(JobKind::Deliver),
            Deliver(Verdict::Accepted),
            Open,
            SANDBOX,
            Charge(Story::Success),
            Hear(ChargeWord::Succeeded),
            Lease(JobKind::Deliver),
            Deliver(Verdict::Gone),
        ],
    ),
    plot(
        plain,
        &[
            Create,
            Open,
            SANDBOX,
            Charge(Story::Failure),
            Hear(ChargeWord::Failed),
            SANDBOX,
            Charge(Story::Success),
            Hear(ChargeWord::Succeeded),
        ],
    ),
    plot(
        told,
        &[
            Create,
            SANDBOX,
            Charge(Story::Pending),
            Hear(ChargeWord::Pending),
            Settle(ChargeWord::Succeeded),
            Hear(ChargeWord::Succeeded),
            Lease(JobKind::Deliver),
            Deliver(Verdict::Accepted),
        ],
    ),
    plot(
        told,
        &[
            Create,
            Open,
            Lease(JobKind::Deliver),
            Return(JobKind::Deliver),
            Lease(JobKind::Deliver),
            Deliver(Verdict::Again),
            Cancel,
        ],
    ),
    plot(
        crowd,
        &[
            Create,
            Start(8, None),
            Hear(ChargeWord::Succeeded),
            Start(5, None),
            Hear(ChargeWord::Failed),
            Open,
            Start(3, None),
            Hear(ChargeWord::Succeeded),
            Hear(ChargeWord::Reversed),
            Cancel,
        ],
    ),
    Plot {
        ends_after_ms: Some(HOUR_MS),
        ..plot(
            told,
            &[
                Create,
                Open,
                Wait,
                Wait,
                Wait,
                Wait,
                Wait,
                Wait,
                Wait,
                Expire,
                Lease(JobKind::Deliver),
                Deliver(Verdict::Accepted),
            ],
        )
    },
    plot(one_order, &[Create, SANDBOX, Charge(Story::Failure), Hear(ChargeWord::Failed)]),
    plot(
        plain,
        &[
            Create,
            SANDBOX,
            Charge(Story::Reversal),
            Hear(ChargeWord::Succeeded),
            Wait,
            Hear(ChargeWord::Reversed),
            Tell,
        ],
    ),
    plot(
        plain,
        &[
            Create,
            Start(1, None),
            Wait,
            Wait,
            Wait,
            Lease(JobKind::CheckPayment),
            KeepWaiting,
            Wait,
            Wait,
            Hear(ChargeWord::Succeeded),
        ],
    ),
    plot(plain, &[Create, Start(1, None), Cancel, Hear(ChargeWord::Succeeded)]),
];

/// A payer starts on the sandbox rail.
const SANDBOX: Step = Start(1, Some(Story::Success));

const fn plot(new: fn(&str) -> NewLink, steps: &'static [Step]) -> Plot {
    Plot { new, ends_after_ms: None, steps }
}

/// How many links are made: each plot twice, once for each merchant.
pub(crate) const SLOTS: usize = PLOTS.len() * 2;

pub(crate) fn plot_of(slot: usize) -> &'static Plot {
    static STORIES: [Plot; 10] = PLOTS;
    &STORIES[slot % STORIES.len()]
}

pub(crate) fn reference(slot: usize) -> String {
    format!("order-{slot:02}")
}

/// What the slot's merchant asks for.
pub(crate) fn new_link(slot: usize, now: Timestamp) -> NewLink {
    let plot = plot_of(slot);
    let expiry = plot.ends_after_ms.map_or(Expiry::Never, |after| Expiry::At(now.plus_ms(after)));
    NewLink { expiry, ..(plot.new)(&reference(slot)) }
}

/// How many turns there are.
pub(crate) fn turns() -> usize {
    PLOTS.iter().map(|plot| plot.steps.len()).max().unwrap_or(0)
}

/// The slots that do something in a turn, crew by crew: each crew's commands are one batch.
pub(crate) fn crews(turn: usize) -> Vec<Vec<(usize, Step)>> {
    let step = |slot: usize| Some((slot, *plot_of(slot).steps.get(turn)?));
    let mut acting = (0..SLOTS).filter_map(step).filter(|(_, step)| *step != Wait).peekable();
    let mut crews = Vec::new();
    for size in CREWS.iter().cycle() {
        if acting.peek().is_none() {
            return crews;
        }
        crews.push(acting.by_ref().take(*size).collect());
    }
    crews
}
