//! Questions about payments and what the sandbox rail remembers of them.

use kadi_domain::event::EventKind;
use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::payment::Payment;
use kadi_domain::sandbox::Charge;
use kadi_domain::tax::TaxStep;

use crate::codes::coded;
use crate::reader::Reader;
use crate::row::{first, read};
use crate::sql::statements;
use crate::tables::payments::{payment_columns, payment_of};
use crate::tables::{charges, payments};
use crate::trouble::Trouble;
use crate::value::row;

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
    CAPTURED(link_id Int, state Int) = {
        concat!(
            "SELECT ", payment_columns!(),
            " FROM payment, input WHERE payment.link_id = input.link_id AND payment.state = input.state \
             ORDER BY payment.created_at DESC, payment.id DESC LIMIT 1"
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

    /// The newest payment of a link that stands captured.
    pub fn captured_payment_of(&self, link: LinkId) -> Result<Option<Payment>, Trouble> {
        Ok(first(self.ask(&CAPTURED, row![link, payments::CAPTURED])?, payment_of)?)
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
