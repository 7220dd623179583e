//! Writing down a store as it is now: what `tests/released/` keeps of each migration.

use std::fs;
use std::path::Path;
use std::process::Command;

use kadi_store::{Access, statements};
use rusqlite::types::ValueRef;

use crate::behind::Behind;
use crate::cell::hex;
use crate::risk_trips::pace;
use crate::sample;
use crate::store::Store;

/// Writes schema, statements and sample of today into this folder. It takes `pg_dump`.
pub(crate) fn write(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let save =
        |name: &str, lines: Vec<String>| fs::write(folder.join(name), lines.join("\n") + "\n").unwrap();
    save("sqlite.sql", sqlite_schema());
    save("postgres.sql", postgres_schema());
    let texts = statements();
    save("sqlite-statements.sql", texts.iter().map(|one| one.sqlite_text().unwrap().to_owned()).collect());
    save("postgres-statements.sql", texts.iter().map(|one| one.postgres_text(Access::Write)).collect());
    save("sample.sql", sample());
}

/// The sample in PostgreSQL's words.
pub(crate) fn for_postgres(sample: &str) -> String {
    sample.replace(" X'", " '\\x")
}

fn sqlite_schema() -> Vec<String> {
    let store = Store::sqlite();
    let all = store.behind().query(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL \
         ORDER BY type = 'trigger', type = 'index', name",
    );
    all.into_iter().map(|row| format!("{};", row[0])).chain(history(&store.behind())).collect()
}

fn postgres_schema() -> Vec<String> {
    let store = Store::postgres();
    let mut dump = Command::new("pg_dump");
    let dump = dump.args(["--schema-only", "--no-owner", "--no-privileges", "--no-comments", "--dbname"]);
    let dump = dump.arg(store.database().url()).output().unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let text = String::from_utf8(dump.stdout).unwrap();
    // Settings of the dump's own session, which differ from one version of PostgreSQL to the next.
    let is_schema = |line: &&str| {
        !["--", "SET ", "SELECT pg_catalog.set_config", "\\"].iter().any(|start| line.starts_with(start))
            && !line.is_empty()
    };
    text.lines().filter(is_schema).map(str::to_owned).chain(history(&store.behind())).collect()
}

/// The rows by which a store knows what was applied to it.
fn history(behind: &Behind) -> Vec<String> {
    let rows = behind.query("SELECT version, name, checksum FROM refinery_schema_history ORDER BY version");
    let row = |row: Vec<String>| {
        format!(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
             VALUES ({}, '{}', '2026-01-01T00:00:00Z', '{}');",
            row[0], row[1], row[2]
        )
    };
    let table = if matches!(behind, Behind::Postgres(_)) { "public." } else { "" };
    rows.into_iter().map(row).map(|line| line.replace("INTO ", &format!("INTO {table}"))).collect()
}

/// Every row of the world, and of what the world has none, as SQLite writes it.
fn sample() -> Vec<String> {
    let store = Store::sqlite_world();
    let mut others = sample::ground(&[]);
    others.credentials.new.push(sample::credential(3));
    others.templates.push(sample::template(4, 1));
    others.paces.new.push(pace([1; 32], &[5]));
    others.values.push(("a", "1".into()));
    store.put(others);
    let behind = store.behind();
    let Behind::Sqlite(connection) = &behind else { panic!("a file") };
    let mut lines = Vec::new();
    for table in behind.tables() {
        let mut query = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = query.column_names().collect::<Vec<_>>().join(", ");
        let width = query.column_count();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..width).map(|at| literal(row.get_ref(at).unwrap())).collect();
            lines.push(format!("INSERT INTO {table} ({columns}) VALUES ({});", cells.join(", ")));
        }
    }
    lines
}

fn literal(cell: ValueRef<'_>) -> String {
    match cell {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => panic!("{number} is no value of Kadi's"),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).unwrap();
            assert!(!text.contains("X'") && !text.contains('\n'), "{text} would be taken for bytes");
            format!("'{}'", text.replace('\'', "''"))
        }
        ValueRef::Blob(bytes) => format!("X'{}'", hex(bytes)),
    }
}
