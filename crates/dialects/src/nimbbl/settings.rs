//! A merchant's Nimbbl account in the merchant file: access key, access secret, the webhook's address.

use kadi_domain::reference::Dialect;
use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use crate::accounts::{Account, AccountRow, VISIBLE_NAME_RULE, is_visible_name, read};
use crate::file_fault::FileFault;

/// Nimbbl's number among the dialects.
pub const DIALECT: Dialect = Dialect(4);
/// The setting that identifies the merchant.
pub const ACCESS_KEY: &str = "access_key";
/// The address of the webhook.
pub const WEBHOOK_URL: &str = "webhook_url";
/// The slot of the secret; its label is the access key that it belongs to.
pub const ACCESS_SECRET: &str = "access_secret";

/// The row of the table of accounts.
pub const ACCOUNT: AccountRow = AccountRow { key: "nimbbl", dialect: DIALECT, parse, fresh: None };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    access_key: Spanned<String>,
    access_secret: Option<Spanned<String>>,
    webhook_url: Option<Spanned<String>>,
}

fn parse(table: Spanned<DeValue<'_>>) -> Result<Account, FileFault> {
    let table: Table = read(table)?;
    let mut account = Account::new(DIALECT);
    let access_key = table.access_key.as_ref().clone();
    account.identify(ACCESS_KEY, table.access_key, is_visible_name, VISIBLE_NAME_RULE)?;
    account.web_address(WEBHOOK_URL, table.webhook_url)?;
    if let Some(secret) = table.access_secret {
        account.sealed(ACCESS_SECRET, &access_key, secret)?;
    }
    Ok(account)
}
