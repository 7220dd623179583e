//! Mistakes in a file of administration, and the list that such files are.

use kadi_dialects::file_fault::FileFault;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A mistake with its line, as people are told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{separator}{key}: {reason}", separator = if key.is_empty() { "" } else { ", " })]
pub(crate) struct ImportFault {
    /// From 1.
    pub(crate) line: usize,
    /// The key with its tables, or empty.
    pub(crate) key: String,
    /// The rule that is broken.
    pub(crate) reason: String,
}

impl ImportFault {
    pub(super) fn of(fault: FileFault, text: &str) -> Self {
        Self { line: fault.line(text), key: fault.key, reason: fault.reason }
    }
}

/// Reads each table of the list `name`, the only key of the file, and gives all of them or the first mistake
/// of each.
pub(super) fn each<T>(
    text: &str,
    name: &str,
    parse: impl Fn(Spanned<DeTable<'_>>) -> Result<T, FileFault>,
) -> Result<Vec<T>, Vec<ImportFault>> {
    let tables = tables(text, name).map_err(|fault| vec![ImportFault::of(fault, text)])?;
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    for table in tables {
        match parse(table) {
            Ok(entry) => entries.push(entry),
            Err(fault) => faults.push(ImportFault::of(fault.within(name), text)),
        }
    }
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

fn tables<'t>(text: &'t str, name: &str) -> Result<Vec<Spanned<DeTable<'t>>>, FileFault> {
    let mut root = DeTable::parse(text).map_err(FileFault::of_toml)?.into_inner();
    let found = root.remove(name);
    if let Some(unknown) = root.keys().next() {
        return Err(FileFault::new(unknown.span(), unknown.as_ref().as_ref(), "unknown key"));
    }
    let none = || format!("the file has no [[{name}]]");
    let list = found.ok_or_else(|| FileFault::new(0..0, "", none()))?;
    let span = list.span();
    let DeValue::Array(list) = list.into_inner() else {
        return Err(FileFault::new(span, name, format!("is not a list; write [[{name}]]")));
    };
    let mut tables = Vec::new();
    for item in list {
        let span = item.span();
        match item.into_inner() {
            DeValue::Table(table) => tables.push(Spanned::new(span, table)),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => return Err(FileFault::new(span, name, "is not a table")),
        }
    }
    if tables.is_empty() { Err(FileFault::new(span, "", none())) } else { Ok(tables) }
}
