//! What a failed sending means for the message: give it up, try later, or nobody knows.

use std::fmt;

/// Where in the sending it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Kadi could not make a mail of it.
    Compose,
    /// Connecting, TLS, greeting or login.
    Connect,
    /// `MAIL FROM`: the server's word on the sender.
    Sender,
    /// `RCPT TO`: the server's word on the recipient.
    Recipient,
    /// `DATA`, and the mail after it.
    Content,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Compose => "compose",
            Self::Connect => "connect",
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Content => "content",
        })
    }
}

/// Why a mail was not (known to be) accepted. Reasons are at most 200 characters and hold no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendFault {
    /// Refused for good (5xx), or no mail can be made of it: never tried again.
    #[error("refused at {stage}: {reason}")]
    Refused {
        /// Where.
        stage: Stage,
        /// The server's reply code, 500 to 599; `None` when the server was not asked.
        code: Option<u16>,
        /// The server's words, or Kadi's own.
        reason: String,
    },
    /// Surely not accepted, and may be later: 4xx, no connection, no login, no answer before the mail was
    /// sent.
    #[error("not now, at {stage}: {reason}")]
    Later {
        /// Where.
        stage: Stage,
        /// The server's reply code, where it gave one.
        code: Option<u16>,
        /// The server's words, or Kadi's own.
        reason: String,
    },
    /// The mail was being sent when the connection or the patience ended: it may have been accepted. A
    /// repeat must carry the same Message-ID, by which mail servers and readers recognise it.
    #[error("perhaps accepted: {reason}")]
    Unknown {
        /// What ended it.
        reason: String,
    },
}

impl SendFault {
    pub(super) fn unfit(reason: &str) -> Self {
        Self::Refused { stage: Stage::Compose, code: None, reason: reason.to_owned() }
    }
}
