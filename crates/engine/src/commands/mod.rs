//! The commands: one file for each thing that can be asked for.

pub mod administer;
pub mod advance_clock;
pub mod cancel_link;
pub mod close_links;
pub mod create_link;
pub mod decide_hold;
pub mod deliver;
pub mod end_reservation;
pub mod expire_link;
pub mod keep_unmatched;
pub mod key_prints;
pub mod lease_job;
pub mod open_link;
pub(crate) mod probe;
pub mod record_refund;
pub mod record_report;
pub mod request_code;
pub mod request_refund;
pub mod resend_link;
pub mod return_job;
pub mod sandbox_charge;
pub mod sandbox_payback;
pub mod seal_books;
pub mod send_message;
pub mod start_payment;
pub mod try_code;
