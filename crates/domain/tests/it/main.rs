//! Proofs of the domain's rules from outside: money, links, payments, the ledger and the sandbox's stories.

mod amounts;
mod books;
mod ledger;
mod link;
mod orders;
mod schedules;
mod settle;
mod start;
mod stories;
mod world;
