//! Every word that Kadi itself says to a payer, once per language: a missing text does not compile.

mod english;
mod hindi;
mod words;

pub(crate) use words::{
    Around, Between, ContactTexts, FormTexts, LeavingTexts, Message, NoticeTexts, OutcomeTexts, PayTexts,
    PayerTexts, SandboxTexts, Texts, texts,
};
