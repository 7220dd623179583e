//! E-mail through the operator's SMTP server.

mod channel;
mod contained;
mod dialogue;
mod email;
mod fault;
mod redact;
mod settings;

pub use channel::{Accepted, SmtpChannel};
pub use email::Email;
pub use fault::{SendFault, Stage};
pub use settings::{Password, SettingsFault, SmtpSettings, SmtpTimeouts, SmtpTls};
