//! A merchant's server as far as callbacks need one: records what is posted to it and answers as told.

use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Map, Value};

use super::http::{Message, decode};
use super::server::Server;
use super::wait::wait_for;

/// Minutes between the tries of Paytm's form and JSON: 1, 5, 30, 120, 360, then a day five times.
pub(crate) const PAYTM_WAITS_MIN: [u64; 10] = [1, 5, 30, 120, 360, 1440, 1440, 1440, 1440, 1440];

/// Listens on loopback until the test process ends.
pub(crate) struct Receiver {
    address: String,
    inbox: Arc<Mutex<Inbox>>,
}

struct Inbox {
    posts: Vec<Post>,
    status: u16,
}

/// One request that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) message: Message,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let inbox = Arc::new(Mutex::new(Inbox { posts: Vec::new(), status: 200 }));
        let shared = Arc::clone(&inbox);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                serve(stream, &shared);
            }
        });
        Self { address, inbox }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// From now on answers with this status; 0 closes the connection without an answer.
    pub(crate) fn answer_with(&self, status: u16) {
        self.inbox.lock().unwrap().status = status;
    }

    /// Everything that arrived at this path so far.
    pub(crate) fn posts(&self, path: &str) -> Vec<Post> {
        let inbox = self.inbox.lock().unwrap();
        inbox.posts.iter().filter(|post| post.path() == path).cloned().collect()
    }

    /// Waits until at least `count` requests arrived at this path.
    pub(crate) fn wait_for_posts(&self, path: &str, count: usize) -> Vec<Post> {
        wait_for(&format!("{count} posts to {path}"), || {
            let posts = self.posts(path);
            (posts.len() >= count).then_some(posts)
        })
    }

    /// Moves the clock by twentieths of the wait until the next post arrives at this path: 20, with a tenth
    /// of jitter and the length of a step.
    pub(crate) fn twentieths_to_next(&self, server: &Server, path: &str, seconds: u64) -> u64 {
        let before = self.posts(path).len();
        let mut twentieths = 0;
        while self.posts(path).len() == before && twentieths < 40 {
            server.advance(seconds / 20);
            twentieths += 1;
        }
        twentieths
    }

    /// Waits for the first event of this type among the webhooks posted to this path.
    pub(crate) fn wait_for_event(&self, path: &str, kind: &str) -> Post {
        wait_for(&format!("the event {kind}"), || {
            self.posts(path).into_iter().find(|post| post.json()["type"] == kind)
        })
    }
}

fn serve(stream: TcpStream, inbox: &Mutex<Inbox>) {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let Some(message) = Message::read(&mut BufReader::new(&stream), false, false) else {
        return;
    };
    let mut inbox = inbox.lock().unwrap();
    inbox.posts.push(Post { message });
    if inbox.status > 0 {
        let answer =
            format!("HTTP/1.1 {} Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", inbox.status);
        // A sender that went away has been recorded all the same.
        let _ = (&stream).write_all(answer.as_bytes());
    }
}

impl Post {
    pub(crate) fn path(&self) -> &str {
        self.message.first_line.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.message.body).expect("a body in UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.text()).expect("a body in JSON")
    }

    /// The fields of a posted form.
    pub(crate) fn form(&self) -> Map<String, Value> {
        assert_eq!(self.message.header("content-type"), Some("application/x-www-form-urlencoded"));
        let pairs = self.text().split('&').map(|pair| pair.split_once('=').expect("name=value"));
        pairs.map(|(name, value)| (decode(name), Value::from(decode(value)))).collect()
    }

    /// The three headers of a Standard Webhook, as its libraries take them.
    pub(crate) fn webhook_headers(&self) -> Value {
        let header = |name: &str| Value::from(self.message.header(name).expect(name));
        ["webhook-id", "webhook-timestamp", "webhook-signature"]
            .into_iter()
            .map(|name| (name.to_owned(), header(name)))
            .collect::<Map<String, Value>>()
            .into()
    }
}
