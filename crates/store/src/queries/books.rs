//! Whole books of links, page by page in the order of ids, for `kadi verify`.

use std::collections::{BTreeMap, BTreeSet};

use kadi_domain::delivery::{Delivery, DeliveryState};
use kadi_domain::edit::FormerTerms;
use kadi_domain::event::Event;
use kadi_domain::id::{LinkId, PaymentId, RefundId};
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::ledger::Entry;
use kadi_domain::link::{Line, Link};
use kadi_domain::parts::Instalment;
use kadi_domain::payment::{Payment, PaymentState};
use kadi_domain::refund::{Refund, RefundState};
use kadi_domain::refusal::Fault;
use kadi_domain::sandbox::{Charge, Payback};
use kadi_domain::split::SplitRule;
use kadi_domain::split_refund::{SplitPart, SplitRefund};

use crate::codes::Coded;
use crate::queries::events::DELIVERIES_OF;
use crate::queries::invoices::Drawn;
use crate::queries::splits::{PARTS_OF_LINK, REFUNDS_OF_LINK};
use crate::queries::{payments, refunds};
use crate::reader::Reader;
use crate::row::{Row, read};
use crate::sql::{Value, statements};
use crate::tables::books::{entry_columns, entry_of};
use crate::tables::events::{event_columns, event_of};
use crate::tables::refunds::{PAYBACK_LOAD, payback_of, refund_of};
use crate::tables::split_refunds::{self, by_owner, part_of};
use crate::tables::{charges, deliveries, edits, jobs, links, parts, plans, splits};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    LINK_IDS(after Int, row_limit Int) =
        "SELECT link.id FROM link WHERE link.id > (SELECT input.after FROM input) ORDER BY link.id \
         LIMIT (SELECT input.row_limit FROM input)";
    ENTRIES(link_id Int) = {
        concat!(
            "SELECT ", entry_columns!(), " FROM entry, input WHERE entry.link_id = input.link_id ORDER BY \
             entry.link_id, entry.position"
        )
    };
    ACCOUNTS(link_id Int) =
        "SELECT entry.position, entry.account FROM entry, input WHERE entry.link_id = input.link_id ORDER BY \
         entry.link_id, entry.position";
    EVENTS(link_id Int) = {
        concat!(
            "SELECT ", event_columns!(), " FROM event, input WHERE event.link_id = input.link_id ORDER BY \
             event.link_id, event.number"
        )
    };
    RESENDS(link_id Int) =
        "SELECT DISTINCT message.link_id, message.resend FROM message, input \
         WHERE message.link_id = input.link_id AND message.resend > 0";
    STRAY_CHARGES(row_limit Int) =
        "SELECT charge.payment_id FROM charge, input WHERE NOT EXISTS (SELECT 1 FROM payment \
         WHERE payment.id = charge.payment_id) ORDER BY charge.payment_id LIMIT (SELECT \
         input.row_limit FROM input)";
    STRAY_PAYBACKS(row_limit Int) =
        "SELECT payback.refund_id FROM payback, input WHERE NOT EXISTS (SELECT 1 FROM refund \
         WHERE refund.id = payback.refund_id) ORDER BY payback.refund_id LIMIT (SELECT \
         input.row_limit FROM input)";
}

/// All that the invariants of one link speak about, of one state of the store.
#[derive(Debug)]
pub(crate) struct Book {
    /// The link.
    pub(crate) link: Link,
    /// Its lines.
    pub(crate) lines: Vec<Line>,
    /// The shares of its children.
    pub(crate) split: Vec<SplitRule>,
    /// Its plan.
    pub(crate) plan: Vec<Instalment>,
    /// Whose template its invoice is drawn from, where one is kept.
    pub(crate) drawn: Option<Drawn>,
    /// What its terms were before each of its edits, in order.
    pub(crate) edits: Vec<FormerTerms>,
    /// Its payments, oldest first.
    pub(crate) payments: Vec<Payment>,
    /// Its refunds, oldest first.
    pub(crate) refunds: Vec<Refund>,
    /// The children's parts of its payments of which there were refunds.
    pub(crate) split_parts: BTreeMap<PaymentId, Vec<SplitPart>>,
    /// What its refunds take out of the children's parts.
    pub(crate) split_refunds: BTreeMap<RefundId, Vec<SplitRefund>>,
    /// What the sandbox rail remembers of its refunds.
    pub(crate) paybacks: BTreeMap<RefundId, Payback>,
    /// What the sandbox rail remembers of its payments.
    pub(crate) charges: BTreeMap<PaymentId, Charge>,
    /// Its entries, by position.
    pub(crate) entries: Vec<Entry>,
    /// Its events, by number.
    pub(crate) events: Vec<Event>,
    /// Its deliveries, oldest first.
    pub(crate) deliveries: Vec<Delivery>,
    /// The resends that messages belong to; asked for only where the link counts any.
    pub(crate) resends: BTreeSet<i64>,
    /// The jobs that wait for its payments without money, its refunds on their way and its waiting
    /// deliveries.
    pub(crate) jobs: BTreeSet<JobKey>,
}

