//! What the operator says about the mail server, checked before anything is sent.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use zeroize::Zeroizing;

use crate::http::is_loopback;
use crate::tls::ExtraRoots;

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// Not at all: only to this machine.
    None,
    /// Upgraded before anything is said; a server that does not offer it gets no mail (RFC 3207).
    StartTls,
    /// From the first byte (RFC 8314).
    Tls,
}

/// The mail server's password; wiped when dropped, never shown.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the password over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

/// How long a mail server may take. The default is 10 s to connect, 30 s for a command, 2 min for the
/// mail's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmtpTimeouts {
    /// Name lookup, TCP, TLS, greeting and login together.
    pub connect: Duration,
    /// Each command up to and with `DATA`.
    pub command: Duration,
    /// The mail itself and the server's word on it; servers scan for spam here, so it is the longest.
    pub content: Duration,
}

impl Default for SmtpTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: Duration::from_secs(30),
            content: Duration::from_secs(120),
        }
    }
}

/// The `[smtp]` section of the configuration.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Name or address of the server; with TLS its certificate must be for this name.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The sender: `pay@shop.example` or `Shop <pay@shop.example>`.
    pub from: String,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// Login name; together with the password, or neither.
    pub username: Option<String>,
    /// Password of the login.
    pub password: Option<Password>,
    /// Certificate authorities trusted besides Mozilla's.
    pub extra_roots: ExtraRoots,
    /// How long the server may take.
    pub timeouts: SmtpTimeouts,
}

/// Why mail cannot be sent with these settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsFault {
    /// `tls = "none"` to another machine would send customers' data and the password in the clear.
    #[error("smtp: tls = \"none\" is allowed to this machine only, not to {host}")]
    PlainToOtherMachine {
        /// The configured host.
        host: String,
    },
    /// `host` is empty or contains white space or control characters.
    #[error("smtp: host is not the name or address of a server")]
    Host,
    /// `from` is not an address, alone or in angle brackets after a name.
    #[error("smtp: from is not an e-mail address")]
    From,
    /// One of user name and password is missing.
    #[error("smtp: username and password_file are needed together")]
    HalfLogin,
    /// The TLS library refuses the configuration.
    #[error("smtp: TLS cannot be set up: {0}")]
    Tls(String),
}

/// Settings that were found usable.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) from: Mailbox,
    pub(super) security: Security,
    pub(super) login: Option<Credentials>,
    pub(super) timeouts: SmtpTimeouts,
}

/// Protection together with what it needs, so that neither can be without the other.
pub(super) enum Security {
    /// Resolved here: no name server has a say in where unprotected mail goes.
    Plain(Vec<SocketAddr>),
    StartTls(TlsParameters),
    Tls(TlsParameters),
}

impl SmtpSettings {
    pub(super) fn check(self) -> Result<Server, SettingsFault> {
        let unprintable = |c: char| c.is_whitespace() || c.is_control();
        if self.host.is_empty() || self.host.contains(unprintable) {
            return Err(SettingsFault::Host);
        }
        if self.from.contains(char::is_control) {
            return Err(SettingsFault::From);
        }
        let from: Mailbox = self.from.parse().map_err(|_| SettingsFault::From)?;
        let login = match (self.username, self.password) {
            (Some(username), Some(password)) => Some(Credentials::new(username, password.0.to_string())),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(SettingsFault::HalfLogin),
        };
        let security = match self.tls {
            SmtpTls::None => Security::Plain(own_addresses(&self.host, self.port)?),
            SmtpTls::StartTls => Security::StartTls(tls(&self.host, &self.extra_roots)?),
            SmtpTls::Tls => Security::Tls(tls(&self.host, &self.extra_roots)?),
        };
        Ok(Server { host: self.host, port: self.port, from, security, login, timeouts: self.timeouts })
    }
}

fn own_addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, SettingsFault> {
    if host.eq_ignore_ascii_case("localhost") {
        let both = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        return Ok(both.map(|ip| SocketAddr::new(ip, port)).to_vec());
    }
    match host.parse::<IpAddr>() {
        Ok(ip) if is_loopback(ip) => Ok(vec![SocketAddr::new(ip, port)]),
        Ok(_) | Err(_) => Err(SettingsFault::PlainToOtherMachine { host: host.to_owned() }),
    }
}

fn tls(host: &str, roots: &ExtraRoots) -> Result<TlsParameters, SettingsFault> {
    let refused = |fault: lettre::transport::smtp::Error| SettingsFault::Tls(fault.to_string());
    let mut builder =
        TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    for root in roots.certificates() {
        builder = builder.add_root_certificate(Certificate::from_der(root.to_vec()).map_err(refused)?);
    }
    builder.build().map_err(refused)
}
