//! Every statement with sentinels bound to all its inputs: what is written stands in the column of that name
//! and nowhere else, what is read comes from the column that is named, and both stores agree.

use std::collections::BTreeMap;

use kadi_store::{Access, Statement, Type, statements};
use rusqlite::params_from_iter;

use crate::behind::Behind;
use crate::cell::Cell;
use crate::store::Store;

/// Every table with its columns, in order.
type Schema = BTreeMap<String, Vec<(String, Type)>>;

/// Columns that hold the value of another one, besides `x_id`, which holds that of `x.id`: joins go over
/// them.
const SAME: &[(&str, &str, &str, &str)] = &[
    ("seal_head", "chain_count", "entry", "position"),
    ("job", "subject", "message", "id"),
    ("message", "channel", "job", "kind"),
    ("link_split", "child_id", "merchant", "id"),
    ("link", "invoice_template_id", "template", "id"),
    // What CODES_TO asks for stands in another table.
    ("message", "mobile_index", "customer", "mobile_index"),
    // What PARTS_OF_MONEY asks for stands in another table.
    ("split_part", "merchant_id", "merchant", "id"),
    ("split_part", "rail", "payment", "rail"),
    ("split_part", "rail_account", "payment", "rail_account"),
    ("split_part", "rail_reference", "payment", "rail_reference"),
];
/// Columns that statements compare with a constant, or that are to be small.
const FIXED: &[(&str, &str, i64)] = &[
    ("merchant_setting", "identifies", 1),
    ("id_block", "id", 1),
    ("link", "sealed_count", 1),
    ("link", "in_parts", 0),
    ("link_text", "kind", 8),
    ("link", "only_mobile", 0),
    ("one_time_code", "is_sent", 0),
    ("one_time_code", "is_spent", 0),
    ("payment", "state", 5),
];
/// Such columns of which another statement compares row 1 with a constant of its own.
const FIXED_IN_ROW_ONE: &[(&str, &str, i64)] = &[("link_text", "kind", 6)];
/// Inputs that are no column, or not the one of their name: statement, input, column.
const OTHER_NAMES: &[(&str, &str, &str)] =
    &[("HEAD_SEALED", "link_id", "id"), ("HEAD_SEALED", "chain_count", "sealed_count")];
/// Questions for what must be absent (of holds: a decision; of what began: an attempt beside it); sentinels
/// are in order and everywhere, so they find nothing.
const ASK_FOR_STRAYS: &[&str] = &[
    "STRAY_CHARGES",
    "STRAY_PAYBACKS",
    "HELD",
    "BEGUN",
    "ENTRY",
    "PAYMENT",
    "REFUND",
    "EVENT",
    "DELIVERY",
    "REFERENCE",
    "TEXT",
    "LINE",
    "TAX",
    "SUBSCRIPTION",
    "SPLIT",
    "SPLIT_PART",
    "SPLIT_REFUND",
    "INSTALMENT",
    "EDIT",
    "INVOICE",
    "ONE_TIME_CODE",
    "IDEMPOTENCY",
    "RAIL_REFERENCES",
];

/// What stands in this column in the row of this number.
fn sentinel(schema: &Schema, table: &str, column: &str, row: i64) -> Cell {
    let of_row_one = FIXED_IN_ROW_ONE.iter().filter(|_| row == 1);
    if let Some((.., fixed)) = of_row_one.into_iter().find(|(t, c, _)| (*t, *c) == (table, column)) {
        return Cell::Int(*fixed);
    }
    if let Some((.., fixed)) = FIXED.iter().find(|(t, c, _)| (*t, *c) == (table, column)) {
        return Cell::Int(*fixed + row);
    }
    let (mut table, mut column) = (table, column);
    if let Some((.., t, c)) = SAME.iter().find(|(t, c, ..)| (*t, *c) == (table, column)) {
        (table, column) = (t, c);
    } else if let Some(owner) = column.strip_suffix("_id").filter(|owner| schema.contains_key(*owner)) {
        (table, column) = (owner, "id");
    }
    let all = schema.iter().flat_map(|(t, columns)| columns.iter().map(move |(c, kind)| (t, c, kind)));
    let (at, (.., kind)) =
        all.enumerate().find(|(_, (t, c, _))| (t.as_str(), c.as_str()) == (table, column)).unwrap();
    match kind {
        Type::Int => Cell::Int(i64::try_from(at).unwrap() * 1_000 + 100 + row),
        Type::Text => Cell::Text(format!("{table}.{column} {row}")),
        Type::Bytes => Cell::Bytes(format!("{table}.{column} {row}").into_bytes()),
    }
}

