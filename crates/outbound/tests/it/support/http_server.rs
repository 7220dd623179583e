//! A loopback server that counts connections, keeps what it was sent and answers with fixed bytes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What to do after a request has been read.
#[derive(Clone)]
pub(crate) enum Manner {
    Answer(Vec<u8>),
    /// Says this, then one byte every 50 ms, for ever.
    Drip(Vec<u8>),
    Silent,
    HangUp,
}

#[derive(Clone)]
pub(crate) struct HttpServer {
    pub(crate) address: SocketAddr,
    connections: Arc<Mutex<usize>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl HttpServer {
    pub(crate) async fn plain(manner: Manner) -> Self {
        Self::listen("127.0.0.1:0", manner, None).await
    }

    pub(crate) async fn listen(on: &str, manner: Manner, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(on).await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            requests: Arc::default(),
        };
        let state = server.clone();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                *state.connections.lock().unwrap() += 1;
                let (state, manner, tls) = (state.clone(), manner.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => state.serve(socket, manner).await,
                        Some(tls) => {
                            if let Ok(socket) = tls.accept(socket).await {
                                state.serve(socket, manner).await;
                            }
                        }
                    }
                });
            }
        });
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    async fn serve(&self, mut socket: impl AsyncRead + AsyncWrite + Unpin, manner: Manner) {
        while let Some(request) = read_request(&mut socket).await {
            self.requests.lock().unwrap().push(request);
            match &manner {
                Manner::Answer(bytes) => {
                    if socket.write_all(bytes).await.is_err() {
                        return;
                    }
                }
                Manner::Drip(bytes) => {
                    let mut alive = socket.write_all(bytes).await.is_ok();
                    while alive {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        alive = socket.write_all(b"x").await.is_ok();
                    }
                    return;
                }
                Manner::Silent => std::future::pending().await,
                Manner::HangUp => return,
            }
            if socket.flush().await.is_err() {
                return;
            }
        }
    }
}

/// An answer with a length, after which the connection stays open.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Manner {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    Manner::Answer([head.as_bytes(), body].concat())
}

async fn read_request(socket: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return Some(text);
            }
        }
        match socket.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
