//! Name lookup that gives only checked addresses to the one place that connects.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::guard::Reach;

/// The operating system's resolver.
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

/// Resolves once and refuses the name when any of its addresses is out of reach. The connection goes to
/// exactly these addresses, so a second, different answer of the name server changes nothing.
pub(super) struct CheckedResolver {
    pub(super) inner: Arc<dyn Resolve>,
    pub(super) reach: Reach,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, reach) = (self.inner.resolve(name), self.reach);
        Box::pin(async move {
            let answer = lookup.await.map_err(|fault| LookupFault::Failed(fault.to_string()))?;
            // Port 0 means "the port of the web address"; the resolver has no say in it.
            let addresses: Vec<SocketAddr> = answer.map(|found| SocketAddr::new(found.ip(), 0)).collect();
            if let Some(closed) = addresses.iter().find(|found| !reach.admits(found.ip())) {
                return Err(LookupFault::OutOfReach(closed.ip()).into());
            }
            if addresses.is_empty() {
                return Err(LookupFault::Failed("it has no address".to_owned()).into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

/// What went wrong in a lookup; found again at the bottom of the HTTP client's error.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum LookupFault {
    #[error("{0}")]
    Failed(String),
    #[error("{0} may not be called")]
    OutOfReach(IpAddr),
}

impl LookupFault {
    pub(super) fn behind<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        std::iter::successors(Some(error), |error| (**error).source()).find_map(|error| error.downcast_ref())
    }
}
