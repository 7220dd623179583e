//! What a payer sees: the payment page, its results and its refusals, in English and Hindi. Nothing needs
//! JavaScript.

mod assets;
mod headers;
mod opening;
mod pages;
mod render;
pub mod routes;
mod texts;
mod views;

use kadi_documents::{lang, money, when};

pub use assets::{FOLLOW_SCRIPT, STYLESHEET, follow_script_path, stylesheet_path};
pub use headers::{CONTENT_SECURITY_POLICY, PENDING_REFRESH_S, page_headers};
pub use lang::Lang;
pub use money::{Currency, Money};
pub use opening::counts_as_opening;
pub use render::{leaving, notice, outcome, pay, returning};
pub use views::form::{FormField, FormView};
pub use views::invoice::InvoiceView;
pub use views::leaving::{Leaving, Returning};
pub use views::merchant::Merchant;
pub use views::notice::{Notice, NoticePage};
pub use views::outcome::{Onward, Outcome, OutcomePage, Post};
pub use views::pay::{
    AmountEntry, AmountFault, Asked, Instalment, Line, Mode, PayPage, Rail, Surcharge, Tax,
};
pub use views::payer::{CodeFault, Gate};
pub use when::{InWords, in_words};
