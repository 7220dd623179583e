//! The merchant file: every key of the contract, from the first version on.

use std::collections::{BTreeMap, BTreeSet};

use kadi_dialects::accounts::{ACCOUNTS, Account};
use kadi_dialects::file_fault::FileFault;
use kadi_domain::fee::FeeRule;
use kadi_domain::id::MerchantId;
use kadi_domain::merchant::{Environment, Feature, FeeBearer, Limit, Merchant};
use kadi_domain::payment::HoldDecision;
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::Fault;
use kadi_domain::seal::Keyring;
use kadi_engine::commands::administer::NewCredential;
use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::fault::{ImportFault, each};
use super::merchant_keys::{
    MerchantKeys, NAME_RULE, address, checked, checked_all, checked_if_given, environment, features,
    fee_bearer, fees, hold_policy, hosts, id, is_gstin, is_name, is_state_code, is_vpa, limit,
};
use super::risk::RiskEntry;

/// A merchant as the file says, defaults put in.
#[derive(Debug)]
pub(crate) struct MerchantEntry {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) environment: Environment,
    pub(crate) vpa: Option<String>,
    pub(crate) gstin: Option<String>,
    pub(crate) state_code: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) features: BTreeSet<Feature>,
    pub(crate) redirect_hosts: Vec<String>,
    pub(crate) aggregator: Option<String>,
    pub(crate) resellers: Vec<String>,
    pub(crate) limit: Limit,
    pub(crate) fees: Vec<FeeRule>,
    pub(crate) refund_fee_bearer: FeeBearer,
    pub(crate) hold_policy: Option<HoldDecision>,
    pub(crate) receipts: bool,
    pub(crate) risk: RiskEntry,
    /// One for each dialect that the file names.
    pub(crate) accounts: Vec<Account>,
}

/// Reads a merchant file. The faults are the first of each merchant.
pub(crate) fn parse_merchants(text: &str) -> Result<Vec<MerchantEntry>, Vec<ImportFault>> {
    let entries = each(text, "merchant", |table| {
        let span = table.span();
        entry(table).map(|entry| (span, entry))
    })?;
    let mut names = Names::default();
    let clash = entries.iter().find_map(|(span, entry)| {
        names.add(entry).err().map(|reason| FileFault::new(span.clone(), "merchant", reason))
    });
    match clash {
        Some(fault) => Err(vec![ImportFault::of(fault, text)]),
        None => Ok(entries.into_iter().map(|(_, entry)| entry).collect()),
    }
}

/// What no two merchants may share, with the merchant who has it.
#[derive(Default)]
struct Names(BTreeMap<(Option<Dialect>, String, String), String>);

impl Names {
    fn add(&mut self, entry: &MerchantEntry) -> Result<(), String> {
        self.take(None, "id", &entry.id, &entry.id)?;
        for account in &entry.accounts {
            for setting in account.settings.iter().filter(|setting| setting.identifies) {
                self.take(Some(account.dialect), &setting.name, &setting.value, &entry.id)?;
            }
            for key in account.credentials.iter().filter(|credential| credential.is_bearer) {
                self.take(Some(account.dialect), &key.slot, key.secret.expose(), &entry.id)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, dialect: Option<Dialect>, name: &str, value: &str, owner: &str) -> Result<(), String> {
        match self.0.insert((dialect, name.to_owned(), value.to_owned()), owner.to_owned()) {
            Some(other) if other == owner => Err(format!("{owner} stands twice in the file")),
            Some(other) => Err(format!("{owner} has the same {name} as {other}")),
            None => Ok(()),
        }
    }
}

fn entry(table: Spanned<DeTable<'_>>) -> Result<MerchantEntry, FileFault> {
    let span = table.span();
    let mut table = table.into_inner();
    let mut accounts = Vec::new();
    for row in ACCOUNTS {
        if let Some(value) = table.remove(row.key) {
            accounts.push((row.parse)(value).map_err(|fault| fault.within(row.key))?);
        }
    }
    let rest = ValueDeserializer::from(Spanned::new(span, DeValue::Table(table)));
    let keys = MerchantKeys::deserialize(rest).map_err(FileFault::of_toml)?;
    let id_text = id("id", &keys.id)?;
    let aggregator = keys.aggregator.as_ref().map(|text| id("aggregator", text)).transpose()?;
    if let Some(text) = keys.aggregator.as_ref().filter(|_| aggregator.as_ref() == Some(&id_text)) {
        return Err(FileFault::new(text.span(), "aggregator", "is the merchant itself"));
    }
    Ok(MerchantEntry {
        name: checked("name", &keys.name, is_name, NAME_RULE)?,
        active: keys.active.unwrap_or(true),
        environment: environment(keys.environment.as_ref())?,
        vpa: checked_if_given("vpa", keys.vpa.as_ref(), is_vpa, "is not a UPI address (name@handle)")?,
        gstin: checked_if_given(
            "gstin",
            keys.gstin.as_ref(),
            is_gstin,
            "is not of the form 29ABCDE1234F1Z5",
        )?,
        state_code: checked_if_given(
            "state_code",
            keys.state_code.as_ref(),
            is_state_code,
            "is not two digits",
        )?,
        address: address(keys.address.as_ref())?,
        features: features(keys.feature.as_ref())?,
        redirect_hosts: hosts(&keys.redirect_host)?,
        resellers: checked_all("reseller", &keys.reseller, is_name, NAME_RULE)?,
        limit: limit(keys.limit.as_ref())?,
        fees: fees(keys.fee.as_ref())?,
        refund_fee_bearer: fee_bearer(keys.refund_fee_bearer.as_ref())?,
        hold_policy: hold_policy(keys.hold.as_ref())?,
        receipts: keys.receipts.unwrap_or(true),
        risk: RiskEntry::read(&keys.risk)?,
        id: id_text,
        aggregator,
        accounts,
    })
}

impl MerchantEntry {
    /// The merchant with the dialects that its file names and their credentials, as the import takes them;
    /// its row id and version are the import's to give.
    pub(crate) fn into_input(
        self,
        keys: &Keyring,
    ) -> Result<(Merchant, BTreeSet<Dialect>, Vec<NewCredential>), Fault> {
        let (mut dialects, mut settings, mut credentials) = (BTreeSet::new(), Vec::new(), Vec::new());
        for account in self.accounts {
            dialects.insert(account.dialect);
            settings.extend(account.settings);
            credentials.extend(account.credentials);
        }
        let merchant = Merchant {
            id: MerchantId::new(0),
            slug: self.id,
            name: self.name,
            active: self.active,
            environment: self.environment,
            vpa: self.vpa,
            gstin: self.gstin,
            state_code: self.state_code,
            address: self.address,
            features: self.features,
            redirect_hosts: self.redirect_hosts,
            aggregator: self.aggregator,
            resellers: self.resellers,
            limit: self.limit,
            fees: self.fees,
            refund_fee_bearer: self.refund_fee_bearer,
            hold_policy: self.hold_policy,
            receipts: self.receipts,
            risk: self.risk.blind(keys)?,
            settings,
            version: 0,
        };
        Ok((merchant, dialects, credentials))
    }
}
