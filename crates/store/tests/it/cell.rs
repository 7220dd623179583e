//! A value on its way into a statement by hand, and how it is written and shown.

use rusqlite::types::{Value, ValueRef};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    /// As [`crate::behind::Behind::query`] shows it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Int(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Bytes(bytes) => format!("\\x{}", hex(bytes)),
        }
    }

    /// As a parameter of SQLite.
    pub(crate) fn sqlite(&self) -> Value {
        match self {
            Self::Int(number) => Value::Integer(*number),
            Self::Text(text) => Value::Text(text.clone()),
            Self::Bytes(bytes) => Value::Blob(bytes.clone()),
        }
    }

    /// A cell of SQLite as PostgreSQL shows it: bytes in hexadecimal, nothing as an empty text.
    pub(crate) fn shown(cell: ValueRef<'_>) -> String {
        match cell {
            ValueRef::Null => String::new(),
            ValueRef::Integer(number) => Self::Int(number).text(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
            ValueRef::Blob(bytes) => Self::Bytes(bytes.to_vec()).text(),
        }
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
