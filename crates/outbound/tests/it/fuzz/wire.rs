//! A server on loopback that says given bytes to whoever connects, reads to the end and hangs up.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

pub(super) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Says the bytes to one connection, once it has heard something that ends with `cue`; at once where that is
/// empty.
pub(super) async fn say(bytes: Vec<u8>, cue: &'static [u8]) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        while !heard.ends_with(cue) {
            assert_ne!(socket.read_buf(&mut heard).await.unwrap(), 0, "the caller hung up");
        }
        // Whoever has heard enough may be gone.
        let _gone = socket.write_all(&bytes).await;
        let _gone = socket.shutdown().await;
        let _gone = socket.read_to_end(&mut Vec::new()).await;
    });
    (address, server)
}
