//! A merchant's account of Kadi's own API in the merchant file: keys of callers, the webhook and its secrets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::BASE64URL_NOPAD;
use kadi_domain::reference::Dialect;
use kadi_domain::secret::Secret;
use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use crate::accounts::{Account, AccountRow, FreshAccount, Randomness, one_or_several, read};
use crate::file_fault::FileFault;

/// The own API's number among the dialects.
pub const DIALECT: Dialect = Dialect::NATIVE;
/// The address of the webhook.
pub const WEBHOOK_URL: &str = "webhook_url";
/// The slot of bearer keys.
pub const API_KEY: &str = "api_key";
/// The slot of the secrets that sign webhooks.
pub const WEBHOOK_SECRET: &str = "webhook_secret";

/// The row of the table of accounts.
pub const ACCOUNT: AccountRow = AccountRow { key: "native", dialect: DIALECT, parse, fresh: Some(fresh) };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    api_key: Option<Spanned<String>>,
    api_keys: Option<Spanned<Vec<Spanned<String>>>>,
    webhook_url: Option<Spanned<String>>,
    webhook_secret: Option<Spanned<String>>,
    webhook_secrets: Option<Spanned<Vec<Spanned<String>>>>,
}

fn parse(table: Spanned<DeValue<'_>>) -> Result<Account, FileFault> {
    let table: Table = read(table)?;
    let mut account = Account::new(DIALECT);
    account.web_address(WEBHOOK_URL, table.webhook_url)?;
    for key in one_or_several(API_KEY, table.api_key, table.api_keys)? {
        account.bearer(API_KEY, key)?;
    }
    for secret in one_or_several(WEBHOOK_SECRET, table.webhook_secret, table.webhook_secrets)? {
        if !is_webhook_secret(secret.as_ref()) {
            let rule = "a webhook secret is whsec_ and then 24 to 64 bytes in base64";
            return Err(FileFault::new(secret.span(), WEBHOOK_SECRET, rule));
        }
        account.sealed(WEBHOOK_SECRET, "", secret)?;
    }
    Ok(account)
}

/// A bearer key of the test environment, in which new merchants start, and a secret for webhooks.
fn fresh(random: &Randomness) -> FreshAccount {
    let [key, secret] = random;
    let api_key = format!("kadi_test_{}", BASE64URL_NOPAD.encode(key));
    let webhook_secret = format!("whsec_{}", STANDARD.encode(secret));
    let toml = format!("{{ {API_KEY} = \"{api_key}\", {WEBHOOK_SECRET} = \"{webhook_secret}\" }}");
    FreshAccount {
        shown: vec![(API_KEY, api_key), (WEBHOOK_SECRET, webhook_secret)],
        toml: Secret::new(toml),
    }
}

/// The form that Standard Webhooks asks of a symmetric secret (specification, "Signature scheme").
fn is_webhook_secret(text: &str) -> bool {
    let encoded = text.strip_prefix("whsec_");
    encoded.and_then(|text| STANDARD.decode(text).ok()).is_some_and(|bytes| (24..=64).contains(&bytes.len()))
}
