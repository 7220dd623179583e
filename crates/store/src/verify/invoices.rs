//! Invoices that are drawn from a template.

use kadi_domain::template::TemplateKind;

use super::report::{INVOICE_OF_TEMPLATE, Tally};
use crate::queries::books::Book;

/// Checks that a link has an invoice exactly where it names a template, and that this is one of its
/// merchant's.
pub(super) fn check(book: &Book, tally: &mut Tally) {
    let link = &book.link;
    let fits = match (link.terms.invoice, book.drawn) {
        (None, None) => true,
        (Some(_), Some(drawn)) => drawn == Some((link.merchant_id, TemplateKind::Invoice)),
        (None, Some(_)) | (Some(_), None) => false,
    };
    tally.check(INVOICE_OF_TEMPLATE, fits, || {
        format!("the invoice of link {} does not fit its template", link.id.get())
    });
}
