//! What readers ask, one file per subject.

pub(crate) mod books;
pub(crate) mod customers;
pub(crate) mod events;
pub(crate) mod invoices;
pub(crate) mod jobs;
pub(crate) mod links;
pub(crate) mod merchants;
pub(crate) mod obligations;
pub(crate) mod payments;
pub(crate) mod plans;
pub(crate) mod refunds;
pub(crate) mod seals;
pub(crate) mod search;
pub(crate) mod sizes;
pub(crate) mod splits;
pub(crate) mod statements;
pub(crate) mod strays;
