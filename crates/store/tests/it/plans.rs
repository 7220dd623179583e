//! Every statement's plan on PostgreSQL: made once, while the tables are empty, and right for any size.

use kadi_store::{Access, POSTGRES_SETTINGS, Statement, statements};

use crate::store::Store;

/// What would read a table whole, or join it whole.
const WHOLE: [&str; 3] = ["Seq Scan", "Hash Join", "Merge Join"];

fn plan_of(store: &Store, statement: &Statement) -> String {
    let nulls = vec!["NULL"; statement.input.len()].join(", ");
    let arguments = if nulls.is_empty() { String::new() } else { format!("({nulls})") };
    let behind = store.behind();
    behind.execute(POSTGRES_SETTINGS).unwrap();
    behind.execute(&format!("PREPARE asked AS {}", statement.postgres_text(Access::Write))).unwrap();
    let lines = behind.query(&format!("EXPLAIN EXECUTE asked{arguments}"));
    lines.into_iter().map(|line| line[0].clone() + "\n").collect()
}

#[test]
fn no_statement_reads_a_table_whole() {
    let store = Store::postgres();
    let mut whole = Vec::new();
    for statement in statements() {
        let plan = plan_of(&store, statement);
        if WHOLE.iter().any(|word| plan.contains(word)) {
            whole.push(format!("{}:\n{plan}", statement.name));
        }
    }
    assert!(whole.is_empty(), "{}", whole.join("\n"));
}
