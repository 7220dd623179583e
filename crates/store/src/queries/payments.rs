//! Questions about payments and what the sandbox rail remembers of them.

use kadi_domain::id::{LinkId, PaymentId};
use kadi_domain::payment::Payment;
use kadi_domain::sandbox::Charge;

use crate::reader::Reader;
use crate::row::{first, read};
use crate::sql::statements;
use crate::tables::payments;
use crate::tables::payments::{charge_of, payment_columns, payment_of};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    OF_LINK(link_id Int) = {
        concat!(
            "SELECT ", payment_columns!(),
            " FROM payment, input WHERE payment.link_id = input.link_id ORDER BY payment.id DESC"
        )
    };
}

impl Reader {
    /// A payment.
    pub fn payment(&self, id: PaymentId) -> Result<Option<Payment>, Trouble> {
        Ok(first(self.ask(&payments::LOAD, row![id])?, payment_of)?)
    }

    /// All payments of a link, newest first.
    pub fn payments_of(&self, link: LinkId) -> Result<Vec<Payment>, Trouble> {
        Ok(read(self.ask(&OF_LINK, row![link])?, payment_of)?)
    }

    /// What the sandbox rail remembers of a payment.
    pub fn charge(&self, payment: PaymentId) -> Result<Option<Charge>, Trouble> {
        Ok(first(self.ask(&payments::CHARGE_LOAD, row![payment])?, charge_of)?)
    }
}