impl Reader {
    /// At most `limit` ids of links above `after`, in order.
    pub(crate) fn link_ids(&self, after: i64, limit: i64) -> Result<Vec<LinkId>, Trouble> {
        Ok(read(self.ask(&LINK_IDS, row![after, limit])?, |row| row.int().map(LinkId::new))?)
    }

    /// The books of these links; one that is gone is left out. [`Trouble::Broken`] where any row is
    /// unreadable.
    pub(crate) fn books(&self, ids: &[LinkId]) -> Result<Vec<Book>, Trouble> {
        self.snapshot(|reader| {
            let driver = reader.driver();
            let input = || -> Vec<Vec<Value>> { ids.iter().map(|id| row![*id]).collect() };
            let links = read(driver.query(&links::LOAD, input())?, links::link_of)?;
            let mut lines = parts::lines_of(driver, ids)?;
            let mut splits = splits::by_link(driver.query(&splits::LOAD, input())?)?;
            let mut plans = plans::by_link(driver.query(&plans::OF, input())?)?;
            let mut drawn = reader.drawn(input())?;
            let mut edits: BTreeMap<LinkId, Vec<FormerTerms>> = BTreeMap::new();
            for (link, former) in read(driver.query(&edits::OF, input())?, edits::edit_of)? {
                edits.entry(link).or_default().push(former);
            }
            let rows = driver.query(&payments::OF_LINK, input())?;
            let mut payments = by_link(rows, crate::tables::payments::payment_of, |p| p.link_id)?;
            let rows = driver.query(&refunds::OF_LINK, input())?;
            let mut refunds = by_link(rows, refund_of, |r| r.link_id)?;
            let mut entries = by_link(driver.query(&ENTRIES, input())?, entry_of, |e| e.link_id)?;
            let mut events = by_link(driver.query(&EVENTS, input())?, event_of, |e| e.link_id)?;
            let rows = driver.query(&DELIVERIES_OF, input())?;
            let mut deliveries = by_link(rows, deliveries::delivery_of, |d| d.link_id)?;
            let mut books = Vec::new();
            for link in links {
                let mut book = Book {
                    lines: lines.remove(&link.id).unwrap_or_default(),
                    split: splits.remove(&link.id).unwrap_or_default(),
                    plan: plans.remove(&link.id).unwrap_or_default(),
                    drawn: drawn.remove(&link.id),
                    edits: edits.remove(&link.id).unwrap_or_default(),
                    payments: payments.remove(&link.id).unwrap_or_default(),
                    entries: entries.remove(&link.id).unwrap_or_default(),
                    events: events.remove(&link.id).unwrap_or_default(),
                    deliveries: deliveries.remove(&link.id).unwrap_or_default(),
                    refunds: refunds.remove(&link.id).unwrap_or_default(),
                    split_parts: BTreeMap::new(),
                    split_refunds: BTreeMap::new(),
                    paybacks: BTreeMap::new(),
                    charges: BTreeMap::new(),
                    jobs: BTreeSet::new(),
                    resends: BTreeSet::new(),
                    link,
                };
                book.payments.reverse();
                books.push(book);
            }
            reader.add_split_refunds(&mut books)?;
            reader.add_charges(&mut books)?;
            reader.add_jobs(&mut books)?;
            reader.add_resends(&mut books)?;
            Ok(books)
        })
    }

    /// Positions and account numbers of a link's entries, read even where an account is not in the chart.
    pub(crate) fn account_numbers(&self, id: LinkId) -> Result<Vec<(i64, i64)>, Trouble> {
        Ok(read(self.ask(&ACCOUNTS, row![id])?, |row| Ok((row.int()?, row.int()?)))?)
    }

    /// At most `limit` payments that the sandbox rail remembers and that are absent.
    pub(crate) fn stray_charges(&self, limit: i64) -> Result<Vec<PaymentId>, Trouble> {
        Ok(read(self.ask(&STRAY_CHARGES, row![limit])?, |row| row.int().map(PaymentId::new))?)
    }

    /// At most `limit` refunds that the sandbox rail remembers and that are absent.
    pub(crate) fn stray_paybacks(&self, limit: i64) -> Result<Vec<RefundId>, Trouble> {
        Ok(read(self.ask(&STRAY_PAYBACKS, row![limit])?, |row| row.int().map(RefundId::new))?)
    }

