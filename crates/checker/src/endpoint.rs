//! The merchant's endpoint: what is posted to it is in the journal before it says yes.

use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::desk::{Desk, now_ms};
use crate::http::Message;
use crate::line::{Line, Told};
use crate::merchants::{CALLBACK_PATH, WEBHOOK_PATH};

/// One post in so many is refused, so that it comes again.
const REFUSED_ONCE_IN: u64 = 400;
/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(120);

/// How the endpoint behaves, and what it is doing.
#[derive(Debug, Default)]
pub(crate) struct Endpoint {
    delay_ms: AtomicU64,
    posts: AtomicU64,
    in_flight: AtomicUsize,
    is_honest: std::sync::atomic::AtomicBool,
}

impl Endpoint {
    /// From now on answers after this time.
    pub(crate) fn answer_after(&self, delay_ms: u64) {
        self.delay_ms.store(delay_ms, Ordering::Relaxed);
    }

    /// From now on refuses nothing.
    pub(crate) fn refuse_nothing(&self) {
        self.is_honest.store(true, Ordering::Relaxed);
    }

    /// Posts without an answer yet.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Answers everyone who connects, until the process ends.
    pub(crate) fn serve(self: &Arc<Self>, listener: TcpListener, desk: &Arc<Desk>) {
        let (endpoint, desk) = (Arc::clone(self), Arc::clone(desk));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (endpoint, desk) = (Arc::clone(&endpoint), Arc::clone(&desk));
                std::thread::spawn(move || endpoint.converse(stream, &desk));
            }
        });
    }

    /// Answers one connection. A sender that was killed is no fault of the endpoint's.
    fn converse(&self, stream: TcpStream, desk: &Desk) {
        if stream.set_read_timeout(Some(IDLE)).and(stream.set_nodelay(true)).is_err() {
            return;
        }
        let mut reader = BufReader::new(stream);
        while let Ok(Some(message)) = Message::read(&mut reader) {
            self.in_flight.fetch_add(1, Ordering::Relaxed);
            let status = self.hear(&message, desk);
            self.in_flight.fetch_sub(1, Ordering::Relaxed);
            let answer = format!("HTTP/1.1 {status} Said\r\ncontent-length: 0\r\n\r\n");
            if reader.get_mut().write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }

    fn hear(&self, message: &Message, desk: &Desk) -> u16 {
        let delay_ms = self.delay_ms.load(Ordering::Relaxed);
        if delay_ms > 0 {
            std::thread::sleep(Duration::from_millis(delay_ms));
        }
        let number = self.posts.fetch_add(1, Ordering::Relaxed);
        if number % REFUSED_ONCE_IN == 7 && !self.is_honest.load(Ordering::Relaxed) {
            return 500;
        }
        let Some(told) = told(message) else {
            desk.complain(format!("a post to {} cannot be read", message.path()));
            return 400;
        };
        match desk.write(&[Line::Heard { at_ms: now_ms(), told }]) {
            Ok(()) => 200,
            Err(_) => 500,
        }
    }
}

/// What a post says.
fn told(message: &Message) -> Option<Told> {
    match message.path() {
        WEBHOOK_PATH => {
            let body: Value = serde_json::from_slice(&message.body).ok()?;
            let data = body.get("data")?;
            let text = |name: &str| Some(data.get(name)?.as_str()?.to_owned());
            let state = text("state").or_else(|| text("status"))?;
            let id = message.header("webhook-id")?.to_owned();
            Some(Told::Event { id, kind: body.get("type")?.as_str()?.to_owned(), about: text("id")?, state })
        }
        CALLBACK_PATH => {
            let form = std::str::from_utf8(&message.body).ok()?;
            let field = |name: &str| {
                let pair =
                    form.split('&').filter_map(|pair| pair.split_once('=')).find(|pair| pair.0 == name);
                pair.map(|(_, value)| value.to_owned())
            };
            Some(Told::Form { payment: field("TXNID")?, status: field("STATUS")? })
        }
        _ => None,
    }
}
