//! The invoice of a link as a PDF file.

mod breaking;
mod flow;
mod fonts;
mod money_part;
mod of_link;
mod paper;
mod pdf;
mod printer;
mod sections;
mod table;
mod tags;
mod view;
mod words;

pub use of_link::{has_invoice, number_by, number_of, shown_fields};
pub use pdf::{InvoiceError, invoice_pdf};
pub use printer::{file_name, link_invoice};
pub use view::{Customer, Invoice, Line, Merchant, Standing, Tax};
pub use words::amount_in_words;