    /// Adds what the sandbox rail remembers, asked for all books together.
    fn add_charges(&self, books: &mut [Book]) -> Result<(), Trouble> {
        let input = books.iter().flat_map(|book| &book.payments).map(|payment| row![payment.id]).collect();
        let found = read(self.driver().query(&charges::LOAD, input)?, charges::charge_of)?;
        let mut found: BTreeMap<PaymentId, Charge> =
            found.into_iter().map(|charge| (charge.payment_id, charge)).collect();
        for book in books.iter_mut() {
            let own = book.payments.iter().filter_map(|payment| found.remove_entry(&payment.id));
            book.charges = own.collect();
        }
        let input = books.iter().flat_map(|book| &book.refunds).map(|refund| row![refund.id]).collect();
        let found = read(self.driver().query(&PAYBACK_LOAD, input)?, payback_of)?;
        let mut found: BTreeMap<RefundId, Payback> =
            found.into_iter().map(|payback| (payback.refund_id, payback)).collect();
        for book in books {
            let own = book.refunds.iter().filter_map(|refund| found.remove_entry(&refund.id));
            book.paybacks = own.collect();
        }
        Ok(())
    }

    /// Adds the parts of payments with refunds to the books of divided links, asked for all together.
    fn add_split_refunds(&self, books: &mut [Book]) -> Result<(), Trouble> {
        let divided =
            || books.iter().filter(|book| book.link.terms.split_count > 0 || !book.split.is_empty());
        let input = || divided().map(|book| row![book.link.id]).collect();
        let mut parts = by_owner(self.driver().query(&PARTS_OF_LINK, input())?, part_of)?;
        let rows = self.driver().query(&REFUNDS_OF_LINK, input())?;
        let mut shares = by_owner(rows, split_refunds::refund_of)?;
        for book in books {
            let of_payments = book.payments.iter().filter_map(|payment| parts.remove_entry(&payment.id));
            book.split_parts = of_payments.collect();
            let of_refunds = book.refunds.iter().filter_map(|refund| shares.remove_entry(&refund.id));
            book.split_refunds = of_refunds.collect();
        }
        Ok(())
    }

    /// Adds the resends of links that count any, asked for all books together.
    fn add_resends(&self, books: &mut [Book]) -> Result<(), Trouble> {
        let counting = books.iter().filter(|book| book.link.resent_count > 0);
        let input = counting.map(|book| row![book.link.id]).collect();
        let found = read(self.driver().query(&RESENDS, input)?, |row| Ok((row.int()?, row.int()?)))?;
        for book in books {
            let own = found.iter().filter(|(link, _)| *link == book.link.id.get());
            book.resends = own.map(|(_, resend)| *resend).collect();
        }
        Ok(())
    }

    /// Adds the jobs that wait for payments without money and for waiting deliveries, asked for all together.
    fn add_jobs(&self, books: &mut [Book]) -> Result<(), Trouble> {
        let input = books.iter().flat_map(wanted_jobs);
        let input = input.map(|key| row![key.kind.number(), key.subject]).collect();
        let found = read(self.driver().query(&jobs::LOAD, input)?, jobs::job_of)?;
        let found: BTreeSet<JobKey> = found.into_iter().map(|job| job.key).collect();
        for book in books {
            book.jobs = wanted_jobs(book).into_iter().filter(|key| found.contains(key)).collect();
        }
        Ok(())
    }
}

/// The jobs that a book may have.
fn wanted_jobs(book: &Book) -> Vec<JobKey> {
    let is_asked = |state: &PaymentState| state.is_open() || matches!(state, PaymentState::Failed { .. });
    let asked = book.payments.iter().filter(|payment| is_asked(&payment.state));
    let checks = asked.map(|payment| JobKey { kind: JobKind::CheckPayment, subject: payment.id.get() });
    let waiting = book.deliveries.iter().filter(|delivery| delivery.state == DeliveryState::Waiting);
    let tries = waiting.map(|delivery| JobKey { kind: JobKind::Deliver, subject: delivery.id.get() });
    let pending = book.refunds.iter().filter(|refund| refund.state == RefundState::Pending);
    let refunds = pending.map(|refund| JobKey { kind: JobKind::RefundPayment, subject: refund.id.get() });
    checks.chain(tries).chain(refunds).collect()
}

fn by_link<T>(
    rows: Vec<Row>,
    one: impl Fn(&mut Row) -> Result<T, Fault>,
    link: impl Fn(&T) -> LinkId,
) -> Result<BTreeMap<LinkId, Vec<T>>, Fault> {
    let mut found: BTreeMap<LinkId, Vec<T>> = BTreeMap::new();
    for record in read(rows, one)? {
        found.entry(link(&record)).or_default().push(record);
    }
    Ok(found)
}
