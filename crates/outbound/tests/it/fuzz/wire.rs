//! A server on loopback that says the same bytes to whoever connects, reads to the end and hangs up.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

pub(super) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Answers one connection.
pub(super) async fn say(bytes: Vec<u8>) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        // Whoever has heard enough may be gone.
        let _gone = socket.write_all(&bytes).await;
        let _gone = socket.shutdown().await;
        let _gone = socket.read_to_end(&mut Vec::new()).await;
    });
    (address, server)
}
