//! Risk rules as files write them: of a merchant in the merchant file, of the platform in the configuration.

use std::fmt;

use kadi_dialects::file_fault::FileFault;
use kadi_dialects::shared::text::{indian_mobile, is_email};
use kadi_domain::amount::Minor;
use kadi_domain::merchant::Risk;
use kadi_domain::refusal::Fault;
use kadi_domain::seal::Keyring;
use kadi_domain::secret::Pii;
use serde::Deserialize;
use toml::Spanned;

use super::merchant_keys::{Text, amount_if_given, checked_all};

/// The most often that a rule counts a mobile number in an hour: its times stand in one row.
const PER_MOBILE_MAX: i64 = 1_000;
/// The most often that a rule counts a link in an hour: so many payments are looked at for each new one.
const PER_LINK_MAX: i64 = 100_000;

/// The keys of `risk`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RiskKeys {
    amount_max: Option<Text>,
    per_mobile_hour: Option<Spanned<i64>>,
    per_link_hour: Option<Spanned<i64>>,
    #[serde(default)]
    blocked_mobiles: Vec<Text>,
    #[serde(default)]
    blocked_emails: Vec<Text>,
}

/// Without what people could be found by.
impl fmt::Debug for RiskKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RiskKeys")
    }
}

/// Risk rules, blocked contacts still in plain text.
#[derive(Clone, Debug, Default)]
pub(crate) struct RiskEntry {
    pub(crate) amount_max: Option<Minor>,
    pub(crate) per_mobile_hour: Option<i64>,
    pub(crate) per_link_hour: Option<i64>,
    /// Ten digits each.
    pub(crate) blocked_mobiles: Vec<Pii>,
    /// In small letters.
    pub(crate) blocked_emails: Vec<Pii>,
}

impl RiskEntry {
    /// Checks the keys; a fault names its key within `risk`.
    pub(crate) fn read(keys: &RiskKeys) -> Result<Self, FileFault> {
        let read = || {
            Ok(Self {
                amount_max: amount_if_given("amount_max", keys.amount_max.as_ref())?,
                per_mobile_hour: rate("per_mobile_hour", keys.per_mobile_hour.as_ref(), PER_MOBILE_MAX)?,
                per_link_hour: rate("per_link_hour", keys.per_link_hour.as_ref(), PER_LINK_MAX)?,
                blocked_mobiles: mobiles("blocked_mobiles", &keys.blocked_mobiles)?,
                blocked_emails: emails("blocked_emails", &keys.blocked_emails)?,
            })
        };
        read().map_err(|fault: FileFault| fault.within("risk"))
    }

    /// The rules with blind indexes for contacts.
    pub(crate) fn blind(&self, keys: &Keyring) -> Result<Risk, Fault> {
        let blind = |kind: &str, contacts: &[Pii]| -> Result<Vec<[u8; 32]>, Fault> {
            contacts.iter().map(|contact| keys.blind(kind, contact.expose())).collect()
        };
        Ok(Risk {
            amount_max: self.amount_max,
            per_mobile_hour: self.per_mobile_hour,
            per_link_hour: self.per_link_hour,
            blocked_mobiles: blind("mobile", &self.blocked_mobiles)?,
            blocked_emails: blind("email", &self.blocked_emails)?,
        })
    }
}

/// How often something may happen in an hour.
fn rate(key: &str, value: Option<&Spanned<i64>>, most: i64) -> Result<Option<i64>, FileFault> {
    let Some(count) = value else { return Ok(None) };
    match *count.as_ref() {
        number if number < 1 => Err(FileFault::new(count.span(), key, "is less than 1")),
        number if number > most => Err(FileFault::new(count.span(), key, format!("is more than {most}"))),
        number => Ok(Some(number)),
    }
}

/// Mobile numbers as ten digits.
fn mobiles(key: &str, texts: &[Text]) -> Result<Vec<Pii>, FileFault> {
    let mobile = |text: &Text| {
        let rule = || FileFault::new(text.span(), key, "is not an Indian mobile number");
        indian_mobile(text.as_ref()).map(Pii::new).ok_or_else(rule)
    };
    texts.iter().map(mobile).collect()
}

/// E-mail addresses in small letters.
fn emails(key: &str, texts: &[Text]) -> Result<Vec<Pii>, FileFault> {
    let emails = checked_all(key, texts, is_email, "is not an e-mail address")?;
    Ok(emails.into_iter().map(|email| Pii::new(email.to_lowercase())).collect())
}
