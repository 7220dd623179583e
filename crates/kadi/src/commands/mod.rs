//! What each command of the command line does.

mod administer;
mod backup;
mod bench;
mod dev;
mod run;
mod serve;
mod verify;

pub(crate) use run::{complain, run};
