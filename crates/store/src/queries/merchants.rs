//! Questions about merchants, their credentials and templates, and the installation.

use std::collections::BTreeSet;

use kadi_domain::credential::{Credential, CredentialKey};
use kadi_domain::id::{MerchantId, TemplateId};
use kadi_domain::merchant::Merchant;
use kadi_domain::reference::Dialect;
use kadi_domain::template::{Template, TemplateKey};

use crate::codes::Coded as _;
use crate::reader::Reader;
use crate::row::{first, read};
use crate::tables::{credentials, installation, merchants, templates};
use crate::trouble::Trouble;
use crate::value::row;

impl Reader {
    /// A merchant.
    pub fn merchant(&self, id: MerchantId) -> Result<Option<Merchant>, Trouble> {
        Ok(merchants::by_ids(self.driver(), &BTreeSet::from([id]))?.remove(&id))
    }

    /// The merchant with this `id` of the merchant file.
    pub fn merchant_by_slug(&self, slug: &str) -> Result<Option<Merchant>, Trouble> {
        let id = first(self.ask(&merchants::BY_SLUG, row![slug])?, |row| {
            row.text()?;
            row.int().map(MerchantId::new)
        })?;
        id.map_or(Ok(None), |id| self.merchant(id))
    }

    /// The merchant whose identifying setting `name` of the dialect has this value.
    pub fn merchant_by_identity(
        &self,
        dialect: Dialect,
        name: &str,
        value: &str,
    ) -> Result<Option<Merchant>, Trouble> {
        let rows = self.ask(&merchants::BY_IDENTITY, row![dialect, name, value])?;
        let owner = first(rows, merchants::identity_of)?;
        owner.map_or(Ok(None), |(_, id)| self.merchant(id))
    }

    /// Every merchant, in the order of the rows.
    pub fn merchants(&self) -> Result<Vec<Merchant>, Trouble> {
        let ids = read(self.ask(&merchants::IDS, row![])?, |row| row.int().map(MerchantId::new))?;
        Ok(merchants::by_ids(self.driver(), &ids.into_iter().collect())?.into_values().collect())
    }

    /// A merchant's credentials, live and revoked, oldest first.
    pub fn credentials_of(&self, id: MerchantId) -> Result<Vec<Credential>, Trouble> {
        Ok(read(self.ask(&credentials::OF_MERCHANT, row![id])?, credentials::credential_of)?)
    }

    /// The credential with this print, live or revoked.
    pub fn credential_by_print(&self, key: &CredentialKey) -> Result<Option<Credential>, Trouble> {
        let rows = self.ask(&credentials::BY_PRINT, credentials::print_row(key))?;
        Ok(first(rows, credentials::credential_of)?)
    }

    /// The newest versions of a merchant's templates.
    pub fn templates(&self, id: MerchantId) -> Result<Vec<Template>, Trouble> {
        templates::whole(self.driver(), self.ask(&templates::NEWEST_OF_MERCHANT, row![id])?)
    }

    /// This version of a template.
    pub fn template(&self, id: TemplateId) -> Result<Option<Template>, Trouble> {
        Ok(templates::whole(self.driver(), self.ask(&templates::BY_ID, row![id])?)?.pop())
    }

    /// The newest version of a template.
    pub fn newest_template(&self, key: &TemplateKey) -> Result<Option<Template>, Trouble> {
        let rows = self.ask(&templates::NEWEST, row![key.merchant_id, key.kind.number(), &key.number])?;
        Ok(templates::whole(self.driver(), rows)?.pop())
    }

    /// The installation's value with this name.
    pub fn value(&self, name: &str) -> Result<Option<String>, Trouble> {
        let rows = self.ask(&installation::VALUE_LOAD, row![name])?;
        Ok(first(rows, |row| {
            row.text()?;
            row.text()
        })?)
    }

    /// The installation's values whose names begin with `prefix`, as (name, value) in the order of names.
    pub fn values_under(&self, prefix: &str) -> Result<Vec<(String, String)>, Trouble> {
        let rows = self.ask(&installation::VALUES_UNDER, row![prefix])?;
        Ok(read(rows, |row| Ok((row.text()?, row.text()?)))?)
    }
}
