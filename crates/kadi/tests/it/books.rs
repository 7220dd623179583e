//! The books from outside: `kadi verify` looks at all that a busy day leaves, and finds what was changed.

use serde_json::{Value, json};

use crate::harness::own_api::{fixed, text};
use crate::harness::peers::python;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// A day with money in every place; the server is stopped afterwards.
fn busy_day(server: &mut Server) {
    {
        let shop = Shop::open(server, "busyday");
        shop.create(&shop.invoice("DAY")).ok();
        let outcomes =
            ["success", "failure", "late_success", "reversal", "duplicate_notice", "timeout_after_capture"];
        for outcome in outcomes {
            let link = shop.link(&fixed());
            server.pay(text(&link["code"]), outcome);
        }
        for _ in 0..26 {
            server.advance(3600);
        }
    }
    server.stop();
}

fn verify_json(server: &Server) -> (bool, Value) {
    let output = server.kadi(&["verify", "--json"]);
    let report = serde_json::from_slice(&output.stdout).expect("one object");
    (output.status.success(), report)
}

/// Adds this much to one row's number behind Kadi's back.
fn tamper(server: &Server, table: &str, column: &str, row: &str, by: i64) {
    let sql = format!("UPDATE {table} SET {column} = {column} + {by} WHERE {row}");
    let changed = match server.database() {
        // Whoever owns the database can switch its triggers off.
        Some(database) => {
            json!(database.execute(&format!("SET session_replication_role = replica; {sql}")).unwrap())
        }
        None => {
            let file = server.data().join("kadi.db");
            python().ask(&json!({"op": "change_rows", "database": file, "sql": sql}))
        }
    };
    assert_eq!(changed, 1, "{sql}");
}

#[test]
fn nothing_is_left_unchecked_after_a_busy_day_and_seals_were_made() {
    let mut server = Server::dev();
    busy_day(&mut server);
    let (holds, report) = verify_json(&server);
    assert!(holds, "{report}");
    let looked_at = [
        "entry_chain",
        "books_balance",
        "booking_balances",
        "sums_from_entries",
        "payment_booked",
        "seal_tag",
    ];
    for invariant in looked_at {
        assert!(
            report["checked"][invariant].as_i64().is_some_and(|count| count > 0),
            "{invariant}: {report}"
        );
    }
}

#[test]
fn a_changed_entry_payment_link_or_seal_is_found_and_named() {
    let mut server = Server::dev();
    busy_day(&mut server);
    let entry = "(link_id, position) = (SELECT link_id, position FROM entry ORDER BY 1, 2 LIMIT 1)";
    let changes = [
        ("entry", "debit", entry),
        ("entry", "credit", entry),
        ("entry", "booked_at", entry),
        ("entry", "account", entry),
        ("seal", "sealed_at", "id = (SELECT min(id) FROM seal)"),
        ("link", "captured", "id = (SELECT min(id) FROM link WHERE amount = 100000 AND captured = 0)"),
        ("payment", "net", "id = (SELECT min(id) FROM payment WHERE net > 0)"),
    ];
    for (table, column, row) in changes {
        tamper(&server, table, column, row, 1);
        let (holds, report) = verify_json(&server);
        assert!(!holds && report["broken"] != json!([]), "{table}.{column} was not found: {report}");
        let said = String::from_utf8(server.kadi(&["verify"]).stdout).unwrap();
        let name = text(&report["broken"][0]["invariant"]);
        assert!(said.contains(name), "{name} is not named: {said}");
        let back = row.replace("captured = 0", "captured = 1");
        tamper(&server, table, column, &back, -1);
        assert!(verify_json(&server).0, "after {table}.{column} was put back");
    }
}
