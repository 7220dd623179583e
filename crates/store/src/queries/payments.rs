//! Questions about payments and what the sandbox rail remembers of them.

use kadi_domain::attempt::AttemptToken;
use kadi_domain::event::EventKind;
use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::payment::Payment;
use kadi_domain::sandbox::Charge;
use kadi_domain::tax::TaxStep;
use kadi_domain::time::Timestamp;

use crate::codes::coded;
use crate::reader::Reader;
use crate::row::{Row, first, read};
use crate::sql::statements;
use crate::tables::payments::{payment_columns, payment_of};
use crate::tables::{charges, payments};
use crate::trouble::Trouble;
use crate::value::row;

/// The payments of a link that began within a time, in every state or in one.
macro_rules! between {
    () => {
        " FROM payment, input WHERE payment.link_id = input.link_id AND payment.created_at >= input.since \
         AND payment.created_at <= input.until AND (input.all_states = 1 OR payment.state = input.state)"
    };
}

/// Which payments of a link are wanted, newest first.
#[derive(Clone, Copy, Debug)]
pub struct PaymentPage {
    /// Begun at this time or later.
    pub since: Timestamp,
    /// Begun at this time or before.
    pub until: Timestamp,
    /// Only those that stand captured.
    pub captured_only: bool,
    /// How many of them are passed over.
    pub skip: i64,
    /// How many of them are wanted.
    pub limit: i64,
}

/// A page of payments.
#[derive(Debug)]
pub struct PaymentsFound {
    /// The page.
    pub payments: Vec<Payment>,
    /// How many there are in all.
    pub total: i64,
}

statements! {
    OF_LINK(link_id Int) = {
        concat!(
            "SELECT ", payment_columns!(),
            " FROM payment, input WHERE payment.link_id = input.link_id ORDER BY payment.created_at DESC, \
             payment.id DESC"
        )
    };
    PAGE(link_id Int, before_at Int, before Int, row_limit Int) = {
        concat!(
            "SELECT ", payment_columns!(), " FROM payment, input WHERE payment.link_id = input.link_id \
             AND (payment.created_at, payment.id) < (input.before_at, input.before) \
             ORDER BY payment.created_at DESC, payment.id DESC LIMIT (SELECT input.row_limit FROM input)"
        )
    };
    BETWEEN(
        link_id Int, since Int, until Int, all_states Int, state Int, row_limit Int, row_skip Int,
    ) = {
        concat!(
            "SELECT ", payment_columns!(), between!(), " ORDER BY payment.created_at DESC, payment.id DESC \
             LIMIT (SELECT input.row_limit FROM input) OFFSET (SELECT input.row_skip FROM input)"
        )
    };
    BETWEEN_COUNT(link_id Int, since Int, until Int, all_states Int, state Int) = {
        concat!("SELECT count(*)", between!())
    };
    CAPTURED(link_id Int, state Int) = {
        concat!(
            "SELECT ", payment_columns!(),
            " FROM payment, input WHERE payment.link_id = input.link_id AND payment.state = input.state \
             ORDER BY payment.state_at, payment.id LIMIT 10000"
        )
    };
    HELD(merchant_id Int, before_at Int, before Int, row_limit Int) = {
        concat!(
            "SELECT ", payment_columns!(), " FROM payment WHERE payment.state = 5 \
             AND payment.hold_decision IS NULL \
             AND payment.merchant_id = (SELECT input.merchant_id FROM input) \
             AND (payment.created_at, payment.id) \
             < ((SELECT input.before_at FROM input), (SELECT input.before FROM input)) \
             ORDER BY payment.created_at DESC, payment.id DESC LIMIT (SELECT input.row_limit FROM input)"
        )
    };
    HISTORY(link_id Int) =
        "SELECT event.kind, payment.id, payment.applied FROM event JOIN payment \
         ON payment.id = event.payment_id, input WHERE event.link_id = input.link_id ORDER BY event.number";
    SETTLED(id Int) =
        "SELECT payment.id FROM payment, input WHERE payment.id = input.id AND payment.state > 2";
    FIRST(link_id Int) =
        "SELECT payment.id FROM payment, input WHERE payment.link_id = input.link_id \
         ORDER BY payment.created_at, payment.id LIMIT 1";
}

impl Reader {
    /// A payment.
    pub fn payment(&self, id: PaymentId) -> Result<Option<Payment>, Trouble> {
        Ok(first(self.ask(&payments::LOAD, row![id])?, payment_of)?)
    }

