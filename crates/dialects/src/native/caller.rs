//! Who calls: the merchant behind a bearer key, and what every write brings along.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use kadi_engine::admission::Admitted;
use kadi_engine::commands::create_link::Idempotency;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::seal::{hash_parts, hash_text};

use super::problem::Problem;
use super::settings::{API_KEY, DIALECT};
use crate::door::Door;
use crate::shared::bearer::bearer_merchant;
use crate::shared::body::{BodyFault, read_body};
use crate::shared::json::scan;
use crate::shared::strict::Strict;

const KEY_CHARS_MAX: usize = 255;
const DETAIL_CHARS_MAX: usize = 400;

/// The active merchant whose live bearer key the request carries.
async fn authenticate(door: &Door, headers: &HeaderMap) -> Result<Arc<Merchant>, Problem> {
    let merchant = bearer_merchant(door, headers, DIALECT, API_KEY).await?;
    merchant.ok_or_else(Problem::unauthorized)
}

/// A caller that has been let in, until it is answered.
pub(super) struct Caller {
    pub(super) merchant: Arc<Merchant>,
    _admitted: Admitted,
}

impl Caller {
    /// Authenticates whoever reads, and lets them in.
    pub(super) async fn read(door: &Door, headers: &HeaderMap) -> Result<Self, Problem> {
        let merchant = authenticate(door, headers).await?;
        Self::admit(door, merchant).await
    }

    async fn admit(door: &Door, merchant: Arc<Merchant>) -> Result<Self, Problem> {
        let admitted = door.engine.admit(merchant.id).await?;
        Ok(Self { merchant, _admitted: admitted })
    }
}

/// A write: who asks, the body exactly as sent, and the idempotency key, if one was given.
pub(super) struct Write {
    pub(super) caller: Caller,
    pub(super) body: Bytes,
    pub(super) idempotency: Option<Idempotency>,
}

impl Write {
    /// Reads and authenticates a write.
    pub(super) async fn read(door: &Door, request: Request) -> Result<Self, Problem> {
        let merchant = authenticate(door, request.headers()).await?;
        let key = idempotency_key(request.headers())?;
        let target = format!("{} {}", request.method(), request.uri().path());
        let body = read_body(request).await?;
        let idempotency = key.map(|key| Idempotency {
            key_hash: hash_text(&key),
            fingerprint: hash_parts(&[target.as_bytes(), &body]),
        });
        // Only now: whoever sends slowly does not keep a place.
        let caller = Caller::admit(door, merchant).await?;
        Ok(Self { caller, body, idempotency })
    }

    /// The body as JSON of one known form.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        scan(&self.body).map_err(|fault| malformed(&fault.to_string()))?;
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(Strict(&mut reader)).map_err(|error| {
            // The path names the member; what is wrong with it may repeat the whole of a long value.
            let detail: String = error.to_string().chars().take(DETAIL_CHARS_MAX).collect();
            Problem::invalid(detail)
        })
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=KEY_CHARS_MAX).contains(&key.len()));
    match (key, values.next()) {
        (Some(key), None) => Ok(Some(key.to_owned())),
        (_, Some(_)) => Err(Problem::invalid("more than one Idempotency-Key")),
        (None, None) => Err(Problem::invalid("an Idempotency-Key has 1 to 255 visible ASCII characters")),
    }
}

fn malformed(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed_json", "The body is not strict JSON").detail(detail)
}

impl From<BodyFault> for Problem {
    fn from(fault: BodyFault) -> Self {
        let problem = match fault {
            BodyFault::TooLarge => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is too large")
            }
            BodyFault::Encoded => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoded_body", "The body must not be encoded")
            }
            BodyFault::Broken => Self::new(StatusCode::BAD_REQUEST, "broken_body", "The body ended early"),
        };
        problem.detail(fault.to_string())
    }
}
