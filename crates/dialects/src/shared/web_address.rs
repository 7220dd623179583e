//! The rule for web addresses that a merchant sets: where payers are sent and callbacks go.

use url::{Host, Url};

use super::text::has_control_or_bidi;

/// The most bytes a web address may have, as sent.
pub const WEB_ADDRESS_BYTES_MAX: usize = 2_048;

/// Why a text is not a web address that a merchant may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebAddressFault {
    /// More than [`WEB_ADDRESS_BYTES_MAX`] bytes.
    #[error("the web address is longer than 2048 bytes")]
    TooLong,
    /// Not an absolute web address that every reader takes apart alike; also blanks, backslashes, control
    /// characters.
    #[error("the web address is malformed")]
    Malformed,
    /// Neither https nor, where that is allowed, http to this machine.
    #[error("the web address is not https")]
    NotHttps,
    /// A name or password before the host.
    #[error("the web address has a user part")]
    UserPart,
}

/// Reads a web address that a merchant's authenticated call or the merchant file sets (DECISIONS.md):
/// https, no user part, no control characters, at most 2,048 bytes.
///
/// `http_to_loopback` also takes http to `localhost`, 127.0.0.0/8 and `[::1]`: true in sandbox mode and for
/// the merchant file. Whether a host may be called at all is decided when it is called. The answer prints
/// as pure ASCII.
///
/// # Errors
/// The first [`WebAddressFault`] that applies.
pub fn parse_web_address(text: &str, http_to_loopback: bool) -> Result<Url, WebAddressFault> {
    if text.len() > WEB_ADDRESS_BYTES_MAX {
        return Err(WebAddressFault::TooLong);
    }
    if has_control_or_bidi(text) || text.contains(|c: char| c.is_whitespace() || c == '\\') {
        return Err(WebAddressFault::Malformed);
    }
    let address = Url::parse(text).map_err(|_| WebAddressFault::Malformed)?;
    let (_, after_scheme) = text.split_once(':').ok_or(WebAddressFault::Malformed)?;
    match address.scheme() {
        "https" => {}
        "http" if http_to_loopback && is_loopback(&address) => {}
        _ => return Err(WebAddressFault::NotHttps),
    }
    let from_host = after_scheme.strip_prefix("//").ok_or(WebAddressFault::Malformed)?;
    let authority = from_host.split(['/', '?', '#']).next().unwrap_or(from_host);
    if authority.is_empty() {
        return Err(WebAddressFault::Malformed);
    }
    // Looked for in the text: an empty user part (`https://@host`) leaves no trace in the parsed address.
    if authority.contains('@') { Err(WebAddressFault::UserPart) } else { Ok(address) }
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
