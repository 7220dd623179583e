//! The way of every request: read, taken apart, its caller found, carried out, answered in the way in which
//! it was asked.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use kadi_engine::domain::refusal::Fault;

use super::answer::{no, respond};
use super::body::{
    ACTION, AMOUNT, Body, INVOICE_NO, MERCH_ID, MERCHANT_TXN_ID, Member, PASSWORD, SIGNATURE, TEMPLATE_NO,
};
use super::caller::Caller;
use super::codes::{ACTION_NOT_FOUND, INVALID_MERCHANT, No};
use super::sealed::{JSON, Sealed, does_not_open};
use super::{create, invoices, templates};
use crate::door::Door;
use crate::shared::body::read_body;

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
    let (parts, body) = request.into_parts();
    let bytes = match read_body(Request::from_parts(parts.clone(), body)).await {
        Ok(bytes) => bytes,
        Err(fault) => return plain(Err(fault.into())),
    };
    match Sealed::read(door, &parts, &bytes).await {
        Ok(Some(sealed)) => answer_sealed(door, &sealed, action).await,
        Ok(None) => match Asked::read(door, &bytes, action).await {
            Ok(asked) => plain(asked.carry_out(door).await),
            Err(refused) => plain(Err(refused)),
        },
        Err(refused) => plain(Err(refused)),
    }
}

/// Answers in plain text until the caller is known: before that it could be anybody's request.
async fn answer_sealed(door: &Door, sealed: &Sealed, action: Option<Action>) -> Response {
    let text = sealed.text().as_bytes();
    if Body::open(text, action.is_none()).is_err() {
        return plain(Err(does_not_open()));
    }
    let asked = match Asked::read(door, text, action).await {
        Ok(asked) if asked.caller.merchant().id == sealed.merchant => asked,
        Ok(_) => return plain(Err(INVALID_MERCHANT.into())),
        Err(refused) => return plain(Err(refused)),
    };
    let (status, text) = told(asked.carry_out(door).await);
    sealed.answer(door, status, text).await
}

fn plain(outcome: Result<String, No>) -> Response {
    let (status, text) = told(outcome);
    respond(status, JSON, text)
}

/// HTTP status and JSON of an answer.
fn told(outcome: Result<String, No>) -> (StatusCode, Result<String, Fault>) {
    match outcome {
        Ok(text) => (StatusCode::OK, Ok(text)),
        Err(refused) => (refused.status, no(&refused)),
    }
}

/// A request whose caller is known.
struct Asked<'a> {
    body: Body<'a>,
    caller: Caller,
    /// None where it names one that there is not.
    action: Option<Action>,
}

impl<'a> Asked<'a> {
    /// Takes the plain text of a request apart, and finds its caller; `action` where its address says what is
    /// asked for.
    async fn read(door: &Door, bytes: &'a [u8], action: Option<Action>) -> Result<Self, No> {
        let body = Body::open(bytes, action.is_none())?;
        let action = match action {
            Some(action) => Some(action),
            None => {
                body.demand(&[ACTION])?;
                Action::parse(&body.demanded(ACTION, false)?)
            }
        };
        body.demand(action.map_or(&[MERCH_ID, PASSWORD], Action::demands))?;
        // Nobody but a merchant learns which actions there are.
        let caller = Caller::authenticate(door, &body).await?;
        Ok(Self { body, caller, action })
    }

    async fn carry_out(&self, door: &Door) -> Result<String, No> {
        self.action.ok_or(ACTION_NOT_FOUND)?.carry_out(door, &self.body, &self.caller).await
    }
}
