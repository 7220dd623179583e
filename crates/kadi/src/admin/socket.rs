//! `DIR/admin.sock`: one request a connection, one line of JSON each way, for the owner of the folder only.

use std::fs::Permissions;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream as BlockingStream;
use std::path::Path;

use kadi_engine::engine::Engine;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader as AsyncBufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

use super::{AdminAnswer, AdminRequest, SOCKET, carry_out};

/// The longest request: a merchant file of some thousands of merchants.
const REQUEST_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Asks a running server; none where no server listens in the data folder.
pub(crate) fn ask(data: &Path, request: &AdminRequest) -> Option<AdminAnswer> {
    let stream = BlockingStream::connect(data.join(SOCKET)).ok()?;
    Some(exchange(stream, request).unwrap_or_else(|error| Err(format!("the running server: {error}"))))
}

fn exchange(mut stream: BlockingStream, request: &AdminRequest) -> std::io::Result<AdminAnswer> {
    let mut line = serde_json::to_string(request)?;
    line.push('\n');
    stream.write_all(line.as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(serde_json::from_str(&answer)?)
}

/// Answers requests until told to stop. The caller holds the data folder, so an old socket file is nobody's.
pub(crate) async fn listen(
    data: &Path,
    engine: Engine,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let path = data.join(SOCKET);
    if path.exists() {
        std::fs::remove_file(&path)?;
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    tokio::spawn(async move {
        while !*stop.borrow() {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stop.changed() => break,
            };
            match accepted {
                Ok((stream, _)) => {
                    let engine = engine.clone();
                    tokio::spawn(async move {
                        if let Err(error) = answer(stream, &engine).await {
                            tracing::warn!(%error, "an administration request was not answered");
                        }
                    });
                }
                Err(error) => tracing::error!(%error, "an administration request was not accepted"),
            }
        }
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(%error, "the administration socket was not removed");
        }
    });
    Ok(())
}

async fn answer(stream: UnixStream, engine: &Engine) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    // Bytes, not text: what is no UTF-8 gets an answer like everything else that cannot be read.
    let mut line = Vec::new();
    AsyncBufReader::new(reader.take(REQUEST_BYTES_MAX)).read_until(b'\n', &mut line).await?;
    let answer = match serde_json::from_slice::<AdminRequest>(&line) {
        Ok(request) => carry_out(engine, request).await,
        Err(error) => Err(format!("the request could not be read: {error}")),
    };
    let mut text = serde_json::to_string(&answer)?;
    text.push('\n');
    writer.write_all(text.as_bytes()).await
}
