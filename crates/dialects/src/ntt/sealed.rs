//! Requests that carry `encData`: a form or a JSON object of `merchId` and `encData`, answered in the same
//! form (specs, part 1).

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::Response;
use kadi_engine::domain::id::MerchantId;
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;
use url::form_urlencoded;

use super::answer::respond;
use super::codes::{BAD_REQUEST, No, PARAMETERS_MISSING, VALUE_MISSING};
use super::crypt::{Opened, open};
use super::settings::{DIALECT, MERCH_ID};
use crate::door::Door;
use crate::shared::fields::Fields;
use crate::shared::json::scan;

const MERCHANT: &str = "merchId";
const DATA: &str = "encData";
pub(super) const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A request that was opened, and how it came.
pub(super) struct Sealed {
    opened: Opened,
    /// Whose keys opened it: it must be this merchant's.
    pub(super) merchant: MerchantId,
    merch_id: String,
    is_form: bool,
}

/// The two members, before anything is opened.
struct Envelope {
    merch_id: String,
    enc_data: String,
    is_form: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    merch_id: &'a str,
    enc_data: &'a str,
}

/// What is said of everything that does not open, so that nobody learns what is wrong with it: not whether
/// there is such a merchant, nor whether it opened to something that is no request (a padding oracle).
pub(super) fn does_not_open() -> No {
    VALUE_MISSING.with("encData: does not open")
}

impl Sealed {
    /// Opens a request; none where it is a plain one.
    pub(super) async fn read(door: &Door, parts: &Parts, bytes: &[u8]) -> Result<Option<Self>, No> {
        let Some(envelope) = Envelope::read(parts, bytes)? else { return Ok(None) };
        let Envelope { merch_id, enc_data, is_form } = envelope;
        let account = door.engine.account(DIALECT, MERCH_ID, &merch_id).await?.ok_or_else(does_not_open)?;
        let merchant = account.merchant.id;
        let opened = open(door, &account, &enc_data).await?.ok_or_else(does_not_open)?;
        Ok(Some(Self { opened, merchant, merch_id, is_form }))
    }

    /// What the merchant wrote.
    pub(super) fn text(&self) -> &str {
        &self.opened.text
    }

    /// The answer as the request came: encrypted.
    pub(super) async fn answer(
        &self,
        door: &Door,
        status: StatusCode,
        text: Result<String, Fault>,
    ) -> Response {
        let (merch_id, kind) = (self.merch_id.as_str(), if self.is_form { FORM } else { JSON });
        let closed = match text {
            Ok(text) => self.opened.close(door, &text).await,
            Err(fault) => Err(fault),
        };
        let whole = closed.and_then(|enc_data| match self.is_form {
            true => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                Ok(form.append_pair(MERCHANT, merch_id).append_pair(DATA, &enc_data).finish())
            }
            false => serde_json::to_string(&Answer { merch_id, enc_data: &enc_data })
                .map_err(|error| Fault::new(format!("an answer could not be written: {error}"))),
        });
        respond(status, kind, whole)
    }
}

impl Envelope {
    fn read(parts: &Parts, bytes: &[u8]) -> Result<Option<Self>, No> {
        let kind = parts.headers.get(CONTENT_TYPE).map(|value| value.as_bytes()).unwrap_or_default();
        let is_form = kind.get(..FORM.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(FORM.as_bytes()));
        // Whatever it is called, an object is none.
        let is_object = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if is_form && !is_object { Self::of_form(bytes).map(Some) } else { Self::of_json(bytes) }
    }

    fn of_form(bytes: &[u8]) -> Result<Self, No> {
        let (mut merch_id, mut enc_data) = (None, None);
        for (name, value) in form_urlencoded::parse(bytes) {
            let place = match &*name {
                MERCHANT => &mut merch_id,
                DATA => &mut enc_data,
                other => return Err(BAD_REQUEST.with(format!("{other:.50}: is not known to a form"))),
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(BAD_REQUEST.with(format!("{name}: stands twice")));
            }
        }
        Self::of(merch_id, enc_data, true)
    }

    /// None of an object without `encData`, and of what is no object: the reader of plain requests is asked.
    fn of_json(bytes: &[u8]) -> Result<Option<Self>, No> {
        let Ok(json) = scan(bytes) else { return Ok(None) };
        let fields = Fields::parse(json.text()).filter(|fields| fields.raw(DATA).is_some());
        let Some(fields) = fields else { return Ok(None) };
        if let Some(other) = fields.names().find(|name| ![MERCHANT, DATA].contains(name)) {
            return Err(BAD_REQUEST.with(format!("{other:.50}: must stand in encData")));
        }
        let merch_id = fields.number_or_text(MERCHANT)?;
        Self::of(merch_id, fields.text(DATA, usize::MAX)?, false).map(Some)
    }

    fn of(merch_id: Option<String>, enc_data: Option<String>, is_form: bool) -> Result<Self, No> {
        let merch_id = merch_id.ok_or_else(|| PARAMETERS_MISSING.with(MERCHANT))?;
        let enc_data = enc_data.ok_or_else(|| PARAMETERS_MISSING.with(DATA))?;
        Ok(Self { merch_id, enc_data, is_form })
    }
}
