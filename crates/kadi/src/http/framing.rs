//! Where a request ends, by the bytes as they come: the HTTP library does not say when one has not wholly
//! arrived, and passes over a length that stands beside an encoding, where another reader could believe it.

/// The most that is kept of a line, in bytes without blanks: a name, a colon and a number.
const LINE_BYTES_MAX: usize = 128;

/// What is read next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The request's first line, or blank lines before it.
    Request,
    /// A line of the head.
    Header { length: Option<u64>, is_encoded: bool },
    /// So many bytes of a body.
    Body(u64),
    /// The line before a chunk.
    Size,
    /// So many bytes of a chunk and its end.
    Chunk(u64),
    /// A line behind the last chunk.
    Trailer,
    /// What comes is not looked at: the library refuses it.
    Nothing,
}

/// The requests of one connection, byte by byte.
#[derive(Debug)]
pub(super) struct Framing {
    next: Next,
    line: Vec<u8>,
    is_ambiguous: bool,
}

impl Framing {
    pub(super) const fn new() -> Self {
        Self { next: Next::Request, line: Vec::new(), is_ambiguous: false }
    }

    /// Did a request come with a length and an encoding (RFC 9112, 6.3)?
    pub(super) const fn is_ambiguous(&self) -> bool {
        self.is_ambiguous
    }

    /// Has a request begun that is not whole yet?
    pub(super) const fn is_arriving(&self) -> bool {
        !matches!(self.next, Next::Request) || !self.line.is_empty()
    }

    /// Takes what came.
    pub(super) fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            bytes = match self.next {
                Next::Body(left) => self.skip(bytes, left, Next::Body, Next::Request),
                Next::Chunk(left) => self.skip(bytes, left, Next::Chunk, Next::Size),
                Next::Nothing => return,
                Next::Request | Next::Header { .. } | Next::Size | Next::Trailer => self.read_line(bytes),
            };
        }
    }

    /// Passes over as many bytes as are left; what is behind them.
    fn skip<'a>(&mut self, bytes: &'a [u8], left: u64, more: fn(u64) -> Next, then: Next) -> &'a [u8] {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.next = if length < left { more(left.saturating_sub(length)) } else { then };
        let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        bytes.get(taken..).unwrap_or_default()
    }

    /// Reads to the end of a line; what is behind it.
    fn read_line<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let (here, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
            Some(end) => (bytes.get(..end), bytes.get(end..).and_then(|rest| rest.get(1..))),
            None => (Some(bytes), None),
        };
        let is_kept = |byte: &&u8| !matches!(byte, b' ' | b'\t' | b'\r');
        let room = LINE_BYTES_MAX.saturating_sub(self.line.len());
        self.line.extend(here.unwrap_or_default().iter().filter(is_kept).take(room));
        let Some(rest) = rest else { return &[] };
        let line = std::mem::take(&mut self.line);
        self.next = self.after(&line.to_ascii_lowercase());
        rest
    }

    fn after(&mut self, line: &[u8]) -> Next {
        match self.next {
            Next::Request if line.is_empty() => Next::Request,
            Next::Request => Next::Header { length: None, is_encoded: false },
            Next::Header { length, is_encoded } if line.is_empty() => match (length, is_encoded) {
                (Some(_), true) => {
                    self.is_ambiguous = true;
                    Next::Nothing
                }
                (None, true) => Next::Size,
                (Some(0) | None, false) => Next::Request,
                (Some(length), false) => Next::Body(length),
            },
            Next::Header { length, is_encoded } => {
                if line.starts_with(b"transfer-encoding:") {
                    return Next::Header { length, is_encoded: true };
                }
                match line.strip_prefix(b"content-length:") {
                    None => Next::Header { length, is_encoded },
                    // What is no number is refused by the library, unless there is an encoding too.
                    Some(digits) => Next::Header { length: Some(number(digits, 10)), is_encoded },
                }
            }
            Next::Size => match number(line, 16) {
                0 => Next::Trailer,
                // The end of the chunk's line counts as its own.
                size => Next::Chunk(size.saturating_add(2)),
            },
            Next::Trailer if line.is_empty() => Next::Request,
            Next::Trailer => Next::Trailer,
            next @ (Next::Body(_) | Next::Chunk(_) | Next::Nothing) => next,
        }
    }
}

/// The number at the start of a line; more than ever comes where there is none.
fn number(line: &[u8], base: u32) -> u64 {
    let digits: String = line.iter().map(|byte| char::from(*byte)).take_while(|c| c.is_digit(base)).collect();
    u64::from_str_radix(&digits, base).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ambiguous, arriving: the same whether the bytes come at once or one by one.
    fn read(text: &str) -> (bool, bool) {
        let (mut whole, mut single) = (Framing::new(), Framing::new());
        whole.read(text.as_bytes());
        text.as_bytes().chunks(1).for_each(|byte| single.read(byte));
        assert_eq!(
            (whole.next, &whole.line, whole.is_ambiguous),
            (single.next, &single.line, single.is_ambiguous)
        );
        (whole.is_ambiguous(), whole.is_arriving())
    }

    const GET: &str = "GET / HTTP/1.1\r\nHost: kadi\r\n\r\n";
    const FIVE: &str = "POST / HTTP/1.1\r\ncontent-LENGTH:   5\r\n\r\nhello";
    const CHUNKS: &str = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\
                          5;x=y\r\nhello\r\nA\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\nX: y\r\n\r\n";

    #[test]
    fn a_request_is_whole_with_its_last_byte() {
        for request in [GET, FIVE, CHUNKS, "\r\n"] {
            assert_eq!(read(request), (false, false), "{request}");
        }
        for request in [GET, FIVE, CHUNKS] {
            for end in 1..request.len() {
                let part = request.get(..end).unwrap();
                assert_eq!(read(part), (false, true), "{part}");
            }
            let after = [GET, FIVE, CHUNKS, request].concat();
            assert_eq!(read(&after), (false, false), "{after}");
            assert_eq!(read(&(after + "G")), (false, true));
        }
    }

    #[test]
    fn a_length_beside_an_encoding_is_seen_wherever_it_stands() {
        let head = |lines: &str| format!("POST / HTTP/1.1\r\nHost: kadi\r\n{lines}\r\n\r\n0\r\n\r\n");
        for lines in [
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "content-length:0\r\nX: y\r\ntRANSFER-eNCODING:\t chunked",
            "Transfer-Encoding: gzip, chunked\r\nContent-Length: five",
        ] {
            for before in ["", GET, FIVE, CHUNKS] {
                assert!(read(&[before, &head(lines)].concat()).0, "{before}{lines}");
            }
        }
        for text in [
            "POST / HTTP/1.1\r\nContent-Length: 48\r\n\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
            "GET /?content-length:5 HTTP/1.1\r\nX: transfer-encoding: chunked\r\n\r\n",
        ] {
            assert!(!read(text).0, "{text}");
        }
    }
}
