//! The body of `/link/create`, read member by member in the order of the vendor's table (specs, part 3).

use kadi_engine::domain::amount::Currency;
use kadi_engine::domain::create::{Expiry, Extras, NewLink, Use};
use kadi_engine::domain::link::{LinkKind, LinkText, TextKind};
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::moment::Setup;
use kadi_engine::domain::parts::PartRules;
use kadi_engine::domain::time::Timestamp;

use super::members;
use super::members::TEXT_CHARS_MAX;
use super::modes;
use super::splits::{self, Split};
use crate::door::Door;
use crate::paytm::callback::status_subscription;
use crate::paytm::codes::No;
use crate::paytm::namespaces::INVOICE_ID;
use crate::paytm::settings::DIALECT;
use crate::paytm::webhook::webhook_subscription;
use crate::shared::fields::Fields;

/// A request that passed every check that needs no look-up.
#[derive(Debug)]
pub(super) struct Request {
    /// The link it asks for.
    pub(super) new: NewLink,
    /// `merchantRequestId`, echoed.
    pub(super) request_id: Option<String>,
}

/// Where checks stop for a look-up: what stands before and after `splitSettlementInfo` in the table.
pub(super) struct Draft<'a> {
    body: &'a Fields<'a>,
    request: Request,
    split: Split,
}

/// Reads everything up to and with `splitSettlementInfo`. `form` was looked up before, and is told in its
/// turn.
pub(super) fn read<'a>(
    body: &'a Fields<'a>,
    merchant: &Merchant,
    now: Timestamp,
    setup: &Setup,
    form: Result<Option<String>, No>,
) -> Result<Draft<'a>, No> {
    let mut texts = Vec::new();
    let mut put =
        |kind, value: Option<String>| texts.extend(value.map(|value| LinkText { kind, position: 0, value }));
    let request_id = body.line("merchantRequestId", 64)?;
    put(TextKind::RequestId, request_id.clone());
    let name = members::link_name(body)?;
    let description = members::description(body)?;
    let kind = members::link_type(body)?;
    let amount = members::amount(body, kind, merchant, setup)?;
    let send = members::channels(body)?;
    let contact = members::contact(body, "customerContact")?;
    let status_url = members::web_address(body, "statusCallbackUrl", setup.sandbox)?;
    let max_payments = members::max_payments(body)?;
    let form = form?;
    put(TextKind::Notes, body.prose("linkNotes", 254)?);
    let invoice_id = members::invoice_id(body, kind)?;
    let expires_at = members::expiry(body, kind, now)?;
    put(TextKind::InvoicePhone, members::invoice_phone(body)?);
    put(TextKind::InvoiceEmail, members::invoice_email(body)?);
    let lines = members::lines(body, kind, amount)?;
    let in_parts = members::in_parts(body, kind, merchant)?;
    let only_mobile = members::only_mobile(body, &contact, setup)?;
    put(TextKind::ResellerId, members::reseller(body, merchant)?);
    let split = splits::read(body)?;
    let new = NewLink {
        origin: DIALECT,
        kind,
        currency: Currency::INR,
        amount,
        uses: uses(kind, in_parts, max_payments),
        name,
        description,
        expiry: Expiry::At(expires_at),
        contact,
        send,
        lines,
        texts,
        references: invoice_id.map(|id| (INVOICE_ID, id)).into_iter().collect(),
        subscriptions: status_url
            .map(status_subscription)
            .into_iter()
            .chain([webhook_subscription()])
            .collect(),
        extras: Extras { only_mobile, form, ..Extras::default() },
    };
    Ok(Draft { body, request: Request { new, request_id }, split })
}

/// How often a link of this kind may be paid, where it is not for one order.
fn uses(kind: LinkKind, in_parts: bool, max_payments: Option<i64>) -> Use {
    if in_parts {
        return Use::Parts { max_payments, rules: PartRules::default() };
    }
    match kind {
        LinkKind::Invoice => Use::Once,
        LinkKind::Fixed | LinkKind::Open => Use::Many { max_payments },
    }
}

impl Draft<'_> {
    /// Looks the children of the split up, and reads what stands behind `splitSettlementInfo`.
    pub(super) async fn finish(self, door: &Door, merchant: &Merchant) -> Result<Request, No> {
        let Self { body, mut request, split } = self;
        let setup = door.engine.setup();
        request.new.extras.split = splits::check(door, merchant, split, &request.new).await?;
        let texts = &mut request.new.texts;
        texts.extend(members::extend_info(body)?);
        let mut put = |kind, value: Option<String>| {
            texts.extend(value.map(|value| LinkText { kind, position: 0, value }))
        };
        let address = |name| members::web_address(body, name, setup.sandbox);
        put(TextKind::SuccessMessage, body.prose("customPaymentSuccessMessage", 254)?);
        put(TextKind::SuccessUrl, address("redirectionUrlSuccess")?);
        put(TextKind::FailureUrl, address("redirectionUrlFailure")?);
        if let Some(name) = NOT_BUILT.into_iter().find(|name| body.has_content(name)) {
            return Err(No::field(name));
        }
        request.new.extras.ways.modes = modes::read(body, setup.modes)?;
        let order_id = members::order_id(body)?;
        let is_single = body.flag("singleTransactionOnly")? == Some(true);
        if order_id.is_some() || is_single {
            // One order is not several payments.
            if request.new.uses.part_rules().is_some() {
                return Err(No::field("partialPayment"));
            }
            request.new.uses = Use::OneOrder;
        }
        put(TextKind::OrderId, order_id.or(body.line("orderId", 50)?));
        put(TextKind::BrowserCallbackUrl, address("callbackUrl")?);
        put(TextKind::MerchantReference, body.line("merchantUniqueReference", TEXT_CHARS_MAX)?);
        if body.filled("currency", 3)?.is_some_and(|currency| currency != "INR") {
            return Err(No::field("currency"));
        }
        Ok(request)
    }
}

/// Attributes whose time has not come: refused by name, never ignored.
const NOT_BUILT: [&str; 4] =
    ["simplifiedSubvention", "simplifiedPaymentOffers", "simplifiedUnifiedOffers", "unifiedOffersToken"];
