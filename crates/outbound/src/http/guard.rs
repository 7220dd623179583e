//! The rules an address must keep before anything is sent to it.

use std::net::IpAddr;
use std::time::Duration;

use url::{Host, Url};

use super::address::{is_global, is_loopback};
use super::fault::GuardRefusal;
use crate::tls::ExtraRoots;

/// Longest web address, in bytes, as everywhere in Kadi.
const URL_BYTES_MAX: usize = 2048;

/// What this installation allows a merchant's web address to be.
///
/// The default is the strict one of a live server: https, public addresses only.
#[derive(Clone, Debug, Default)]
pub struct GuardPolicy {
    /// Sandbox mode: loopback addresses may be called too, by http or https and on any port.
    pub allow_loopback: bool,
    /// Certificate authorities trusted besides Mozilla's.
    pub extra_roots: ExtraRoots,
    /// How long a call may take.
    pub timeouts: PostTimeouts,
}

/// How long one call may take. The default is 5 s to connect and 15 s in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostTimeouts {
    /// Name lookup, TCP connection and TLS handshake together.
    pub connect: Duration,
    /// From the first lookup to the last byte of the answer, so that a dripping server ends too.
    pub whole: Duration,
}

impl Default for PostTimeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), whole: Duration::from_secs(15) }
    }
}

/// Which resolved addresses a call may connect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Global,
    GlobalOrLoopback,
    Loopback,
}

impl Reach {
    pub(super) fn admits(self, ip: IpAddr) -> bool {
        match self {
            Self::Global => is_global(ip),
            Self::GlobalOrLoopback => is_global(ip) || is_loopback(ip),
            Self::Loopback => is_loopback(ip),
        }
    }
}

impl GuardPolicy {
    /// What a call over https may reach.
    pub(super) fn widest_reach(&self) -> Reach {
        if self.allow_loopback { Reach::GlobalOrLoopback } else { Reach::Global }
    }

    /// Reads a web address and says what it may reach; a name's addresses are checked when it is resolved.
    pub(super) fn admit(&self, text: &str) -> Result<(Url, Reach), GuardRefusal> {
        if text.len() > URL_BYTES_MAX {
            return Err(GuardRefusal::TooLong);
        }
        // The parser drops tabs and newlines silently, so they are looked for before it runs.
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(GuardRefusal::ControlCharacter);
        }
        let url = Url::parse(text).map_err(|_| GuardRefusal::NotAWebAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(GuardRefusal::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(GuardRefusal::UserPart);
        }
        let reach = self.reach_of(&url)?;
        // The HTTP client asks no resolver for an address written as a literal.
        let literal = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => None,
            None => return Err(GuardRefusal::NotAWebAddress),
        };
        match literal.filter(|ip| !reach.admits(*ip)) {
            Some(ip) => Err(not_admitted(&url, reach, ip)),
            None => Ok((url, reach)),
        }
    }

    fn reach_of(&self, url: &Url) -> Result<Reach, GuardRefusal> {
        match (url.scheme() == "https", self.allow_loopback) {
            (true, _) => Ok(self.widest_reach()),
            (false, true) => Ok(Reach::Loopback),
            (false, false) => Err(GuardRefusal::NotHttps),
        }
    }
}

/// Names the rule that was broken: in sandbox mode a public address may have failed only by its scheme.
pub(super) fn not_admitted(url: &Url, reach: Reach, ip: IpAddr) -> GuardRefusal {
    match reach {
        Reach::Loopback if is_global(ip) && url.scheme() != "https" => GuardRefusal::NotHttps,
        Reach::Global | Reach::GlobalOrLoopback | Reach::Loopback => GuardRefusal::Address(ip),
    }
}
