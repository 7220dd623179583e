//! The invoice of a link as a PDF file.

mod breaking;
mod flow;
mod fonts;
mod money_part;
mod paper;
mod pdf;
mod sections;
mod table;
mod tags;
mod view;
mod words;

pub use pdf::{InvoiceError, invoice_pdf};
pub use view::{Customer, Invoice, Line, Merchant, Standing, Tax};
pub use words::amount_in_words;
