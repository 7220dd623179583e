//! The way of every request: read, taken apart, its caller found, carried out, answered in the way in which
//! it was asked.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::answer::{no, respond};
use super::body::{
    ACTION, AMOUNT, Body, INVOICE_NO, MERCH_ID, MERCHANT_TXN_ID, Member, PASSWORD, SIGNATURE, TEMPLATE_NO,
};
use super::caller::Caller;
use super::codes::{ACTION_NOT_FOUND, No};
use super::{create, invoices, templates};
use crate::door::Door;
use crate::shared::body::read_body;

const JSON: &str = "application/json";

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    GetTemplate,
    GetTemplateDetails,
    Create,
    Resend,
    Cancel,
}

impl Action {
    const ALL: [(Self, &'static str); 5] = [
        (Self::GetTemplate, "GETTEMPLATE"),
        (Self::GetTemplateDetails, "GETTEMPLATEDETAILS"),
        (Self::Create, "CREATE"),
        (Self::Resend, "RESEND"),
        (Self::Cancel, "CANCEL"),
    ];

    /// The action with this word, in letters of either case.
    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| known.eq_ignore_ascii_case(word)).map(|(action, _)| action)
    }

    /// What it cannot do without.
    const fn demands(self) -> &'static [Member] {
        match self {
            Self::GetTemplate => &[MERCH_ID, PASSWORD],
            Self::GetTemplateDetails => &[MERCH_ID, PASSWORD, TEMPLATE_NO],
            Self::Create => &[MERCH_ID, PASSWORD, SIGNATURE, TEMPLATE_NO, MERCHANT_TXN_ID, AMOUNT],
            Self::Resend | Self::Cancel => &[MERCH_ID, PASSWORD, SIGNATURE, INVOICE_NO],
        }
    }

    async fn carry_out(self, door: &Door, body: &Body<'_>, caller: &Caller) -> Result<String, No> {
        match self {
            Self::GetTemplate => templates::list(door, body, caller).await,
            Self::GetTemplateDetails => templates::details(door, body, caller).await,
            Self::Create => create::handle(door, body, caller).await,
            Self::Resend => invoices::resend(door, body, caller).await,
            Self::Cancel => invoices::cancel(door, body, caller).await,
        }
    }
}

/// `POST /ots/link/getTemplate`
pub(super) async fn get_template(State(door): State<Door>, request: Request) -> Response {
    serve(&door, request, Some(Action::GetTemplate)).await
}

/// `POST /ots/link/getTemplateDetails`
pub(super) async fn get_template_details(State(door): State<Door>, request: Request) -> Response {
    serve(&door, request, Some(Action::GetTemplateDetails)).await
}

/// `POST /ots/link/createPaymentLink`
pub(super) async fn create_payment_link(State(door): State<Door>, request: Request) -> Response {
    serve(&door, request, Some(Action::Create)).await
}

/// `POST /ots/link/resendPaymentLink`
pub(super) async fn resend_payment_link(State(door): State<Door>, request: Request) -> Response {
    serve(&door, request, Some(Action::Resend)).await
}

/// `POST /ots/link/cancelPaymentLink`
pub(super) async fn cancel_payment_link(State(door): State<Door>, request: Request) -> Response {
    serve(&door, request, Some(Action::Cancel)).await
}

/// `POST /ots/link`, of which the member `action` says what is asked for.
pub(super) async fn by_action(State(door): State<Door>, request: Request) -> Response {
    serve(&door, request, None).await
}

async fn serve(door: &Door, request: Request, action: Option<Action>) -> Response {
    match read_and_carry_out(door, request, action).await {
        Ok(text) => respond(StatusCode::OK, JSON, Ok(text)),
        Err(refused) => respond(refused.status, JSON, no(&refused)),
    }
}

async fn read_and_carry_out(door: &Door, request: Request, action: Option<Action>) -> Result<String, No> {
    let bytes = read_body(request).await?;
    carry_out(door, &bytes, action).await
}

/// Carries out what the plain text of a request asks for; `action` where its address says what.
async fn carry_out(door: &Door, bytes: &[u8], action: Option<Action>) -> Result<String, No> {
    let body = Body::open(bytes, action.is_none())?;
    let action = match action {
        Some(action) => Some(action),
        None => {
            body.demand(&[ACTION, MERCH_ID, PASSWORD])?;
            Action::parse(&body.demanded(ACTION, false)?)
        }
    };
    if let Some(action) = action {
        body.demand(action.demands())?;
    }
    // Nobody but the merchant learns which actions there are.
    let caller = Caller::authenticate(door, &body).await?;
    action.ok_or(ACTION_NOT_FOUND)?.carry_out(door, &body, &caller).await
}
