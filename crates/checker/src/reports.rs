//! The end of it: everything compared once more, and the table of what was done and seen.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::arguments::Arguments;
use crate::attempts::World;
use crate::desk::{Desk, Site};
use crate::http::{Connection, Request};
use crate::inspection::{Findings, compare, index, list_all};
use crate::journal;
use crate::killer::Phase;
use crate::line::{Door, Line, Op, Payment};
use crate::merchants::MERCHANTS;
use crate::model::{Cancel, Model};
use crate::server::Binary;
use crate::unanswered::Fates;

/// Steps of the Kadi clock after which every reservation is over, every late notice came, and posts that were
/// refused once were tried again.
const STEPS_S: [u32; 6] = [10, 60, 60, 600, 400, 400];
/// How often what was not told yet is waited for, and how long each time; then the clock moves on to the next
/// try of posts that were refused or cut off.
const TELLINGS: u32 = 40;
const TELLING: Duration = Duration::from_millis(500);
/// So long without a post is silence.
const SILENCE: Duration = Duration::from_secs(1);

/// What is printed.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) table: String,
    pub(crate) faults: Vec<String>,
}

/// Moves the Kadi clock.
pub(crate) fn advance(site: Site<'_>, seconds: u32) -> Result<(), String> {
    let request = Request::json("/sandbox/clock", &json!({"advance_s": seconds}));
    // What is due is done one by one, and may take longer than a request may: then it goes on here.
    for _ in 0..20 {
        let answer = Connection::new(site.address).send(&request);
        if answer.map_err(|error| format!("the clock: {error}"))?.status() == 200 {
            return Ok(());
        }
    }
    Err("the clock of the sandbox cannot be moved".to_owned())
}

/// Waits until the endpoint has heard nothing for a while.
fn wait_for_silence(desk: &Desk) {
    let count = || {
        let model = desk.model();
        model.heard.events().0 + model.heard.forms().0
    };
    let (mut last, mut since) = (count(), Instant::now());
    while since.elapsed() < SILENCE {
        std::thread::sleep(Duration::from_millis(50));
        let now = count();
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
}

/// Lets everything come to its end.
pub(crate) fn settle(site: Site<'_>) -> Result<(), String> {
    wait_for_silence(site.desk);
    for seconds in STEPS_S {
        advance(site, seconds)?;
    }
    wait_for_silence(site.desk);
    Ok(())
}

/// Compares all links with all that is known.
pub(crate) fn compare_all(site: Site<'_>, world: World) -> Result<Findings, String> {
    let ops: Vec<Op> = site.desk.model().links().map(|(op, _)| op).collect();
    let listed = list_all(site)?;
    let (shown, faults) = index(&site.desk.model(), listed);
    let mut findings = compare(site, &ops, &shown, world)?;
    findings.faults.extend(faults);
    findings.faults.extend(money_twice(&findings.payments));
    Ok(findings)
}

/// The rail's money is booked once.
fn money_twice(payments: &HashMap<Op, Vec<Payment>>) -> Vec<String> {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    let mut faults = Vec::new();
    for payment in payments.values().flatten() {
        if let Some(reference) = &payment.rail_reference
            && let Some(other) = seen.insert(reference, &payment.id)
        {
            faults.push(format!("{reference} is booked for payments {other} and {}", payment.id));
        }
    }
    faults
}

/// Waits until everything was told; gives what was not, or wrongly.
pub(crate) fn wait_for_tellings(
    site: Site<'_>,
    payments: &HashMap<Op, Vec<Payment>>,
) -> Result<Vec<String>, String> {
    for _ in 0..TELLINGS {
        if all_told(&site.desk.model(), payments).is_empty() {
            return Ok(Vec::new());
        }
        std::thread::sleep(TELLING);
        advance(site, 60)?;
    }
    Ok(all_told(&site.desk.model(), payments))
}

/// Everything that happened must have been told, once each, and nothing else.
fn all_told(model: &Model, payments: &HashMap<Op, Vec<Payment>>) -> Vec<String> {
    let mut faults = model.heard.faults().to_vec();
    for (op, link) in model.links() {
        let Some(made) = link.made() else { continue };
        let paid = payments.get(&op).map(Vec::as_slice).unwrap_or_default();
        if MERCHANTS.get(link.wish.merchant).is_some_and(|merchant| merchant.is_told) {
            // The webhook is of the own API; a signed link has its form instead.
            if link.wish.door == Door::Own {
                faults.extend(model.heard.of(&made.id, &["link.created"]));
                faults.extend(model.heard.of_payments(paid));
                match link.cancel {
                    Cancel::Done(_) => faults.extend(model.heard.of(&made.id, &["link.cancelled"])),
                    Cancel::Unanswered => {}
                    Cancel::Never if !model.heard.never(&made.id, "link.cancelled") => {
                        faults.push(format!("link {op} was never cancelled, and that was told"));
                    }
                    Cancel::Never => {}
                }
            }
        }
        if link.wish.door == Door::Signed {
            faults.extend(model.heard.of_forms(paid));
        }
    }
    faults
}

/// `kadi-checker check`: one start, and all comparisons that only read.
pub(crate) fn check(arguments: &Arguments, until_ms: Option<i64>) -> Result<Report, String> {
    let mut lines = journal::read(&arguments.folder.join("journal"))?;
    if let Some(until_ms) = until_ms {
        lines.retain(|line| !is_answer_after(line, until_ms));
    }
    let model = Model::of(&lines);
    let desk = Desk::new(None, model);
    let log = arguments.folder.join("server.log");
    let binary = Binary { kadi: arguments.kadi.clone(), store: arguments.store("main"), log };
    let mut faults = Vec::new();
    let server = binary.serve()?;
    let site = Site { desk: &desk, address: server.address };
    let findings = compare_all(site, World::Moving)?;
    server.stop()?;
    faults.extend(findings.faults);
    faults.extend(binary.verify().err());
    let table = format!("{} links compared\n", findings.compared);
    Ok(Report { table, faults })
}

/// What came later than that counts as not known.
fn is_answer_after(line: &Line, until_ms: i64) -> bool {
    match line {
        Line::Answer { at_ms, .. } | Line::Heard { at_ms, .. } => *at_ms > until_ms,
        Line::Found { .. } | Line::Missed { .. } => true,
        Line::Begin { .. } | Line::Intent { .. } | Line::Killed { .. } => false,
    }
}

/// What a campaign did, beside what its journal says.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) kills: BTreeMap<Phase, u64>,
    pub(crate) seed: u64,
    pub(crate) fates: Fates,
    /// Links compared after restarts.
    pub(crate) compared: u64,
    pub(crate) elapsed: Duration,
}

