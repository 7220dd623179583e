//! A new merchant: a merchant file with new credentials for every dialect that is served.

use data_encoding::BASE32_NOPAD;
use kadi_dialects::accounts::{ACCOUNTS, FreshAccount, Randomness};
use kadi_domain::secret::Secret;

use crate::cli::DemoAccount;

/// How many characters of the name are kept in an id.
const ID_WORDS_CHARS_MAX: usize = 40;

/// A new merchant's file and what is shown of it, once.
pub(crate) struct FreshMerchant {
    /// The `id` of the file.
    pub(crate) id: String,
    /// The merchant file.
    pub(crate) file: Secret<String>,
    /// Its credentials.
    pub(crate) accounts: Vec<DemoAccount>,
}

/// Writes the file. `random` is called once for each dialect; its error ends it.
pub(crate) fn fresh_merchant<E>(
    id: &str,
    name: &str,
    mut random: impl FnMut() -> Result<Randomness, E>,
) -> Result<FreshMerchant, E> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    // Payment requests need an address that takes the money.
    let vpa = quoted(&format!("{id}@kadi"));
    let mut file = format!("[[merchant]]\nid = {}\nname = {}\nvpa = {vpa}\n", quoted(id), quoted(name));
    let mut accounts = Vec::new();
    for row in ACCOUNTS {
        let Some(fresh) = row.fresh else { continue };
        let FreshAccount { shown, toml } = fresh(&random()?);
        file.push_str(&format!("{} = {}\n", row.key, toml.expose()));
        accounts.push(DemoAccount { dialect: row.key, credentials: shown });
    }
    Ok(FreshMerchant { id: id.to_owned(), file: Secret::new(file), accounts })
}

/// An id like the name, with eight random characters, so that it is another merchant's id only by a rare
/// chance.
pub(crate) fn id_from_name(name: &str, random: [u8; 5]) -> String {
    let words = name.to_ascii_lowercase();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let readable: String = words.collect::<Vec<_>>().join("-").chars().take(ID_WORDS_CHARS_MAX).collect();
    let readable = if readable.is_empty() { "merchant" } else { readable.trim_end_matches('-') };
    format!("{readable}-{}", BASE32_NOPAD.encode(&random).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::parse_merchants;

    fn fresh(name: &str) -> FreshMerchant {
        let mut calls = 0;
        let random = || {
            calls += 1;
            Ok::<Randomness, std::convert::Infallible>([[calls; 24], [calls + 100; 24]])
        };
        fresh_merchant("demo", name, random).unwrap()
    }

    #[test]
    fn a_new_merchants_file_is_read_back_with_what_was_shown() {
        let name = "Asha's \"Shop\" \\ \u{905}";
        let made = fresh(name);
        let entry = parse_merchants(made.file.expose()).unwrap().remove(0);
        assert_eq!((entry.id.as_str(), entry.name.as_str()), ("demo", name));
        let mut kept: Vec<String> = Vec::new();
        for account in &entry.accounts {
            kept.extend(account.settings.iter().map(|setting| setting.value.clone()));
            for credential in &account.credentials {
                kept.extend([credential.secret.expose().clone(), credential.label.clone()]);
            }
        }
        assert!(made.accounts.len() > 1);
        for (name, value) in made.accounts.iter().flat_map(|account| &account.credentials) {
            assert!(kept.contains(value), "{name} = {value}");
        }
    }

    #[test]
    fn no_two_credentials_are_alike() {
        let made = fresh("Demo");
        let values: Vec<_> = made.accounts.iter().flat_map(|account| &account.credentials).collect();
        let different: std::collections::BTreeSet<_> = values.iter().map(|(_, value)| value).collect();
        assert_eq!(different.len(), values.len());
    }

    #[test]
    fn without_randomness_there_is_no_merchant() {
        assert_eq!(fresh_merchant("demo", "Demo", || Err("none")).err(), Some("none"));
    }

    #[test]
    fn ids_are_readable_and_valid() {
        let random = [0, 1, 2, 3, 4];
        for (name, id) in [
            ("Demo Traders (Pvt.)", "demo-traders-pvt-aaaqeaye"),
            ("दुकान", "merchant-aaaqeaye"),
            ("--- --", "merchant-aaaqeaye"),
        ] {
            let made = id_from_name(name, random);
            assert_eq!(made, id);
            let text = format!("[[merchant]]\nid = \"{made}\"\nname = \"x\"");
            assert_eq!(parse_merchants(&text).unwrap()[0].id, made);
        }
        assert!(id_from_name(&"x".repeat(500), random).len() <= 64);
    }
}
