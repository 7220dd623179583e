//! `GET /v1/statement`: what stands on a merchant's accounts, and every entry between two times.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use kadi_engine::domain::id::MerchantId;
use kadi_engine::domain::ledger::Entry;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::Timestamp;
use kadi_engine::{AccountSum, EntryPlace, Reader, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::owed::{OwedBody, owed_totals};
use super::page::{PageSize, no_cursor};
use super::problem::Problem;
use super::time::{read_time, write_time};
use crate::door::Door;

/// What stands on an account. A balance is what was credited less what was debited: what is owed is positive,
/// what rails owe is negative.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AccountBody {
    /// The account, such as `merchant_payable`, `child_payable` or `rail_receivable`.
    pub account: &'static str,
    /// The `id` of the child's merchant file, on `child_payable`.
    pub merchant: Option<String>,
    /// The ISO 4217 code.
    pub currency: String,
    /// The balance before `from`, in minor units.
    #[schema(value_type = i64)]
    pub opening: i128,
    /// Debits of the time.
    #[schema(value_type = i64)]
    pub debit: i128,
    /// Credits of the time.
    #[schema(value_type = i64)]
    pub credit: i128,
    /// The balance at `to`: opening plus credit less debit.
    #[schema(value_type = i64)]
    pub closing: i128,
}

/// An entry of the books.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EntryBody {
    /// All entries of one booking share it; their debits equal their credits.
    pub booking_id: String,
    /// The link in whose book it stands.
    pub link_id: String,
    /// Its place in that book, from 1.
    pub position: i64,
    /// The payment that caused it.
    pub payment_id: String,
    /// The account.
    pub account: &'static str,
    /// The `id` of the child's merchant file, on `child_payable`.
    pub merchant: Option<String>,
    /// The ISO 4217 code.
    pub currency: String,
    /// In minor units; 0 where it is a credit.
    pub debit: i64,
    /// In minor units; 0 where it is a debit.
    pub credit: i64,
    /// When it was booked.
    #[schema(format = DateTime)]
    pub booked_at: String,
}

/// A page of a statement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct StatementBody {
    /// Every account that was ever used, over the whole time; on the first page alone, null on the others.
    pub accounts: Option<Vec<AccountBody>>,
    /// What each other merchant owes this one for its parts of payments, over the whole time; on the first
    /// page alone, and absent where nobody ever did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<OwedBody>,
    /// The entries, oldest first.
    pub data: Vec<EntryBody>,
    /// What `after` takes for the next page; null on the last.
    pub next: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementQuery {
    from: Option<String>,
    to: Option<String>,
    limit: Option<String>,
    after: Option<String>,
}

/// The time and the part of the statement that are asked for.
pub(super) struct Asked<P = EntryPlace> {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) size: PageSize,
    pub(super) after: Option<P>,
}

/// What a cursor points behind.
pub(super) trait Place: Sized {
    /// Reads a cursor in the one way in which it is written.
    fn read(text: &str) -> Option<Self>;
}

impl Place for EntryPlace {
    fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|number| number.parse::<i64>().ok());
        let found = (numbers.next()??, numbers.next()??, numbers.next()??);
        (cursor(found) == text).then_some(found)
    }
}

impl<S: Send + Sync, P: Place> FromRequestParts<S> for Asked<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Query(query) = Query::<StatementQuery>::try_from_uri(&parts.uri)
            .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        let time = |name: &str, text: Option<String>, open: i64| match text {
            None => Ok(Timestamp::from_ms(open)),
            Some(text) => {
                read_time(&text).ok_or_else(|| Problem::invalid(format!("{name}: not an RFC 3339 time")))
            }
        };
        let (from, until) = (time("from", query.from, i64::MIN)?, time("to", query.to, i64::MAX)?);
        if until < from {
            return Err(Problem::invalid("to: is before from"));
        }
        let size = PageSize::read(query.limit)?;
        let after = query.after.map(|text| P::read(&text).ok_or_else(no_cursor)).transpose()?;
        Ok(Self { from, until, size, after })
    }
}

fn cursor((at, link, position): EntryPlace) -> String {
    format!("{at}.{link}.{position}")
}

