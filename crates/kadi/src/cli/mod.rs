//! The command line: what can be said, and what `kadi dev` answers.

mod arguments;
mod demo;

pub(crate) use arguments::{
    Cli, Command, DevArguments, Folders, MerchantCommand, ServeArguments, TemplateCommand, VerifyArguments,
};
pub(crate) use demo::{Demo, DemoAccount, DemoLink, curl, human, json, merchant_json, merchant_text};
