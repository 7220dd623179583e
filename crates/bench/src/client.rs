//! A plain blocking client for the few calls that are not measured.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::answer::parse;
use crate::requests::Requests;

const PATIENCE: Duration = Duration::from_secs(30);
const CHUNK_BYTES: usize = 16 * 1_024;

/// Sends all requests, one after the other, and gives the bodies of the answers. An error unless each is 200
/// or 201.
pub(crate) fn ask_all(address: SocketAddr, mut requests: Requests) -> Result<Vec<String>, String> {
    let told = |error: std::io::Error| format!("{address}: {error}");
    let mut stream = TcpStream::connect(address).map_err(told)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(told)?;
    stream.set_nodelay(true).map_err(told)?;
    let mut bodies = Vec::new();
    while let Some(request) = requests.take() {
        stream.write_all(request).map_err(told)?;
        let mut read = Vec::new();
        let answer = loop {
            if let Some(answer) = parse(&read)? {
                break answer;
            }
            let mut chunk = [0; CHUNK_BYTES];
            let count = stream.read(&mut chunk).map_err(told)?;
            if count == 0 {
                return Err(format!("{address} closed the connection"));
            }
            read.extend_from_slice(chunk.get(..count).unwrap_or_default());
        };
        let body = String::from_utf8_lossy(read.get(answer.body).unwrap_or_default()).into_owned();
        if !matches!(answer.status, 200 | 201) {
            return Err(format!("{address} answered {}: {body}", answer.status));
        }
        bodies.push(body);
    }
    Ok(bodies)
}

/// The numbers of a Prometheus text at `/metrics`, by their names; labelled ones are left out.
pub(crate) fn metric(address: SocketAddr, name: &str) -> Result<u64, String> {
    let mut requests = Requests::once();
    requests.add_get("/metrics", "");
    let text = ask_all(address, requests)?.pop().unwrap_or_default();
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok());
    value.ok_or_else(|| format!("{address}/metrics does not tell {name}"))
}
