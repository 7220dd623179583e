//! The configuration file: its keys, and where each value stands.

use std::path::{Path, PathBuf};

use kadi_dialects::file_fault::FileFault;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::fault::{Given, Origin, SettingFault};
use crate::files::{RiskEntry, RiskKeys};

/// Keys of the contract that no part of this version serves.
const NOT_SERVED_YET: [&str; 5] = ["sms", "whatsapp", "retention", "rails", "trusted_proxies"];

/// The keys of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Keys {
    pub(super) listen: Option<Spanned<String>>,
    pub(super) admin_listen: Option<Spanned<String>>,
    pub(super) public_url: Option<Spanned<String>>,
    pub(super) sandbox: Option<Spanned<bool>>,
    pub(super) database_url: Option<Spanned<String>>,
    pub(super) data: Option<PathBuf>,
    pub(super) keys: Option<PathBuf>,
    pub(super) smtp: Option<Spanned<SmtpKeys>>,
    #[serde(default)]
    pub(super) limits: LimitsKeys,
    #[serde(default)]
    pub(super) risk: RiskKeys,
}

/// `[smtp]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SmtpKeys {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) from: String,
    pub(super) tls: Spanned<String>,
    pub(super) username: Option<String>,
    pub(super) password_file: Option<Spanned<PathBuf>>,
}

/// `[limits]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsKeys {
    pub(super) reservation_minutes: Option<Spanned<i64>>,
}

/// The file as read, or nothing where none was named.
#[derive(Debug, Default)]
pub(super) struct ConfigFile {
    path: PathBuf,
    text: String,
    pub(super) keys: Keys,
    pub(super) risk: RiskEntry,
}

impl ConfigFile {
    pub(super) fn read(path: &Path) -> Result<Self, SettingFault> {
        let text = std::fs::read_to_string(path).map_err(|error| SettingFault::unreadable(path, &error))?;
        let read = |text| parse(text).and_then(|keys| RiskEntry::read(&keys.risk).map(|risk| (keys, risk)));
        let (keys, risk) = read(&text).map_err(|fault| SettingFault::in_file(path, &text, &fault))?;
        Ok(Self { path: path.to_owned(), text, keys, risk })
    }

    /// A path of the file, seen from the folder in which the file lies.
    pub(super) fn beside(&self, path: &Path) -> PathBuf {
        self.path.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }

    /// A value with its line.
    pub(super) fn given<T: Clone>(&self, value: &Spanned<T>) -> Given<T> {
        let fault = FileFault::new(value.span(), "", "");
        let origin = Origin::File { path: self.path.clone(), line: fault.line(&self.text) };
        Given { value: value.as_ref().clone(), origin }
    }
}

fn parse(text: &str) -> Result<Keys, FileFault> {
    let table = DeTable::parse(text).map_err(FileFault::of_toml)?;
    let later = table.as_ref().keys().find(|key| NOT_SERVED_YET.contains(&key.as_ref().as_ref()));
    if let Some(key) = later {
        return Err(FileFault::new(
            key.span(),
            key.as_ref().as_ref(),
            "not served yet by this version of Kadi",
        ));
    }
    let span = table.span();
    let root = Spanned::new(span, DeValue::Table(table.into_inner()));
    Keys::deserialize(ValueDeserializer::from(root)).map_err(FileFault::of_toml)
}
