//! `POST /link/update`: a merchant's program changes a link (specs, part 5).

use axum::extract::{Request as HttpRequest, State};
use axum::response::Response;
use kadi_engine::command::Failure;
use kadi_engine::commands::update_link::UpdateLink;
use kadi_engine::domain::amount::{Currency, Minor};
use kadi_engine::domain::edit::Edit;
use kadi_engine::domain::link::{Link, LinkKind, LinkText, TextKind, text_of};
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::moment::Setup;
use kadi_engine::domain::refusal::Refusal;
use kadi_engine::{Reader, Trouble};
use serde::Serialize;

use super::members;
use super::named::{check_active, find};
use super::shown::WholeLink;
use super::words::link_type;
use crate::door::Door;
use crate::paytm::codes::{AMOUNT_NOT_FIXED, FORMS_NOT_ALLOWED, LINK_ID_MISSING, No, SUCCESS};
use crate::paytm::envelope::{Answers, ResultInfo, open};
use crate::shared::body::read_body;
use crate::shared::fields::Fields;

/// The body of the answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    result_info: ResultInfo,
    #[serde(flatten)]
    link: WholeLink,
}

/// Answers one call.
pub(crate) async fn handle(State(door): State<Door>, request: HttpRequest) -> Response {
    let mut answers = Answers::new(&door);
    let answer = call(&door, request, &mut answers).await;
    answers.answer_to(answer)
}

async fn call(door: &Door, request: HttpRequest, answers: &mut Answers<'_>) -> Result<Answer, No> {
    let bytes = read_body(request).await?;
    let envelope = open(&bytes)?;
    let (account, _admitted) = answers.let_in(&envelope).await?;
    let (body, merchant) = (&envelope.body, &account.merchant);
    let face = find(door, merchant, body, LINK_ID_MISSING).await?;
    check_active(door, &face)?;
    let request_id = body.line("merchantRequestId", 64)?;
    let texts = texts_of(door, &face.link).await?;
    check_fixed(body, &face.link, &texts)?;
    let wished = read(door, body, &face.link, merchant)?;
    let command = UpdateLink { merchant_id: merchant.id, link_id: face.link.id, wished };
    let link = door.engine.submit(command).await.map_err(refused)?;
    let texts = texts_of(door, &link).await?;
    Ok(Answer {
        result_info: ResultInfo::success(SUCCESS),
        link: WholeLink::of(door, &link, &texts, request_id)?,
    })
}

/// What is to be changed. What is absent or empty stays as it is.
fn read(door: &Door, body: &Fields<'_>, link: &Link, merchant: &Merchant) -> Result<Edit, No> {
    let amount = amount(body, link, merchant, door.engine.setup())?;
    let max_payments = members::max_payments(body)?;
    if body.has_content("templateId") || body.flag_or_text("changeTemplate")? == Some(true) {
        return Err(FORMS_NOT_ALLOWED.into());
    }
    let notes = body.prose("linkNotes", 254)?;
    let is_dated = body.has_content("expiryDate");
    let expires_at = is_dated.then(|| members::expiry(body, link.kind, door.engine.now())).transpose()?;
    let note = |value| LinkText { kind: TextKind::Notes, position: 0, value };
    let texts = notes.map(note).into_iter().collect();
    Ok(Edit { amount, max_payments, expires_at, texts, ..Edit::default() })
}

/// `amount`, of FIXED links alone.
fn amount(body: &Fields<'_>, link: &Link, merchant: &Merchant, setup: &Setup) -> Result<Option<Minor>, No> {
    if !body.has_content("amount") {
        return Ok(None);
    }
    if link.kind != LinkKind::Fixed {
        return Err(AMOUNT_NOT_FIXED.into());
    }
    // Amounts of this API are rupees.
    if link.currency != Currency::INR {
        return Err(No::field("amount"));
    }
    members::amount(body, link.kind, merchant, setup)
}

/// Attributes of `/link/create` that a link keeps for ever.
const FIXED: [&str; 26] = [
    "sendSms",
    "sendEmail",
    "customerContact",
    "statusCallbackUrl",
    "invoiceId",
    "invoicePhoneNo",
    "invoiceEmail",
    "invoiceDetails",
    "partialPayment",
    "bindLinkIdMobile",
    "resellerId",
    "splitSettlementInfo",
    "extendInfo",
    "customPaymentSuccessMessage",
    "redirectionUrlSuccess",
    "redirectionUrlFailure",
    "simplifiedSubvention",
    "simplifiedPaymentOffers",
    "simplifiedUnifiedOffers",
    "unifiedOffersToken",
    "enablePaymentMode",
    "disablePaymentMode",
    "singleTransactionOnly",
    "callbackUrl",
    "merchantUniqueReference",
    "posId",
];

/// Refuses by name what cannot be changed. A client may send again what is so already.
fn check_fixed(body: &Fields<'_>, link: &Link, texts: &[LinkText]) -> Result<(), No> {
    let order = text_of(texts, TextKind::OrderId).unwrap_or_default();
    let same = [
        ("linkType", link_type(link.kind)),
        ("linkName", &link.name),
        ("linkDescription", &link.description),
        ("currency", link.currency.code()),
        ("orderId", order),
        ("linkOrderId", order),
    ];
    for (name, value) in same {
        if body.filled(name, usize::MAX)?.is_some_and(|sent| sent != value) {
            return Err(No::field(name));
        }
    }
    let is_asked =
        |name: &&&str| body.has_content(name) && !matches!(body.raw(name), Some("false" | "\"false\""));
    FIXED.iter().find(is_asked).map_or(Ok(()), |name| Err(No::field(name)))
}

async fn texts_of(door: &Door, link: &Link) -> Result<Vec<LinkText>, Failure> {
    let id = link.id;
    door.engine.query(move |reader: &mut Reader| -> Result<_, Trouble> { reader.texts_of(id) }).await
}

/// What stands against another amount is told by the amount's name.
fn refused(failure: Failure) -> No {
    let is_about_amount =
        [Refusal::PartsInvalid, Refusal::SplitInvalid, Refusal::ObligationMismatch].map(Failure::Refused);
    if is_about_amount.contains(&failure) { No::field("amount") } else { failure.into() }
}
