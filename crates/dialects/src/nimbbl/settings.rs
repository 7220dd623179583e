//! A merchant's Nimbbl account in the merchant file: access key, access secret, the webhook's address, and
//! how what Kadi tells is wrapped.

use data_encoding::BASE64URL_NOPAD;
use kadi_domain::reference::Dialect;
use kadi_domain::secret::Secret;
use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use crate::accounts::{
    Account, AccountRow, FreshAccount, Randomness, VISIBLE_NAME_RULE, is_visible_name, read,
};
use crate::file_fault::FileFault;

/// Nimbbl's number among the dialects.
pub const DIALECT: Dialect = Dialect(4);
/// The setting that identifies the merchant.
pub const ACCESS_KEY: &str = "access_key";
/// The address of the webhook.
pub const WEBHOOK_URL: &str = "webhook_url";
/// The slot of the secret; its label is the access key that it belongs to.
pub const ACCESS_SECRET: &str = "access_secret";
/// Are webhooks and returns wrapped in the v4 envelope?
pub const V4_ENVELOPE: &str = "v4_envelope";
/// Are webhooks and returns encrypted?
pub const ENCRYPTED: &str = "encrypted";
/// Is it told, too, that the messages of a new link wait for their time?
pub const SCHEDULED_EVENT: &str = "scheduled_event";

/// The row of the table of accounts.
pub const ACCOUNT: AccountRow = AccountRow { key: "nimbbl", dialect: DIALECT, parse, fresh: Some(fresh) };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    access_key: Spanned<String>,
    access_secret: Option<Spanned<String>>,
    webhook_url: Option<Spanned<String>>,
    v4_envelope: Option<bool>,
    encrypted: Option<bool>,
    scheduled_event: Option<bool>,
}

fn parse(table: Spanned<DeValue<'_>>) -> Result<Account, FileFault> {
    let table: Table = read(table)?;
    let mut account = Account::new(DIALECT);
    let access_key = table.access_key.as_ref().clone();
    account.identify(ACCESS_KEY, table.access_key, is_visible_name, VISIBLE_NAME_RULE)?;
    account.web_address(WEBHOOK_URL, table.webhook_url)?;
    account.switch(V4_ENVELOPE, table.v4_envelope);
    account.switch(ENCRYPTED, table.encrypted);
    account.switch(SCHEDULED_EVENT, table.scheduled_event);
    if let Some(secret) = table.access_secret {
        account.sealed(ACCESS_SECRET, &access_key, secret)?;
    }
    Ok(account)
}

/// An access key and an access secret with the vendor's prefixes.
fn fresh(random: &Randomness) -> FreshAccount {
    let [key, secret] = random;
    let key = format!("access_key_{}", BASE64URL_NOPAD.encode(key));
    let secret = format!("access_secret_{}", BASE64URL_NOPAD.encode(secret));
    let toml = Secret::new(format!("{{ {ACCESS_KEY} = \"{key}\", {ACCESS_SECRET} = \"{secret}\" }}"));
    FreshAccount { shown: vec![(ACCESS_KEY, key), (ACCESS_SECRET, secret)], toml }
}
