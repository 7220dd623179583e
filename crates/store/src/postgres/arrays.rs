//! The rows of a step as one array for each column of `input`, checked before anything is sent.

use kadi_domain::refusal::Fault;
use tokio_postgres::types::{ToSql, Type as PgType};

use crate::row::Row;
use crate::sql::{Statement, Type, Value};

/// One column of `input`.
pub(super) enum Array<'r> {
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<&'r str>>),
    Bytes(Vec<Option<&'r [u8]>>),
}

impl Array<'_> {
    /// As a parameter.
    pub(super) fn parameter(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Ints(array) => array,
            Self::Texts(array) => array,
            Self::Bytes(array) => array,
        }
    }
}

/// The columns of `rows`. A value that is not of its column's type is a fault of ours.
pub(super) fn arrays<'r>(
    statement: &'static Statement,
    rows: impl Iterator<Item = &'r Vec<Value>> + Clone,
) -> Result<Vec<Array<'r>>, Fault> {
    let mut arrays = Vec::with_capacity(statement.input.len());
    for (at, (name, kind)) in statement.input.iter().enumerate() {
        let cells = rows.clone().map(|row| row.get(at));
        let wrong = || Fault::new(format!("{}: a value of {name} is of another type", statement.name));
        arrays.push(match kind {
            Type::Int => Array::Ints(column(cells, int).ok_or_else(wrong)?),
            Type::Text => Array::Texts(column(cells, text).ok_or_else(wrong)?),
            Type::Bytes => Array::Bytes(column(cells, bytes).ok_or_else(wrong)?),
        });
    }
    Ok(arrays)
}

/// Can anything that is stored be equal to this row? PostgreSQL has no text with a zero in it, and calls a
/// question for one an error, where it is only a question whose answer is no.
pub(super) fn can_be_found(row: &[Value]) -> bool {
    !row.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0')))
}

/// Reads each cell with one function, which gives nothing for another type.
fn column<'r, T>(
    cells: impl Iterator<Item = Option<&'r Value>>,
    read: impl Fn(&'r Value) -> Option<Option<T>>,
) -> Option<Vec<Option<T>>> {
    cells.map(|cell| cell.and_then(&read)).collect()
}

#[expect(clippy::option_option, reason = "the outer one is the type's fit, the inner one SQL's NULL")]
const fn int(value: &Value) -> Option<Option<i64>> {
    match value {
        Value::Int(number) => Some(Some(*number)),
        Value::Null => Some(None),
        Value::Text(_) | Value::Bytes(_) => None,
    }
}

#[expect(clippy::option_option, reason = "the outer one is the type's fit, the inner one SQL's NULL")]
fn text(value: &Value) -> Option<Option<&str>> {
    match value {
        Value::Text(text) => Some(Some(text)),
        Value::Null => Some(None),
        Value::Int(_) | Value::Bytes(_) => None,
    }
}

#[expect(clippy::option_option, reason = "the outer one is the type's fit, the inner one SQL's NULL")]
fn bytes(value: &Value) -> Option<Option<&[u8]>> {
    match value {
        Value::Bytes(bytes) => Some(Some(bytes)),
        Value::Null => Some(None),
        Value::Int(_) | Value::Text(_) => None,
    }
}

/// A stored row as it came.
pub(super) fn row_of(statement: &'static Statement, row: &tokio_postgres::Row) -> Result<Row, Fault> {
    let mut cells = Vec::with_capacity(row.len());
    for (at, column) in row.columns().iter().enumerate() {
        let unreadable = |what: &str| Fault::new(format!("{}: column {} {what}", statement.name, at + 1));
        let wrong = |_| unreadable("cannot be read");
        let cell = if *column.type_() == PgType::INT8 {
            row.try_get::<_, Option<i64>>(at).map_err(wrong)?.map(Value::Int)
        } else if *column.type_() == PgType::TEXT {
            row.try_get::<_, Option<String>>(at).map_err(wrong)?.map(Value::Text)
        } else if *column.type_() == PgType::BYTEA {
            row.try_get::<_, Option<Vec<u8>>>(at).map_err(wrong)?.map(Value::Bytes)
        } else {
            return Err(unreadable(&format!("is a {}", column.type_().name())));
        };
        cells.push(cell.unwrap_or(Value::Null));
    }
    Ok(Row::new(statement.name, cells))
}
