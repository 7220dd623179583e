//! From the command line to the exit code.

use std::io::Write as _;
use std::process::ExitCode;

use crate::arguments::{Arguments, Task, USAGE};
use crate::campaign::Campaign;
use crate::reports::{Report, check};

/// The faults that are printed; more are counted.
const FAULTS_SHOWN: usize = 20;

/// Does what the words after the program's name say: exit code 0 only where nothing was lost and everything
/// was reached.
pub fn run(words: Vec<String>) -> ExitCode {
    let arguments = match Arguments::parse(&words) {
        Ok(arguments) => arguments,
        Err(fault) => {
            say(&format!("kadi-checker: {fault}\n\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    let report = match arguments.task {
        Task::Run { kills, changes, seed } => Campaign::run(&arguments, kills, changes, seed),
        Task::Check { until_ms } => check(&arguments, until_ms),
    };
    match report {
        Ok(report) => show(&report),
        Err(fault) => {
            say(&format!("kadi-checker could not go on: {fault}\n"));
            ExitCode::FAILURE
        }
    }
}

fn show(report: &Report) -> ExitCode {
    say(&report.table);
    for fault in report.faults.iter().take(FAULTS_SHOWN) {
        say(&format!("LOST OR WRONG: {fault}\n"));
    }
    if report.faults.is_empty() {
        say("every answer holds\n");
        return ExitCode::SUCCESS;
    }
    say(&format!("{} faults\n", report.faults.len()));
    ExitCode::FAILURE
}

/// Prints on standard output.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody listens where this fails; the exit code still tells.
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}
