//! Events: written once, never changed.

use kadi_domain::event::{Event, LinkFacts};
use kadi_domain::id::{EventId, LinkId, MerchantId, PaymentId, RefundId};
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;

use crate::codes::{Coded, coded};
use crate::row::Row;
use crate::sql::{Step, statements};
use crate::value::row;

/// The columns that [`event_of`] reads.
macro_rules! event_columns {
    () => {
        "event.id, event.merchant_id, event.link_id, event.number, event.kind, event.payment_id, \
         event.refund_id, event.happened_at, event.word, event.captured, event.refunded, \
         event.sent_at, event.opened_at"
    };
}
pub(crate) use event_columns;

statements! {
    INSERT(
        id Int, merchant_id Int, link_id Int, number Int, kind Int, payment_id Int, refund_id Int,
        happened_at Int, word Int, captured Int, refunded Int, sent_at Int, opened_at Int,
    ) = { insert "event" };
}

/// The step that stores new events.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, &view.added.events, |event| {
        row![
            event.id,
            event.merchant_id,
            event.link_id,
            event.number,
            event.kind.number(),
            event.payment_id,
            event.refund_id,
            event.at,
            event.facts.word.number(),
            event.facts.captured,
            event.facts.refunded,
            event.facts.sent_at,
            event.facts.opened_at,
        ]
    }));
}

/// An event from the columns of `event_columns!`.
pub(crate) fn event_of(row: &mut Row) -> Result<Event, Fault> {
    Ok(Event {
        id: EventId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        link_id: LinkId::new(row.int()?),
        number: row.int()?,
        kind: coded(row)?,
        payment_id: row.opt_int()?.map(PaymentId::new),
        refund_id: row.opt_int()?.map(RefundId::new),
        at: row.time()?,
        facts: LinkFacts {
            word: coded(row)?,
            captured: row.minor()?,
            refunded: row.minor()?,
            sent_at: row.opt_time()?,
            opened_at: row.opt_time()?,
        },
    })
}
