//! The shape of the source: short files, short functions, a sentence of purpose, tables of contents.

use crate::ratchet::{Ratchet, compare};
use crate::source::{functions, test_lines, texts, tokens};
use crate::tree::{nothing_to_do, rust_files, text};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_COLUMNS_MAX: usize = 110;
/// A text of so many bytes may stand alone in a line that is too long.
const LONG_TEXT: usize = 80;
const CONTENTS_LINES_MAX: usize = 60;

/// Functions that may stand in a table of contents: they are tables themselves.
const ROUTERS: [&str; 2] = ["router", "routes"];

/// Tables of contents that are longer, because they define what their folder is about.
const LONG_CONTENTS: [Ratchet; 0] = [];

/// Functions in tables of contents.
const FUNCTIONS_IN_CONTENTS: [Ratchet; 0] = [];

#[test]
fn a_file_has_at_most_400_lines() {
    let long = rust_files().into_iter().filter_map(|path| {
        let lines = text(&path).lines().count();
        (lines > FILE_LINES_MAX).then(|| format!("{path}: {lines} lines"))
    });
    nothing_to_do(&long.collect::<Vec<_>>(), "Give each subject a file of its own (at most 400 lines):");
}

#[test]
fn a_function_has_at_most_70_lines() {
    let mut long = Vec::new();
    for path in rust_files() {
        let functions =
            functions(tokens(&path)).into_iter().filter(|function| function.lines > FUNCTION_LINES_MAX);
        long.extend(functions.map(|f| format!("{path}:{}: {} has {} lines", f.line, f.name, f.lines)));
    }
    nothing_to_do(&long, "Take these functions apart (at most 70 lines with the signature):");
}

#[test]
fn a_line_has_at_most_110_columns() {
    let mut long = Vec::new();
    for path in rust_files() {
        // Texts of vendors are kept whole, letter by letter.
        let texts = texts(tokens(&path)).into_iter().filter(|quoted| quoted.text.len() >= LONG_TEXT);
        let excused: Vec<usize> = texts.map(|quoted| quoted.line).collect();
        for (at, line) in text(&path).lines().enumerate() {
            let (at, columns) = (at + 1, line.chars().count());
            if columns > LINE_COLUMNS_MAX && !line.contains("https://") && !excused.contains(&at) {
                long.push(format!("{path}:{at}: {columns} columns"));
            }
        }
    }
    nothing_to_do(&long, "Break these lines (at most 110 columns):");
}

#[test]
fn a_file_opens_with_a_sentence_of_purpose() {
    let mut silent = Vec::new();
    for path in rust_files() {
        let text = text(&path);
        let opening: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//! ")).collect();
        if !opening.last().is_some_and(|last| last.ends_with(['.', ':', ')'])) {
            silent.push(path);
        }
    }
    nothing_to_do(
        &silent,
        "Open these files with `//!` and a sentence, with its full stop, that says what they are for:",
    );
}

fn contents() -> impl Iterator<Item = String> {
    rust_files().into_iter().filter(|path| path.ends_with("/lib.rs") || path.ends_with("/mod.rs"))
}

#[test]
fn a_table_of_contents_is_short() {
    let lines = contents().map(|path| (path.clone(), text(&path).lines().count()));
    let long: Vec<_> = lines.filter(|(_, lines)| *lines > CONTENTS_LINES_MAX).collect();
    let to_do = compare(&long, &LONG_CONTENTS);
    nothing_to_do(
        &to_do,
        "lib.rs and mod.rs are tables of contents (at most 60 lines): move the rest into files:",
    );
}

#[test]
fn a_table_of_contents_has_no_functions() {
    let count = |path: &str| {
        let tested = test_lines(tokens(path));
        let is_tested = |line| tested.iter().any(|lines| lines.contains(&line));
        let mut found = functions(tokens(path));
        found.retain(|f| !ROUTERS.contains(&f.name.as_str()) && !is_tested(f.line));
        found.len()
    };
    let counted = contents().map(|path| (path.clone(), count(&path)));
    let busy: Vec<_> = counted.filter(|(_, functions)| *functions > 0).collect();
    let to_do = compare(&busy, &FUNCTIONS_IN_CONTENTS);
    nothing_to_do(
        &to_do,
        "lib.rs and mod.rs hold no functions but routers: move these (path: how many) into files:",
    );
}

/// `./test` runs the test binaries, and no code that stands in documentation.
#[test]
fn documentation_holds_no_code_that_nobody_runs() {
    let fence = "`".repeat(3);
    let is_code = |line: &&str| {
        let line = line.trim_start();
        let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        text.is_some_and(|text| text.contains(&fence) || text.starts_with("     "))
    };
    let with_code = rust_files().into_iter().filter(|path| text(path).lines().any(|line| is_code(&line)));
    nothing_to_do(&with_code.collect::<Vec<_>>(), "Make the examples in these files tests:");
}

#[test]
fn snapshots_that_nobody_looked_at_do_not_stay() {
    let pending = crate::tree::files("crates", ".snap.new");
    nothing_to_do(&pending, "Look at these snapshots and accept or delete them (`cargo insta review`):");
}