/// Tells what stands on the merchant's accounts, with the entries of a time.
#[utoipa::path(
    get, path = "/v1/statement",
    params(
        ("from" = Option<String>, Query, description = "RFC 3339; from the beginning unless said"),
        ("to" = Option<String>, Query, description = "RFC 3339, itself left out; up to now unless said"),
        ("limit" = Option<u32>, Query, description = "1 to 100, 20 unless said"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of the statement", body = StatementBody),
        (status = 422, description = "`invalid_request`"),
    )
)]
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    asked: Result<Asked, Problem>,
) -> Result<Json<StatementBody>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    let merchant = &caller.merchant;
    let asked = asked?;
    let id = merchant.id;
    Ok(Json(
        door.engine.query(move |reader: &mut Reader| reader.snapshot(|one| read(one, id, &asked))).await?,
    ))
}

fn read(reader: &Reader, merchant: MerchantId, asked: &Asked) -> Result<StatementBody, Trouble> {
    let mut names = Names { reader, known: BTreeMap::new() };
    let (accounts, owed) = match asked.after {
        Some(_) => (None, Vec::new()),
        None => {
            let before = reader.account_sums(merchant, Timestamp::from_ms(i64::MIN), asked.from)?;
            let during = reader.account_sums(merchant, asked.from, asked.until)?;
            (Some(accounts(&before, &during, &mut names)?), owed_totals(reader, merchant, asked, &mut names)?)
        }
    };
    let first = (asked.from.ms().saturating_sub(1), i64::MAX, i64::MAX);
    let rows = asked.size.rows();
    let entries = reader.entries_page(merchant, asked.after.unwrap_or(first), asked.until, rows)?;
    let (entries, next) =
        asked.size.cut(entries, |entry| cursor((entry.booked_at.ms(), entry.link_id.get(), entry.position)));
    let data = entries.iter().map(|entry| show(entry, &mut names)).collect::<Result<_, _>>()?;
    Ok(StatementBody { accounts, owed, data, next })
}

/// The ids of other merchants' files, each read once.
pub(super) struct Names<'a> {
    pub(super) reader: &'a Reader,
    pub(super) known: BTreeMap<MerchantId, String>,
}

impl Names<'_> {
    fn of(&mut self, child: Option<MerchantId>) -> Result<Option<String>, Trouble> {
        child.map(|child| self.of_one(child)).transpose()
    }

    pub(super) fn of_one(&mut self, merchant: MerchantId) -> Result<String, Trouble> {
        if let Some(name) = self.known.get(&merchant) {
            return Ok(name.clone());
        }
        let found = self.reader.merchant(merchant)?;
        let found = found.ok_or_else(|| Trouble::Broken(Fault::new("a part without its merchant")))?;
        self.known.insert(merchant, found.slug.clone());
        Ok(found.slug)
    }
}

fn accounts(
    before: &[AccountSum],
    during: &[AccountSum],
    names: &mut Names<'_>,
) -> Result<Vec<AccountBody>, Trouble> {
    let key = |sum: &AccountSum| (sum.currency, sum.account.number(), sum.child);
    let keys: BTreeSet<_> = before.iter().chain(during).map(key).collect();
    let mut accounts = Vec::new();
    for wanted in keys {
        let find = |sums: &[AccountSum]| sums.iter().find(|sum| key(sum) == wanted).copied();
        let (old, new) = (find(before), find(during));
        let Some(any) = new.or(old) else { continue };
        let opening = old.map_or(0, |sum| sum.credit - sum.debit);
        let (debit, credit) = new.map_or((0, 0), |sum| (sum.debit, sum.credit));
        accounts.push(AccountBody {
            account: any.account.name(),
            merchant: names.of(any.child)?,
            currency: any.currency.code().to_owned(),
            opening,
            debit,
            credit,
            closing: opening + credit - debit,
        });
    }
    Ok(accounts)
}

fn show(entry: &Entry, names: &mut Names<'_>) -> Result<EntryBody, Trouble> {
    Ok(EntryBody {
        booking_id: entry.booking_id.get().to_string(),
        link_id: entry.link_id.get().to_string(),
        position: entry.position,
        payment_id: entry.payment_id.get().to_string(),
        account: entry.posting.account.name(),
        merchant: names.of(entry.posting.child)?,
        currency: entry.currency.code().to_owned(),
        debit: entry.posting.debit.get(),
        credit: entry.posting.credit.get(),
        booked_at: write_time(entry.booked_at).map_err(Trouble::Broken)?,
    })
}
