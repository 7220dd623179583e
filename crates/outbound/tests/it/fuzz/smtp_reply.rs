//! What mail servers reply: a mail counts as accepted only after every step was; words hold no address.

use std::time::Duration;

use kadi_outbound::channels::smtp::{SendFault, SmtpChannel, SmtpTimeouts};

use super::wire::{runtime, say};
use crate::support::smtp::{email, settings};

/// Greeting, EHLO, MAIL, RCPT, DATA, the mail.
const REPLIES: usize = 6;

/// The codes of the replies, each from the last of its lines, which end with CR and LF.
fn codes(replies: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(replies).into_owned();
    let last = text.split("\r\n").filter(|line| line.as_bytes().get(3) != Some(&b'-'));
    last.filter_map(|line| line.get(..3)?.parse().ok()).collect()
}

fn is_discreet(words: &str) {
    assert!(words.chars().count() <= 200, "{words}");
    assert!(!words.contains('@') && !words.to_lowercase().contains("asha.rao"), "{words}");
    assert!(!words.contains(char::is_control), "{words}");
}

#[test]
fn smtp_reply() {
    let (runtime, mail) = (runtime(), email());
    let patience = Duration::from_secs(5);
    kadi_fuzz::target!("smtp_reply", 200, |bytes: &[u8]| {
        let sent = runtime.block_on(async {
            let (address, server) = say(bytes.to_vec(), b"").await;
            let mut settings = settings(address.port());
            settings.timeouts = SmtpTimeouts { connect: patience, command: patience, content: patience };
            let sent = SmtpChannel::new(settings).unwrap().send(&mail).await;
            server.abort();
            sent
        });
        match sent {
            Ok(accepted) => {
                is_discreet(&accepted.provider_reference);
                let codes = codes(bytes);
                assert!(codes.len() >= REPLIES && codes[4] == 354, "{codes:?}");
                // The library takes a greeting of the 300s for one, and so greets on.
                assert!(codes[..2].iter().all(|code| [2, 3].contains(&(code / 100))), "{codes:?}");
                assert!([2, 3, 5].iter().all(|at| codes[*at] / 100 == 2), "{codes:?}");
            }
            Err(SendFault::Refused { code, reason, .. }) => {
                is_discreet(&reason);
                assert!(code.is_none_or(|code| (500..600).contains(&code)), "{code:?}");
            }
            Err(SendFault::Later { reason, .. }) => is_discreet(&reason),
            Err(SendFault::Unknown { reason }) => {
                is_discreet(&reason);
                assert!(codes(bytes).contains(&354));
            }
        }
    });
}
