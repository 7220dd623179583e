//! Invoices: the sealed values of the fields of their templates; which version of a template stands on the
//! link.

use kadi_domain::view::View;

use crate::sql::{Step, statements};
use crate::value::row;

statements! {
    OF(link_id Int) =
        "SELECT link_invoice.fields FROM link_invoice, input WHERE link_invoice.link_id = input.link_id";
    INSERT(link_id Int, fields Bytes) = { insert "link_invoice" };
}

/// The step that stores the invoices of new links.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, &view.added.invoices, |(link, fields)| row![*link, fields]));
}
