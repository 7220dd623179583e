//! A small HTTP/1.1 client that can send what a polite one never would, and the reader for both directions.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// A request on its way; nothing is added but `Host`, `Connection` and the length of the body.
pub(crate) struct Call {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call {
    pub(crate) fn new(method: &'static str, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn bearer(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn form(self, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        self.body("application/x-www-form-urlencoded", pairs.join("&"))
    }

    pub(crate) fn only_reads(&self) -> bool {
        self.method == "GET"
    }

    /// Sends and reads the whole answer; panics when there is none.
    pub(crate) fn send(&self, address: &str) -> Answer {
        self.try_send(address)
            .unwrap_or_else(|| panic!("no answer to {} {} from {address}", self.method, self.path))
    }

    /// Sends, and hangs up without waiting for an answer.
    pub(crate) fn send_and_hang_up(&self, address: &str) {
        let mut stream = TcpStream::connect(address).expect("a server");
        let request = [self.head(address, "close").as_bytes(), self.body.as_slice()].concat();
        stream.write_all(&request).expect("a server that reads");
    }

    /// Sends on a line that stays open, and reads the whole answer; panics when there is none.
    pub(crate) fn send_on(&self, line: &mut Line) -> Answer {
        let head = self.head(&line.address, "keep-alive");
        line.stream
            .get_mut()
            .write_all(&[head.as_bytes(), &self.body].concat())
            .expect("a server that reads");
        let message = Message::read(&mut line.stream, self.method == "HEAD", false);
        Answer::of(message.unwrap_or_else(|| panic!("no answer to {} {}", self.method, self.path)))
    }

    fn head(&self, address: &str, connection: &str) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: {address}\r\n", self.method, self.path);
        head.push_str(&format!("Connection: {connection}\r\n"));
        if !self.body.is_empty() || self.method == "POST" {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head
    }

    /// The same, for servers that may die. The body goes out on its own thread: a server may answer early.
    pub(crate) fn try_send(&self, address: &str) -> Option<Answer> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        let head = self.head(address, "close");
        let mut writer = stream.try_clone().ok()?;
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // A server that has answered may stop reading: not the sender's trouble.
                let _ = writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(&self.body));
            });
            let message = Message::read(&mut BufReader::new(&stream), self.method == "HEAD", true)?;
            Some(Answer::of(message))
        })
    }
}

/// A connection that stays open: a machine has too few ports for a hundred thousand that do not.
pub(crate) struct Line {
    address: String,
    stream: BufReader<TcpStream>,
}

impl Line {
    pub(crate) fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a server");
        stream.set_nodelay(true).expect("a socket");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
        Self { address: address.to_owned(), stream: BufReader::new(stream) }
    }
}

impl Line {
    /// Has the server ended it?
    pub(crate) fn is_closed(&mut self) -> bool {
        matches!(self.stream.read(&mut [0]), Ok(0) | Err(_))
    }
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    message: Message,
}

impl Answer {
    fn of(message: Message) -> Self {
        let status = message.first_line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.unwrap_or_else(|| panic!("not a status line: {}", message.first_line));
        Self { status, message }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.message.header(name)
    }

    /// The bytes, of a file that is no text.
    pub(crate) fn body(&self) -> &[u8] {
        &self.message.body
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.message.body).expect("an answer in UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.text())
            .unwrap_or_else(|fault| panic!("HTTP {}, not JSON ({fault}): {}", self.status, self.text()))
    }
}

/// One HTTP/1.1 message, a request or an answer.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) first_line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// Reads one message; `None` when the other side closed before its head was whole.
    pub(crate) fn read(reader: &mut impl BufRead, bodiless: bool, to_end: bool) -> Option<Self> {
        let first_line = line(reader)?;
        let mut headers = Vec::new();
        loop {
            let text = line(reader)?;
            if text.is_empty() {
                break;
            }
            let (name, value) = text.split_once(':')?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut message = Self { first_line, headers, body: Vec::new() };
        if bodiless {
            return Some(message);
        }
        let length =
            message.header("content-length").map(|length| length.parse::<usize>().expect("a length"));
        match length {
            Some(length) => {
                message.body = vec![0; length];
                reader.read_exact(&mut message.body).ok()?;
            }
            None if message.header("transfer-encoding") == Some("chunked") => {
                message.body = chunks(reader)?;
            }
            None if to_end => {
                reader.read_to_end(&mut message.body).ok()?;
            }
            None => {}
        }
        Some(message)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut text = String::new();
    let read = reader.read_line(&mut text).ok()?;
    (read > 0).then(|| text.trim_end().to_owned())
}

fn chunks(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let length = u64::from_str_radix(&line(reader)?, 16).ok()?;
        let read = reader.take(length).read_to_end(&mut body).ok()?;
        line(reader)?;
        if read == 0 {
            return Some(body);
        }
    }
}

/// Form encoding of one text (RFC 3986, everything but unreserved characters escaped).
pub(crate) fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let escape = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}

/// The text behind a form encoding.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().expect("two digits"), rest.next().expect("two digits")];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).expect("hexadecimal")
            }
            other => other,
        });
    }
    String::from_utf8(bytes).expect("a form in UTF-8")
}
