//! The addresses of the server: where it listens, and how payers reach it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::Url;

/// Where Kadi listens unless something else is said.
pub(super) const DEFAULT_PORT: u16 = 8_080;

/// An IP address with a port.
pub(super) fn listen_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "is not an IP address with a port, such as 127.0.0.1:8080".to_owned())
}

/// The default of `admin_listen`: loopback, the next port (any free one beside any free one).
pub(super) fn default_admin_address(listen: SocketAddr) -> Result<SocketAddr, String> {
    let port = match listen.port() {
        0 => Ok(0),
        port => port.checked_add(1).ok_or("has no default, for no port follows 65535"),
    };
    Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port?))
}

/// The address of a bound listener as payers on this machine reach it; the default of `public_url`.
pub(crate) fn default_public_url(bound: SocketAddr) -> String {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        IpAddr::V4(_) | IpAddr::V6(_) => bound.ip(),
    };
    format!("http://{}", SocketAddr::new(ip, bound.port()))
}

/// An http(s) address without path, query or user, for paths are put behind it. Answers it without a final
/// slash.
pub(super) fn public_url(text: &str) -> Result<String, String> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    let url = Url::parse(text).ok().filter(|_| !text.contains(odd)).ok_or("is not a web address")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("is neither http nor https".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
        return Err("names a user".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("has a path, a query or a fragment; Kadi's pages stand at the root of a host".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
