//! The merchant's form on the page, and what a payer answers.

use std::collections::BTreeMap;

use kadi_engine::domain::fields::{FieldValues, Rule};
use kadi_engine::domain::template::Field;

use super::shown::Shown;
use crate::FormField;

/// Before a field's name in the page's form, where other names stand beside it.
const PREFIX: &str = "answer.";

/// What a payer typed into the form, with what is wrong about it.
pub(super) struct Filled {
    pub(super) given: BTreeMap<String, String>,
    pub(super) broken: BTreeMap<String, Rule>,
}

/// Nothing was typed yet.
pub(super) static UNTOUCHED: Filled = Filled { given: BTreeMap::new(), broken: BTreeMap::new() };

impl Filled {
    /// The answers among the fields of a posted form; of what stands twice the first counts.
    pub(super) fn of(pairs: &[(String, String)]) -> Self {
        let mut given = BTreeMap::new();
        for (name, value) in pairs {
            if let Some(name) = name.strip_prefix(PREFIX) {
                given.entry(name.to_owned()).or_insert_with(|| value.clone());
            }
        }
        Self { given, broken: BTreeMap::new() }
    }

    /// The answers to the link's form, where it has one; none and the rules that are broken, where any are.
    pub(super) fn check(&mut self, shown: &Shown) -> Option<Option<FieldValues>> {
        let Some(form) = &shown.page.form else { return Some(None) };
        match form.fill(&self.given) {
            Ok(answers) => Some(Some(answers)),
            Err(broken) => {
                self.broken = broken;
                None
            }
        }
    }

    /// The fields of the link's form as the page shows them.
    pub(super) fn fields<'a>(&'a self, shown: &'a Shown) -> Vec<FormField<'a>> {
        let fields = shown.page.form.iter().flat_map(|form| &form.fields);
        let show = |field: &'a Field| {
            let typed = self.given.get(&field.name).or(field.default.as_ref());
            let fault = self.broken.get(&field.name).copied();
            FormField { field, typed: typed.map_or("", String::as_str), fault }
        };
        fields.map(show).collect()
    }
}
