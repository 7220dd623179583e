//! One keep-alive connection of the load generator: at most one request is under way.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Instant;

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use crate::answer;

/// Longer answers than this are not measured here.
const ANSWER_BYTES_MAX: usize = 64 * 1_024;

/// What reading gave.
pub(crate) enum Got<'a> {
    /// The answer is not whole yet.
    Nothing,
    /// What it says, and when the request counted as asked.
    Answer {
        status: u16,
        /// After how many seconds to ask again, where it says so.
        retry_after_s: Option<u64>,
        body: &'a [u8],
        asked_at: Instant,
    },
}

/// A connection.
pub(crate) struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    sent: usize,
    answer: Vec<u8>,
    filled: usize,
    asked_at: Option<Instant>,
}

impl Connection {
    /// Connects, and tells `registry` to watch it.
    pub(crate) fn open(address: SocketAddr, registry: &Registry, token: Token) -> Result<Self, String> {
        let stream = std::net::TcpStream::connect(address).and_then(|stream| {
            stream.set_nodelay(true)?;
            stream.set_nonblocking(true)?;
            Ok(stream)
        });
        let stream = stream.map_err(|error| format!("connecting to {address}: {error}"))?;
        let mut stream = TcpStream::from_std(stream);
        let watched = registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE);
        watched.map_err(|error| format!("watching a connection: {error}"))?;
        let answer = vec![0; ANSWER_BYTES_MAX];
        Ok(Self { stream, request: Vec::new(), sent: 0, answer, filled: 0, asked_at: None })
    }

    /// Sends a request that counts as asked at `asked_at`.
    pub(crate) fn ask(&mut self, request: &[u8], asked_at: Instant) -> Result<(), String> {
        self.request.clear();
        self.request.extend_from_slice(request);
        self.ask_again(asked_at)
    }

    /// Sends the last request once more.
    pub(crate) fn ask_again(&mut self, asked_at: Instant) -> Result<(), String> {
        self.sent = 0;
        self.asked_at = Some(asked_at);
        self.push()
    }

    /// Sends what is left of the request, as far as the socket takes it.
    pub(crate) fn push(&mut self) -> Result<(), String> {
        while let Some(rest) = self.request.get(self.sent..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest) {
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("sending: {error}")),
            }
        }
        Ok(())
    }

    /// Reads what has come.
    pub(crate) fn pull(&mut self) -> Result<Got<'_>, String> {
        loop {
            let space = self.answer.get_mut(self.filled..).unwrap_or_default();
            let room = space.len();
            if room == 0 {
                return Err("an answer is longer than 64 KiB".to_owned());
            }
            match self.stream.read(space) {
                Ok(0) => return Err("the server closed a connection".to_owned()),
                Ok(count) => {
                    self.filled += count;
                    // A short read empties the socket (epoll(7), question 9): no second call to learn that.
                    if count < room {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("reading: {error}")),
            }
        }
        self.whole_answer()
    }

    fn whole_answer(&mut self) -> Result<Got<'_>, String> {
        let read = self.answer.get(..self.filled).unwrap_or_default();
        let Some(found) = answer::parse(read)? else { return Ok(Got::Nothing) };
        if found.body.end != self.filled {
            return Err("more than one answer to a request".to_owned());
        }
        let asked_at = self.asked_at.take().ok_or("an answer that nobody asked for")?;
        self.filled = 0;
        let body = self.answer.get(found.body).unwrap_or_default();
        Ok(Got::Answer { status: found.status, retry_after_s: found.retry_after_s, body, asked_at })
    }
}
