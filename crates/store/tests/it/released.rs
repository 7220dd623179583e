//! Every released migration keeps, in `tests/released/`, the store that it left behind: its schema, its
//! statements and a sample. Each of them becomes a store of today.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kadi_store::{Access, migrate, statements, verify};
use kadi_testkit::postgres::Cluster;

use crate::behind::Behind;
use crate::release;
use crate::schemas::{INDEXES, TABLES};
use crate::store::Store;
use crate::world;
use crate::world::NOW;

/// With this variable in the environment the newest folder is written anew, to be read and committed.
const WRITE: &str = "KADI_WRITE_RELEASE";

fn crate_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The migrations of a store: version, name and text.
fn migrations(store: &str) -> BTreeMap<u32, (String, String)> {
    let files =
        fs::read_dir(crate_folder("migrations").join(store)).unwrap().map(|file| file.unwrap().path());
    let migration = |file: PathBuf| {
        let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let (version, name) = stem.strip_prefix('V').unwrap().split_once("__").unwrap();
        (version.parse().unwrap(), (name.to_owned(), fs::read_to_string(&file).unwrap()))
    };
    files.map(migration).collect()
}

/// The folders of the released migrations, by version.
fn folders() -> BTreeMap<u32, PathBuf> {
    let released = fs::read_dir(crate_folder("tests/released")).unwrap().map(|folder| folder.unwrap().path());
    let version = |folder: &PathBuf| {
        folder.file_name().unwrap().to_str().unwrap().strip_prefix('V').unwrap().parse().unwrap()
    };
    released.map(|folder| (version(&folder), folder)).collect()
}

#[test]
fn every_migration_has_its_folder() {
    let (sqlite, postgres) = (migrations("sqlite"), migrations("postgres"));
    let names = |all: &BTreeMap<u32, (String, String)>| -> Vec<(u32, String)> {
        all.iter().map(|(version, (name, _))| (*version, name.clone())).collect()
    };
    assert_eq!(names(&sqlite), names(&postgres), "a migration is for both stores");
    let newest = sqlite.keys().next_back().unwrap();
    if std::env::var_os(WRITE).is_some() {
        release::write(&crate_folder("tests/released").join(format!("V{newest}")));
    }
    let (versions, folders): (Vec<_>, Vec<_>) =
        (sqlite.into_keys().collect(), folders().into_keys().collect());
    assert_eq!(versions, folders, "write the folder of a new migration as CONTRIBUTING.md says");
}

/// A store that was made by a released migration would refuse another text.
#[test]
fn a_released_migration_is_never_changed() {
    for (version, folder) in folders() {
        for store in ["sqlite", "postgres"] {
            let schema = fs::read_to_string(folder.join(format!("{store}.sql"))).unwrap();
            for (number, (name, text)) in migrations(store).range(..=version) {
                let migration = refinery::Migration::unapplied(&format!("V{number}__{name}"), text).unwrap();
                let applied =
                    format!("({number}, '{name}', '2026-01-01T00:00:00Z', '{}')", migration.checksum());
                assert!(
                    schema.contains(&applied),
                    "migration {number} for {store} is not the one of tests/released/V{version}: write a new \
                     one (or, while no release has it, the folder anew: CONTRIBUTING.md)"
                );
            }
        }
    }
}

#[test]
fn each_released_store_becomes_one_of_today_on_sqlite() {
    let today = Store::sqlite();
    for version in folders().into_keys() {
        let old = Store::in_folder(tempfile::tempdir().unwrap());
        upgraded(&old, version, &today);
    }
}

#[test]
fn each_released_store_becomes_one_of_today_on_postgres() {
    let today = Store::postgres();
    for version in folders().into_keys() {
        let old = Store::in_database(Cluster::shared().database());
        upgraded(&old, version, &today);
    }
}

