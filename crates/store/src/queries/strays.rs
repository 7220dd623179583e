//! Rows that point to nothing, found by key range or by merchant, for `kadi verify`.

use kadi_domain::event::EventKind;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::job::JobKind;

use crate::codes::Coded;
use crate::reader::Reader;
use crate::row::read;
use crate::sql::{Statement, statements};
use crate::trouble::Trouble;
use crate::value::row;

/// Links above one and up to another that a table's rows name and that are absent. Two ranges, one taken from
/// the other: with `NOT EXISTS`, PostgreSQL reads the whole table of links for each range.
macro_rules! strays_of {
    ($table:literal) => {
        concat!(
            "SELECT ",
            $table,
            ".link_id FROM ",
            $table,
            ", input WHERE ",
            $table,
            ".link_id > input.after AND ",
            $table,
            ".link_id <= input.until EXCEPT SELECT link.id FROM link, input \
             WHERE link.id > input.after AND link.id <= input.until \
             ORDER BY 1 LIMIT (SELECT input.row_limit FROM input)"
        )
    };
}

statements! {
    ENTRY(after Int, until Int, row_limit Int) = { strays_of!("entry") };
    PAYMENT(after Int, until Int, row_limit Int) = { strays_of!("payment") };
    REFUND(after Int, until Int, row_limit Int) = { strays_of!("refund") };
    EVENT(after Int, until Int, row_limit Int) = { strays_of!("event") };
    DELIVERY(after Int, until Int, row_limit Int) = { strays_of!("delivery") };
    REFERENCE(after Int, until Int, row_limit Int) = { strays_of!("link_reference") };
    TEXT(after Int, until Int, row_limit Int) = { strays_of!("link_text") };
    LINE(after Int, until Int, row_limit Int) = { strays_of!("link_line") };
    TAX(after Int, until Int, row_limit Int) = { strays_of!("link_tax") };
    SUBSCRIPTION(after Int, until Int, row_limit Int) = { strays_of!("subscription") };
    SPLIT_PART(after Int, until Int, row_limit Int) = { strays_of!("split_part") };
    SPLIT_REFUND(after Int, until Int, row_limit Int) = { strays_of!("split_refund") };
    SPLIT(after Int, until Int, row_limit Int) = { strays_of!("link_split") };
    INSTALMENT(after Int, until Int, row_limit Int) = { strays_of!("link_instalment") };
    INVOICE(after Int, until Int, row_limit Int) = { strays_of!("link_invoice") };
    EDIT(after Int, until Int, row_limit Int) = { strays_of!("link_edit") };
    ONE_TIME_CODE(after Int, until Int, row_limit Int) = { strays_of!("one_time_code") };
    IDEMPOTENCY(merchant_id Int, row_limit Int) =
        "SELECT idempotency.link_id FROM idempotency, input \
         WHERE idempotency.merchant_id = input.merchant_id AND (NOT EXISTS (SELECT 1 FROM link \
         WHERE link.id = idempotency.link_id AND link.merchant_id = idempotency.merchant_id) \
         OR (idempotency.refund_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM refund \
         WHERE refund.id = idempotency.refund_id AND refund.link_id = idempotency.link_id))) \
         LIMIT (SELECT input.row_limit FROM input)";
    RAIL_REFERENCES(merchant_id Int, row_limit Int) =
        "SELECT min(payment.id), max(payment.id) FROM payment, input \
         WHERE payment.merchant_id = input.merchant_id AND payment.rail_reference IS NOT NULL \
         GROUP BY payment.rail, payment.rail_account, payment.rail_reference HAVING count(*) > 1 \
         LIMIT (SELECT input.row_limit FROM input)";
    MESSAGES(after Int, kind Int, captured Int, row_limit Int) =
        "SELECT message.id, message.state, link.id, job.subject, message.resend, link.resent_count, \
         message.event_id, event.id, message.code_number, link.only_mobile FROM message \
         LEFT JOIN link ON link.id = message.link_id AND link.merchant_id = message.merchant_id \
         LEFT JOIN job ON job.kind = (SELECT input.kind FROM input) AND job.subject = message.id \
         LEFT JOIN event ON event.id = message.event_id AND event.link_id = message.link_id \
         AND event.kind = (SELECT input.captured FROM input) \
         WHERE message.id > (SELECT input.after FROM input) ORDER BY message.id \
         LIMIT (SELECT input.row_limit FROM input)";
}

