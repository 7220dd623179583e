//! How often one address may ask for codes and try them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use kadi_engine::domain::time::{MINUTE_MS, Timestamp};

/// Where a request came from, as far as this server can tell.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// How often within [`WITHIN_MS`]: many payers share an address of a mobile network.
const REQUESTS_MAX: u32 = 120;
const WITHIN_MS: i64 = 10 * MINUTE_MS;
/// How many addresses are remembered; when there are more, the count begins anew.
const ADDRESSES_MAX: usize = 100_000;

/// What addresses have asked for lately.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    seen: Mutex<HashMap<IpAddr, (Timestamp, u32)>>,
}

impl Addresses {
    /// Counts a request; false where there were too many. A proxy on this machine is no payer's address.
    pub(super) fn may(&self, peer: Option<Peer>, real_now: Timestamp) -> bool {
        let Some(address) = peer.map(|Peer(address)| network(address)).filter(|at| !at.is_loopback()) else {
            return true;
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |since: Timestamp| real_now < since.plus_ms(WITHIN_MS);
        if seen.len() >= ADDRESSES_MAX {
            seen.retain(|_, (since, _)| is_recent(*since));
        }
        if seen.len() >= ADDRESSES_MAX {
            seen.clear();
        }
        let (since, count) = seen.entry(address).or_insert((real_now, 0));
        if !is_recent(*since) {
            (*since, *count) = (real_now, 0);
        }
        *count = count.saturating_add(1);
        *count <= REQUESTS_MAX
    }
}

/// Of IPv6 the network: whoever has one has all its addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) if !six.is_loopback() => IpAddr::from((six.to_bits() >> 64 << 64).to_be_bytes()),
        other @ (IpAddr::V4(_) | IpAddr::V6(_)) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(text: &str) -> Option<Peer> {
        Some(Peer(text.parse().unwrap()))
    }

    #[test]
    fn an_address_is_stopped_alone_and_for_ten_minutes() {
        let addresses = Addresses::default();
        let at = Timestamp::from_ms;
        for _ in 0..REQUESTS_MAX {
            assert!(addresses.may(peer("2001:db8::1"), at(5)));
        }
        assert!(!addresses.may(peer("2001:db8::2:3"), at(6)), "the same network");
        assert!(addresses.may(peer("2001:db8:1::1"), at(6)));
        assert!(addresses.may(peer("192.0.2.1"), at(6)));
        assert!(!addresses.may(peer("2001:db8::1"), at(4 + WITHIN_MS)));
        assert!(addresses.may(peer("2001:db8::1"), at(5 + WITHIN_MS)));
    }

    #[test]
    fn what_is_not_known_is_not_counted() {
        let addresses = Addresses::default();
        for peer in [None, peer("127.0.0.1"), peer("::1"), peer("::ffff:127.0.0.1")] {
            assert!((0..2 * REQUESTS_MAX).all(|_| addresses.may(peer, Timestamp::from_ms(5))));
        }
        assert!(addresses.seen.lock().unwrap().is_empty());
    }
}
