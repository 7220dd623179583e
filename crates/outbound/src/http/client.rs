//! The guarded client: checks, connects to what was checked, follows nothing, reads little.

use std::error::Error;
use std::io;
use std::sync::Arc;

use reqwest::dns::Resolve;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use super::fault::{GuardRefusal, PostFault};
use super::guard::{GuardPolicy, Reach, not_admitted};
use super::resolver::{CheckedResolver, LookupFault, SystemResolver};

/// How much of an answer is read; the rest is never taken from the wire.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Calls addresses that merchants chose, without letting them choose an address inside.
///
/// Cheap to clone; connections are kept and reused, each to an address that was checked when it was opened.
#[derive(Clone, Debug)]
pub struct GuardedClient {
    policy: GuardPolicy,
    outward: Client,
    loopback: Client,
}

/// What the other side said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status, 100 to 999; a redirect is not followed.
    pub status: u16,
    /// At most the first 64 KiB of the body.
    pub body: Vec<u8>,
    /// Whether there was more than that.
    pub truncated: bool,
}

/// The client could not be built; the text is the TLS or HTTP library's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the HTTP client cannot be set up: {0}")]
pub struct SetupFault(String);

impl GuardedClient {
    /// A client that asks the operating system for names.
    ///
    /// # Errors
    /// [`SetupFault`] when the TLS library refuses its configuration.
    pub fn new(policy: GuardPolicy) -> Result<Self, SetupFault> {
        Self::with_resolver(policy, Arc::new(SystemResolver))
    }

    /// A client that asks another resolver; its answers are checked in the same way.
    ///
    /// # Errors
    /// As [`GuardedClient::new`].
    pub fn with_resolver(policy: GuardPolicy, resolver: Arc<dyn Resolve>) -> Result<Self, SetupFault> {
        let outward = client(&policy, policy.widest_reach(), Arc::clone(&resolver))?;
        let loopback = client(&policy, Reach::Loopback, resolver)?;
        Ok(Self { policy, outward, loopback })
    }

    /// Posts a body and waits for the answer, at most the policy's whole time.
    ///
    /// # Errors
    /// [`PostFault`]; [`PostFault::may_have_arrived`] tells whether the request may have been acted on.
    pub async fn post(
        &self,
        url: &str,
        content_type: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, PostFault> {
        let (url, reach) = self.policy.admit(url)?;
        let headers = header_map(content_type, headers)?;
        let client = match reach {
            Reach::Global | Reach::GlobalOrLoopback => &self.outward,
            Reach::Loopback => &self.loopback,
        };
        let exchange = async {
            let sent = client.post(url.clone()).headers(headers).body(body).send().await;
            read(sent.map_err(|error| fault(&url, reach, error))?).await
        };
        let whole = self.policy.timeouts.whole;
        tokio::time::timeout(whole, exchange).await.unwrap_or(Err(PostFault::Timeout(whole.as_millis())))
    }
}

fn client(policy: &GuardPolicy, reach: Reach, inner: Arc<dyn Resolve>) -> Result<Client, SetupFault> {
    let tls = policy.extra_roots.client_config().map_err(|fault| SetupFault(fault.to_string()))?;
    #[expect(clippy::disallowed_methods, reason = "this is the one guarded client that the rule points to")]
    let builder = Client::builder();
    builder
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(CheckedResolver { inner, reach }))
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(policy.timeouts.connect)
        .user_agent(concat!("kadi/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|fault| SetupFault(fault.to_string()))
}

fn header_map(content_type: &str, headers: &[(&str, &str)]) -> Result<HeaderMap, GuardRefusal> {
    let mut map = HeaderMap::new();
    for (name, value) in [(CONTENT_TYPE.as_str(), content_type)].iter().chain(headers) {
        let refused = || GuardRefusal::Header((*name).to_owned());
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
        map.append(parsed, HeaderValue::from_str(value).map_err(|_| refused())?);
    }
    Ok(map)
}

async fn read(mut response: Response) -> Result<Answer, PostFault> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| PostFault::Broken(told(&error)))? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_BYTES_MAX {
            body.truncate(ANSWER_BYTES_MAX);
            return Ok(Answer { status, body, truncated: true });
        }
    }
    Ok(Answer { status, body, truncated: false })
}

fn fault(url: &Url, reach: Reach, error: reqwest::Error) -> PostFault {
    // The address may carry a merchant's token; it is known to the caller and has no place in a log.
    let error = error.without_url();
    match LookupFault::behind(&error) {
        Some(LookupFault::OutOfReach(ip)) => return PostFault::Refused(not_admitted(url, reach, *ip)),
        Some(LookupFault::Failed(text)) => return PostFault::Lookup(text.clone()),
        None => {}
    }
    if !error.is_connect() {
        PostFault::Broken(told(&error))
    } else if causes(&error).any(is_tls) {
        PostFault::Tls(told(&error))
    } else {
        PostFault::Connect(told(&error))
    }
}

fn is_tls(error: &(dyn Error + 'static)) -> bool {
    // An io::Error's `source` skips the error it wraps, which may be another one.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => is_tls(wrapped),
        None => error.is::<rustls::Error>(),
    }
}

/// The innermost cause: what surrounds it repeats only that a request failed.
fn told(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |error| (**error).source())
}
