//! The part of the merchant file that belongs to the dialects: each reads the table that bears its name.

use std::ops::Range;

use kadi_domain::merchant::Setting;
use kadi_domain::reference::Dialect;
use kadi_domain::secret::Secret;
use kadi_engine::commands::administer::NewCredential;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};
use url::Url;

use crate::file_fault::FileFault;
use crate::shared::web_address::parse_web_address;

/// The most bytes a secret may have; no vendor gives out longer ones.
const SECRET_BYTES_MAX: usize = 512;

/// The fewest characters of a bearer key: a shorter one can be tried out.
const BEARER_CHARS_MIN: usize = 8;

/// The most characters of an account id or a label.
const NAME_CHARS_MAX: usize = 128;

/// What one dialect's table of a merchant says.
#[derive(Debug)]
pub struct Account {
    /// Whose account it is.
    pub dialect: Dialect,
    /// What is no secret.
    pub settings: Vec<Setting>,
    /// The secrets; a slot may stand several times, with different values.
    pub credentials: Vec<NewCredential>,
}

/// One dialect's row: how its table is called and read.
pub struct AccountRow {
    /// The key of the merchant file.
    pub key: &'static str,
    /// The dialect.
    pub dialect: Dialect,
    /// Reads the table. Keys of faults are relative to it.
    pub parse: fn(Spanned<DeValue<'_>>) -> Result<Account, FileFault>,
    /// Makes new credentials from random bytes; none where the dialect is not served yet.
    pub fresh: Option<fn(&Randomness) -> FreshAccount>,
}

/// The random bytes of a new account: two parts, each enough for one credential.
pub type Randomness = [[u8; 24]; 2];

/// A new account.
pub struct FreshAccount {
    /// Name and value of each credential, for the person or program that will use them.
    pub shown: Vec<(&'static str, String)>,
    /// The same as the table of a merchant file.
    pub toml: Secret<String>,
}

/// Every dialect that has accounts, whether it is served yet or not.
pub const ACCOUNTS: &[AccountRow] = &[
    crate::native::settings::ACCOUNT,
    crate::paytm::settings::ACCOUNT,
    crate::ntt::settings::ACCOUNT,
    crate::paysharp::settings::ACCOUNT,
    crate::nimbbl::settings::ACCOUNT,
];

/// Reads a table whose type says which keys there are.
pub(crate) fn read<'de, T: Deserialize<'de>>(table: Spanned<DeValue<'de>>) -> Result<T, FileFault> {
    T::deserialize(ValueDeserializer::from(table)).map_err(FileFault::of_toml)
}

/// The values of a key that stands once (`token`) or several times in a list (`tokens`), not both.
pub(crate) fn one_or_several(
    key: &str,
    one: Option<Spanned<String>>,
    several: Option<Spanned<Vec<Spanned<String>>>>,
) -> Result<Vec<Spanned<String>>, FileFault> {
    match (one, several) {
        (Some(_), Some(several)) => Err(FileFault::new(
            several.span(),
            format!("{key}s"),
            format!("stands beside {key}; use one of them"),
        )),
        (Some(one), None) => Ok(vec![one]),
        (None, Some(several)) => Ok(several.into_inner()),
        (None, None) => Ok(Vec::new()),
    }
}

impl Account {
    pub(crate) const fn new(dialect: Dialect) -> Self {
        Self { dialect, settings: Vec::new(), credentials: Vec::new() }
    }

    /// Adds the account id by which the dialect finds the merchant.
    pub(crate) fn identify(
        &mut self,
        name: &str,
        value: Spanned<String>,
        fits: fn(&str) -> bool,
        rule: &str,
    ) -> Result<(), FileFault> {
        if !fits(value.as_ref()) {
            return Err(FileFault::new(value.span(), name, rule));
        }
        self.add_setting(name, value.into_inner(), true);
        Ok(())
    }

    /// Adds a switch.
    pub(crate) fn switch(&mut self, name: &str, is_on: Option<bool>) {
        if let Some(is_on) = is_on {
            self.add_setting(name, is_on.to_string(), false);
        }
    }

    /// Adds an address: https, or http to this machine.
    pub(crate) fn web_address(
        &mut self,
        name: &str,
        value: Option<Spanned<String>>,
    ) -> Result<(), FileFault> {
        let Some(value) = value else { return Ok(()) };
        let address = address_of(name, &value)?;
        self.add_setting(name, address.into(), false);
        Ok(())
    }

