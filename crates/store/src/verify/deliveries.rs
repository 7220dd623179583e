//! Deliveries and messages: each tells something that there is, and none that waits is forgotten.

use std::collections::BTreeSet;

use kadi_domain::delivery::DeliveryState;
use kadi_domain::id::EventId;
use kadi_domain::job::{JobKey, JobKind};

use super::report::{CODE_OF_MOBILE, DELIVERY_EVENTS, MESSAGE_SENT, RECEIPT_CAPTURE, RESENDS_SENT, Tally};
use crate::queries::books::Book;
use crate::reader::Reader;
use crate::trouble::Trouble;

/// Messages that are looked at in one go.
const PAGE: i64 = 1_000;

/// Checks the deliveries and resends of a link.
pub(super) fn check(book: &Book, tally: &mut Tally) {
    tally.check(RESENDS_SENT, book.resends.iter().copied().eq(1..=book.link.resent_count), || {
        let (link, count) = (book.link.id.get(), book.link.resent_count);
        format!("link {link} counts {count} resends, its messages tell of {:?}", book.resends)
    });
    let events: BTreeSet<EventId> = book.events.iter().map(|event| event.id).collect();
    for delivery in &book.deliveries {
        let told = events.contains(&delivery.event_id);
        let job = JobKey { kind: JobKind::Deliver, subject: delivery.id.get() };
        let remembered = delivery.state != DeliveryState::Waiting || book.jobs.contains(&job);
        let own = delivery.merchant_id == book.link.merchant_id;
        tally.check(DELIVERY_EVENTS, told && remembered && own, || {
            format!("delivery {} of link {}", delivery.id.get(), book.link.id.get())
        });
    }
}

/// Checks all messages.
pub(super) fn check_messages(reader: &Reader, tally: &mut Tally) -> Result<(), Trouble> {
    let mut after = i64::MIN;
    loop {
        let page = reader.message_trails(after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        for message in page {
            let remembered = !message.is_queued || message.has_job;
            tally.check(RESENDS_SENT, message.resend <= message.resent_count, || {
                format!("message {} of a resend that its link does not count", message.id)
            });
            tally.check(RECEIPT_CAPTURE, message.is_receipt == message.has_capture, || {
                format!("message {} is the receipt of no capture", message.id)
            });
            tally.check(CODE_OF_MOBILE, !message.is_code || message.only_mobile, || {
                format!("message {} brings a code for a link that anybody may pay", message.id)
            });
            tally.check(MESSAGE_SENT, message.has_link && remembered, || format!("message {}", message.id));
        }
    }
}
