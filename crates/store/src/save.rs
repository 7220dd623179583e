//! Saving all that a batch changed: parents before children, so that every row finds what it points to.

use kadi_domain::view::View;

use crate::sql::Step;
use crate::tables::{
    books, charges, credentials, customers, deliveries, edits, events, installation, invoices, jobs, keys,
    links, merchants, messages, obligations, one_time_codes, parts, payments, plans, refunds, risk,
    split_refunds, splits, templates,
};

/// The steps that store what changed, with the batch's mark; none where nothing changed.
pub(crate) fn steps(view: &View, mark: Step) -> Vec<Step> {
    let mut steps = Vec::new();
    merchants::save(view, &mut steps);
    credentials::save(view, &mut steps);
    templates::save(view, &mut steps);
    customers::save(view, &mut steps);
    obligations::save(view, &mut steps);
    links::save(view, &mut steps);
    parts::save(view, &mut steps);
    edits::save(view, &mut steps);
    splits::save(view, &mut steps);
    plans::save(view, &mut steps);
    invoices::save(view, &mut steps);
    one_time_codes::save(view, &mut steps);
    keys::save(view, &mut steps);
    payments::save(view, &mut steps);
    charges::save(view, &mut steps);
    refunds::save(view, &mut steps);
    split_refunds::save(view, &mut steps);
    risk::save(view, &mut steps);
    books::save(view, &mut steps);
    events::save(view, &mut steps);
    messages::save(view, &mut steps);
    deliveries::save(view, &mut steps);
    jobs::save(view, &mut steps);
    installation::save(view, &mut steps);
    steps.retain(|step| !step.rows.is_empty());
    if !steps.is_empty() {
        steps.push(mark);
    }
    steps
}
