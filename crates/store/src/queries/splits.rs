//! Questions about splits, for answers that name the children.

use kadi_domain::id::LinkId;
use kadi_domain::split::SplitRule;

use crate::reader::Reader;
use crate::row::read;
use crate::sql::statements;
use crate::tables::splits::rule_of;
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    NAMED(link_id Int) =
        "SELECT merchant.slug, link_split.child_id, link_split.amount, link_split.bps, link_split.bears_fee \
         FROM link_split JOIN merchant ON merchant.id = link_split.child_id, input \
         WHERE link_split.link_id = input.link_id ORDER BY link_split.position";
}

impl Reader {
    /// A link's shares in order, each with the `id` of the child's merchant file.
    pub fn split_of(&self, link: LinkId) -> Result<Vec<(String, SplitRule)>, Trouble> {
        Ok(read(self.ask(&NAMED, row![link])?, |row| Ok((row.text()?, rule_of(row)?)))?)
    }
}