    /// Adds an address as [`Self::web_address`] does, kept byte for byte. One whose path or query would
    /// change on the way is refused: what the merchant wrote there may be a secret.
    pub(crate) fn web_address_as_written(
        &mut self,
        name: &str,
        value: Option<Spanned<String>>,
    ) -> Result<(), FileFault> {
        let Some(value) = value else { return Ok(()) };
        let address = address_of(name, &value)?;
        let (asked, sent) = (behind_host(value.as_ref()), behind_host(address.as_str()));
        // An address that ends with its host asks for `/`.
        if asked != sent && Some(asked) != sent.strip_prefix('/') {
            let reason = "would change on the way; write characters that no address has with percent signs";
            return Err(FileFault::new(value.span(), name, reason));
        }
        self.add_setting(name, value.into_inner(), false);
        Ok(())
    }

    /// Adds a secret that Kadi itself uses.
    pub(crate) fn sealed(
        &mut self,
        slot: &str,
        label: &str,
        value: Spanned<String>,
    ) -> Result<(), FileFault> {
        check_secret(&value).map_err(|rule| FileFault::new(value.span(), slot, rule))?;
        let span = value.span();
        self.add_credential(slot, label, Secret::new(value.into_inner()), false, span)
    }

    /// Adds a key that callers show.
    pub(crate) fn bearer(&mut self, slot: &str, value: Spanned<String>) -> Result<(), FileFault> {
        let fault = |rule: &str| FileFault::new(value.span(), slot, rule);
        check_secret(&value).map_err(fault)?;
        if !value.as_ref().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(fault("a bearer key consists of ASCII characters without blanks"));
        }
        if value.as_ref().len() < BEARER_CHARS_MIN {
            return Err(fault("a bearer key has at least 8 characters"));
        }
        let span = value.span();
        self.add_credential(slot, "", Secret::new(value.into_inner()), true, span)
    }

    /// Adds a secret that was checked before; `span` is where it stands.
    pub(crate) fn add_credential(
        &mut self,
        slot: &str,
        label: &str,
        secret: Secret<String>,
        is_bearer: bool,
        span: Range<usize>,
    ) -> Result<(), FileFault> {
        let same =
            |found: &NewCredential| found.slot == slot && found.label == label && found.secret == secret;
        if self.credentials.iter().any(same) {
            return Err(FileFault::new(span, slot, "the same value stands twice"));
        }
        let (slot, label) = (slot.to_owned(), label.to_owned());
        self.credentials.push(NewCredential { dialect: self.dialect, slot, label, secret, is_bearer });
        Ok(())
    }

    fn add_setting(&mut self, name: &str, value: String, identifies: bool) {
        self.settings.push(Setting { dialect: self.dialect, name: name.to_owned(), value, identifies });
    }
}

/// The address that stands there: https, or http to this machine.
fn address_of(name: &str, value: &Spanned<String>) -> Result<Url, FileFault> {
    parse_web_address(value.as_ref(), true)
        .map_err(|fault| FileFault::new(value.span(), name, fault.to_string()))
}

/// Path, query and fragment of an address that was read before.
fn behind_host(address: &str) -> &str {
    let from_host = address.split_once("//").map_or(address, |(_, rest)| rest);
    let end = from_host.find(['/', '?', '#']).unwrap_or(from_host.len());
    from_host.get(end..).unwrap_or_default()
}

/// The rule that every secret follows: not empty, no control characters, at most 512 bytes.
pub(crate) fn check_secret(value: &Spanned<String>) -> Result<(), &'static str> {
    match value.as_ref() {
        text if text.is_empty() => Err("is empty"),
        text if text.len() > SECRET_BYTES_MAX => Err("is longer than 512 bytes"),
        text if text.contains(char::is_control) => Err("holds a control character"),
        _ => Ok(()),
    }
}

/// The rule of account ids and labels whose form is the vendor's own: visible ASCII, 1 to 128 characters.
pub(crate) fn is_visible_name(text: &str) -> bool {
    (1..=NAME_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What [`is_visible_name`] asks for, in words.
pub(crate) const VISIBLE_NAME_RULE: &str = "1 to 128 ASCII characters without blanks";
