//! Every way in which a call to somebody's server can fail.

use std::net::IpAddr;

/// The rule of the guard that a call broke. Nothing was sent, not even a connection was opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardRefusal {
    /// Over 2,048 bytes.
    #[error("the web address is longer than 2048 bytes")]
    TooLong,
    /// A control character or white space stands in it.
    #[error("the web address contains a control character or white space")]
    ControlCharacter,
    /// No URL, or one without a host.
    #[error("this is not a web address")]
    NotAWebAddress,
    /// Another scheme than https (in sandbox mode: http to a host that is not this machine).
    #[error("the web address is not https")]
    NotHttps,
    /// `user@` or `user:password@` stands before the host.
    #[error("the web address has a user part")]
    UserPart,
    /// The host is, or resolves to, an address outside the public internet.
    #[error("{0} is not a public address")]
    Address(IpAddr),
    /// A header's name or value, or the content type, cannot stand in an HTTP request.
    #[error("the header {0:?} cannot be sent")]
    Header(String),
}

impl GuardRefusal {
    /// A stable word for logs and delivery records; it tells nothing about the network inside.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::TooLong => "url_too_long",
            Self::ControlCharacter => "url_control_character",
            Self::NotAWebAddress => "url_invalid",
            Self::NotHttps => "url_not_https",
            Self::UserPart => "url_user_part",
            Self::Address(_) => "address_not_public",
            Self::Header(_) => "header_invalid",
        }
    }
}

/// Why a call gave no answer. An answer with any status, 3xx and 5xx too, is no fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostFault {
    /// The guard refused before anything was sent.
    #[error("refused: {0}")]
    Refused(#[from] GuardRefusal),
    /// The name could not be resolved.
    #[error("the name cannot be resolved: {0}")]
    Lookup(String),
    /// No connection within its time.
    #[error("no connection: {0}")]
    Connect(String),
    /// The TLS handshake failed, for example by a certificate that nobody trusts.
    #[error("no TLS connection: {0}")]
    Tls(String),
    /// The time for the whole call ended; the request may have been acted on.
    #[error("no complete answer within {0} ms")]
    Timeout(u128),
    /// The connection ended or spoke no HTTP; the request may have been acted on.
    #[error("the connection broke: {0}")]
    Broken(String),
}

impl PostFault {
    /// A stable word for logs and delivery records.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.name(),
            Self::Lookup(_) => "lookup_failed",
            Self::Connect(_) => "connect_failed",
            Self::Tls(_) => "tls_failed",
            Self::Timeout(_) => "timeout",
            Self::Broken(_) => "connection_broken",
        }
    }

    /// Whether the other side may have received and acted on the request all the same.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Lookup(_) | Self::Connect(_) | Self::Tls(_) => false,
            Self::Timeout(_) | Self::Broken(_) => true,
        }
    }
}
