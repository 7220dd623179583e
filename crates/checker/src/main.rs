//! The `kadi-checker` binary: a process of its own, which shares no code with the server that it checks.

use std::process::ExitCode;

fn main() -> ExitCode {
    kadi_checker::command::run(std::env::args().skip(1).collect())
}
