//! `GET /v1/statement/owed`: what other merchants owe a child for its parts of their payments, by link.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use kadi_engine::domain::id::{LinkId, MerchantId};
use kadi_engine::domain::time::Timestamp;
use kadi_engine::{EntryPlace, OwedSum, Reader, Trouble};
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::path::read_id;
use super::problem::Problem;
use super::statement::{Asked, Names, Place};
use crate::door::Door;

/// What a merchant owes this one for its parts of payments. Paying it out is outside Kadi.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OwedBody {
    /// The `id` of the merchant file of who owes.
    pub merchant: String,
    /// The ISO 4217 code.
    pub currency: String,
    /// What was owed before `from`, in minor units.
    #[schema(value_type = i64)]
    pub opening: i128,
    /// Given back by refunds, or taken back by the rail, in the time.
    #[schema(value_type = i64)]
    pub debit: i128,
    /// Became owed in the time.
    #[schema(value_type = i64)]
    pub credit: i128,
    /// What is owed at `to`: opening plus credit less debit.
    #[schema(value_type = i64)]
    pub closing: i128,
}

/// What payments of one link brought in the time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OwedLinkBody {
    /// The `id` of the merchant file of who owes, whose link it is.
    pub merchant: String,
    /// The link.
    pub link_id: String,
    /// The ISO 4217 code.
    pub currency: String,
    /// Given back by refunds, or taken back by the rail, in minor units.
    #[schema(value_type = i64)]
    pub debit: i128,
    /// Became owed.
    #[schema(value_type = i64)]
    pub credit: i128,
    /// Credit less debit.
    #[schema(value_type = i64)]
    pub owed: i128,
}

/// A page of what is owed by link.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OwedList {
    /// The links with parts of this merchant that were booked in the time, in the order of their ids.
    pub data: Vec<OwedLinkBody>,
    /// What `after` takes for the next page; null on the last.
    pub next: Option<String>,
}

impl Place for LinkId {
    fn read(text: &str) -> Option<Self> {
        read_id(text).map(Self::new)
    }
}

/// Tells what other merchants owe for the caller's parts of their payments, by link.
#[utoipa::path(
    get, path = "/v1/statement/owed",
    params(
        ("from" = Option<String>, Query, description = "RFC 3339; from the beginning unless said"),
        ("to" = Option<String>, Query, description = "RFC 3339, itself left out; up to now unless said"),
        ("limit" = Option<u32>, Query, description = "1 to 100, 20 unless said"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of links", body = OwedList),
        (status = 422, description = "`invalid_request`"),
    )
)]
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    asked: Result<Asked<LinkId>, Problem>,
) -> Result<Json<OwedList>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    let (child, asked) = (caller.merchant.id, asked?);
    let query = move |reader: &mut Reader| reader.snapshot(|reader| by_link(reader, child, &asked));
    Ok(Json(door.engine.query(query).await?))
}

fn by_link(reader: &Reader, child: MerchantId, asked: &Asked<LinkId>) -> Result<OwedList, Trouble> {
    let mut names = Names { reader, known: BTreeMap::new() };
    let after = asked.after.map_or(i64::MIN, LinkId::get);
    let rows = reader.owed_by_link(child, after, asked.from, asked.until, asked.size.rows())?;
    let (rows, next) = asked.size.cut(rows, |(link, _)| link.get().to_string());
    let mut data = Vec::new();
    for (link, sum) in rows {
        data.push(OwedLinkBody {
            merchant: names.of_one(sum.merchant)?,
            link_id: link.get().to_string(),
            currency: sum.currency.code().to_owned(),
            debit: sum.debit,
            credit: sum.credit,
            owed: sum.credit - sum.debit,
        });
    }
    Ok(OwedList { data, next })
}

/// What each merchant owes the child, over the time of a statement.
pub(super) fn owed_totals(
    reader: &Reader,
    child: MerchantId,
    asked: &Asked<EntryPlace>,
    names: &mut Names<'_>,
) -> Result<Vec<OwedBody>, Trouble> {
    let before = reader.owed_sums(child, Timestamp::from_ms(i64::MIN), asked.from)?;
    let during = reader.owed_sums(child, asked.from, asked.until)?;
    let key = |sum: &OwedSum| (sum.currency, sum.merchant);
    let keys: BTreeSet<_> = before.iter().chain(&during).map(key).collect();
    let mut totals = Vec::new();
    for wanted in keys {
        let find = |sums: &[OwedSum]| sums.iter().find(|sum| key(sum) == wanted).copied();
        let opening = find(&before).map_or(0, |sum| sum.credit - sum.debit);
        let (debit, credit) = find(&during).map_or((0, 0), |sum| (sum.debit, sum.credit));
        let (currency, merchant) = wanted;
        totals.push(OwedBody {
            merchant: names.of_one(merchant)?,
            currency: currency.code().to_owned(),
            opening,
            debit,
            credit,
            closing: opening + credit - debit,
        });
    }
    Ok(totals)
}
