//! Every statement of the crate: known to the registry, taken by SQLite, written as PostgreSQL takes it.

use std::path::Path;

use kadi_store::{Access, statements};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use crate::store::Store;

#[test]
fn sqlite_prepares_every_statement_with_all_its_columns() {
    let store = Store::sqlite();
    let connection = rusqlite::Connection::open(store.file()).unwrap();
    for statement in statements() {
        let text = statement.sqlite_text().unwrap();
        assert!(!text.contains("input"), "{}: {text}", statement.name);
        let prepared = connection.prepare(text);
        let prepared = prepared.unwrap_or_else(|error| panic!("{}: {error}\n{text}", statement.name));
        assert_eq!(prepared.parameter_count(), statement.input.len(), "{}: {text}", statement.name);
    }
}

#[test]
fn postgres_parses_every_statement() {
    for statement in statements() {
        let text = statement.postgres_text(Access::Write);
        let parsed = Parser::parse_sql(&PostgreSqlDialect {}, &text);
        assert_eq!(parsed.map(|list| list.len()), Ok(1), "{}: {text}", statement.name);
    }
}

#[test]
fn a_statement_is_rewritten_as_designed() {
    let found = statements().into_iter().find(|statement| statement.text.starts_with("DELETE FROM job"));
    let statement = found.unwrap();
    assert_eq!(statement.sqlite_text().unwrap(), "DELETE FROM job WHERE job.kind = ?1 AND job.subject = ?2");
    assert_eq!(
        statement.postgres_text(Access::Write),
        "WITH input(kind, subject) AS (SELECT * FROM UNNEST($1::int8[], $2::int8[])) \
         DELETE FROM job USING input WHERE job.kind = input.kind AND job.subject = input.subject"
    );
}

#[test]
fn lock_clauses_are_for_postgres_alone() {
    let locking: Vec<_> = statements().into_iter().filter(|statement| statement.locks.is_some()).collect();
    assert!(!locking.is_empty());
    for statement in locking {
        assert!(statement.postgres_text(Access::Write).contains(" FOR UPDATE OF "), "{}", statement.name);
        assert!(!statement.postgres_text(Access::Read).contains("FOR UPDATE"), "{}", statement.name);
        assert!(!statement.sqlite_text().unwrap().contains("FOR UPDATE"), "{}", statement.name);
    }
}

/// Every file that declares statements is in the registry, and no SQL stands outside `statements!` but the
/// few commands of the drivers themselves.
#[test]
fn no_statement_is_outside_the_registry() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let registry = std::fs::read_to_string(source.join("registry.rs")).unwrap();
    let mut declaring = 0;
    for file in rust_files(&source) {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(&source).unwrap().with_extension("");
        let name = name.to_string_lossy().replace('/', "::");
        if text.contains("\nstatements! {") {
            declaring += 1;
            assert!(registry.contains(&format!("{name}::STATEMENTS")), "{name} is not in the registry");
        } else if !name.starts_with("sqlite") && !name.starts_with("postgres") && name != "sql" {
            for word in ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", " FROM "] {
                assert!(!text.contains(word), "{name} holds SQL outside statements!: {word}");
            }
        }
    }
    assert_eq!(declaring, registry.matches("::STATEMENTS").count());
}

fn rust_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files
}
