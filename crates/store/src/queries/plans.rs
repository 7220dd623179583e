//! Questions about plans.

use kadi_domain::id::LinkId;
use kadi_domain::parts::Instalment;

use crate::reader::Reader;
use crate::tables::plans;
use crate::trouble::Trouble;
use crate::value::row;

impl Reader {
    /// A link's instalments in order.
    pub fn plan_of(&self, link: LinkId) -> Result<Vec<Instalment>, Trouble> {
        Ok(plans::by_link(self.ask(&plans::OF, row![link])?)?.remove(&link).unwrap_or_default())
    }
}
