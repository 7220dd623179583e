//! Questions about obligations.

use kadi_domain::id::{LinkId, MerchantId, ObligationId};
use kadi_domain::obligation::Obligation;

use crate::reader::Reader;
use crate::row::{first, read};
use crate::sql::statements;
use crate::tables::links::ACTIVE;
use crate::tables::obligations::{obligation_columns, obligation_of};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    LOAD(id Int) = {
        concat!("SELECT ", obligation_columns!(), " FROM obligation, input WHERE obligation.id = input.id")
    };
    LINKS(obligation_id Int, status Int) =
        "SELECT link.id FROM link, input WHERE link.obligation_id = input.obligation_id \
         AND link.status = input.status ORDER BY link.id";
    // Each captured payment of its links is the one that counts, and where one counts it is there.
    WRONG(merchant_id Int, row_limit Int) =
        "SELECT obligation.id FROM obligation \
         WHERE obligation.merchant_id = (SELECT input.merchant_id FROM input) \
         AND (EXISTS (SELECT 1 FROM link JOIN payment ON payment.link_id = link.id \
                      WHERE link.obligation_id = obligation.id AND payment.state = 3 \
                      AND (obligation.paid_by IS NULL OR payment.id <> obligation.paid_by)) \
              OR (obligation.paid_by IS NOT NULL AND NOT EXISTS (\
                      SELECT 1 FROM payment JOIN link ON link.id = payment.link_id \
                      WHERE payment.id = obligation.paid_by AND payment.state = 3 \
                      AND link.obligation_id = obligation.id)) \
              OR obligation.link_count <> (SELECT count(*) FROM link \
                                           WHERE link.obligation_id = obligation.id)) \
         ORDER BY obligation.name LIMIT (SELECT input.row_limit FROM input)";
    // Like other strays, by a range of links.
    LOST(after Int, until Int, row_limit Int) =
        "SELECT link.id FROM link WHERE link.obligation_id IS NOT NULL \
         AND link.id > (SELECT input.after FROM input) AND link.id <= (SELECT input.until FROM input) \
         AND NOT EXISTS (SELECT 1 FROM obligation WHERE obligation.id = link.obligation_id \
                         AND obligation.merchant_id = link.merchant_id AND obligation.amount = link.amount \
                         AND obligation.currency = link.currency) \
         ORDER BY link.id LIMIT (SELECT input.row_limit FROM input)";
}

impl Reader {
    /// An obligation.
    pub fn obligation(&self, id: ObligationId) -> Result<Option<Obligation>, Trouble> {
        Ok(first(self.ask(&LOAD, row![id])?, obligation_of)?)
    }

    /// The links of an obligation that are active.
    pub fn active_links_of(&self, obligation: ObligationId) -> Result<Vec<LinkId>, Trouble> {
        Ok(read(self.ask(&LINKS, row![obligation, ACTIVE])?, |row| row.int().map(LinkId::new))?)
    }

    /// At most `limit` of a merchant's obligations for which not exactly the payment counts that they name.
    pub(crate) fn wrong_obligations(
        &self,
        merchant: MerchantId,
        limit: i64,
    ) -> Result<Vec<ObligationId>, Trouble> {
        Ok(read(self.ask(&WRONG, row![merchant, limit])?, |row| row.int().map(ObligationId::new))?)
    }

    /// At most `limit` links of a range whose obligation is not there, or is another's or of another amount.
    pub(crate) fn links_without_obligation(
        &self,
        after: i64,
        until: i64,
        limit: i64,
    ) -> Result<Vec<LinkId>, Trouble> {
        Ok(read(self.ask(&LOST, row![after, until, limit])?, |row| row.int().map(LinkId::new))?)
    }
}
