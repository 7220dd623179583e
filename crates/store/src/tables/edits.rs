//! Edits: what the terms of links were before they were changed, and what links are for from then on.

use kadi_domain::edit::FormerTerms;
use kadi_domain::id::LinkId;
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;

use crate::row::Row;
use crate::sql::{Step, statements};
use crate::value::row;

statements! {
    OF(link_id Int) =
        "SELECT link_edit.link_id, link_edit.number, link_edit.after_event, link_edit.changed_at, \
         link_edit.amount, link_edit.max_payments, link_edit.expires_at, link_edit.description \
         FROM link_edit, input WHERE link_edit.link_id = input.link_id \
         ORDER BY link_edit.link_id, link_edit.number";
    INSERT(
        link_id Int, number Int, after_event Int, changed_at Int, amount Int, max_payments Int,
        expires_at Int, description Text,
    ) = { insert "link_edit" };
    DESCRIBE(id Int, description Text) =
        "UPDATE link SET description = input.description FROM input WHERE link.id = input.id";
}

/// The steps that store the former terms of changed links, and their descriptions, which few edits change.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, &view.added.edits, |(link, former)| {
        row![
            *link,
            former.number,
            former.after_event,
            former.changed_at,
            former.amount,
            former.max_payments,
            former.expires_at,
            former.description.as_ref(),
        ]
    }));
    steps.push(Step::over(&DESCRIBE, &view.added.descriptions, |(link, description)| {
        row![*link, description]
    }));
}

/// Former terms with their link from the columns of [`OF`].
pub(crate) fn edit_of(row: &mut Row) -> Result<(LinkId, FormerTerms), Fault> {
    let link = LinkId::new(row.int()?);
    let former = FormerTerms {
        number: row.int()?,
        after_event: row.int()?,
        changed_at: row.time()?,
        amount: row.opt_minor()?,
        max_payments: row.opt_int()?,
        expires_at: row.opt_time()?,
        description: row.opt_text()?,
    };
    Ok((link, former))
}