fn schema(behind: &Behind) -> Schema {
    let columns = |table: &String| {
        let all = behind.query(&format!("SELECT name, type FROM pragma_table_info('{table}') ORDER BY cid"));
        let kind = |text: &str| match text {
            "INTEGER" => Type::Int,
            "TEXT" => Type::Text,
            "BLOB" => Type::Bytes,
            other => panic!("{table}: {other}"),
        };
        all.into_iter().map(|row| (row[0].clone(), kind(&row[1]))).collect()
    };
    behind.tables().into_iter().map(|table| (table.clone(), columns(&table))).collect()
}

/// Empties the store and puts rows 0 and 1 into every table.
fn fill(behind: &Behind, schema: &Schema) {
    for (table, columns) in schema {
        let row = |number| {
            let cells =
                columns.iter().map(|(column, _)| behind.literal(&sentinel(schema, table, column, number)));
            format!("({})", cells.collect::<Vec<_>>().join(", "))
        };
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let (names, first, second) = (names.join(", "), row(0), row(1));
        behind.execute(&format!("DELETE FROM {table}")).unwrap();
        behind.execute(&format!("INSERT INTO {table} ({names}) VALUES {first}, {second}")).unwrap();
    }
}

/// Binds the rows to the statement in the text of its store and runs it.
fn run(behind: &Behind, statement: &Statement, rows: &[Vec<Cell>]) -> Vec<Vec<String>> {
    match behind {
        Behind::Sqlite(connection) => {
            let mut prepared = connection.prepare(statement.sqlite_text().unwrap()).unwrap();
            assert_eq!(prepared.parameter_count(), statement.input.len(), "{}", statement.name);
            let width = prepared.column_count();
            let mut answers = Vec::new();
            for row in rows {
                let mut found = prepared.query(params_from_iter(row.iter().map(Cell::sqlite))).unwrap();
                while let Some(row) = found.next().unwrap() {
                    answers.push((0..width).map(|at| Cell::shown(row.get_ref(at).unwrap())).collect());
                }
            }
            answers
        }
        Behind::Postgres(line) => {
            let text = statement.postgres_text(Access::Write);
            let arrays = statement.input.iter().enumerate().map(|(at, (_, kind))| {
                let cells: Vec<String> = rows.iter().map(|row| behind.literal(&row[at])).collect();
                let kind = match kind {
                    Type::Int => "int8",
                    Type::Text => "text",
                    Type::Bytes => "bytea",
                };
                format!("ARRAY[{}]::{kind}[]", cells.join(", "))
            });
            let arrays: Vec<String> = arrays.collect();
            let arrays = if arrays.is_empty() { String::new() } else { format!("({})", arrays.join(", ")) };
            let prepared = line.execute(&format!("PREPARE statement AS {text}"));
            prepared.unwrap_or_else(|error| panic!("{}: {error}: {text}", statement.name));
            let answers = line.query(&format!("EXECUTE statement{arrays}"));
            line.execute("DEALLOCATE statement").unwrap();
            answers
        }
    }
}

/// The table that a statement is about.
fn table_of<'s>(schema: &'s Schema, statement: &Statement) -> &'s str {
    let words = statement.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter_map(|word| schema.get_key_value(word)).map(|(table, _)| table.as_str()).next().unwrap()
}

