//! Words that stand only where they belong: SQL, vendors' names, silenced lints, unfinished work.

use crate::source::{test_lines, texts, tokens, words};
use crate::tree::{files, is_test, nothing_to_do, rust_files, text};

/// Folders of the dialects that are no vendor's.
const OUR_OWN: [&str; 2] = ["native", "shared"];

/// The vendors: each has a folder of its name.
fn vendors() -> Vec<String> {
    let sources = files("crates/dialects/src", "mod.rs");
    let folders =
        sources.iter().filter_map(|path| path.strip_prefix("crates/dialects/src/")?.split('/').next());
    let mut vendors: Vec<String> =
        folders.filter(|folder| !OUR_OWN.contains(folder)).map(str::to_owned).collect();
    vendors.dedup();
    assert!(vendors.len() > 3, "only {vendors:?} were found: the search is broken");
    vendors
}

/// Where vendors are named outside their folders: the tables in which each has its row.
/// And the programs of merchants whose calls the benchmark measures and the checker makes.
const TABLES_OF_VENDORS: [&str; 5] = [
    "crates/dialects/src/lib.rs",
    "crates/dialects/src/table.rs",
    "crates/dialects/src/accounts.rs",
    "crates/bench/src/shop.rs",
    "crates/checker/src/merchants.rs",
];

/// Tests that change the database behind Kadi's back, to see that it is noticed.
const TAMPERING: [&str; 3] = [
    "crates/kadi/tests/it/books.rs",
    "crates/checker/tests/it/tampering.rs",
    "crates/testkit/src/postgres.rs",
];

/// How statements begin, and what else stands in them.
const STATEMENTS: [(&str, &str); 9] = [
    ("SELECT ", ""),
    ("INSERT ", " INTO "),
    ("UPDATE ", " SET "),
    ("DELETE ", " FROM "),
    ("CREATE ", "TABLE"),
    ("ALTER ", "TABLE"),
    ("DROP ", "TABLE"),
    ("PRAGMA ", ""),
    ("WITH ", " SELECT "),
];

fn is_sql(text: &str) -> bool {
    // A word of ours in small letters ("Select a way to pay") is no statement; nobody writes half of one so.
    let text = text.trim_start();
    let is_one = |(start, rest): &(&str, &str)| text.starts_with(start) && text.contains(rest);
    let small = text.to_lowercase();
    let is_small = |(start, rest): &(&str, &str)| {
        !rest.is_empty() && small.starts_with(&start.to_lowercase()) && small.contains(&rest.to_lowercase())
    };
    STATEMENTS.iter().any(is_one) || STATEMENTS.iter().any(is_small)
}

#[test]
fn sql_stands_in_store_alone() {
    let elsewhere = |path: &String| !path.starts_with("crates/store/") && !path.starts_with("crates/tidy/");
    let mut strays = Vec::new();
    for path in rust_files().into_iter().filter(elsewhere) {
        let mut statements = texts(tokens(&path));
        statements.retain(|quoted| is_sql(&quoted.text));
        if !TAMPERING.contains(&path.as_str()) {
            strays.extend(statements.iter().map(|quoted| format!("{path}:{}: {}", quoted.line, quoted.text)));
        } else if statements.is_empty() {
            strays.push(format!("{path} holds none any more: take it off the list"));
        }
    }
    nothing_to_do(&strays, "Move these statements into crates/store (a table's file, or `queries/`):");
}

#[test]
fn statements_are_told_from_sentences() {
    for sql in [
        "SELECT 1",
        " DELETE x FROM y",
        "PRAGMA user_version",
        "update link set id = 1",
        "insert or x into y",
    ] {
        assert!(is_sql(sql), "{sql}");
    }
    for sentence in ["Select a way to pay", "Update your browser", "PAY WITH UPI", "", "delete", "Created"] {
        assert!(!is_sql(sentence), "{sentence}");
    }
}

fn vendors_in<'a>(vendors: &'a [String], line: &str) -> Vec<&'a str> {
    let line = line.to_ascii_lowercase();
    let words: Vec<&str> = line.split(|c: char| !c.is_ascii_alphabetic()).collect();
    // Three letters stand inside many words; the longer names inside none.
    let is_named = |vendor: &str| match vendor.len() {
        0..=3 => words.contains(&vendor),
        _ => words.iter().any(|word| word.contains(vendor)),
    };
    vendors.iter().map(String::as_str).filter(|vendor| is_named(vendor)).collect()
}

#[test]
fn vendors_are_named_in_their_folders_alone() {
    let (vendors, mut strays) = (vendors(), Vec::new());
    for path in rust_files() {
        if is_test(&path) || TABLES_OF_VENDORS.contains(&path.as_str()) {
            continue;
        }
        let tested = test_lines(tokens(&path));
        for (at, line) in text(&path).lines().enumerate() {
            let at = at + 1;
            let is_foreign = |vendor: &str| !path.starts_with(&format!("crates/dialects/src/{vendor}/"));
            for vendor in vendors_in(&vendors, line).iter().filter(|vendor| is_foreign(vendor)) {
                if !tested.iter().any(|lines| lines.contains(&at)) {
                    strays.push(format!("{path}:{at}: {vendor}"));
                }
            }
        }
    }
    nothing_to_do(
        &strays,
        "Move what is a vendor's own into crates/dialects/src/<vendor>/, or say it without the name:",
    );
}

#[test]
fn a_name_is_found_as_a_word_and_not_within_one() {
    let vendors = vendors();
    assert_eq!(vendors_in(&vendors, "crate::ntt::settings, PaytmKey"), ["ntt", "paytm"]);
    assert_eq!(vendors_in(&vendors, "the country's currency and a entteil"), Vec::<&str>::new());
}

#[test]
fn no_lint_is_silenced_without_a_reason() {
    let mut silenced = Vec::new();
    for path in rust_files() {
        let plain: Vec<String> = text(&path).lines().map(|line| line.replace(' ', "")).collect();
        let starts = [concat!("#[", "allow("), concat!("#![", "allow(")];
        let hits =
            plain.iter().enumerate().filter(|(_, line)| starts.iter().any(|start| line.contains(start)));
        silenced.extend(hits.map(|(at, _)| format!("{path}:{}", at + 1)));
    }
    nothing_to_do(&silenced, "Write `#[expect(lint, reason = \"…\")]`, or better, follow the lint:");
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let mut open = Vec::new();
    for path in rust_files() {
        for (at, line) in text(&path).lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                open.push(format!("{path}:{}", at + 1));
            }
        }
        let later = [concat!("to", "do"), concat!("unimpl", "emented")];
        let is_macro = |word: &String| later.contains(&word.as_str());
        open.extend(words(tokens(&path)).into_iter().filter(is_macro).map(|word| format!("{path}: {word}!")));
    }
    nothing_to_do(&open, "Do it now, or leave it out; what is not there yet is refused by name:");
}
