//! The files of administration: merchants and templates, from TOML to the domain.

mod fault;
mod fresh;
mod merchant;
mod merchant_keys;
mod risk;
mod template;
mod template_value;
#[cfg(test)]
mod tests;

pub(crate) use fault::ImportFault;
pub(crate) use fresh::{FreshMerchant, fresh_merchant, id_from_name};
pub(crate) use merchant::parse_merchants;
pub(crate) use risk::{RiskEntry, RiskKeys};
pub(crate) use template::parse_templates;
