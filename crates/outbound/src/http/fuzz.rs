//! A fuzz target: which web addresses the guard lets through, and how far.

use std::net::IpAddr;

use url::Host;

use super::address::{is_global, is_loopback};
use super::guard::{GuardPolicy, Reach};

/// What std, which knows fewer kinds of addresses, calls closed.
fn is_surely_closed(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_broadcast()
                || ip.is_documentation()
                || ip.is_unspecified()
                || ip.is_multicast()
        }
        IpAddr::V6(ip) => {
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
        }
    }
}

#[test]
fn guarded_address() {
    let live = GuardPolicy::default();
    let sandbox = GuardPolicy { allow_loopback: true, ..GuardPolicy::default() };
    kadi_fuzz::target!("guarded_address", 2_000, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let (strictly, laxly) = (live.admit(text), sandbox.admit(text));
        assert!(strictly.is_err() || laxly.is_ok(), "{text}");
        if let Ok((url, reach)) = &strictly {
            assert_eq!((url.scheme(), *reach), ("https", Reach::Global), "{text}");
        }
        for (policy, admitted) in [(&live, strictly), (&sandbox, laxly)] {
            let Ok((url, reach)) = admitted else { continue };
            assert!(url.username().is_empty() && url.password().is_none() && url.has_host(), "{url}");
            assert!(url.scheme() == "https" || reach == Reach::Loopback, "{url}");
            let literal = match url.host() {
                Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
                Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
                Some(Host::Domain(name)) => {
                    assert!(name.parse::<IpAddr>().is_err(), "{name}");
                    None
                }
                None => None,
            };
            if let Some(ip) = literal {
                let is_own = policy.allow_loopback && is_loopback(ip);
                assert!(is_own || is_global(ip) && !is_surely_closed(ip), "{url}");
            }
            // Written as the HTTP client will write it, it is admitted again unless it has become too long.
            let again = policy.admit(url.as_str());
            assert!(again == Ok((url.clone(), reach)) || url.as_str().len() > 2_048, "{url}");
        }
    });
}
