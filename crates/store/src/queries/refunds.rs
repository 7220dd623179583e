//! Questions about refunds.

use kadi_domain::id::{LinkId, PaymentId, RefundId};
use kadi_domain::refund::Refund;
use kadi_domain::sandbox::Payback;

use crate::reader::Reader;
use crate::row::{first, read};
use crate::sql::statements;
use crate::tables::refunds::{self, payback_of, refund_columns, refund_of};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    OF_LINK(link_id Int) = {
        concat!(
            "SELECT ", refund_columns!(),
            " FROM refund, input WHERE refund.link_id = input.link_id ORDER BY refund.id"
        )
    };
    NEWEST(payment_id Int) = {
        concat!(
            "SELECT ", refund_columns!(), " FROM payment, refund, input WHERE payment.id = input.payment_id \
             AND refund.link_id = payment.link_id AND refund.payment_id = payment.id \
             ORDER BY refund.created_at DESC, refund.id DESC LIMIT 1"
        )
    };
}

impl Reader {
    /// A refund.
    pub fn refund(&self, id: RefundId) -> Result<Option<Refund>, Trouble> {
        Ok(first(self.ask(&refunds::LOAD, row![id])?, refund_of)?)
    }

    /// Every refund of a link, oldest first.
    pub fn refunds_of(&self, link: LinkId) -> Result<Vec<Refund>, Trouble> {
        Ok(read(self.ask(&OF_LINK, row![link])?, refund_of)?)
    }

    /// The newest refund of a payment.
    pub fn newest_refund_of(&self, payment: PaymentId) -> Result<Option<Refund>, Trouble> {
        Ok(first(self.ask(&NEWEST, row![payment])?, refund_of)?)
    }

    /// What the sandbox rail remembers of a refund.
    pub fn payback(&self, refund: RefundId) -> Result<Option<Payback>, Trouble> {
        Ok(first(self.ask(&refunds::PAYBACK_LOAD, row![refund])?, payback_of)?)
    }
}
