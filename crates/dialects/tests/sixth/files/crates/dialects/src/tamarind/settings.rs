//! A merchant's Tamarind account in the merchant file: the farm, its secret, and where it hears.

use data_encoding::BASE32_NOPAD;
use kadi_domain::reference::Dialect;
use kadi_domain::secret::Secret;
use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use crate::accounts::{
    Account, AccountRow, FreshAccount, Randomness, VISIBLE_NAME_RULE, is_visible_name, read,
};
use crate::file_fault::FileFault;

/// Tamarind's number among the dialects.
pub const DIALECT: Dialect = Dialect(5);
/// The setting that identifies the merchant.
pub const FARM: &str = "farm";
/// The slot of the secret, with which the farm signs its calls and Kadi what it tells.
pub const SECRET: &str = "secret";
/// Where Kadi tells.
pub const WEBHOOK_URL: &str = "webhook_url";

/// The row of the table of accounts.
pub const ACCOUNT: AccountRow = AccountRow { key: "tamarind", dialect: DIALECT, parse, fresh: Some(fresh) };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    farm: Spanned<String>,
    secret: Option<Spanned<String>>,
    webhook_url: Option<Spanned<String>>,
}

fn parse(table: Spanned<DeValue<'_>>) -> Result<Account, FileFault> {
    let table: Table = read(table)?;
    let mut account = Account::new(DIALECT);
    account.identify(FARM, table.farm, is_visible_name, VISIBLE_NAME_RULE)?;
    account.web_address(WEBHOOK_URL, table.webhook_url)?;
    if let Some(secret) = table.secret {
        account.sealed(SECRET, "", secret)?;
    }
    Ok(account)
}

/// A farm and its secret.
fn fresh(random: &Randomness) -> FreshAccount {
    let [farm, secret] = random.map(|bytes| BASE32_NOPAD.encode(&bytes).to_ascii_lowercase());
    let toml = Secret::new(format!("{{ {FARM} = \"{farm}\", {SECRET} = \"{secret}\" }}"));
    FreshAccount { shown: vec![(FARM, farm), (SECRET, secret)], toml }
}
