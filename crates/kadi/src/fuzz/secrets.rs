//! Texts of a file that must not come back in what is said about it.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

/// What a text holds that stands for a secret in kept inputs.
const MARK: &str = "S3CRET";

/// Fails where something that is said repeats a marked text of the file. A key's name is not secret, and what
/// is no TOML is quoted by no one.
pub(super) fn are_kept(file: &str, said: &str) {
    let Ok(table) = DeTable::parse(file) else { return };
    let (mut keys, mut texts) = (BTreeSet::new(), BTreeSet::new());
    gather(table.get_ref(), &mut keys, &mut texts);
    for text in texts.iter().filter(|text| text.contains(MARK)) {
        let is_name = keys.iter().any(|key| key.contains(text.as_str()));
        assert!(is_name || !said.contains(text.as_str()), "{said}");
    }
}

fn gather(table: &DeTable<'_>, keys: &mut BTreeSet<String>, texts: &mut BTreeSet<String>) {
    for (key, value) in table.iter() {
        keys.insert(key.get_ref().to_string());
        gather_value(value.get_ref(), keys, texts);
    }
}

fn gather_value(value: &DeValue<'_>, keys: &mut BTreeSet<String>, texts: &mut BTreeSet<String>) {
    match value {
        DeValue::String(text) => drop(texts.insert(text.to_string())),
        DeValue::Table(table) => gather(table, keys, texts),
        DeValue::Array(items) => items.iter().for_each(|item| gather_value(item.get_ref(), keys, texts)),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
}
