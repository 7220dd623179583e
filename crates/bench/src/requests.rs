//! The requests that a generator sends, written out before the round begins.

/// Whole requests, one behind the other.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    next: usize,
    is_endless: bool,
}

impl Requests {
    /// Each is sent once; when they are used up, the round is over.
    pub fn once() -> Self {
        Self::default()
    }

    /// They are sent again and again in turn.
    pub fn again_and_again() -> Self {
        Self { is_endless: true, ..Self::default() }
    }

    /// Adds a `GET`, with further header lines, each ended by CR LF.
    pub fn add_get(&mut self, path: &str, headers: &str) {
        self.add(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"));
    }

    /// Adds a `POST` of JSON.
    pub fn add_post(&mut self, path: &str, body: &str) {
        let length = body.len();
        self.add(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        ));
    }

    fn add(&mut self, request: &str) {
        self.bytes.extend_from_slice(request.as_bytes());
        self.ends.push(self.bytes.len());
    }

    /// Adds all of others.
    pub fn append(&mut self, others: &Self) {
        let offset = self.bytes.len();
        self.bytes.extend_from_slice(&others.bytes);
        self.ends.extend(others.ends.iter().map(|end| end + offset));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Is there none at all?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The next one, if any is left.
    pub(crate) fn take(&mut self) -> Option<&[u8]> {
        if self.is_endless && self.next == self.ends.len() {
            self.next = 0;
        }
        let end = *self.ends.get(self.next)?;
        let start = self.next.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.next += 1;
        self.bytes.get(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(mut requests: Requests) -> Requests {
        requests.add_get("/a", "");
        requests.add_post("/b", "{}");
        requests
    }

    #[test]
    fn each_is_sent_once_or_all_in_turn() {
        let mut once = two(Requests::once());
        let first = once.take().unwrap().to_vec();
        assert_eq!(first, b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert!(once.take().unwrap().ends_with(b"Content-Length: 2\r\n\r\n{}"));
        assert_eq!(once.take(), None);
        let mut endless = two(Requests::again_and_again());
        endless.take();
        endless.take();
        assert_eq!(endless.take(), Some(first.as_slice()));
        assert_eq!(Requests::again_and_again().take(), None);
    }
}