    /// The payment that a form of a link's page has started.
    pub fn payment_by_token(&self, link: LinkId, token: AttemptToken) -> Result<Option<Payment>, Trouble> {
        Ok(first(self.ask(&payments::BY_TOKEN, payments::token_row(link, token))?, payment_of)?)
    }

    /// At most `limit` payments of a link, newest first, older than `before` where it is given.
    pub fn payments_page(
        &self,
        link: LinkId,
        before: Option<PaymentId>,
        limit: i64,
    ) -> Result<Vec<Payment>, Trouble> {
        let Some((at, id)) = self.payments_before(before)? else { return Ok(Vec::new()) };
        Ok(read(self.ask(&PAGE, row![link, at, id, limit])?, payment_of)?)
    }

    /// Time and id that come after those of every row of a page, newest first; none where `before` is no
    /// payment.
    fn payments_before(&self, before: Option<PaymentId>) -> Result<Option<(i64, i64)>, Trouble> {
        let Some(id) = before else { return Ok(Some((i64::MAX, i64::MAX))) };
        Ok(self.payment(id)?.map(|last| (last.created_at.ms(), id.get())))
    }

    /// A page of a link's payments that began within a time, newest first, and how many there are.
    pub fn payments_between(&self, link: LinkId, page: &PaymentPage) -> Result<PaymentsFound, Trouble> {
        let all_states = i64::from(!page.captured_only);
        let conditions = row![link, page.since, page.until, all_states, payments::CAPTURED];
        let mut input = conditions.clone();
        input.extend(row![page.limit, page.skip]);
        self.snapshot(|reader| {
            let total = first(reader.ask(&BETWEEN_COUNT, conditions)?, Row::int)?.unwrap_or_default();
            Ok(PaymentsFound { payments: read(reader.ask(&BETWEEN, input)?, payment_of)?, total })
        })
    }

    /// The payments of a link that stand captured, in the order of their captures; at most 10,000.
    pub fn captured_payments_of(&self, link: LinkId) -> Result<Vec<Payment>, Trouble> {
        Ok(read(self.ask(&CAPTURED, row![link, payments::CAPTURED])?, payment_of)?)
    }

    /// At most `limit` of a merchant's held payments about which nothing is decided, newest first, older than
    /// `before` where it is given.
    pub fn holds_page(
        &self,
        merchant: MerchantId,
        before: Option<PaymentId>,
        limit: i64,
    ) -> Result<Vec<Payment>, Trouble> {
        let Some((at, id)) = self.payments_before(before)? else { return Ok(Vec::new()) };
        Ok(read(self.ask(&HELD, row![merchant, at, id, limit])?, payment_of)?)
    }

    /// The captures of a link and what the rail took back of them, in order.
    pub fn tax_steps(&self, link: LinkId) -> Result<Vec<TaxStep>, Trouble> {
        let steps = read(self.ask(&HISTORY, row![link])?, |row| {
            let (kind, payment_id, applied): (EventKind, _, _) =
                (coded(row)?, PaymentId::new(row.int()?), row.minor()?);
            let is_step = matches!(kind, EventKind::PaymentCaptured | EventKind::PaymentReversed);
            let is_capture = kind == EventKind::PaymentCaptured;
            Ok(is_step.then_some(TaxStep { payment_id, applied, is_capture }))
        })?;
        Ok(steps.into_iter().flatten().collect())
    }

    /// Those of the payments of which the rail has said its last word, in any order.
    pub fn settled_payments(&self, ids: &[PaymentId]) -> Result<Vec<PaymentId>, Trouble> {
        let input = ids.iter().map(|id| row![*id]).collect();
        Ok(read(self.driver().query(&SETTLED, input)?, |row| row.int().map(PaymentId::new))?)
    }

    /// The first payment that was ever begun on a link.
    pub fn first_payment_of(&self, link: LinkId) -> Result<Option<PaymentId>, Trouble> {
        Ok(first(self.ask(&FIRST, row![link])?, |row| row.int().map(PaymentId::new))?)
    }

    /// What the sandbox rail remembers of a payment.
    pub fn charge(&self, payment: PaymentId) -> Result<Option<Charge>, Trouble> {
        Ok(first(self.ask(&charges::LOAD, row![payment])?, charges::charge_of)?)
    }
}
