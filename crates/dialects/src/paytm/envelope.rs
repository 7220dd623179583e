//! The envelope of every call: `{"head":{…},"body":{…}}`, read strictly, answered compactly and signed.

use std::sync::Arc;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kadi_engine::admission::Admitted;
use kadi_engine::faces::Account;
use serde::Serialize;

use super::caller::{Caller, authenticate};
use super::codes::{BODY_EMPTY, Code, HEAD_EMPTY, No, REQUEST_EMPTY};
use super::sign::{PaytmKey, salt_from};
use crate::door::Door;
use crate::shared::fields::{Fields, is_nothing};
use crate::shared::json::{Json, scan};

/// A request whose envelope is whole; nothing in it is trusted yet.
pub(crate) struct Envelope<'a> {
    /// The members of `head`.
    pub(crate) head: Fields<'a>,
    /// The members of `body`.
    pub(crate) body: Fields<'a>,
    /// The text of `body` exactly as sent, which is what the signature covers.
    pub(crate) signed: &'a str,
}

/// Takes a request apart: empty requests, then the head, then the body (DECISIONS.md, "order").
pub(crate) fn open(bytes: &[u8]) -> Result<Envelope<'_>, No> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(REQUEST_EMPTY.into());
    }
    let json = scan(bytes)?;
    if json.is_empty_object() {
        return Err(REQUEST_EMPTY.into());
    }
    let (head, _) = member(&json, "head", HEAD_EMPTY)?;
    let (body, signed) = member(&json, "body", BODY_EMPTY)?;
    Ok(Envelope { head, body, signed })
}

fn member<'a>(json: &Json<'a>, name: &str, empty: Code) -> Result<(Fields<'a>, &'a str), No> {
    let text = json.member(name).filter(|text| !is_nothing(text)).ok_or(empty)?;
    let fields = Fields::parse(text).ok_or_else(|| No::field(name))?;
    Ok((fields, text))
}

/// The vendor's own lengths; a `clientId` may be as long as the label of a key in the merchant file.
const VERSION_CHARS_MAX: usize = 4;
const CHANNEL_CHARS_MAX: usize = 3;
const CLIENT_CHARS_MAX: usize = 128;

/// What of the request's head the answer's head repeats.
#[derive(Clone, Debug, Default)]
pub(crate) struct Echo {
    pub(crate) version: Option<String>,
    pub(crate) channel_id: Option<String>,
    pub(crate) client_id: Option<String>,
}

impl Echo {
    /// Takes short texts of the head; anything else is left to the defaults.
    pub(crate) fn of(head: &Fields<'_>) -> Self {
        let short = |name: &str, max| head.line(name, max).ok().flatten();
        Self {
            version: short("version", VERSION_CHARS_MAX),
            channel_id: short("channelId", CHANNEL_CHARS_MAX),
            client_id: short("clientId", CLIENT_CHARS_MAX),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    timestamp: String,
    version: &'a str,
    channel_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}

/// `resultInfo`; both names of the text are there, since the vendor's own clients read either.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultInfo {
    result_code: &'static str,
    result_status: &'static str,
    result_message: &'static str,
    result_msg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl ResultInfo {
    /// A success.
    pub(crate) const fn success(code: Code) -> Self {
        Self::new(code, "SUCCESS", None)
    }

    /// A "no".
    pub(crate) fn no(no: No) -> Self {
        Self::new(no.code, "FAILED", no.detail)
    }

    const fn new(code: Code, status: &'static str, detail: Option<String>) -> Self {
        let Code { code, text } = code;
        Self { result_code: code, result_status: status, result_message: text, result_msg: text, detail }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FailureBody {
    result_info: ResultInfo,
}

/// Writes answers: signed with the caller's key once the caller is known, unsigned before.
pub(crate) struct Answers<'a> {
    /// The engine's time and randomness.
    pub(crate) door: &'a Door,
    /// What is repeated.
    pub(crate) echo: Echo,
    /// The key with which the request verified.
    pub(crate) key: Option<PaytmKey>,
}

impl<'a> Answers<'a> {
    /// Answers to a request of which nothing is known yet.
    pub(crate) fn new(door: &'a Door) -> Self {
        Self { door, echo: Echo::default(), key: None }
    }

    /// Finds out who asks, and lets them in; from then on answers are signed with their key.
    pub(crate) async fn let_in(&mut self, envelope: &Envelope<'_>) -> Result<(Arc<Account>, Admitted), No> {
        self.echo = Echo::of(&envelope.head);
        let Caller { account, key, admitted } = authenticate(self.door, envelope).await?;
        self.key = Some(key);
        Ok((account, admitted))
    }

    /// An answer with this body, or the "no".
    pub(crate) fn answer_to(&self, answer: Result<impl Serialize, No>) -> Response {
        match answer {
            Ok(body) => self.body(&body),
            Err(no) => self.no(no),
        }
    }

    /// An answer with this body.
    pub(crate) fn body(&self, body: &impl Serialize) -> Response {
        self.answer(StatusCode::OK, body)
    }

    /// A "no".
    pub(crate) fn no(&self, no: No) -> Response {
        self.answer(no.status, &FailureBody { result_info: ResultInfo::no(no) })
    }

    fn answer(&self, status: StatusCode, body: &impl Serialize) -> Response {
        respond(status, self.text(body))
    }

    fn text(&self, body: &impl Serialize) -> Result<String, String> {
        seal(self.door, self.key.as_ref(), body, |signature| Head {
            timestamp: self.door.engine.now().seconds().to_string(),
            version: self.echo.version.as_deref().unwrap_or("v1"),
            channel_id: self.echo.channel_id.as_deref().unwrap_or("WEB"),
            client_id: self.echo.client_id.as_deref(),
            token_type: "AES",
            signature,
        })
    }
}

/// The text of a head and a body, signed where there is a key: head first, no blanks, nothing behind the
/// body, for the vendor's Python client cuts it out by hand.
pub(crate) fn seal<H: Serialize>(
    door: &Door,
    key: Option<&PaytmKey>,
    body: &impl Serialize,
    head: impl FnOnce(Option<String>) -> H,
) -> Result<String, String> {
    let body = serde_json::to_string(body).map_err(|error| error.to_string())?;
    let signature = match key {
        Some(key) => {
            let random = door.engine.random().map_err(|fault| fault.to_string())?;
            Some(key.sign(&body, salt_from(random)))
        }
        None => None,
    };
    let head = serde_json::to_string(&head(signature)).map_err(|error| error.to_string())?;
    Ok(format!("{{\"head\":{head},\"body\":{body}}}"))
}

/// The response with this text; where the server is overloaded, with the word when to come back.
pub(crate) fn respond(status: StatusCode, text: Result<String, String>) -> Response {
    let mut response = match text {
        Ok(text) => (status, [(CONTENT_TYPE, "application/json")], text).into_response(),
        Err(error) => {
            tracing::error!(error, "an answer could not be written");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
