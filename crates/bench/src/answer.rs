//! One HTTP/1.1 answer at the front of what has been read.

use std::ops::Range;

const HEADERS_MAX: usize = 32;

/// Where a whole answer stands in the bytes that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
    /// After how many seconds to ask again, where it says so.
    pub(crate) retry_after_s: Option<u64>,
    /// Its body.
    pub(crate) body: Range<usize>,
}

/// Finds a whole answer; none while bytes are missing. Answers of unknown length are an error: nothing that
/// is measured here sends any.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Answer>, String> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let head = match response.parse(bytes) {
        Ok(httparse::Status::Complete(head)) => head,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(format!("not an answer of HTTP: {error}")),
    };
    let length = number(response.headers, "content-length").ok_or("an answer without its length")?;
    let length = usize::try_from(length).map_err(|_| "an answer that is too long")?;
    let end = head.checked_add(length).ok_or("an answer that is too long")?;
    let status = response.code.ok_or("an answer without a status")?;
    let retry_after_s = number(response.headers, "retry-after");
    Ok((bytes.len() >= end).then_some(Answer { status, retry_after_s, body: head..end }))
}

fn number(headers: &[httparse::Header<'_>], name: &str) -> Option<u64> {
    let header = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(header.value).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    #[test]
    fn an_answer_is_whole_or_not_there() {
        for end in 0..TEXT.len() {
            assert_eq!(parse(&TEXT[..end]), Ok(None), "{end}");
        }
        let found = parse(TEXT).unwrap().unwrap();
        assert_eq!((found.status, &TEXT[found.body]), (200, b"hello".as_slice()));
        assert_eq!(found.retry_after_s, None);
    }

    #[test]
    fn when_to_ask_again_is_a_number_of_seconds() {
        let retry_after = |text: &str| {
            let text = format!("HTTP/1.1 503 Busy\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n");
            parse(text.as_bytes()).unwrap().unwrap().retry_after_s
        };
        assert_eq!(retry_after("2"), Some(2));
        assert_eq!(retry_after("soon"), None);
    }

    #[test]
    fn what_has_no_length_or_is_no_http_is_refused() {
        assert!(parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(parse(b"hello there, this is not HTTP\r\n\r\n").is_err());
    }
}
