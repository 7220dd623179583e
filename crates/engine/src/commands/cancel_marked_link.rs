//! A merchant cancels a link by a request that could be one of its resends, shown again by somebody else.

use kadi_domain::delivery::Subscription;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::link::Link;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use super::cancel_link::CancelLink;
use super::create_link::{Idempotency, Once};
use crate::command::{Command, Decision, Route};

/// Cancels an active link of the merchant, and finds out in the same commit whether a resend was carried out
/// that bore the same mark: of a resend and a cancel at the same time, the later one knows of the earlier.
#[derive(Debug)]
pub struct CancelMarkedLink {
    /// Who asks.
    pub merchant_id: MerchantId,
    /// Which link.
    pub link_id: LinkId,
    /// What a resend by the same request has left behind (`ResendLink::mark`).
    pub mark: Idempotency,
    /// What is done where one has.
    pub if_marked: IfMarked,
}

/// What becomes of a cancel whose mark a resend has left behind.
#[derive(Clone, Debug)]
pub enum IfMarked {
    /// It is refused ([`Refusal::IdempotencyReused`]).
    Refuse,
    /// It is carried out, and these are told beside those who hear of everything about the link.
    Tell(Vec<Subscription>),
}

/// A link that was cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelledLink {
    /// The link.
    pub link: Box<Link>,
    /// Had a resend left the mark of the cancel?
    pub is_marked: bool,
}

impl CancelMarkedLink {
    fn plain(&self, also: Vec<Subscription>) -> CancelLink {
        CancelLink { merchant_id: self.merchant_id, link_id: self.link_id, idempotency: None, also }
    }
}

impl Command for CancelMarkedLink {
    type Reply = CancelledLink;

    fn route(&self) -> Route {
        self.plain(Vec::new()).route()
    }

    fn needs(&self, needs: &mut Needs) {
        self.plain(Vec::new()).needs(needs);
        needs.idempotency.insert(self.mark.key(self.merchant_id));
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let is_marked = self.mark.earlier_record(self.merchant_id, view)?.is_some();
        let also = match &self.if_marked {
            IfMarked::Refuse if is_marked => return Err(Refusal::IdempotencyReused.into()),
            IfMarked::Tell(also) if is_marked => also.clone(),
            IfMarked::Refuse | IfMarked::Tell(_) => Vec::new(),
        };
        let Decision { reply, changes } = self.plain(also).decide(view, moment)?;
        let Once::Done(link) = reply else {
            return Err(Fault::new("a cancel without a key was replayed").into());
        };
        Ok(Decision { reply: CancelledLink { link, is_marked }, changes })
    }
}