fn rows(behind: &Behind, schema: &Schema, table: &str) -> Vec<BTreeMap<String, String>> {
    let names: Vec<&str> = schema[table].iter().map(|(name, _)| name.as_str()).collect();
    let found = behind.query(&format!("SELECT {} FROM {table} ORDER BY 1, 2", names.join(", ")));
    let named = |row: Vec<String>| names.iter().map(|name| (*name).to_owned()).zip(row).collect();
    found.into_iter().map(named).collect()
}

/// What row `number` of the table looks like when nobody touched it.
fn untouched(schema: &Schema, table: &str, number: i64) -> BTreeMap<String, String> {
    let cell = |name: &String| (name.clone(), sentinel(schema, table, name, number).text());
    schema[table].iter().map(|(name, _)| cell(name)).collect()
}

fn column_of<'s>(statement: &Statement, input: &'s str) -> &'s str {
    let other = OTHER_NAMES.iter().find(|(name, column, _)| (*name, *column) == (statement.name, input));
    other.map_or(input, |(.., column)| column)
}

/// Inserts rows 2 and 3 together: each value stands in the column of its input's name.
fn inserted(behind: &Behind, schema: &Schema, statement: &Statement) {
    let table = table_of(schema, statement);
    let row = |number| -> Vec<Cell> {
        statement.input.iter().map(|(name, _)| sentinel(schema, table, name, number)).collect()
    };
    run(behind, statement, &[row(2), row(3)]);
    let all = rows(behind, schema, table);
    for number in 0..4 {
        let mut expected = untouched(schema, table, number);
        if number > 1 {
            for (name, _) in &schema[table] {
                if !statement.input.iter().any(|(input, _)| input == name) {
                    assert_eq!((table, name.as_str()), ("link", "sealed_count"), "a column without an input");
                    expected.insert(name.clone(), "0".to_owned());
                }
            }
        }
        assert!(all.contains(&expected), "{table} {}: {expected:?} is not in {all:?}", statement.name);
    }
    assert_eq!(all.len(), 4);
}

/// Updates row 0 with the values of row 2: they stand in the columns of their inputs' names, the keys and all
/// other columns stay, and so does row 1.
fn updated(behind: &Behind, schema: &Schema, statement: &Statement) {
    let table = table_of(schema, statement);
    let (_, condition) = statement.text.split_once(" WHERE ").unwrap();
    let mut expected = untouched(schema, table, 0);
    let mut input = Vec::new();
    for (name, _) in statement.input {
        let column = column_of(statement, name);
        let is_key = condition.contains(&format!("{table}.{column} = input.{name}"));
        let cell = sentinel(schema, table, column, if is_key { 0 } else { 2 });
        if !is_key {
            expected.insert(column.to_owned(), cell.text());
        } else if let ("version", Cell::Int(version)) = (*name, &cell) {
            expected.insert("version".to_owned(), (version + 1).to_string());
        }
        input.push(cell);
    }
    assert_ne!(expected, untouched(schema, table, 0), "{}", statement.name);
    run(behind, statement, &[input]);
    let all = rows(behind, schema, table);
    assert!(all.contains(&expected), "{table} {}: {expected:?} is not in {all:?}", statement.name);
    assert!(all.contains(&untouched(schema, table, 1)), "{table} {}: another row changed", statement.name);
}

/// Removes row 0 and nothing else.
fn removed(behind: &Behind, schema: &Schema, statement: &Statement) {
    let table = table_of(schema, statement);
    let input = statement.input.iter().map(|(name, _)| sentinel(schema, table, name, 0)).collect();
    run(behind, statement, &[input]);
    assert_eq!(rows(behind, schema, table), [untouched(schema, table, 1)], "{table} {}", statement.name);
}

