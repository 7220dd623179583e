//! A merchant's NTT DATA account in the merchant file.

use data_encoding::BASE64URL_NOPAD;
use kadi_domain::reference::Dialect;
use kadi_domain::seal::hash_parts;
use kadi_domain::secret::Secret;
use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use crate::accounts::{
    Account, AccountRow, FreshAccount, Randomness, VISIBLE_NAME_RULE, check_secret, is_visible_name, read,
};
use crate::file_fault::FileFault;

/// NTT DATA's number among the dialects.
pub const DIALECT: Dialect = Dialect(2);
/// The setting that identifies the merchant.
pub const MERCH_ID: &str = "merch_id";
/// Where a payer's browser returns to.
pub const RETURN_URL: &str = "return_url";
/// Where the server-to-server callback goes.
pub const CALLBACK_URL: &str = "callback_url";
/// Demands two decimals of every amount.
pub const STRICT: &str = "strict";
/// The slot of the password.
pub const PASSWORD: &str = "password";
/// The slot of the key that signs requests.
pub const REQUEST_HASH_KEY: &str = "request_hash_key";
/// The slot of the key that signs responses.
pub const RESPONSE_HASH_KEY: &str = "response_hash_key";
/// The slot of the encryption keys: request key, request salt, response key, response salt, one a line, for
/// they only work and end together.
pub const ENCRYPTION: &str = "encryption";

/// So many random bytes make a merchant id, which has nine digits: the vendor's have up to ten.
const ID_BYTES: usize = 8;
const ID_MIN: u64 = 100_000_000;

/// The row of the table of accounts.
pub const ACCOUNT: AccountRow = AccountRow { key: "ntt", dialect: DIALECT, parse, fresh: Some(fresh) };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    merch_id: Spanned<String>,
    password: Option<Spanned<String>>,
    request_hash_key: Option<Spanned<String>>,
    response_hash_key: Option<Spanned<String>>,
    return_url: Option<Spanned<String>>,
    callback_url: Option<Spanned<String>>,
    strict: Option<bool>,
    encryption: Option<Spanned<EncryptionTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EncryptionTable {
    request_key: Spanned<String>,
    request_salt: Spanned<String>,
    response_key: Spanned<String>,
    response_salt: Spanned<String>,
}

fn parse(table: Spanned<DeValue<'_>>) -> Result<Account, FileFault> {
    let table: Table = read(table)?;
    let mut account = Account::new(DIALECT);
    account.identify(MERCH_ID, table.merch_id, is_visible_name, VISIBLE_NAME_RULE)?;
    account.web_address(RETURN_URL, table.return_url)?;
    account.web_address(CALLBACK_URL, table.callback_url)?;
    account.switch(STRICT, table.strict);
    let secrets = [
        (PASSWORD, table.password),
        (REQUEST_HASH_KEY, table.request_hash_key),
        (RESPONSE_HASH_KEY, table.response_hash_key),
    ];
    for (slot, secret) in secrets {
        if let Some(secret) = secret {
            account.sealed(slot, "", secret)?;
        }
    }
    if let Some(encryption) = table.encryption {
        let span = encryption.span();
        let secret = joined(encryption.into_inner())?;
        account.add_credential(ENCRYPTION, "", secret, false, span)?;
    }
    Ok(account)
}

/// A merchant id of nine digits, a password and both hash keys.
fn fresh(random: &Randomness) -> FreshAccount {
    let [id, secret] = random;
    let number = id.iter().take(ID_BYTES).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let merch_id = (ID_MIN + number % (10 * ID_MIN - ID_MIN)).to_string();
    let part = |name: &str| BASE64URL_NOPAD.encode(&hash_parts(&[secret, name.as_bytes()]));
    let keys = [PASSWORD, REQUEST_HASH_KEY, RESPONSE_HASH_KEY].map(|name| (name, part(name)));
    let mut shown = vec![(MERCH_ID, merch_id)];
    shown.extend(keys);
    let pairs: Vec<_> = shown.iter().map(|(name, value)| format!("{name} = \"{value}\"")).collect();
    FreshAccount { toml: Secret::new(format!("{{ {} }}", pairs.join(", "))), shown }
}

fn joined(table: EncryptionTable) -> Result<Secret<String>, FileFault> {
    let parts = [
        ("request_key", &table.request_key),
        ("request_salt", &table.request_salt),
        ("response_key", &table.response_key),
        ("response_salt", &table.response_salt),
    ];
    for (key, part) in parts {
        check_secret(part)
            .map_err(|rule| FileFault::new(part.span(), format!("{ENCRYPTION}.{key}"), rule))?;
    }
    Ok(Secret::new(parts.map(|(_, part)| part.as_ref().as_str()).join("\n")))
}