/// The tables whose rows belong to a link, with the words for their rows.
const OF_LINKS: [(&str, &Statement); 17] = [
    ("entry", &ENTRY),
    ("payment", &PAYMENT),
    ("refund", &REFUND),
    ("event", &EVENT),
    ("delivery", &DELIVERY),
    ("reference", &REFERENCE),
    ("text", &TEXT),
    ("line", &LINE),
    ("tax", &TAX),
    ("subscription", &SUBSCRIPTION),
    ("split", &SPLIT),
    ("split part", &SPLIT_PART),
    ("split refund", &SPLIT_REFUND),
    ("instalment", &INSTALMENT),
    ("invoice", &INVOICE),
    ("edit", &EDIT),
    ("one-time code", &ONE_TIME_CODE),
];
/// The number of a message's state `Queued`.
const QUEUED: i64 = 1;

/// What is to be known about a message.
#[derive(Debug)]
pub(crate) struct MessageTrail {
    /// The message's row.
    pub(crate) id: i64,
    /// Its link, if there is one of its merchant.
    pub(crate) has_link: bool,
    /// Does it wait to be sent?
    pub(crate) is_queued: bool,
    /// Is there a job that will send it?
    pub(crate) has_job: bool,
    /// Which resend of its link it belongs to.
    pub(crate) resend: i64,
    /// How many resends its link counts.
    pub(crate) resent_count: i64,
    /// Is it the receipt of an event?
    pub(crate) is_receipt: bool,
    /// Does that event tell of a capture on its link?
    pub(crate) has_capture: bool,
    /// Does it bring a one-time code?
    pub(crate) is_code: bool,
    /// May only one mobile pay its link?
    pub(crate) only_mobile: bool,
}

impl Reader {
    /// Absent links above `after` up to `until` that rows name, as (kind of row, link), at most `limit` for
    /// each kind.
    pub(crate) fn strays(
        &self,
        after: i64,
        until: i64,
        limit: i64,
    ) -> Result<Vec<(&'static str, LinkId)>, Trouble> {
        let mut found = Vec::new();
        for (word, statement) in OF_LINKS {
            let rows = self.ask(statement, row![after, until, limit])?;
            found.extend(read(rows, |row| Ok((word, LinkId::new(row.int()?))))?);
        }
        Ok(found)
    }

    /// Links named by the merchant's idempotency records that are absent or another merchant's, or that lack
    /// the refund which is named.
    pub(crate) fn stray_idempotency(&self, id: MerchantId, limit: i64) -> Result<Vec<LinkId>, Trouble> {
        Ok(read(self.ask(&IDEMPOTENCY, row![id, limit])?, |row| row.int().map(LinkId::new))?)
    }

    /// Pairs of the merchant's payments that were booked under one reference of a rail.
    pub(crate) fn shared_rail_references(
        &self,
        id: MerchantId,
        limit: i64,
    ) -> Result<Vec<(i64, i64)>, Trouble> {
        Ok(read(self.ask(&RAIL_REFERENCES, row![id, limit])?, |row| Ok((row.int()?, row.int()?)))?)
    }

    /// At most `limit` messages above `after`, in order.
    pub(crate) fn message_trails(&self, after: i64, limit: i64) -> Result<Vec<MessageTrail>, Trouble> {
        let kind = JobKind::SendMessage.number();
        let captured = EventKind::PaymentCaptured.number();
        let rows = self.ask(&MESSAGES, row![after, kind, captured, limit])?;
        Ok(read(rows, |row| {
            let (id, state) = (row.int()?, row.int()?);
            let (link, job) = (row.opt_int()?, row.opt_int()?);
            Ok(MessageTrail {
                id,
                has_link: link.is_some(),
                is_queued: state == QUEUED,
                has_job: job.is_some(),
                resend: row.int()?,
                resent_count: row.opt_int()?.unwrap_or_default(),
                is_receipt: row.opt_int()?.is_some(),
                has_capture: row.opt_int()?.is_some(),
                is_code: row.opt_int()?.is_some(),
                only_mobile: row.opt_int()? == Some(1),
            })
        })?)
    }
}
