//! Pages of lists, which are newest first: `?limit=1..100&after=`.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;

use super::path::read_id;
use super::problem::Problem;

const LIMIT_MAX: usize = 100;
const LIMIT_DEFAULT: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    limit: Option<String>,
    after: Option<String>,
}

/// The part of a list that is asked for. Handlers take `Result<Page, Problem>`: who asks is checked first.
pub(super) struct Page {
    limit: usize,
    /// The id of the last row of the page before.
    pub(super) after: Option<i64>,
}

impl Page {
    /// How many rows are to be read: one more than shown tells whether there is a next page.
    pub(super) fn rows(&self) -> i64 {
        i64::try_from(self.limit).map_or(i64::MAX, |limit| limit.saturating_add(1))
    }

    /// The rows that are shown, and what `after` takes for the next page.
    pub(super) fn cut<T>(&self, mut rows: Vec<T>, id: impl Fn(&T) -> i64) -> (Vec<T>, Option<String>) {
        let has_more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next = rows.last().filter(|_| has_more).map(|last| id(last).to_string());
        (rows, next)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Query(page) = Query::<PageQuery>::try_from_uri(&parts.uri)
            .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        let limit = page.limit.map_or(Some(LIMIT_DEFAULT), |text| text.parse().ok());
        let limit = limit.filter(|limit| (1..=LIMIT_MAX).contains(limit));
        let after = page.after.map(|text| read_id(&text).ok_or(())).transpose();
        Ok(Self {
            limit: limit.ok_or_else(|| Problem::invalid("limit: must be 1 to 100"))?,
            after: after.map_err(|()| Problem::invalid("after: not a cursor"))?,
        })
    }
}
