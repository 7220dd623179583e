//! A payer asks for a one-time code, to prove that the link's mobile is at hand.

use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::moment::Moment;
use kadi_domain::one_time_code::{Request, TO_NUMBER_MAX, TO_NUMBER_MS, request};
use kadi_domain::refusal::Stop;
use kadi_domain::secret::Pii;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::command::{Command, Decision, Failure, Lane, Route};
use crate::engine::Engine;

/// Makes a new code, which makes those before void, and sends it if the number is the link's. The answer is
/// the same for every number; it is false where the link's codes were asked for too often.
#[derive(Debug)]
pub struct RequestCode {
    /// Whose link.
    pub merchant_id: MerchantId,
    /// Which link.
    pub link_id: LinkId,
    /// The number that was typed, ten digits.
    pub typed: Pii,
    /// That number has had as many codes as it may.
    pub is_capped: bool,
}

impl Command for RequestCode {
    type Reply = bool;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.payers.insert(self.link_id);
        needs.codes.insert(self.link_id);
        needs.merchants.insert(self.merchant_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let asked = Request {
            link: view.link(self.link_id)?,
            merchant: view.merchant(self.merchant_id)?,
            customer: view.payers.get(&self.link_id)?,
            earlier: view.codes.get(&self.link_id)?,
            typed: &self.typed,
            is_capped: self.is_capped,
        };
        Ok(match request(&asked, moment)? {
            Some(changes) => Decision { reply: true, changes },
            None => Decision::unchanged(false),
        })
    }
}

/// Asks for a code for the holder of this number; false where the link's codes were asked for too often.
/// Outside the sandbox a number gets only so many codes a day, from all links together.
pub async fn request_code(
    engine: &Engine,
    merchant_id: MerchantId,
    link_id: LinkId,
    typed: Pii,
) -> Result<bool, Failure> {
    let index = engine.keys().blind("mobile", typed.expose()).map_err(Failure::Broken)?;
    let since = engine.now().plus_ms(-TO_NUMBER_MS);
    let sent = engine.query(move |reader| reader.codes_to(&index, since)).await?;
    let is_capped = !engine.setup().sandbox && sent >= TO_NUMBER_MAX;
    engine.submit(RequestCode { merchant_id, link_id, typed, is_capped }).await
}
