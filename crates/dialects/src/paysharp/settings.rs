//! A merchant's Paysharp account in the merchant file: bearer tokens and the webhook's address.

use data_encoding::BASE64URL_NOPAD;
use kadi_domain::reference::Dialect;
use kadi_domain::secret::Secret;
use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use crate::accounts::{Account, AccountRow, FreshAccount, Randomness, one_or_several, read};
use crate::file_fault::FileFault;

/// Paysharp's number among the dialects.
pub const DIALECT: Dialect = Dialect(3);
/// The address of the webhook.
pub const WEBHOOK_URL: &str = "webhook_url";
/// The slot of bearer tokens, which also identify the merchant.
pub const TOKEN: &str = "token";

/// The row of the table of accounts.
pub const ACCOUNT: AccountRow = AccountRow { key: "paysharp", dialect: DIALECT, parse, fresh: Some(fresh) };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    token: Option<Spanned<String>>,
    tokens: Option<Spanned<Vec<Spanned<String>>>>,
    webhook_url: Option<Spanned<String>>,
}

fn parse(table: Spanned<DeValue<'_>>) -> Result<Account, FileFault> {
    let table: Table = read(table)?;
    let mut account = Account::new(DIALECT);
    account.web_address_as_written(WEBHOOK_URL, table.webhook_url)?;
    for token in one_or_several(TOKEN, table.token, table.tokens)? {
        account.bearer(TOKEN, token)?;
    }
    Ok(account)
}

/// One bearer token.
fn fresh(random: &Randomness) -> FreshAccount {
    let [token, _] = random;
    let token = format!("paysharp_{}", BASE64URL_NOPAD.encode(token));
    let toml = Secret::new(format!("{{ {TOKEN} = \"{token}\" }}"));
    FreshAccount { shown: vec![(TOKEN, token)], toml }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(url: &str) -> Option<String> {
        let text = format!("paysharp = {{ webhook_url = {} }}", toml::Value::from(url));
        let table = toml::de::DeTable::parse(&text).unwrap();
        let (_, account) = table.into_inner().into_iter().next().unwrap();
        let mut settings = parse(account).ok()?.settings;
        settings.pop().map(|setting| setting.value)
    }

    #[test]
    fn the_webhooks_address_is_kept_byte_for_byte_or_refused() {
        for url in [
            "https://SHOP.example",
            "https://shop.example:443/a?b",
            "https://shop.example?secret=a%2fb+c&d=~!()*|{}",
            "https://shop.example/%7e%41/?",
            "http://127.0.0.1:9/hook",
        ] {
            assert_eq!(kept(url).as_deref(), Some(url));
        }
        for url in [
            "https://shop.example/a/../b",
            "https://shop.example/a/%2e%2e/b",
            "https://shop.example/?secret='",
            "https://shop.example/\u{915}",
            "http://shop.example/",
        ] {
            assert_eq!(kept(url), None, "{url}");
        }
    }
}
