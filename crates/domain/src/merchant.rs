//! Merchants: who takes the money, what they may do and what it costs them.

use std::collections::BTreeSet;

use crate::amount::{Currency, Minor};
use crate::fee::FeeRule;
use crate::id::MerchantId;
use crate::payment::HoldDecision;
use crate::reference::Dialect;
use crate::refusal::Refusal;

/// Which rails a merchant's links may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// May use the sandbox rail.
    Test,
    /// Never uses the sandbox rail.
    Live,
}

/// What can be switched on for a merchant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Payments by UPI.
    Upi,
    /// Payment requests.
    PaymentRequest,
    /// Form templates on links.
    Forms,
    /// Splits over child merchants.
    Split,
    /// Payment in parts.
    Partial,
}

impl Feature {
    /// Every feature: what a merchant has unless its file says otherwise.
    pub const ALL: [Self; 5] = [Self::Upi, Self::PaymentRequest, Self::Forms, Self::Split, Self::Partial];

    /// The word of the merchant file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Upi => "upi",
            Self::PaymentRequest => "payment_request",
            Self::Forms => "forms",
            Self::Split => "split",
            Self::Partial => "partial",
        }
    }

    /// The feature with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feature| feature.word() == word)
    }
}

/// Who bears the fee of a payment that is refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FeeBearer {
    /// The merchant: fee and tax stay with the platform.
    #[default]
    Merchant,
    /// The platform: fee and tax go back in proportion.
    Platform,
}

impl FeeBearer {
    /// Every bearer with its word in the merchant file.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Merchant, "merchant"), (Self::Platform, "platform")];

    /// The bearer with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w)| *w == word).map(|(bearer, _)| *bearer)
    }
}

/// Smallest and largest amounts of a merchant's links in rupees, in paise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The smallest amount.
    pub min: Minor,
    /// The largest amount of one link.
    pub max: Option<Minor>,
    /// The largest amount for the account.
    pub account_max: Option<Minor>,
}

impl Limit {
    /// Refuses an amount outside the limits, the smallest first.
    pub fn check(&self, amount: Minor) -> Result<(), Refusal> {
        if amount < self.min {
            return Err(Refusal::AmountBelowMinimum);
        }
        if self.max.is_some_and(|max| amount > max) {
            return Err(Refusal::AmountAboveMaximum);
        }
        if self.account_max.is_some_and(|max| amount > max) {
            return Err(Refusal::AmountAboveAccountMaximum);
        }
        Ok(())
    }
}

/// Risk rules of a merchant or of the platform (`risk.rs`). Blocked contacts are blind indexes, never plain
/// text.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Risk {
    /// No link and no payment above this amount.
    pub amount_max: Option<Minor>,
    /// Payments per mobile number and hour.
    pub per_mobile_hour: Option<i64>,
    /// Payments per link and hour.
    pub per_link_hour: Option<i64>,
    /// Blind indexes of mobile numbers that may not pay.
    pub blocked_mobiles: Vec<[u8; 32]>,
    /// Blind indexes of e-mail addresses that may not pay.
    pub blocked_emails: Vec<[u8; 32]>,
}

impl Risk {
    /// Without any rule.
    pub const fn none() -> Self {
        Self {
            amount_max: None,
            per_mobile_hour: None,
            per_link_hour: None,
            blocked_mobiles: Vec::new(),
            blocked_emails: Vec::new(),
        }
    }
}

/// A setting of one dialect that is no secret: an account id, an address to call, a switch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting {
    /// Whose setting it is.
    pub dialect: Dialect,
    /// The key of the merchant file, such as `webhook_url`.
    pub name: String,
    /// Its value as text.
    pub value: String,
    /// An account id by which the dialect finds the merchant: no two merchants share it.
    pub identifies: bool,
}

/// A merchant as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    /// The row.
    pub id: MerchantId,
    /// The merchant file's `id`: `[a-z0-9-]`.
    pub slug: String,
    /// The name that payers see.
    pub name: String,
    /// Switched off: no new links, no payments.
    pub active: bool,
    /// Test or live.
    pub environment: Environment,
    /// The UPI address that receives the money.
    pub vpa: Option<String>,
    /// The GST identification number.
    pub gstin: Option<String>,
    /// The GST code of the merchant's state.
    pub state_code: Option<String>,
    /// The postal address that invoices show, in lines.
    pub address: Option<String>,
    /// What is switched on.
    pub features: BTreeSet<Feature>,
    /// Hosts to which the page sends payers without asking.
    pub redirect_hosts: Vec<String>,
    /// The `slug` of the merchant's aggregator.
    pub aggregator: Option<String>,
    /// Reseller ids that the merchant may name.
    pub resellers: Vec<String>,
    /// Amount limits.
    pub limit: Limit,
    /// The fee table.
    pub fees: Vec<FeeRule>,
    /// Who bears the fee of a payment that is refunded.
    pub refund_fee_bearer: FeeBearer,
    /// What becomes of held money without being asked; none to ask.
    pub hold_policy: Option<HoldDecision>,
    /// Do payers whose e-mail address is known get a receipt for each captured payment?
    pub receipts: bool,
    /// Risk rules.
    pub risk: Risk,
    /// Settings of the dialects.
    pub settings: Vec<Setting>,
    /// Counts the row's changes.
    pub version: i64,
}

impl Merchant {
    /// A merchant that takes no payments and that nobody can be.
    pub fn closed(slug: &str, name: &str) -> Self {
        Self {
            id: MerchantId::new(0),
            slug: slug.to_owned(),
            name: name.to_owned(),
            active: false,
            environment: Environment::Live,
            vpa: None,
            gstin: None,
            state_code: None,
            address: None,
            features: BTreeSet::new(),
            redirect_hosts: Vec::new(),
            aggregator: None,
            resellers: Vec::new(),
            limit: Limit { min: Minor::new(100), max: None, account_max: None },
            fees: Vec::new(),
            refund_fee_bearer: FeeBearer::default(),
            hold_policy: None,
            receipts: false,
            risk: Risk::default(),
            settings: Vec::new(),
            version: 0,
        }
    }

    /// Refuses where the merchant is switched off.
    pub const fn check_active(&self) -> Result<(), Refusal> {
        if self.active { Ok(()) } else { Err(Refusal::MerchantInactive) }
    }

    /// Refuses an amount outside the merchant's limits or over its risk rule, the limits first. They are in
    /// rupees: other currencies have none.
    pub fn check_amount(&self, amount: Minor, currency: Currency) -> Result<(), Refusal> {
        if currency != Currency::INR {
            return Ok(());
        }
        self.limit.check(amount)?;
        if self.risk.amount_max.is_some_and(|max| amount > max) {
            return Err(Refusal::RiskRefused);
        }
        Ok(())
    }

    /// A dialect's setting, if the merchant has it.
    pub fn setting(&self, dialect: Dialect, name: &str) -> Option<&str> {
        self.settings.iter().find(|s| s.dialect == dialect && s.name == name).map(|s| s.value.as_str())
    }
}
