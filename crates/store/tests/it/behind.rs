//! A database behind Kadi's back: looked into, tampered with, and put back as it was.

use kadi_testkit::postgres::Line;

use crate::cell::{Cell, hex};

/// A way into a database that does not pass through Kadi.
pub(crate) enum Behind {
    Sqlite(rusqlite::Connection),
    Postgres(Line),
}

impl Behind {
    /// Runs statements; how many rows the last one changed, or what the database refused.
    pub(crate) fn execute(&self, statements: &str) -> Result<u64, String> {
        match self {
            Self::Sqlite(connection) => {
                connection.execute_batch(statements).map_err(|error| error.to_string())?;
                Ok(connection.changes())
            }
            Self::Postgres(database) => database.execute(statements),
        }
    }

    /// What a query gives, every cell as text: bytes in hexadecimal, nothing as an empty text.
    pub(crate) fn query(&self, query: &str) -> Vec<Vec<String>> {
        match self {
            Self::Sqlite(connection) => {
                let mut prepared = connection.prepare(query).unwrap();
                let columns = prepared.column_count();
                let rows = prepared.query_map([], |row| {
                    Ok((0..columns).map(|at| Cell::shown(row.get_ref(at).unwrap())).collect())
                });
                rows.unwrap().map(Result::unwrap).collect()
            }
            Self::Postgres(database) => database.query(query),
        }
    }

    /// The single number that a query gives.
    pub(crate) fn number(&self, query: &str) -> i64 {
        self.query(query)[0][0].parse().unwrap()
    }

    /// The names of Kadi's tables, in order.
    pub(crate) fn tables(&self) -> Vec<String> {
        let all = match self {
            Self::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
            Self::Postgres(_) => {
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename COLLATE \"C\""
            }
        };
        let names = self.query(all).into_iter().map(|row| row[0].clone());
        names.filter(|name| name != "refinery_schema_history" && !name.starts_with("kept_")).collect()
    }

    /// These bytes as they are written in a statement.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> String {
        match self {
            Self::Sqlite(_) => format!("X'{}'", hex(bytes)),
            Self::Postgres(_) => format!("'\\x{}'::bytea", hex(bytes)),
        }
    }

    /// This value as it is written in a statement.
    pub(crate) fn literal(&self, cell: &Cell) -> String {
        match cell {
            Cell::Int(number) => number.to_string(),
            Cell::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Cell::Bytes(bytes) => self.bytes(bytes),
        }
    }

    /// The bytes in this column with another one at this place, counted from 0.
    pub(crate) fn with_byte(&self, column: &str, at: usize, byte: usize) -> String {
        match self {
            Self::Sqlite(_) => {
                let (before, after) = (at * 2, at * 2 + 3);
                let hex = format!("hex({column})");
                format!("unhex(substr({hex}, 1, {before}) || '{byte:02X}' || substr({hex}, {after}))")
            }
            Self::Postgres(_) => format!("set_byte({column}, {at}, {byte})"),
        }
    }

    /// Writes down a migration that this Kadi does not have.
    pub(crate) fn migrate_by_a_newer_kadi(&self) {
        let later = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
                     VALUES (99, 'later', '2030-01-01T00:00:00Z', '1')";
        self.execute(later).unwrap();
    }

    /// Puts the database into the hands of someone who can write every byte of it, but has no key.
    pub(crate) fn attack(self) -> Self {
        let unguarded = match &self {
            Self::Sqlite(_) => {
                "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF; \
                 DROP TRIGGER entry_is_never_changed; DROP TRIGGER entry_is_never_removed; \
                 DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_removed; \
                 DROP TRIGGER seal_is_never_changed; DROP TRIGGER seal_is_never_removed; \
                 DROP TRIGGER seal_head_is_never_changed; DROP TRIGGER seal_head_is_never_removed; \
                 DROP INDEX payment_by_rail;"
            }
            Self::Postgres(_) => {
                "SET synchronous_commit = off; DROP FUNCTION kadi_append_only() CASCADE; DROP INDEX payment_by_rail; DO $$ \
                 DECLARE rule RECORD; \
                 BEGIN \
                   FOR rule IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint \
                     WHERE contype = 'c' AND connamespace = 'public'::regnamespace \
                   LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', rule.owner, rule.conname); \
                   END LOOP; \
                 END $$"
            }
        };
        self.execute(unguarded).unwrap();
        self
    }

    /// Keeps all rows, for [`Behind::restore`].
    pub(crate) fn keep(&self) {
        let copies =
            self.tables().into_iter().map(|name| format!("CREATE TABLE kept_{name} AS TABLE {name};"));
        let copies: String = copies.collect();
        let copies = match self {
            Self::Sqlite(_) => copies.replace("AS TABLE", "AS SELECT * FROM"),
            Self::Postgres(_) => copies,
        };
        self.execute(&copies).unwrap();
    }

    /// Puts the rows of all tables back that this edit names.
    pub(crate) fn restore(&self, edit: &str) {
        let words: Vec<&str> = edit.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        let named = self.tables().into_iter().filter(|table| words.contains(&table.as_str()));
        let back =
            named.map(|name| format!("DELETE FROM {name}; INSERT INTO {name} SELECT * FROM kept_{name};"));
        self.execute(&format!("BEGIN; {} COMMIT", back.collect::<String>())).unwrap();
    }
}
