//! The administration socket: every line is answered with a line, and a request is carried out or refused.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::kadi::Kadi;
use crate::admin::{AdminAnswer, AdminRequest, SOCKET, listen};

#[test]
fn admin_request() {
    let kadi = Kadi::start();
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    kadi.runtime.block_on(listen(kadi.folder.path(), kadi.engine.clone(), stopped)).unwrap();
    let socket = kadi.folder.path().join(SOCKET);
    kadi_fuzz::target!("admin_request", 100, |bytes: &[u8]| {
        let mut stream = UnixStream::connect(&socket).unwrap();
        stream.write_all(bytes).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let asked = std::thread::spawn(move || {
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let mut line = String::new();
            BufReader::new(stream).read_line(&mut line).map(|_| line)
        });
        // The server runs in this thread.
        while !asked.is_finished() {
            kadi.runtime.block_on(async { tokio::time::sleep(Duration::from_micros(200)).await });
        }
        let line = asked.join().unwrap().unwrap();
        assert!(line.ends_with('\n') && line.len() < 4 * 1024 * 1024, "{line:?}");
        let answer: AdminAnswer = serde_json::from_str(&line).unwrap();
        let first = bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        let request = serde_json::from_slice::<AdminRequest>(first);
        match answer {
            Ok(_) => {
                let request = request.unwrap();
                // A request means the same after it was written and read once more.
                let written = serde_json::to_string(&request).unwrap();
                let again: AdminRequest = serde_json::from_str(&written).unwrap();
                assert_eq!(serde_json::to_string(&again).unwrap(), written);
            }
            Err(said) => {
                assert!(!said.is_empty() && !said.contains("broken:"), "{said}");
                assert_eq!(said.contains("could not be read"), request.is_err(), "{said}");
            }
        }
    });
}
