//! HTTP requests as text, so that kept inputs can be read and changed by hand: a line with method and
//! address, a line for each header, an empty line, the body.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri};

/// A request taken apart; nothing in it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestText<'a> {
    /// The method.
    pub method: &'a [u8],
    /// Path and query.
    pub address: String,
    /// Names and values.
    pub headers: Vec<(&'a [u8], &'a [u8])>,
    /// Everything behind the empty line.
    pub body: &'a [u8],
}

impl<'a> RequestText<'a> {
    /// Reads a request. `known` are words of the address, such as `{link}`, that stand for others which a
    /// kept input cannot hold. None where there is no empty line, no address or a header without a colon.
    pub fn read(bytes: &'a [u8], known: &[(&str, String)]) -> Option<Self> {
        let end = bytes.windows(2).position(|pair| pair == b"\n\n")?;
        let (head, rest) = bytes.split_at_checked(end)?;
        let (first, lines) = match head.iter().position(|byte| *byte == b'\n') {
            Some(at) => head.split_at_checked(at)?,
            None => (head, [].as_slice()),
        };
        let blank = first.iter().position(|byte| *byte == b' ')?;
        let (method, address) = first.split_at_checked(blank)?;
        let mut address = std::str::from_utf8(address.get(1..)?).ok()?.to_owned();
        for (word, stands_for) in known {
            address = address.replace(word, stands_for);
        }
        let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let headers = lines.map(|line| {
            let (name, value) = line.split_at_checked(line.iter().position(|byte| *byte == b':')?)?;
            Some((name, value.get(1..)?.trim_ascii()))
        });
        Some(Self { method, address, headers: headers.collect::<Option<_>>()?, body: rest.get(2..)? })
    }

    /// The same for a router in this process, if it is one that an HTTP server would let through.
    pub fn request(self) -> Option<Request<Body>> {
        let address = self.address.parse::<Uri>().ok().filter(|uri| uri.path().starts_with('/'))?;
        let mut builder = Request::builder().method(Method::from_bytes(self.method).ok()?).uri(address);
        for (name, value) in self.headers {
            builder =
                builder.header(HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?);
        }
        builder.body(Body::from(self.body.to_owned())).ok()
    }
}
