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

/// How many rows one page shows.
#[derive(Clone, Copy)]
pub(super) struct PageSize(usize);

impl PageSize {
    /// From `limit`, if it was given.
    pub(super) fn read(limit: Option<String>) -> Result<Self, Problem> {
        let limit = limit.map_or(Some(LIMIT_DEFAULT), |text| text.parse().ok());
        let limit = limit.filter(|limit| (1..=LIMIT_MAX).contains(limit));
        limit.map(Self).ok_or_else(|| Problem::invalid("limit: must be 1 to 100"))
    }

    /// How many rows are to be read: one more than shown tells whether there is a next page.
    pub(super) fn rows(self) -> i64 {
        i64::try_from(self.0).map_or(i64::MAX, |limit| limit.saturating_add(1))
    }

    /// The rows that are shown, and what `after` takes for the next page.
    pub(super) fn cut<T>(self, mut rows: Vec<T>, cursor: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
        let has_more = rows.len() > self.0;
        rows.truncate(self.0);
        let next = rows.last().filter(|_| has_more).map(cursor);
        (rows, next)
    }
}

/// A cursor that could not be read.
pub(super) fn no_cursor() -> Problem {
    Problem::invalid("after: not a cursor")
}

/// The part of a list that is asked for. Handlers take `Result<Page, Problem>`: who asks is checked first.
pub(super) struct Page {
    size: PageSize,
    /// The id of the last row of the page before.
    pub(super) after: Option<i64>,
}

impl Page {
    /// How many rows are to be read.
    pub(super) fn rows(&self) -> i64 {
        self.size.rows()
    }

    /// The rows that are shown, and what `after` takes for the next page.
    pub(super) fn cut<T>(&self, rows: Vec<T>, id: impl Fn(&T) -> i64) -> (Vec<T>, Option<String>) {
        self.size.cut(rows, |last| id(last).to_string())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Query(page) = Query::<PageQuery>::try_from_uri(&parts.uri)
            .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        let size = PageSize::read(page.limit)?;
        let after = page.after.map(|text| read_id(&text).ok_or_else(no_cursor)).transpose()?;
        Ok(Self { size, after })
    }
}
