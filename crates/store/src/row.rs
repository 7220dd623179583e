//! Reading stored rows cell by cell: a cell of the wrong shape is a fault that names the statement, never a
//! panic.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::refusal::Fault;
use kadi_domain::time::Timestamp;

use crate::sql::Value;

/// A row that a statement gave, read from left to right.
#[derive(Debug)]
pub(crate) struct Row {
    statement: &'static str,
    at: usize,
    cells: std::vec::IntoIter<Value>,
}

impl Row {
    /// A row of the named statement.
    pub(crate) fn new(statement: &'static str, cells: Vec<Value>) -> Self {
        Self { statement, at: 0, cells: cells.into_iter() }
    }

    /// The next cell must be a whole number.
    pub(crate) fn int(&mut self) -> Result<i64, Fault> {
        match self.cell()? {
            Value::Int(number) => Ok(number),
            Value::Text(_) | Value::Bytes(_) | Value::Null => Err(self.fault("is not a whole number")),
        }
    }

    /// The next cell must be a whole number or nothing.
    pub(crate) fn opt_int(&mut self) -> Result<Option<i64>, Fault> {
        match self.cell()? {
            Value::Int(number) => Ok(Some(number)),
            Value::Null => Ok(None),
            Value::Text(_) | Value::Bytes(_) => Err(self.fault("is not a whole number")),
        }
    }

    /// The next cell must be 0 or 1.
    pub(crate) fn flag(&mut self) -> Result<bool, Fault> {
        match self.int()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.fault("is neither 0 nor 1")),
        }
    }

    /// The next cell must be a whole number of 8 bits.
    pub(crate) fn small(&mut self) -> Result<u8, Fault> {
        u8::try_from(self.int()?).map_err(|_| self.fault("is not between 0 and 255"))
    }

    /// The next cell must be text.
    pub(crate) fn text(&mut self) -> Result<String, Fault> {
        self.opt_text()?.ok_or_else(|| self.fault("is empty"))
    }

    /// The next cell must be text or nothing.
    pub(crate) fn opt_text(&mut self) -> Result<Option<String>, Fault> {
        match self.cell()? {
            Value::Text(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            Value::Int(_) | Value::Bytes(_) => Err(self.fault("is not text")),
        }
    }

    /// The next cell must be bytes or nothing.
    pub(crate) fn opt_bytes(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        match self.cell()? {
            Value::Bytes(bytes) => Ok(Some(bytes)),
            Value::Null => Ok(None),
            Value::Int(_) | Value::Text(_) => Err(self.fault("is not bytes")),
        }
    }

    /// The next cell must be exactly 32 bytes or nothing.
    pub(crate) fn opt_hash(&mut self) -> Result<Option<[u8; 32]>, Fault> {
        let bytes = self.opt_bytes()?;
        bytes.map(|bytes| bytes.try_into().map_err(|_| self.fault("is not 32 bytes long"))).transpose()
    }

    /// The next cell must be exactly 32 bytes.
    pub(crate) fn hash(&mut self) -> Result<[u8; 32], Fault> {
        self.opt_hash()?.ok_or_else(|| self.fault("is empty"))
    }

    /// The next cell must be an amount in minor units.
    pub(crate) fn minor(&mut self) -> Result<Minor, Fault> {
        self.int().map(Minor::new)
    }

    /// The next cell must be an amount in minor units or nothing.
    pub(crate) fn opt_minor(&mut self) -> Result<Option<Minor>, Fault> {
        Ok(self.opt_int()?.map(Minor::new))
    }

    /// The next cell must be a time in milliseconds.
    pub(crate) fn time(&mut self) -> Result<Timestamp, Fault> {
        self.int().map(Timestamp::from_ms)
    }

    /// The next cell must be a time in milliseconds or nothing.
    pub(crate) fn opt_time(&mut self) -> Result<Option<Timestamp>, Fault> {
        Ok(self.opt_int()?.map(Timestamp::from_ms))
    }

    /// The next cell must be the code of a currency.
    pub(crate) fn currency(&mut self) -> Result<Currency, Fault> {
        let code = self.text()?;
        Currency::parse(&code).ok_or_else(|| self.fault("is no currency"))
    }

    /// The next cell must be a currency or nothing.
    pub(crate) fn opt_currency(&mut self) -> Result<Option<Currency>, Fault> {
        let Some(code) = self.opt_text()? else { return Ok(None) };
        Currency::parse(&code).map(Some).ok_or_else(|| self.fault("is no currency"))
    }

    /// A fault about the cell read last.
    pub(crate) fn fault(&self, what: &str) -> Fault {
        Fault::new(format!("{}: column {} {what}", self.statement, self.at))
    }

    fn cell(&mut self) -> Result<Value, Fault> {
        self.at += 1;
        self.cells.next().ok_or_else(|| self.fault("is missing"))
    }
}

/// Reads every row with one function.
pub(crate) fn read<T>(rows: Vec<Row>, one: impl Fn(&mut Row) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    rows.into_iter().map(|mut row| one(&mut row)).collect()
}

/// Reads the first row, if there is one.
pub(crate) fn first<T>(
    rows: Vec<Row>,
    one: impl Fn(&mut Row) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    rows.into_iter().next().map(|mut row| one(&mut row)).transpose()
}
