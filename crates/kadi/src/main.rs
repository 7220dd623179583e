//! The `kadi` binary: one command line, one process.

mod addresses;
mod admin;
mod app;
mod cli;
mod commands;
mod config;
mod files;
mod folder;
#[cfg(test)]
mod fuzz;
mod health;
mod http;
mod message_invoice;
mod messages;
mod sandbox;
mod worker;

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(code) => code,
        Err(failure) => {
            commands::complain(&failure);
            ExitCode::FAILURE
        }
    }
}
