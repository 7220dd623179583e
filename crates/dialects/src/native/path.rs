//! Ids as texts: in paths and as cursors of lists.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use kadi_engine::domain::id::{LinkId, PaymentId, RefundId};

use super::problem::Problem;

/// Reads an id in the one way in which it is written.
pub(super) fn read_id(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|id| id.to_string() == text)
}

/// The id in the path of a call; none where what stands there is no id.
pub(super) struct PathId(Option<i64>);

impl PathId {
    pub(super) fn link(self) -> Result<LinkId, Problem> {
        self.0.map(LinkId::new).ok_or_else(Problem::not_found)
    }

    pub(super) fn payment(self) -> Result<PaymentId, Problem> {
        self.0.map(PaymentId::new).ok_or_else(Problem::not_found)
    }

    pub(super) fn refund(self) -> Result<RefundId, Problem> {
        self.0.map(RefundId::new).ok_or_else(Problem::not_found)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(text.ok().and_then(|Path(text)| read_id(&text))))
    }
}