impl Tally {
    /// All kills.
    pub(crate) fn kills(&self) -> u64 {
        self.kills.values().sum()
    }

    /// The table.
    pub(crate) fn table(&self, model: &Model, last: &Findings) -> String {
        let phases = Phase::ALL
            .map(|phase| format!("{} {}", phase.name(), self.kills.get(&phase).copied().unwrap_or(0)));
        let counts = &model.counts;
        let lost = model.lost();
        let (fates, (events, again), (forms, forms_again)) =
            (self.fates, model.heard.events(), model.heard.forms());
        let rows = [
            ("kills", self.kills().to_string(), phases.join(", ")),
            (
                "acknowledged changes",
                counts.changes().to_string(),
                format!(
                    "links: own {}, signed {}; payments: side door {}, form {}; decisions {}; cancels {}",
                    counts.own_links,
                    counts.signed_links,
                    counts.side_payments,
                    counts.form_payments,
                    counts.decisions,
                    counts.cancels
                ),
            ),
            ("refused", counts.refusals.to_string(), "none of them left anything".to_owned()),
            ("repeats, reads", format!("{}", counts.replays + counts.reads), {
                format!("repeats with the same answer {}, pages and reads {}", counts.replays, counts.reads)
            }),
            ("unanswered at a kill", lost.to_string(), {
                format!(
                    "links: there {}, absent {}; cancels: done {}, not {}; payments: begun {}, never {}",
                    fates.links_there,
                    fates.links_absent,
                    fates.cancels_done,
                    fates.cancels_not_done,
                    last.begun,
                    last.never_begun
                )
            }),
            (
                "compared",
                (self.compared + last.compared).to_string(),
                format!("links after a restart {}, at the end {}", self.compared, last.compared),
            ),
            (
                "webhooks",
                (events + forms).to_string(),
                format!(
                    "events {events} (heard again {again}, captures {}), forms {forms} (again {forms_again})",
                    model.heard.captures()
                ),
            ),
            ("seconds", self.elapsed.as_secs().to_string(), format!("seed {}", self.seed)),
        ];
        rows.iter().map(|(name, number, parts)| format!("{name:<22} {number:>9}   {parts}\n")).collect()
    }
}
