//! The payer, as bodies of this API name one.

use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::LinkText;
use kadi_engine::domain::secret::Pii;
use serde::Serialize;

use super::members::COUNTRY_CODE;
use super::whole::payer_names;

/// `user`.
#[derive(Debug, Serialize)]
pub(super) struct User {
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    country_code: Option<&'static str>,
    mobile_number: Option<String>,
}

/// `payer_info` of the vendor's page.
#[derive(Debug, Serialize)]
pub(super) struct PayerInfo {
    payer_email_address: Option<String>,
    payer_first_name: Option<String>,
    payer_last_name: Option<String>,
    payer_mobile_number: Option<String>,
}

fn own(value: Option<&Pii>) -> Option<String> {
    value.map(|pii| pii.expose().to_owned())
}

impl User {
    /// Of a link's contact.
    pub(super) fn of(contact: &Contact, texts: &[LinkText]) -> Self {
        let (first_name, last_name) = payer_names(contact, texts).unzip();
        Self {
            email: own(contact.email.as_ref()),
            first_name,
            last_name,
            country_code: contact.mobile.as_ref().map(|_| COUNTRY_CODE),
            mobile_number: own(contact.mobile.as_ref()),
        }
    }
}

impl User {
    /// Names and values of what a link keeps for ever.
    pub(super) fn kept(&self) -> [(&'static str, Option<&str>); 3] {
        [
            ("email", self.email.as_deref()),
            ("country_code", self.country_code),
            ("mobile_number", self.mobile_number.as_deref()),
        ]
    }
}

impl PayerInfo {
    /// Of a link's contact.
    pub(super) fn of(contact: &Contact, texts: &[LinkText]) -> Self {
        let User { email, first_name, last_name, mobile_number, .. } = User::of(contact, texts);
        Self {
            payer_email_address: email,
            payer_first_name: first_name,
            payer_last_name: last_name,
            payer_mobile_number: mobile_number,
        }
    }
}
