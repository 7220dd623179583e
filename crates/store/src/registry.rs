//! Every statement of the crate in one list, so that the tests can prepare each of them for each store.

use crate::sql::Statement;
use crate::{queries, tables};

/// Every statement of the crate.
pub fn statements() -> Vec<&'static Statement> {
    [
        tables::books::STATEMENTS,
        tables::charges::STATEMENTS,
        tables::credentials::STATEMENTS,
        tables::customers::STATEMENTS,
        tables::deliveries::STATEMENTS,
        tables::edits::STATEMENTS,
        tables::events::STATEMENTS,
        tables::installation::STATEMENTS,
        tables::invoices::STATEMENTS,
        tables::jobs::STATEMENTS,
        tables::keys::STATEMENTS,
        tables::links::STATEMENTS,
        tables::merchant_parts::STATEMENTS,
        tables::merchants::STATEMENTS,
        tables::messages::STATEMENTS,
        tables::obligations::STATEMENTS,
        tables::one_time_codes::STATEMENTS,
        tables::parts::STATEMENTS,
        tables::payments::STATEMENTS,
        tables::plans::STATEMENTS,
        tables::refunds::STATEMENTS,
        tables::risk::STATEMENTS,
        tables::split_refunds::STATEMENTS,
        tables::splits::STATEMENTS,
        tables::templates::STATEMENTS,
        queries::books::STATEMENTS,
        queries::customers::STATEMENTS,
        queries::events::STATEMENTS,
        queries::invoices::STATEMENTS,
        queries::jobs::STATEMENTS,
        queries::links::STATEMENTS,
        queries::obligations::STATEMENTS,
        queries::payments::STATEMENTS,
        queries::refunds::STATEMENTS,
        queries::seals::STATEMENTS,
        queries::search::STATEMENTS,
        queries::sizes::STATEMENTS,
        queries::splits::STATEMENTS,
        queries::statements::STATEMENTS,
        queries::strays::STATEMENTS,
    ]
    .concat()
}
