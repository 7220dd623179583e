//! Questions about splits, for answers that name the children.

use kadi_domain::id::LinkId;
use kadi_domain::payment::Payment;
use kadi_domain::split::SplitRule;
use kadi_domain::split_refund::SplitPart;

use crate::reader::Reader;
use crate::row::read;
use crate::sql::statements;
use crate::tables::split_refunds::{PARTS, by_owner, part_columns, part_of, split_refund_columns};
use crate::tables::splits::rule_of;
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    NAMED(link_id Int) =
        "SELECT merchant.slug, link_split.child_id, link_split.amount, link_split.bps, link_split.bears_fee \
         FROM link_split JOIN merchant ON merchant.id = link_split.child_id, input \
         WHERE link_split.link_id = input.link_id ORDER BY link_split.position";
    PARTS_OF_LINK(link_id Int) = {
        concat!(
            "SELECT ", part_columns!(), " FROM split_part, input WHERE split_part.link_id = input.link_id \
             ORDER BY split_part.payment_id, split_part.position"
        )
    };
    REFUNDS_OF_LINK(link_id Int) = {
        concat!(
            "SELECT ", split_refund_columns!(),
            " FROM split_refund, input WHERE split_refund.link_id = input.link_id \
             ORDER BY split_refund.refund_id, split_refund.position"
        )
    };
}

impl Reader {
    /// A link's shares in order, each with the `id` of the child's merchant file.
    pub fn split_of(&self, link: LinkId) -> Result<Vec<(String, SplitRule)>, Trouble> {
        Ok(read(self.ask(&NAMED, row![link])?, |row| Ok((row.text()?, rule_of(row)?)))?)
    }

    /// The children's parts of a payment, where refunds have taken something out of them.
    pub fn split_parts(&self, payment: &Payment) -> Result<Option<Vec<SplitPart>>, Trouble> {
        let rows = self.ask(&PARTS, row![payment.link_id, payment.id])?;
        Ok(by_owner(rows, part_of)?.remove(&payment.id))
    }
}