/// Makes the released store with its sample, migrates it and looks at everything.
fn upgraded(store: &Store, version: u32, today: &Store) {
    let folder = &folders()[&version];
    let behind = store.behind();
    let read = |name: String| fs::read_to_string(folder.join(name)).unwrap();
    let (name, sample) = match &behind {
        Behind::Sqlite(_) => {
            behind.execute("PRAGMA journal_mode = WAL").unwrap();
            ("sqlite", read("sample.sql".into()))
        }
        Behind::Postgres(_) => ("postgres", release::for_postgres(&read("sample.sql".into()))),
    };
    behind.execute(&read(format!("{name}.sql"))).unwrap();
    behind.execute(&sample).unwrap();
    let rows = columns(&behind);
    let before: Vec<_> = rows.iter().map(|(table, columns)| cells(&behind, table, columns)).collect();
    assert!(before.iter().all(|rows| !rows.is_empty()), "the sample has a row for every table");

    migrate(&store.location).unwrap();

    assert_eq!(schema(&behind), schema(&today.behind()), "an old store ends as a new one begins");
    let now = columns(&behind);
    for ((table, columns), before) in rows.iter().zip(before) {
        let kept: Vec<bool> = columns.iter().map(|name| now[table].contains(name)).collect();
        let only_kept = |row: Vec<String>| -> Vec<String> {
            row.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(cell, _)| cell).collect()
        };
        let names: Vec<String> = columns.iter().filter(|name| now[table].contains(name)).cloned().collect();
        let before: Vec<_> = before.into_iter().map(only_kept).collect();
        assert_eq!(cells(&behind, table, &names), before, "{table}");
    }
    let report = verify(&store.reader(), &world::keys(5), NOW).unwrap();
    assert_eq!(report.broken, vec![]);
    if folders().into_keys().next_back() == Some(version) {
        assert!(report.checked.iter().all(|(_, times)| *times > 0), "{:?}", report.checked);
    }
    // Servers of the last release may still run when a new one has migrated the store; older ones may not.
    if folders().into_keys().rev().take(2).any(|recent| recent == version) {
        for statement in read(format!("{name}-statements.sql")).lines() {
            prepares(&behind, statement);
        }
    }
    for statement in statements() {
        match &behind {
            Behind::Sqlite(_) => prepares(&behind, statement.sqlite_text().unwrap()),
            Behind::Postgres(_) => prepares(&behind, &statement.postgres_text(Access::Write)),
        }
    }
    assert_eq!(store.session().take_block(1).map(|block| block.start > 0), Ok(true), "it goes on");
}

/// The tables with their columns.
fn columns(behind: &Behind) -> BTreeMap<String, Vec<String>> {
    let of = |table: &String| match behind {
        Behind::Sqlite(_) => format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"),
        Behind::Postgres(_) => format!(
            "SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 \
             AND NOT attisdropped ORDER BY attnum"
        ),
    };
    let names = |table: &String| behind.query(&of(table)).into_iter().map(|row| row[0].clone()).collect();
    behind.tables().into_iter().map(|table| (table.clone(), names(&table))).collect()
}

fn cells(behind: &Behind, table: &str, columns: &[String]) -> Vec<Vec<String>> {
    let mut rows = behind.query(&format!("SELECT {} FROM {table}", columns.join(", ")));
    rows.sort();
    rows
}

/// All that a store consists of but its rows.
fn schema(behind: &Behind) -> Vec<Vec<String>> {
    match behind {
        Behind::Sqlite(_) => {
            behind.query("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
        }
        Behind::Postgres(_) => {
            let routines = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
                            UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger ORDER BY 1, 2";
            [TABLES, INDEXES, routines].iter().flat_map(|query| behind.query(query)).collect()
        }
    }
}

fn prepares(behind: &Behind, statement: &str) {
    let prepared = match behind {
        Behind::Sqlite(connection) => {
            connection.prepare(statement).map(drop).map_err(|error| error.to_string())
        }
        Behind::Postgres(line) => {
            line.execute(&format!("PREPARE statement AS {statement}; DEALLOCATE statement")).map(drop)
        }
    };
    assert_eq!(prepared, Ok(()), "{statement}");
}
