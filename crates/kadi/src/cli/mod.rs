//! The command line: what can be said, and what `kadi dev` answers.

mod arguments;
mod demo;

pub(crate) use arguments::{
    BenchArguments, BenchPart, Cli, Command, DevArguments, Folders, MerchantCommand, PacedArguments,
    ServeArguments, TemplateCommand, VerifyArguments,
};
pub(crate) use demo::{Demo, DemoAccount, DemoLink, curl, human, json, merchant_json, merchant_text};
