//! Who calls: the merchant behind merchant id and password, and the signature over what is asked for.

use std::sync::Arc;

use kadi_engine::admission::Admitted;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::seal::hash_text;
use kadi_engine::faces::Account;
use subtle::{Choice, ConstantTimeEq};

use super::body::{Body, MERCH_ID, PASSWORD, SIGNATURE};
use super::codes::{INACTIVE_MERCHANT, INVALID_MERCHANT, No, SIGNATURE_MISMATCHED};
use super::keys::live;
use super::settings;
use super::sign::NttKey;
use crate::door::Door;

/// A caller whose password was right.
pub(super) struct Caller {
    account: Arc<Account>,
    /// `merchId` as it was sent.
    pub(super) merch_id: String,
    /// The password as it was sent.
    password: String,
}

impl Caller {
    /// The active merchant with this id and password. An unknown id and a wrong password are told alike.
    pub(super) async fn authenticate(door: &Door, body: &Body<'_>) -> Result<Self, No> {
        let (merch_id, password) = (body.demanded(MERCH_ID, true)?, body.demanded(PASSWORD, false)?);
        let account = door.engine.account(settings::DIALECT, settings::MERCH_ID, &merch_id).await?;
        let account = account.ok_or(INVALID_MERCHANT)?;
        let caller = Self { account, merch_id, password };
        if !caller.has_right_password(door)? {
            return Err(INVALID_MERCHANT.into());
        }
        if !caller.merchant().active {
            return Err(INACTIVE_MERCHANT.into());
        }
        Ok(caller)
    }

    /// The merchant.
    pub(super) fn merchant(&self) -> &Merchant {
        &self.account.merchant
    }

    /// A place for the call, until it is answered.
    pub(super) async fn admit(&self, door: &Door) -> Result<Admitted, No> {
        Ok(door.engine.admit(self.merchant().id).await?)
    }

    /// Does the merchant demand two decimals, and signatures that are of one call alone?
    pub(super) fn is_strict(&self) -> bool {
        self.merchant().setting(settings::DIALECT, settings::STRICT) == Some("true")
    }

    /// The text that a signature over these parts covers.
    pub(super) fn signed_text(&self, parts: &[&str]) -> String {
        [&[self.merch_id.as_str(), &self.password], parts].concat().concat()
    }

    /// Checks the signature over merchant id, password and these parts, exactly as they were sent. Gives it
    /// in lower case.
    pub(super) fn check_signature(&self, door: &Door, body: &Body<'_>, parts: &[&str]) -> Result<String, No> {
        let signature = body.demanded(SIGNATURE, false)?;
        let text = self.signed_text(parts);
        for credential in self.live(settings::REQUEST_HASH_KEY) {
            if NttKey::new(credential.open(door.engine.keys())?.expose())?.verify(&[&text], &signature) {
                return Ok(signature.to_ascii_lowercase());
            }
        }
        Err(SIGNATURE_MISMATCHED.into())
    }

    /// Compares with every live password, whether one was right already or not.
    fn has_right_password(&self, door: &Door) -> Result<bool, No> {
        let sent = hash_text(&self.password);
        let mut is_right = Choice::from(0);
        for credential in self.live(settings::PASSWORD) {
            is_right |= hash_text(credential.open(door.engine.keys())?.expose()).ct_eq(&sent);
        }
        Ok(is_right.into())
    }

    fn live(&self, slot: &'static str) -> impl Iterator<Item = &kadi_engine::domain::credential::Credential> {
        live(&self.account.credentials, self.merchant().id, slot)
    }
}
