//! A merchant's Paytm account in the merchant file: `paytm = { mid, keys = [{ client_id, key }], webhook_url
//! }`.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use kadi_domain::reference::Dialect;
use kadi_domain::secret::Secret;
use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use crate::accounts::{
    Account, AccountRow, FreshAccount, Randomness, VISIBLE_NAME_RULE, is_visible_name, read,
};
use crate::file_fault::FileFault;

/// Paytm's number among the dialects.
pub const DIALECT: Dialect = Dialect(1);
/// The setting that identifies the merchant.
pub const MID: &str = "mid";
/// The address of the account's JSON webhook.
pub const WEBHOOK_URL: &str = "webhook_url";
/// The slot of the merchant keys; their label is the `clientId`.
pub const KEY: &str = "key";

/// The longest `mid` (vendor page, "mid: String(20)").
const MID_CHARS_MAX: usize = 20;
/// The merchant key is an AES-128 key as text.
const KEY_BYTES: usize = 16;

/// The row of the table of accounts.
pub const ACCOUNT: AccountRow = AccountRow { key: "paytm", dialect: DIALECT, parse, fresh: Some(fresh) };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    mid: Spanned<String>,
    #[serde(default)]
    keys: Vec<KeyTable>,
    webhook_url: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyTable {
    client_id: Option<Spanned<String>>,
    key: Spanned<String>,
}

fn parse(table: Spanned<DeValue<'_>>) -> Result<Account, FileFault> {
    let table: Table = read(table)?;
    let mut account = Account::new(DIALECT);
    account.identify(MID, table.mid, is_mid, "a mid has 1 to 20 letters and digits")?;
    account.web_address(WEBHOOK_URL, table.webhook_url)?;
    for key in table.keys {
        add_key(&mut account, key).map_err(|fault| fault.within("keys"))?;
    }
    Ok(account)
}

/// A `mid` of 20 characters, and a key of as much randomness as 16 characters hold that no shell or URL
/// changes.
fn fresh(random: &Randomness) -> FreshAccount {
    let [id, secret] = random;
    let start = |text: String| text.chars().take(KEY_BYTES).collect::<String>();
    let (mid, key) =
        (format!("KADI{}", start(BASE32_NOPAD.encode(id))), start(BASE64URL_NOPAD.encode(secret)));
    let client_id = "C11".to_owned();
    let toml = format!("{{ mid = \"{mid}\", keys = [{{ client_id = \"{client_id}\", key = \"{key}\" }}] }}");
    FreshAccount { shown: vec![(MID, mid), ("client_id", client_id), (KEY, key)], toml: Secret::new(toml) }
}

fn add_key(account: &mut Account, table: KeyTable) -> Result<(), FileFault> {
    let label = match table.client_id {
        Some(id) if !is_visible_name(id.as_ref()) => {
            return Err(FileFault::new(id.span(), "client_id", VISIBLE_NAME_RULE));
        }
        Some(id) => id.into_inner(),
        None => String::new(),
    };
    let bytes = table.key.as_ref().as_bytes();
    if bytes.len() != KEY_BYTES || !bytes.iter().all(|byte| byte.is_ascii_graphic()) {
        return Err(FileFault::new(table.key.span(), KEY, "a key has exactly 16 ASCII characters"));
    }
    account.sealed(KEY, &label, table.key)
}

fn is_mid(text: &str) -> bool {
    (1..=MID_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
