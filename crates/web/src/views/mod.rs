//! What each page shows, as plain data: the handlers fill these from records, the templates only read them.

pub(crate) mod form;
pub(crate) mod invoice;
pub(crate) mod leaving;
pub(crate) mod merchant;
pub(crate) mod notice;
pub(crate) mod outcome;
pub(crate) mod pay;
pub(crate) mod payer;
