//! Kadi from outside: the built binary, real clients, a real browser, a real mail server.

// So that clippy knows helpers of tests for tests.
#![cfg(test)]

mod harness;

mod attacks;
mod backup;
mod books;
mod browser;
mod browser_payers;
mod callbacks;
mod canary;
mod cli;
mod crash;
mod crowds;
mod doors;
mod ends;
mod fairness;
mod faults;
mod fees;
mod following;
mod holds;
mod isolation;
mod mail;
mod native_idempotency;
mod native_links;
mod obligations;
mod oddities;
mod outages;
mod owed;
mod parts;
mod paysharp;
mod paysharp_node;
mod paysharp_resends;
mod paysharp_webhooks;
mod paytm_bound;
mod paytm_codes;
mod paytm_create;
mod paytm_expiry;
mod paytm_forms;
mod paytm_invoice;
mod paytm_modes;
mod paytm_order;
mod paytm_refused;
mod paytm_risk;
mod paytm_splits;
mod paytm_texts;
mod paytm_transport;
mod peers_alone;
mod receipts;
mod refunds;
mod sandbox_pay;
mod scripts;
mod split_refunds;
mod splits;
mod start;
mod statement;
mod stories;
mod webhooks;
mod wrong_money;
