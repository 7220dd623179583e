//! Statements: balances and entries of a busy time, summed once more by hand, page by page and period by
//! period.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// What is known of an account: opening, debit, credit, closing.
type Balances = BTreeMap<(String, String), [i64; 4]>;

fn key(row: &Value) -> (String, String) {
    (text(&row["account"]).to_owned(), row["merchant"].as_str().unwrap_or_default().to_owned())
}

/// The accounts and all entries of a statement, read in pages of this size.
fn statement(shop: &Shop<'_>, period: &str, limit: usize) -> (Balances, Vec<Value>) {
    let (mut balances, mut entries, mut after) = (Balances::new(), Vec::new(), String::new());
    loop {
        let page = shop.found(&format!("/v1/statement?limit={limit}{period}{after}"));
        assert_eq!(page["accounts"].is_array(), after.is_empty(), "{page}");
        for row in page["accounts"].as_array().into_iter().flatten() {
            let amounts = ["opening", "debit", "credit", "closing"].map(|name| row[name].as_i64().unwrap());
            assert_eq!(balances.insert(key(row), amounts), None, "{row}");
        }
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= limit, "{page}");
        entries.extend(data.iter().cloned());
        let Some(next) = page["next"].as_str() else { return (balances, entries) };
        after = format!("&after={next}");
    }
}

fn summed(entries: &[Value]) -> BTreeMap<(String, String), [i64; 2]> {
    let mut sums: BTreeMap<_, [i64; 2]> = BTreeMap::new();
    for entry in entries {
        let sum = sums.entry(key(entry)).or_default();
        sum[0] += entry["debit"].as_i64().unwrap();
        sum[1] += entry["credit"].as_i64().unwrap();
    }
    sums
}

/// Payments of every kind; what the rail took and still has, what the shop and its child are owed.
fn busy(server: &Server, shop: &Shop<'_>, amount: i64) -> [i64; 3] {
    let mut wish = fixed();
    wish["amount"] = json!(amount);
    let [mut taken, mut owed, mut child] = [0; 3];
    for outcome in ["success", "late_success", "reversal", "failure", "pending"] {
        let paid = server.pay(text(&shop.link(&wish)["code"]), outcome);
        taken += if ["success", "late_success"].contains(&outcome) { amount } else { 0 };
        owed += if outcome == "success" { paid["net"].as_i64().unwrap() } else { 0 };
    }
    let mut split = wish.clone();
    split["split"] = json!([{"merchant": "hall", "percent": "40"}]);
    let paid = server.pay(text(&shop.link(&split)["code"]), "success");
    let part = amount * 4 / 10;
    taken += amount;
    owed += paid["net"].as_i64().unwrap() - part;
    child += part;
    server.advance(7_200);
    [taken, owed, child]
}

#[test]
fn balances_are_the_sum_of_their_entries_over_pages_and_periods() {
    let server = Server::dev();
    let shop = Shop::open(&server, "owner");
    Shop::open_with(&server, "hall", "aggregator = \"owner\"");
    let other = Shop::open(&server, "other");
    let start = server.now();
    let first = busy(&server, &shop, 50_000);
    let middle = server.now();
    let second = busy(&server, &shop, 12_345);
    busy_alone(&server, &other);
    let end = server.advance(60);

    let (all, entries) = statement(&shop, "", 100);
    let account =
        |balances: &Balances, name: &str, child: &str| balances[&(name.to_owned(), child.to_owned())][3];
    let total = |at: usize| first[at] + second[at];
    assert_eq!(account(&all, "rail_receivable", ""), -total(0));
    assert_eq!(account(&all, "merchant_payable", ""), total(1));
    assert_eq!(account(&all, "child_payable", "hall"), total(2));
    assert_eq!(account(&all, "hold.late", ""), 62_345);
    assert_eq!(all.values().map(|sum| sum[3]).sum::<i64>(), 0, "debits equal credits");

    let mut closing: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut in_periods = Vec::new();
    for (from, to) in [(&start, &middle), (&middle, &end)] {
        let period = format!("&from={from}&to={to}");
        let (balances, entries) = statement(&shop, &period, 3);
        for (account, [opening, debit, credit, end]) in &balances {
            assert_eq!(*opening, closing.get(account).copied().unwrap_or(0), "{account:?}");
            assert_eq!(*end, opening + credit - debit, "{account:?}");
            let sum = summed(&entries).get(account).copied().unwrap_or_default();
            assert_eq!([*debit, *credit], sum, "{account:?}");
            closing.insert(account.clone(), *end);
        }
        in_periods.extend(entries);
    }
    assert_eq!(in_periods, entries, "the periods together are the whole, in order");
    let ends: BTreeMap<_, _> = all.iter().map(|(account, sum)| (account.clone(), sum[3])).collect();
    assert_eq!(closing, ends);
    server.verify();
}

fn busy_alone(server: &Server, shop: &Shop<'_>) {
    server.pay(text(&shop.link(&fixed())["code"]), "success");
    let (balances, entries) = statement(shop, "", 100);
    assert_eq!(entries.len(), 4, "nobody else's: {entries:?}");
    assert_eq!(balances.len(), 4);
}

#[test]
fn times_limits_and_cursors_that_are_none_are_refused() {
    let server = Server::dev();
    let shop = Shop::open(&server, "asker");
    for query in [
        "from=yesterday",
        "to=2027-13-01T00:00:00Z",
        "from=2027-02-01T00:00:00Z&to=2027-01-01T00:00:00Z",
        "limit=0",
        "limit=101",
        "after=1",
        "after=1.2.x",
        "after=01.2.3",
        "until=2027-01-01T00:00:00Z",
        "from=",
        "to=",
    ] {
        problem(&shop.get(&format!("/v1/statement?{query}")), 422, "invalid_request");
    }
    let empty = shop.found("/v1/statement");
    assert_eq!(empty, json!({"accounts": [], "data": [], "next": null}));
}
