//! A merchant's statement: sums of its accounts over a time, and the entries of that time.

use kadi_domain::amount::Currency;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::ledger::{Account, Entry};
use kadi_domain::refusal::Fault;
use kadi_domain::time::Timestamp;

use crate::reader::Reader;
use crate::row::{Row, read};
use crate::sql::statements;
use crate::tables::books::{entry_columns, entry_of};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    SUMS(merchant_id Int, after_at Int, before_at Int) =
        "SELECT entry.account, entry.child_id, entry.currency, CAST(SUM(entry.debit >> 30) AS BIGINT), \
         CAST(SUM(entry.debit & 1073741823) AS BIGINT), CAST(SUM(entry.credit >> 30) AS BIGINT), \
         CAST(SUM(entry.credit & 1073741823) AS BIGINT) FROM entry, input \
         WHERE entry.merchant_id = input.merchant_id AND entry.booked_at > input.after_at \
         AND entry.booked_at < input.before_at GROUP BY entry.account, entry.child_id, entry.currency \
         ORDER BY entry.currency, entry.account, entry.child_id";
    PAGE(
        merchant_id Int, after_at Int, after_link Int, after_position Int, before_at Int, row_limit Int,
    ) = {
        concat!(
            "SELECT ", entry_columns!(), " FROM entry WHERE \
             entry.merchant_id = (SELECT input.merchant_id FROM input) \
             AND (entry.booked_at, entry.link_id, entry.position) > ((SELECT input.after_at FROM input), \
             (SELECT input.after_link FROM input), (SELECT input.after_position FROM input)) \
             AND entry.booked_at < (SELECT input.before_at FROM input) \
             ORDER BY entry.booked_at, entry.link_id, entry.position \
             LIMIT (SELECT input.row_limit FROM input)"
        )
    };
    OWED(child_id Int, after_at Int, before_at Int) =
        "SELECT entry.merchant_id, entry.currency, CAST(SUM(entry.debit >> 30) AS BIGINT), \
         CAST(SUM(entry.debit & 1073741823) AS BIGINT), CAST(SUM(entry.credit >> 30) AS BIGINT), \
         CAST(SUM(entry.credit & 1073741823) AS BIGINT) FROM entry, input \
         WHERE entry.child_id = input.child_id AND entry.booked_at > input.after_at \
         AND entry.booked_at < input.before_at GROUP BY entry.merchant_id, entry.currency \
         ORDER BY entry.currency, entry.merchant_id";
    OWED_BY_LINK(child_id Int, after_link Int, after_at Int, before_at Int, row_limit Int) =
        "SELECT entry.link_id, entry.merchant_id, entry.currency, CAST(SUM(entry.debit >> 30) AS BIGINT), \
         CAST(SUM(entry.debit & 1073741823) AS BIGINT), CAST(SUM(entry.credit >> 30) AS BIGINT), \
         CAST(SUM(entry.credit & 1073741823) AS BIGINT) FROM entry \
         WHERE entry.child_id = (SELECT input.child_id FROM input) \
         AND entry.link_id > (SELECT input.after_link FROM input) \
         AND entry.booked_at > (SELECT input.after_at FROM input) \
         AND entry.booked_at < (SELECT input.before_at FROM input) \
         GROUP BY entry.link_id, entry.merchant_id, entry.currency ORDER BY entry.link_id \
         LIMIT (SELECT input.row_limit FROM input)";
}

/// What was booked on an account over a time. Amounts are wider than any one entry's: a sum never overflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountSum {
    /// The account.
    pub account: Account,
    /// The child, on the account of children.
    pub child: Option<MerchantId>,
    /// The currency.
    pub currency: Currency,
    /// All debits, in minor units.
    pub debit: i128,
    /// All credits, in minor units.
    pub credit: i128,
}

/// What was booked over a time on what a merchant owes a child. Amounts are as wide as those of
/// [`AccountSum`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwedSum {
    /// Who owes.
    pub merchant: MerchantId,
    /// The currency.
    pub currency: Currency,
    /// What was given back by refunds, or taken back by the rail, in minor units.
    pub debit: i128,
    /// What became owed, in minor units.
    pub credit: i128,
}

/// The place of an entry in a statement: time, link and position.
pub type EntryPlace = (i64, i64, i64);

impl Reader {
    /// What was booked on each of the merchant's accounts from `from` on and before `until`, in the order of
    /// currencies, accounts and children.
    pub fn account_sums(
        &self,
        merchant: MerchantId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<AccountSum>, Trouble> {
        let after = from.ms().saturating_sub(1);
        Ok(read(self.ask(&SUMS, row![merchant, after, until])?, sum_of)?)
    }

    /// What was booked from `from` on and before `until` on what each merchant owes the child, in the order
    /// of currencies and merchants.
    pub fn owed_sums(
        &self,
        child: MerchantId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<OwedSum>, Trouble> {
        let after = from.ms().saturating_sub(1);
        Ok(read(self.ask(&OWED, row![child, after, until])?, owed_of)?)
    }

    /// The same by link: at most `limit` links above `after_link`, in order.
    pub fn owed_by_link(
        &self,
        child: MerchantId,
        after_link: i64,
        from: Timestamp,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<(LinkId, OwedSum)>, Trouble> {
        let rows =
            self.ask(&OWED_BY_LINK, row![child, after_link, from.ms().saturating_sub(1), until, limit])?;
        Ok(read(rows, |row| Ok((LinkId::new(row.int()?), owed_of(row)?)))?)
    }

    /// At most `limit` of the merchant's entries behind a place and before `until`, oldest first.
    pub fn entries_page(
        &self,
        merchant: MerchantId,
        after: EntryPlace,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<Entry>, Trouble> {
        let (at, link, position) = after;
        Ok(read(self.ask(&PAGE, row![merchant, at, link, position, until, limit])?, entry_of)?)
    }
}

fn sum_of(row: &mut Row) -> Result<AccountSum, Fault> {
    let account = Account::from_number(row.int()?).ok_or_else(|| row.fault("is no account of the chart"))?;
    let child = row.opt_int()?.map(MerchantId::new);
    let currency = row.currency()?;
    Ok(AccountSum { account, child, currency, debit: wide(row)?, credit: wide(row)? })
}

fn owed_of(row: &mut Row) -> Result<OwedSum, Fault> {
    let (merchant, currency) = (MerchantId::new(row.int()?), row.currency()?);
    Ok(OwedSum { merchant, currency, debit: wide(row)?, credit: wide(row)? })
}

/// A sum from its two halves, of which neither overflows.
fn wide(row: &mut Row) -> Result<i128, Fault> {
    Ok((i128::from(row.int()?) << 30) + i128::from(row.int()?))
}
