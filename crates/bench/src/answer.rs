//! One HTTP/1.1 answer at the front of what has been read.

use std::ops::Range;

const HEADERS_MAX: usize = 32;

/// Where a whole answer stands in the bytes that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
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
    let length = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|header| std::str::from_utf8(header.value).ok()?.trim().parse().ok());
    let length: usize = length.ok_or("an answer without its length")?;
    let end = head.checked_add(length).ok_or("an answer that is too long")?;
    let status = response.code.ok_or("an answer without a status")?;
    Ok((bytes.len() >= end).then_some(Answer { status, body: head..end }))
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
    }

    #[test]
    fn what_has_no_length_or_is_no_http_is_refused() {
        assert!(parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(parse(b"hello there, this is not HTTP\r\n\r\n").is_err());
    }
}
