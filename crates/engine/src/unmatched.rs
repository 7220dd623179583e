//! Keeping money that no attempt asked for: with the merchant whose account received it, else with nobody's.

use std::collections::BTreeSet;

use kadi_domain::merchant::Merchant;
use kadi_domain::payment::{HoldDecision, Payment, PaymentState};
use kadi_domain::rail::Report;
use kadi_domain::refusal::{Fault, Refusal};
use kadi_domain::unmatched::NOBODY;

use crate::Reader;
use crate::command::Failure;
use crate::commands::administer::ImportMerchants;
use crate::commands::create_link::Once;
use crate::commands::decide_hold::DecideHold;
use crate::commands::keep_unmatched::{KeepUnmatched, OpenBook};
use crate::engine::Engine;

/// Keeps the money of a report about a payment that Kadi does not know. Refused as an unknown payment where
/// the report names no money, or money that another payment has.
pub async fn keep_unmatched(engine: &Engine, rail: &str, report: Report) -> Result<Payment, Failure> {
    let (Report::Succeeded(taken) | Report::Reversed(taken)) = &report else {
        return Err(Failure::Refused(Refusal::PaymentUnknown));
    };
    let merchant = match find(engine, &taken.payee).await? {
        Some(merchant) => merchant,
        None => nobody(engine).await?,
    };
    let (merchant_id, policy) = (merchant.id, merchant.hold_policy);
    let book = engine.submit(OpenBook { merchant }).await?;
    let keep = KeepUnmatched { merchant_id, book, rail: rail.to_owned(), report };
    let kept = engine.submit(keep).await?;
    tracing::warn!(
        merchant = merchant_id.get(),
        payment = kept.id.get(),
        state = kept.state.word(),
        "a rail named money that no payment asked for"
    );
    let is_open = matches!(kept.state, PaymentState::Held { .. }) && kept.decided.is_none();
    match policy.filter(|_| is_open) {
        Some(decision @ HoldDecision::Refund) => {
            let Payment { link_id, id, .. } = kept;
            let decide = DecideHold { merchant_id, link_id, payment_id: id, decision, idempotency: None };
            match engine.submit(decide).await? {
                Once::Done(decided) => Ok(*decided),
                Once::Replayed(_) => Ok(kept),
            }
        }
        // There is nothing to which it could be applied.
        Some(HoldDecision::Apply) | None => Ok(kept),
    }
}

async fn find(engine: &Engine, slug: &str) -> Result<Option<Merchant>, Failure> {
    let slug = slug.to_owned();
    engine.query(move |reader: &mut Reader| reader.merchant_by_slug(&slug)).await
}

/// The merchant of accounts that are nobody's; made when it is first needed, and closed until an operator
/// gives it a key.
async fn nobody(engine: &Engine) -> Result<Merchant, Failure> {
    if let Some(merchant) = find(engine, NOBODY).await? {
        return Ok(merchant);
    }
    let new = Merchant::closed(NOBODY, "Money of unknown accounts");
    let import = ImportMerchants::new(vec![(new, BTreeSet::new(), Vec::new())], engine.keys())
        .map_err(Failure::Broken)?;
    engine.submit(import).await?;
    let made = find(engine, NOBODY).await?;
    made.ok_or_else(|| Failure::Broken(Fault::new("a merchant that was just made is missing")))
}
