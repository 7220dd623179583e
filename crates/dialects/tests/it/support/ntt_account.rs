//! Merchants of NTT DATA's API who are told things, and what they were answered.

use kadi_dialects::ntt::settings::DIALECT;
use kadi_domain::link::Link;
use kadi_domain::secret::Secret;
use kadi_domain::template::TemplateKind;
use kadi_engine::commands::administer::NewCredential;
use serde_json::Value;

use super::merchants::{Input, merchant, with_keys};
use super::ntt::{CREATE, set};
use super::shop::Shop;

/// The key that signs what every merchant is told.
pub(crate) const RESPONSE_KEY: &str = "KEYRESP123657234";
/// Key and salt of both sides, one a line, as the account keeps them.
pub(crate) const ENCRYPTION: &str = "request key\nrequest salt\nresponse key\nresponse salt";

/// A shop of `demo`, who has these addresses and more secrets, and of `other`.
pub(crate) fn shop(addresses: &[(&str, &str)], secrets: &[(&str, &str)]) -> Shop {
    opened(account(addresses, secrets))
}

/// The account of `demo`.
pub(crate) fn account(addresses: &[(&str, &str)], secrets: &[(&str, &str)]) -> Input {
    let demo = addresses.iter().fold(merchant("demo"), |demo, (name, value)| set(demo, name, value));
    let (demo, dialects, mut credentials) = with_keys(demo, &[]);
    credentials.extend(secrets.iter().map(|(slot, secret)| NewCredential {
        dialect: DIALECT,
        slot: (*slot).to_owned(),
        label: String::new(),
        secret: Secret::new((*secret).to_owned()),
        is_bearer: false,
    }));
    (demo, dialects, credentials)
}

/// A shop of this account and of `other`.
pub(crate) fn opened(demo: Input) -> Shop {
    let shop = Shop::open(vec![demo, with_keys(merchant("other"), &[])]);
    for slug in ["demo", "other"] {
        shop.template(slug, TemplateKind::Invoice, "T001");
    }
    shop
}

impl Shop {
    /// The answer to a request of `demo` that is done.
    pub(crate) fn ntt_done(&self, path: &str, body: &Value) -> Value {
        let answer = self.ntt_text(path, &body.to_string());
        assert!(answer.ots().0.starts_with("OTS0"), "{}", answer.text);
        answer.json()
    }

    /// An invoice of `demo`, and the answer that told of it.
    pub(crate) fn ntt_made(&self, body: &Value) -> (Value, Link) {
        let answer = self.ntt_text(CREATE, &body.to_string());
        let link = self.link(&answer);
        (answer.json(), link)
    }
}
