//! A payer types the one-time code.

use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::moment::Moment;
use kadi_domain::one_time_code::Tried;
use kadi_domain::refusal::Stop;
use kadi_domain::secret::Secret;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Tries a code: a right one is spent, a wrong one counts, whoever else types at the same moment.
#[derive(Debug)]
pub struct TryCode {
    /// Whose link.
    pub merchant_id: MerchantId,
    /// Which link.
    pub link_id: LinkId,
    /// What was typed.
    pub typed: Secret<String>,
}

impl Command for TryCode {
    type Reply = Tried;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.codes.insert(self.link_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        view.link(self.link_id)?.check_payable(moment.now)?;
        let Some(code) = view.codes.get(&self.link_id)? else {
            return Ok(Decision::unchanged(Tried::Over));
        };
        let (tried, reply) = code.clone().try_one(self.typed.expose(), moment.keys, moment.now)?;
        let mut changes = Changes::default();
        if tried != *code {
            changes.codes.changed.push(tried);
        }
        Ok(Decision { reply, changes })
    }
}
