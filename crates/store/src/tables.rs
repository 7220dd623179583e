//! One file for each group of tables: its statements, and records to rows and back.

pub(crate) mod books;
pub(crate) mod charges;
pub(crate) mod credentials;
pub(crate) mod customers;
pub(crate) mod deliveries;
pub(crate) mod edits;
pub(crate) mod events;
pub(crate) mod installation;
pub(crate) mod invoices;
pub(crate) mod jobs;
pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod merchant_parts;
pub(crate) mod merchants;
pub(crate) mod messages;
pub(crate) mod obligations;
pub(crate) mod one_time_codes;
pub(crate) mod parts;
pub(crate) mod payments;
pub(crate) mod plans;
pub(crate) mod refunds;
pub(crate) mod risk;
pub(crate) mod split_refunds;
pub(crate) mod splits;
pub(crate) mod templates;
