//! The envelope of every Paytm call: `{"head":{…},"body":{…}}`, read strictly, answered compactly and signed.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;

use super::codes::{BODY_EMPTY, Code, HEAD_EMPTY, No, REQUEST_EMPTY, UNKNOWN};
use super::sign::{PaytmKey, salt_from};
use crate::door::Door;
use crate::shared::body::BodyFault;
use crate::shared::fields::Fields;
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

/// Why a request has no usable envelope.
pub(crate) enum EnvelopeFault {
    /// Not HTTP and JSON as the dialect knows it: the status and what is wrong.
    Transport(StatusCode, String),
    /// A code of the vendor's table.
    Code(Code),
}

impl From<BodyFault> for EnvelopeFault {
    fn from(fault: BodyFault) -> Self {
        let status = match fault {
            BodyFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            BodyFault::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            BodyFault::Broken => StatusCode::BAD_REQUEST,
        };
        Self::Transport(status, fault.to_string())
    }
}

/// Takes a request apart: empty requests, then the head, then the body (DECISIONS.md, "order").
pub(crate) fn open(bytes: &[u8]) -> Result<Envelope<'_>, EnvelopeFault> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(EnvelopeFault::Code(REQUEST_EMPTY));
    }
    let bad = |what: String| EnvelopeFault::Transport(StatusCode::BAD_REQUEST, what);
    let json = scan(bytes).map_err(|fault| bad(fault.to_string()))?;
    if json.is_empty_object() {
        return Err(EnvelopeFault::Code(REQUEST_EMPTY));
    }
    if !json.is_object() {
        return Err(bad("the request is not a JSON object".to_owned()));
    }
    let head = member(&json, "head", HEAD_EMPTY)?;
    let body = member(&json, "body", BODY_EMPTY)?;
    Ok(Envelope { head: head.0, body: body.0, signed: body.1 })
}

fn member<'a>(json: &Json<'a>, name: &str, empty: Code) -> Result<(Fields<'a>, &'a str), EnvelopeFault> {
    let text = json.member(name).filter(|text| !matches!(*text, "null" | "\"\""));
    let text = text.ok_or(EnvelopeFault::Code(empty))?;
    let what = || EnvelopeFault::Transport(StatusCode::BAD_REQUEST, format!("{name} is not a JSON object"));
    let fields = Fields::parse(text).ok_or_else(what)?;
    if fields.names().next().is_none() { Err(EnvelopeFault::Code(empty)) } else { Ok((fields, text)) }
}

/// What of the request's head the answer's head repeats.
#[derive(Clone, Debug, Default)]
pub(crate) struct Echo {
    version: Option<String>,
    channel_id: Option<String>,
    client_id: Option<String>,
}

impl Echo {
    /// Takes short texts of the head; anything else is left to the defaults.
    pub(crate) fn of(head: &Fields<'_>) -> Self {
        let short = |name: &str, max| head.text(name, max).ok().flatten().filter(|text| !text.is_empty());
        Self {
            version: short("version", 4),
            channel_id: short("channelId", 3),
            client_id: short("clientId", 3),
        }
    }

    /// The key that the caller says it signed with.
    pub(crate) fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
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
    pub(crate) key: Option<&'a PaytmKey>,
}

impl Answers<'_> {
    /// An answer with this body.
    pub(crate) fn body(&self, body: &impl Serialize) -> Response {
        self.answer(StatusCode::OK, body)
    }

    /// A "no" of a rule.
    pub(crate) fn no(&self, no: impl Into<No>) -> Response {
        self.answer(StatusCode::OK, &FailureBody { result_info: ResultInfo::no(no.into()) })
    }

    /// Too much is waiting or the store does not answer: nothing was done.
    pub(crate) fn overloaded(&self, no: No) -> Response {
        let body = FailureBody { result_info: ResultInfo::no(no) };
        let mut response = self.answer(StatusCode::SERVICE_UNAVAILABLE, &body);
        response.headers_mut().insert(RETRY_AFTER, axum::http::HeaderValue::from_static("1"));
        response
    }

    /// The request could not be read at all.
    pub(crate) fn unreadable(&self, fault: EnvelopeFault) -> Response {
        match fault {
            EnvelopeFault::Code(code) => self.no(code),
            EnvelopeFault::Transport(status, detail) => {
                let no = No { code: UNKNOWN, detail: Some(detail) };
                self.answer(status, &FailureBody { result_info: ResultInfo::no(no) })
            }
        }
    }

    fn answer(&self, status: StatusCode, body: &impl Serialize) -> Response {
        match self.text(body) {
            Ok(text) => (status, [(CONTENT_TYPE, "application/json")], text).into_response(),
            Err(error) => {
                tracing::error!(error, "an answer could not be written");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    /// Head first, no blanks, nothing behind the body: the vendor's Python client cuts it out by hand.
    fn text(&self, body: &impl Serialize) -> Result<String, String> {
        let body = serde_json::to_string(body).map_err(|error| error.to_string())?;
        let signature = match self.key {
            Some(key) => {
                let random = self.door.engine.random().map_err(|fault| fault.to_string())?;
                Some(key.sign(&body, salt_from(random)))
            }
            None => None,
        };
        let head = Head {
            timestamp: self.door.engine.now().seconds().to_string(),
            version: self.echo.version.as_deref().unwrap_or("v1"),
            channel_id: self.echo.channel_id.as_deref().unwrap_or("WEB"),
            client_id: self.echo.client_id.as_deref(),
            token_type: "AES",
            signature,
        };
        let head = serde_json::to_string(&head).map_err(|error| error.to_string())?;
        Ok(format!("{{\"head\":{head},\"body\":{body}}}"))
    }
}

/// A number written as its text stands.
pub(crate) fn raw_number(text: String) -> Option<Box<RawValue>> {
    RawValue::from_string(text).ok()
}