/// Asks for row 0: every cell comes from the column that the statement names, all from one row.
fn asked(behind: &Behind, schema: &Schema, statement: &Statement) -> Vec<Vec<String>> {
    let table = table_of(schema, statement);
    let input = statement.input.iter().map(|(name, _)| question(schema, statement, table, name)).collect();
    let answers = run(behind, statement, &[input]);
    let (list, _) = statement.text.strip_prefix("SELECT ").unwrap().split_once(" FROM ").unwrap();
    let list = list.strip_prefix("DISTINCT ").unwrap_or(list);
    for answer in &answers {
        let fits = |row: &i64| {
            list.split(", ").zip(answer).all(|(item, cell)| match item.trim().split_once('.') {
                Some((table, column)) if schema.contains_key(table) => {
                    // Only row 0 is sure to meet the rows that are joined to it.
                    let is_alone = *row == 1 && cell.is_empty() && statement.text.contains("LEFT JOIN");
                    is_alone || sentinel(schema, table, column, *row).text() == *cell
                }
                _ => true,
            })
        };
        assert!([0, 1].iter().any(fits), "{}: {list} gave {answer:?}", statement.name);
    }
    assert_eq!(answers.is_empty(), ASK_FOR_STRAYS.contains(&statement.name), "{}", statement.name);
    answers
}

/// An input of a question that row 0 answers.
fn question(schema: &Schema, statement: &Statement, table: &str, input: &str) -> Cell {
    let below = [format!("> input.{input}"), format!("> (SELECT input.{input} FROM input)")];
    if below.iter().any(|bound| statement.text.contains(bound)) {
        return Cell::Int(0);
    }
    match input {
        "before" | "before_at" | "before_number" | "until" | "now" | "real_now" => Cell::Int(i64::MAX),
        "after_at" | "after_link" | "after_position" => Cell::Int(0),
        "since" | "row_skip" => Cell::Int(0),
        "kinds" | "words" | "standings" => Cell::Int(15),
        "all_states" => Cell::Int(1),
        "row_limit" | "most" | "heads_max" | "per_merchant" => Cell::Int(10),
        "email" | "whatsapp" => Cell::Int(-1),
        "sms" => sentinel(schema, "message", "channel", 0),
        "name_index" | "mobile_index" | "email_index" => sentinel(schema, "customer", input, 0),
        // The texts that BY_REQUEST looks through are those of row 1.
        "value" if table == "link" => sentinel(schema, "link_text", "value", 1),
        "contact" => sentinel(schema, "customer", "mobile_index", 0),
        "prefix" => Cell::Text("value.name".into()),
        "merchant_id" if table == "link_text" => sentinel(schema, "link", "merchant_id", 0),
        "kind" if table == "message" => sentinel(schema, "job", "kind", 0),
        "captured" if table == "message" => sentinel(schema, "event", "kind", 0),
        column => sentinel(schema, table, column, 0),
    }
}

#[test]
fn every_statement_writes_and_reads_the_columns_that_it_names_on_both_stores() {
    let (sqlite, postgres) = (Store::sqlite(), Store::postgres());
    let both = [sqlite.behind().attack(), postgres.behind().attack()];
    let schema = schema(&both[0]);
    for behind in &both {
        fill(behind, &schema);
    }
    let (mut written, mut read) = (0, 0);
    for statement in statements() {
        for behind in &both {
            behind.execute("BEGIN").unwrap();
        }
        let verb = statement.text.split(' ').next().unwrap();
        if verb == "SELECT" {
            let answers = both.each_ref().map(|behind| asked(behind, &schema, statement));
            assert_eq!(answers[0], answers[1], "{}", statement.name);
            read += 1;
        } else {
            for behind in &both {
                match verb {
                    "INSERT" => inserted(behind, &schema, statement),
                    "UPDATE" => updated(behind, &schema, statement),
                    "DELETE" => removed(behind, &schema, statement),
                    other => panic!("{other}"),
                }
            }
            written += 1;
        }
        for behind in &both {
            behind.execute("ROLLBACK").unwrap();
        }
    }
    assert!(written > 30 && read > 30, "{written} written, {read} read");
}
