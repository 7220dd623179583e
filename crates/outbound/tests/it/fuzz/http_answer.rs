//! What merchants' endpoints answer: a status and a bounded body, or a fault with a name; never a hang.

use std::time::Duration;

use kadi_outbound::http::{GuardPolicy, GuardedClient, PostTimeouts};

use super::wire::{runtime, say};

/// How much of an answer is kept at most, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// What is posted, and so the end of what the endpoint hears.
const BODY: &[u8] = b"{\"type\":\"payment.captured\"}";
/// What stands in a kept answer for more than that.
const LONG: &str = "{long}";

#[test]
fn http_answer() {
    let timeouts = PostTimeouts { connect: Duration::from_secs(5), whole: Duration::from_secs(5) };
    let policy = GuardPolicy { allow_loopback: true, timeouts, ..GuardPolicy::default() };
    let (runtime, client) = (runtime(), GuardedClient::new(policy).unwrap());
    kadi_fuzz::target!("http_answer", 200, |bytes: &[u8]| {
        let said = match std::str::from_utf8(bytes) {
            Ok(text) => text.replacen(LONG, &"x".repeat(2 * ANSWER_BYTES_MAX), 1).into_bytes(),
            Err(_) => bytes.to_vec(),
        };
        let length = said.len();
        let answer = runtime.block_on(async {
            let (address, server) = say(said, BODY).await;
            let url = format!("http://{address}/hook");
            let answer = client.post(&url, "application/json", &[("x-kadi", "1")], BODY.to_vec()).await;
            server.abort();
            answer
        });
        match answer {
            Ok(answer) => {
                assert!((100..=999).contains(&answer.status), "{}", answer.status);
                assert!(bytes.trim_ascii_start().starts_with(b"HTTP/1."));
                assert!(answer.body.len() <= ANSWER_BYTES_MAX && answer.body.len() <= length);
                assert!(!answer.truncated || answer.body.len() == ANSWER_BYTES_MAX);
            }
            Err(fault) => {
                assert_eq!(fault.name(), "connection_broken", "{fault}");
                assert!(fault.may_have_arrived());
                let told = fault.to_string();
                assert!(told.len() < 300 && !told.contains("127.0.0.1"), "{told}");
            }
        }
    });
}
