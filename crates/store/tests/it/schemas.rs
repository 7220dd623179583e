//! The two schemas are the same: SQLite's, put into PostgreSQL's words, makes the tables that the migrations
//! make.

use kadi_testkit::postgres::{Cluster, Database};

use crate::behind::Behind;
use crate::store::Store;

/// Everything about the tables but their indexes, as PostgreSQL itself writes it down.
pub(crate) const TABLES: &str = "\
    SELECT relname::text, 'column ' || lpad(attnum::text, 3, '0') AS part, attname::text, \
      format_type(atttypid, atttypmod), coalesce((SELECT collname::text FROM pg_collation \
        WHERE pg_collation.oid = attcollation), ''), attnotnull::text, \
      coalesce(pg_get_expr(adbin, adrelid), '') \
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid \
      LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum \
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped \
    UNION ALL \
    SELECT conrelid::regclass::text, 'constraint', conname::text, pg_get_constraintdef(oid), '', '', '' \
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'p', 'u', 'f') \
    ORDER BY 1, 2, 3";
/// The indexes that are no constraint: name, table, definition up to the columns, columns, condition.
pub(crate) const INDEXES: &str = "\
    SELECT relname::text, indrelid::regclass::text, indisunique::text, (SELECT string_agg(attname, ', ' \
      ORDER BY at) FROM unnest(indkey::int[]) WITH ORDINALITY AS key(attnum, at) JOIN pg_attribute \
      ON attrelid = indrelid AND pg_attribute.attnum = key.attnum), \
      coalesce(pg_get_expr(indpred, indrelid), '') \
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid \
    WHERE relnamespace = 'public'::regnamespace \
      AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1";

/// Tables, columns in order with their types, collations, NOT NULL and defaults, keys, and check constraints.
#[test]
fn the_tables_are_the_same() {
    let (sqlite, postgres) = (translated(&Store::sqlite()), migrated());
    let (sqlite, postgres) = (sqlite.query(TABLES), without_history(postgres.query(TABLES)));
    for line in &sqlite {
        assert!(postgres.contains(line), "only SQLite has {line:?}");
    }
    for line in &postgres {
        assert!(sqlite.contains(line), "only PostgreSQL has {line:?}");
    }
    assert!(sqlite.len() > 200, "{} lines compared", sqlite.len());
}

/// Names, tables, columns in order, uniqueness and conditions. The rowid, which is the id, ends every index
/// of SQLite unasked; PostgreSQL may name it where lists are read in its order.
#[test]
fn the_indexes_are_the_same() {
    let (sqlite, postgres) = (translated(&Store::sqlite()), migrated());
    let (sqlite, postgres) = (sqlite.query(INDEXES), postgres.query(INDEXES));
    let names = |lines: &[Vec<String>]| lines.iter().map(|line| line[0].clone()).collect::<Vec<_>>();
    assert_eq!(names(&sqlite), names(&postgres));
    assert!(sqlite.len() > 10, "{} indexes compared", sqlite.len());
    for (sqlite, mut postgres) in sqlite.into_iter().zip(postgres) {
        let is_unique = postgres[2] == "true";
        if let (false, Some(columns)) = (is_unique, postgres[3].strip_suffix(", id")) {
            postgres[3] = columns.to_owned();
        }
        assert_eq!(sqlite, postgres);
    }
}

/// The tables whose rows are never changed or removed.
#[test]
fn the_same_tables_are_append_only() {
    let store = Store::sqlite();
    let of = |event: &str| -> Vec<String> {
        let guarded = store.behind().query(&format!(
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '% BEFORE {event} ON %' \
             AND sql LIKE '%RAISE(ABORT, %' ORDER BY tbl_name"
        ));
        guarded.into_iter().map(|row| row[0].clone()).collect()
    };
    // BEFORE (2) a whole statement: DELETE (8), UPDATE (16), TRUNCATE (32).
    let guarded = migrated().query(
        "SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid \
         WHERE proname = 'kadi_append_only' AND tgtype = 2 + 8 + 16 + 32 AND tgenabled = 'O' ORDER BY 1",
    );
    let guarded: Vec<String> = guarded.into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(of("UPDATE"), guarded);
    assert_eq!(of("DELETE"), guarded);
    let all = store.behind().number("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'");
    assert_eq!(usize::try_from(all).unwrap(), guarded.len() * 2);
    assert_eq!(migrated().query("SELECT count(*) FROM pg_trigger")[0][0], guarded.len().to_string());
}

/// The rows that a new store begins with.
#[test]
fn the_first_rows_are_the_same() {
    let stores = [Store::sqlite(), Store::postgres()];
    let [sqlite, postgres] = stores.each_ref().map(Store::behind);
    assert_eq!(sqlite.tables(), postgres.tables());
    for table in sqlite.tables() {
        let all = format!("SELECT * FROM {table}");
        assert_eq!(sqlite.query(&all), postgres.query(&all), "{table}");
    }
}

/// A PostgreSQL store as the migrations make it.
fn migrated() -> Behind {
    Store::postgres().behind()
}

/// A PostgreSQL database made from the tables and indexes of an SQLite store.
fn translated(store: &Store) -> Database {
    let statements = store.behind().query(
        "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL \
         AND tbl_name <> 'refinery_schema_history' ORDER BY type DESC, name",
    );
    let database = Cluster::shared().database();
    for statement in statements {
        let (types, options) = (
            [("INTEGER", "BIGINT"), ("TEXT", "TEXT COLLATE \"C\""), ("BLOB", "BYTEA")],
            [") STRICT, WITHOUT ROWID", ") STRICT"],
        );
        let mut text = statement[0].clone();
        for (sqlite, postgres) in types {
            text = text.replace(&format!(" {sqlite}"), &format!(" {postgres}"));
        }
        for end in options {
            text = text.strip_suffix(end).map_or(text.clone(), |text| format!("{text})"));
        }
        database.execute(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    }
    database
}

fn without_history(lines: Vec<Vec<String>>) -> Vec<Vec<String>> {
    lines.into_iter().filter(|line| line[0] != "refinery_schema_history").collect()
}
