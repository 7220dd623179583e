//! One SQL text for every store: statements over a relation named `input`, and the values that go in and come
//! out.
//!
//! A bulk statement is written once, with columns always qualified, as if a relation `input` held one row for
//! each record: `UPDATE link SET … FROM input WHERE link.id = input.id`. PostgreSQL gets that relation from
//! arrays ([`Statement::postgres_text`]); SQLite gets the statement without it, once per row
//! ([`Statement::sqlite_text`]).

use std::sync::OnceLock;

use kadi_domain::refusal::Fault;

/// The type of a column of `input`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A whole number of 64 bits.
    Int,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// What a session may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Look.
    Read,
    /// Change, and lock what it is about to change.
    Write,
}

/// A value of a row, on its way in or out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Nothing.
    Null,
}

/// A statement as it is written: over `input`, columns qualified.
#[derive(Debug)]
pub struct Statement {
    /// Its name in this crate, for faults and tests.
    pub name: &'static str,
    /// The text over `input`.
    pub text: &'static str,
    /// The columns of `input`.
    pub input: &'static [(&'static str, Type)],
    /// The table whose rows it locks until the commit, if any. SQLite has one writer and needs no lock
    /// clause.
    pub locks: Option<&'static str>,
    sqlite: OnceLock<String>,
}

impl Statement {
    /// A statement from its parts.
    pub const fn new(
        name: &'static str,
        text: &'static str,
        input: &'static [(&'static str, Type)],
        locks: Option<&'static str>,
    ) -> Self {
        Self { name, text, input, locks, sqlite: OnceLock::new() }
    }

    /// Must every row of `input` find its row? An update that finds none met a stale version; a delete may be
    /// late.
    pub fn must_hit(&self) -> bool {
        self.text.starts_with("UPDATE")
    }

    /// The text for SQLite: `?n` for the n-th column of `input`, and the relation taken out. Made once.
    pub fn sqlite_text(&self) -> Result<&str, Fault> {
        if let Some(text) = self.sqlite.get() {
            return Ok(text);
        }
        let text = self.numbered()?;
        let text = text.replace(" FROM input", "").replace(" USING input", "").replace(", input", "");
        Ok(self.sqlite.get_or_init(|| text))
    }

    /// The text for PostgreSQL: `input` made from one array for each of its columns, and for a session that
    /// writes the lock clause.
    pub fn postgres_text(&self, access: Access) -> String {
        let lock = self.locks.filter(|_| access == Access::Write);
        let lock = lock.map_or_else(String::new, |table| format!(" FOR UPDATE OF {table}"));
        if self.input.is_empty() {
            return format!("{}{lock}", self.text);
        }
        let names: Vec<&str> = self.input.iter().map(|(name, _)| *name).collect();
        let arrays: Vec<String> = self
            .input
            .iter()
            .enumerate()
            .map(|(at, (_, kind))| format!("${}::{}[]", at + 1, postgres_type(*kind)))
            .collect();
        let (names, arrays) = (names.join(", "), arrays.join(", "));
        let input = format!("WITH input({names}) AS (SELECT * FROM UNNEST({arrays}))");
        if self.must_hit() {
            // The function fails the transaction, whatever was sent behind it.
            return format!(
                "{input}, hit AS ({} RETURNING 1) SELECT kadi_expect((SELECT count(*) FROM hit), \
                 (SELECT count(*) FROM input))",
                self.text
            );
        }
        format!("{input} {}{lock}", self.text)
    }

    fn numbered(&self) -> Result<String, Fault> {
        let mut pieces = self.text.split("input.");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let end = piece.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(piece.len());
            let (column, rest) = piece.split_at(end);
            let at = self.input.iter().position(|(name, _)| *name == column);
            let at = at.ok_or_else(|| Fault::new(format!("{}: no column {column} in input", self.name)))?;
            text.push_str(&format!("?{}{rest}", at + 1));
        }
        Ok(text)
    }
}

const fn postgres_type(kind: Type) -> &'static str {
    match kind {
        Type::Int => "int8",
        Type::Text => "text",
        Type::Bytes => "bytea",
    }
}

/// A statement with the rows of its `input`.
#[derive(Debug)]
pub(crate) struct Step {
    /// The statement.
    pub statement: &'static Statement,
    /// The rows, each with the columns of the statement's `input`.
    pub rows: Vec<Vec<Value>>,
}

impl Step {
    /// A step over `records`, each turned into a row.
    pub(crate) fn over<T>(
        statement: &'static Statement,
        records: impl IntoIterator<Item = T>,
        row: impl Fn(T) -> Vec<Value>,
    ) -> Self {
        Self { statement, rows: records.into_iter().map(row).collect() }
    }
}

/// Declares the statements of a file, and its list `STATEMENTS` for the registry.
///
/// `NAME(column Type, …) = "text";` or `= { insert "table" };`, which inserts all columns of `input`;
/// `locks "table"` before the sign of equality names the table whose rows are locked.
macro_rules! statements {
    (
        $(
            $(#[$doc:meta])*
            $name:ident($($column:ident $kind:ident),* $(,)?) $(locks $lock:literal)? = $text:tt;
        )+
    ) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: $crate::sql::Statement = $crate::sql::Statement::new(
                stringify!($name),
                $crate::sql::statements!(@text ($($column),*) $text),
                &[$((stringify!($column), $crate::sql::Type::$kind)),*],
                $crate::sql::statements!(@lock $($lock)?),
            );
        )+
        /// Every statement of this file.
        pub(crate) static STATEMENTS: &[&$crate::sql::Statement] = &[$(&$name),+];
    };
    (@text ($first:ident $(, $rest:ident)*) { insert $table:literal }) => {
        concat!(
            "INSERT INTO ", $table, " (", stringify!($first), $(", ", stringify!($rest),)*
            ") SELECT input.", stringify!($first), $(", input.", stringify!($rest),)* " FROM input"
        )
    };
    (@text ($($column:ident),*) { $text:expr }) => { $text };
    (@text ($($column:ident),*) $text:literal) => { $text };
    (@lock) => { None };
    (@lock $lock:literal) => { Some($lock) };
}
pub(crate) use statements;
