//! One link, seen from every side: the tables of `docs/dialects/README.md` are walked. Each row's link is
//! made in each API that can, and each API reads it, sends it again and ends it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::faces_acts::{ENDS, RESENDS};
use crate::faces_makers::{MAKERS, Made, Maker, Stage};
use crate::faces_readers::read;
use crate::faces_states::{LATER_S, STATES, State};
use crate::harness::server::Server;

const PAGE: &str = "docs/dialects/README.md";
/// Writes the cells of the tables instead of comparing them; read the difference.
const WRITE: &str = "KADI_WRITE_TABLE";
const STANDS: [&str; 2] = ["<!-- how a link stands -->\n", "<!-- the end of how a link stands -->\n"];
const DONE: [&str; 2] = ["<!-- what is done with a link -->\n", "<!-- the end of what is done -->\n"];
const THREADS: usize = 4;

/// A table of the page: its first two lines, and the cells of the others.
struct Table {
    head: String,
    rows: Vec<Vec<String>>,
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PAGE)
}

/// The text between two marks.
fn between<'a>(text: &'a str, [begin, end]: [&str; 2]) -> &'a str {
    let rest = text.split_once(begin).expect("the mark before the table").1;
    rest.split_once(end).expect("the mark after the table").0
}

impl Table {
    fn of(text: &str, marks: [&str; 2]) -> Self {
        let lines: Vec<&str> = between(text, marks).lines().collect();
        let cells =
            |line: &&str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        let rows: Vec<Vec<String>> = lines[2..].iter().map(cells).collect();
        Self { head: format!("{}\n{}\n", lines[0], lines[1]), rows }
    }

    fn written(&self) -> String {
        let rows = self.rows.iter().map(|row| format!("| {} |\n", row.join(" | ")));
        self.head.clone() + &rows.collect::<String>()
    }
}

/// The names in a cell.
fn names(cell: &str) -> Vec<String> {
    cell.split("; ").map(str::to_owned).collect()
}

/// A row with its links: one of each maker to look at, and for each call that ends links one or more.
struct Walked {
    state: &'static State,
    made: Vec<Made>,
    to_end: Vec<Vec<Made>>,
}

/// What a row's links showed.
struct Seen {
    state: &'static State,
    /// What the APIs say, and what they do, by each maker.
    by_maker: Vec<(Maker, Vec<String>, Vec<String>)>,
}

impl Walked {
    fn begin(on: &Stage<'_>, number: usize, row: &[String]) -> Self {
        let state = State::of(&row[0]);
        let of = |name: String| {
            let found = MAKERS.iter().find(|(known, _)| *known == name);
            found.unwrap_or_else(|| panic!("{name} makes no links")).1
        };
        let makers: Vec<Maker> = match row[1].as_str() {
            "all" => MAKERS.iter().map(|(_, maker)| *maker).collect(),
            some => names(some).into_iter().map(of).collect(),
        };
        let made = makers.iter().map(|maker| state.begin(on, *maker)).collect();
        // Whoever made it, it ends the same: all pairs are tried of one state, and of the others some.
        let enders = |ender: usize| match state.name {
            "sent" => makers.clone(),
            _ => vec![makers[(number + ender) % makers.len()]],
        };
        let all = |ender| enders(ender).into_iter().map(|maker| state.begin(on, maker)).collect();
        Self { state, made, to_end: (0..ENDS.len()).map(all).collect() }
    }

    fn go_on(&self, on: &Stage<'_>) {
        for link in self.made.iter().chain(self.to_end.iter().flatten()) {
            (self.state.steps[1])(on, link);
        }
    }

    fn look(&self, on: &Stage<'_>) -> Seen {
        let ends = self.end(on);
        let look = |link: &Made| {
            let says = read(on, link).to_vec();
            let resends = RESENDS.iter().map(|resend| resend(on, link));
            let does = resends.chain(ends.iter().cloned()).collect();
            (link.maker, says, does)
        };
        Seen { state: self.state, by_maker: self.made.iter().map(look).collect() }
    }

    /// What each call that ends links said; afterwards everybody says the same, whoever ended it.
    fn end(&self, on: &Stage<'_>) -> Vec<String> {
        let mut after = BTreeSet::new();
        let mut said = Vec::new();
        for (links, end) in self.to_end.iter().zip(ENDS) {
            let words: BTreeSet<String> = links.iter().map(|link| end(on, link)).collect();
            assert_eq!(words.len(), 1, "{}: {words:?}", self.state.name);
            let word = words.into_iter().next().expect("a word");
            if word == "ended" {
                after.extend(links.iter().map(|link| read(on, link)));
            }
            said.push(word);
        }
        assert!(after.len() <= 1, "{}: {after:?}", self.state.name);
        said
    }
}

/// Does it for every one, in some threads; the results in order.
fn spread<T: Sync, R: Send>(all: &[T], work: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let work = &work;
        let turn = |thread: usize| {
            let own = all.iter().enumerate().skip(thread).step_by(THREADS);
            scope.spawn(move || own.map(|(number, one)| (number, work(number, one))).collect::<Vec<_>>())
        };
        let threads: Vec<_> = (0..THREADS).map(turn).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a walk without a fault")).collect()
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The tables with the cells that were seen, where there are several the first; all others must be as these.
fn write(text: &str, mut stands: Table, mut done: Table, seen: &[Seen]) {
    for (row, seen) in stands.rows.iter_mut().zip(seen) {
        let says = &seen.by_maker[0].1;
        row[2..2 + says.len()].clone_from_slice(says);
    }
    for row in &mut done.rows {
        let first = names(&row[0])[0].clone();
        let does = &seen.iter().find(|seen| seen.state.name == first).expect("a state").by_maker[0].2;
        row[1..=does.len()].clone_from_slice(does);
    }
    let text = text.replace(between(text, STANDS), &stands.written());
    let text = text.replace(between(&text, DONE), &done.written());
    std::fs::write(page(), text).unwrap();
}

#[test]
fn every_api_says_of_every_link_and_does_with_it_what_is_written() {
    let server = Server::dev();
    let stage = Stage::open(&server, "faces");
    let text = std::fs::read_to_string(page()).unwrap();
    let (stands, done) = (Table::of(&text, STANDS), Table::of(&text, DONE));
    let states: Vec<&str> = STATES.iter().map(|state| state.name).collect();
    assert_eq!(stands.rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), states);
    let mut acted: Vec<String> = done.rows.iter().flat_map(|row| names(&row[0])).collect();
    acted.sort();
    assert_eq!(
        acted,
        states.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    );
    let walked = spread(&stands.rows, |number, row| Walked::begin(&stage, number, row));
    server.advance(LATER_S);
    walked.iter().for_each(|walked| walked.go_on(&stage));
    let seen = spread(&walked, |_, walked| walked.look(&stage));
    server.verify();
    if std::env::var_os(WRITE).is_some() {
        return write(&text, stands, done, &seen);
    }
    let mut wrong = String::new();
    for (row, seen) in stands.rows.iter().zip(&seen) {
        let name = seen.state.name;
        let acts = done.rows.iter().find(|row| names(&row[0]).iter().any(|found| found == name));
        let acts = acts.expect("a row of what is done");
        for (maker, says, does) in &seen.by_maker {
            for (written, found) in [(&row[2..2 + says.len()], says), (&acts[1..=does.len()], does)] {
                if written != found {
                    wrong.push_str(&format!("{name}, made by {maker:?}: {written:?} is {found:?}\n"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{PAGE} is not what happens ({WRITE}=1 writes it):\n{wrong}");
}
