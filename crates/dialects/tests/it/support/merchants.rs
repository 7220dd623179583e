//! The merchants of the tests.

use std::collections::BTreeSet;

use kadi_dialects::native::settings as native;
use kadi_dialects::nimbbl::settings as nimbbl;
use kadi_dialects::ntt::settings as ntt;
use kadi_dialects::paysharp::settings as paysharp;
use kadi_dialects::paytm::settings as paytm;
use kadi_dialects::table::DIALECTS;
use kadi_domain::amount::Minor;
use kadi_domain::fee::FeeRule;
use kadi_domain::id::MerchantId;
use kadi_domain::merchant::{Environment, Feature, FeeBearer, Limit, Merchant, Risk, Setting};
use kadi_domain::reference::Dialect;
use kadi_domain::secret::Secret;
use kadi_engine::commands::administer::NewCredential;

use super::ntt::{hash_key, merch_id, password};

pub(crate) type Input = (Merchant, BTreeSet<Dialect>, Vec<NewCredential>);

pub(crate) const PAYSHARP_WEBHOOK: &str = "https://hooks.example/p?secret=a%2Fb+c";
pub(crate) const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The mid of the merchant with this name: `demo` is DEMO.
pub(crate) fn mid(slug: &str) -> String {
    slug.to_ascii_uppercase()
}

/// The bearer key of the merchant with this name.
pub(crate) fn api_key(slug: &str) -> String {
    format!("kadi_test_{slug}")
}

/// The bearer tokens of the merchant with this name in Paysharp's API.
pub(crate) fn tokens(slug: &str) -> [String; 2] {
    [format!("paysharp_{slug}_one"), format!("paysharp_{slug}_two")]
}

/// The access key of the merchant with this name.
pub(crate) fn access_key(slug: &str) -> String {
    format!("access_key_{slug}")
}

/// The access secret of the merchant with this name.
pub(crate) fn access_secret(slug: &str) -> String {
    format!("access_secret_of_{slug}")
}

/// A test merchant who may do everything up to 100,000.00, with a risk rule from 50,000.00 on.
pub(crate) fn merchant(slug: &str) -> Merchant {
    let setting = |dialect, name: &str, value: &str, identifies| Setting {
        dialect,
        name: name.to_owned(),
        value: value.to_owned(),
        identifies,
    };
    Merchant {
        id: MerchantId::new(0),
        slug: slug.to_owned(),
        name: "Demo Traders".to_owned(),
        active: true,
        environment: Environment::Test,
        vpa: None,
        gstin: None,
        state_code: None,
        address: None,
        features: Feature::ALL.into(),
        redirect_hosts: Vec::new(),
        aggregator: None,
        resellers: vec!["Dipend011".to_owned()],
        limit: Limit {
            min: Minor::new(100),
            max: Some(Minor::new(10_000_000)),
            account_max: Some(Minor::new(10_000_000)),
        },
        fees: vec![FeeRule::plain("*".into(), "*".into(), 100, Minor::ZERO, 1_800)],
        refund_fee_bearer: FeeBearer::default(),
        hold_policy: None,
        receipts: true,
        risk: Risk { amount_max: Some(Minor::new(5_000_000)), ..Risk::default() },
        settings: vec![
            setting(paytm::DIALECT, paytm::MID, &mid(slug), true),
            setting(native::DIALECT, native::WEBHOOK_URL, "https://hooks.example/kadi", false),
            setting(paysharp::DIALECT, paysharp::WEBHOOK_URL, PAYSHARP_WEBHOOK, false),
            setting(nimbbl::DIALECT, nimbbl::ACCESS_KEY, &access_key(slug), true),
            setting(ntt::DIALECT, ntt::MERCH_ID, &merch_id(slug), true),
            setting(nimbbl::DIALECT, nimbbl::WEBHOOK_URL, "https://hooks.example/nimbbl", false),
        ],
        version: 0,
    }
}

/// The merchant with a bearer key and these keys of the other dialect, each with its name.
pub(crate) fn with_keys(merchant: Merchant, keys: &[(&str, &str)]) -> Input {
    let credential = |dialect, slot: &str, label: &str, secret: &str, is_bearer| NewCredential {
        dialect,
        slot: slot.to_owned(),
        label: label.to_owned(),
        secret: Secret::new(secret.to_owned()),
        is_bearer,
    };
    let mut credentials = vec![
        credential(native::DIALECT, native::API_KEY, "", &api_key(&merchant.slug), true),
        credential(native::DIALECT, native::WEBHOOK_SECRET, "", WEBHOOK_SECRET, false),
    ];
    for token in tokens(&merchant.slug) {
        credentials.push(credential(paysharp::DIALECT, paysharp::TOKEN, "", &token, true));
    }
    let (label, secret) = (access_key(&merchant.slug), access_secret(&merchant.slug));
    credentials.push(credential(nimbbl::DIALECT, nimbbl::ACCESS_SECRET, &label, &secret, false));
    for (slot, secret) in [
        (ntt::PASSWORD, password(&merchant.slug)),
        (ntt::REQUEST_HASH_KEY, hash_key(&merchant.slug)),
        (ntt::RESPONSE_HASH_KEY, "KEYRESP123657234".to_owned()),
    ] {
        credentials.push(credential(ntt::DIALECT, slot, "", &secret, false));
    }
    for (label, key) in keys {
        credentials.push(credential(paytm::DIALECT, paytm::KEY, label, key, false));
    }
    (merchant, DIALECTS.iter().map(|row| row.dialect).collect(), credentials)
}
