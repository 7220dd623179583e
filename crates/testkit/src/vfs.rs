//! The layer as SQLite sees it: a copy of its own unix layer in which opening, deleting and the files are
//! ours.
//!
//! Each open file of ours stands before a file of the unix layer in one allocation of SQLite's, and hands
//! every call on. Soundness rests on what SQLite promises: it calls a file's methods only between a
//! successful `xOpen` and `xClose`, with pointers and lengths that fit. The functions that are copied (paths,
//! randomness, time) do not look at the table through which they are called.

mod file;
mod methods;
mod open;
mod register;

pub(crate) use register::{NAME, attach};
