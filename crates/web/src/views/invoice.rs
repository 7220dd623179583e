//! The invoice of a link on its page, beside the bill.

/// What is on an invoice beside number, lines and sums.
#[derive(Clone, Copy, Debug)]
pub struct InvoiceView<'a> {
    /// The merchant's address; line breaks are kept.
    pub address: Option<&'a str>,
    /// The number by which the merchant is registered for the goods and services tax.
    pub gstin: Option<&'a str>,
    /// What the merchant filled in, each under its label.
    pub fields: &'a [(&'a str, &'a str)],
}

/// The path of the invoice as a file.
pub(crate) fn invoice_path(code: &str) -> String {
    format!("/p/{code}/invoice.pdf")
}
