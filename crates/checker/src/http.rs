//! HTTP/1.1 as far as the checker needs it: one keep-alive connection that never repeats a request by itself,
//! and the reading of what is posted to the merchant's endpoint.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer takes; after it the server counts as hanging.
const PATIENCE: Duration = Duration::from_secs(60);
const HEAD_LINES_MAX: usize = 100;
const LINE_BYTES_MAX: u64 = 16 * 1024;
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn post(path: impl Into<String>, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self { method: "POST", path: path.into(), headers, body: body.into() }
    }

    pub(crate) fn json(path: impl Into<String>, body: &serde_json::Value) -> Self {
        Self::post(path, "application/json", body.to_string())
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn bytes(&self, host: SocketAddr) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nhost: {host}\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// A request or an answer as it was read: its first line, its headers with names in small letters, its body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    pub(crate) first_line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// The first header of this name, which is given in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The status of an answer; 0 where it has none.
    pub(crate) fn status(&self) -> u16 {
        self.first_line.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0)
    }

    /// The path of a request.
    pub(crate) fn path(&self) -> &str {
        self.first_line.split(' ').nth(1).unwrap_or_default()
    }

    /// Reads one message; none where the other side closed before its first byte.
    pub(crate) fn read(from: &mut impl BufRead) -> Result<Option<Self>> {
        let Some(first_line) = line(from)? else { return Ok(None) };
        let mut message = Self { first_line, ..Self::default() };
        for _ in 0..HEAD_LINES_MAX {
            let text = line(from)?.ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))?;
            let Some((name, value)) = text.split_once(':') else {
                if text.is_empty() {
                    let length = message.header("content-length").unwrap_or("0").parse::<usize>();
                    let length = length.ok().filter(|length| *length <= BODY_BYTES_MAX);
                    message.body = vec![0; length.ok_or_else(|| bad("a content-length"))?];
                    from.read_exact(&mut message.body)?;
                    return Ok(Some(message));
                }
                return Err(bad("a header"));
            };
            if name.eq_ignore_ascii_case("transfer-encoding") {
                return Err(bad("a transfer-encoding"));
            }
            message.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Err(bad("so many headers"))
    }
}

fn bad(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("{what} that the checker does not read"))
}

/// A line without its end; none at the end of the stream.
fn line(from: &mut impl BufRead) -> Result<Option<String>> {
    let mut bytes = Vec::new();
    from.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.pop() != Some(b'\n') {
        return Err(Error::from(ErrorKind::UnexpectedEof));
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    String::from_utf8(bytes).map(Some).map_err(|_| bad("a line"))
}

/// A connection to the server, opened when it is first needed.
#[derive(Debug)]
pub(crate) struct Connection {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Connection {
    pub(crate) const fn new(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// Sends and waits for the answer. After an error nobody knows whether the server did it.
    pub(crate) fn send(&mut self, request: &Request) -> Result<Message> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                BufReader::new(stream)
            }
        };
        stream.get_mut().write_all(&request.bytes(self.address))?;
        let answer = Message::read(&mut stream)?.ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))?;
        if answer.header("connection") != Some("close") {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Message>> {
        Message::read(&mut text.as_bytes())
    }

    #[test]
    fn an_answer_is_read_with_its_body() {
        let answer =
            read("HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX: y\r\n\r\n{}rest").unwrap().unwrap();
        assert_eq!((answer.status(), answer.body.as_slice()), (201, b"{}".as_slice()));
        assert_eq!((answer.header("x"), answer.header("z")), (Some("y"), None));
    }

    #[test]
    fn an_answer_that_was_cut_off_is_none() {
        let whole = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody";
        assert!(read("").unwrap().is_none());
        for end in 1..whole.len() {
            let cut: String = whole.chars().take(end).collect();
            assert!(read(&cut).is_err(), "{cut}");
        }
    }
}
