//! Questions about refunds.

use kadi_domain::id::RefundId;
use kadi_domain::refund::Refund;
use kadi_domain::sandbox::Payback;

use crate::reader::Reader;
use crate::row::first;
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
}

impl Reader {
    /// A refund.
    pub fn refund(&self, id: RefundId) -> Result<Option<Refund>, Trouble> {
        Ok(first(self.ask(&refunds::LOAD, row![id])?, refund_of)?)
    }

    /// What the sandbox rail remembers of a refund.
    pub fn payback(&self, refund: RefundId) -> Result<Option<Payback>, Trouble> {
        Ok(first(self.ask(&refunds::PAYBACK_LOAD, row![refund])?, payback_of)?)
    }
}
