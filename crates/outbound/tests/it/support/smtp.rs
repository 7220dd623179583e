//! The SMTP sink, a channel to it, and a mail worth sending.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kadi_outbound::channels::smtp::{Email, SmtpChannel, SmtpSettings, SmtpTimeouts, SmtpTls};
use kadi_outbound::tls::ExtraRoots;
use serde_json::Value;

use super::peer::Peer;

pub(crate) struct Sink {
    pub(crate) peer: Peer,
    pub(crate) port: u16,
}

impl Sink {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let peer = Peer::start("smtp_sink.py", arguments);
        let ready = peer.hear();
        assert_eq!(ready["event"], "ready");
        let port = u16::try_from(ready["port"].as_u64().unwrap()).unwrap();
        Self { peer, port }
    }

    pub(crate) fn channel(&self) -> SmtpChannel {
        SmtpChannel::new(settings(self.port)).unwrap()
    }
}

pub(crate) fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        from: "कड़ी Payments <pay@kadi.example>".to_owned(),
        tls: SmtpTls::None,
        username: None,
        password: None,
        extra_roots: ExtraRoots::default(),
        timeouts: SmtpTimeouts {
            connect: Duration::from_secs(20),
            command: Duration::from_secs(20),
            content: Duration::from_secs(20),
        },
    }
}

pub(crate) fn email() -> Email {
    Email {
        to: "asha.rao@shop.example".to_owned(),
        to_name: Some("आशा राव".to_owned()),
        subject: "डेमो ट्रेडर्स की ओर से ₹1,000.00 का भुगतान लिंक, जो एक पंक्ति में नहीं आता".to_owned(),
        text: "नमस्ते आशा,\n\nPay here: https://pay.example/p/4fG7hJkLmN0pQ\n.\nThank you".to_owned(),
        html: "<p>नमस्ते आशा,</p><p><a href=\"https://pay.example/p/4fG7hJkLmN0pQ\">Pay ₹1,000.00</a></p>"
            .to_owned(),
        message_id: "msg-17.1@kadi.example".to_owned(),
        date_s: 1_790_000_000,
        reply_to: Some("help@shop.example".to_owned()),
        headers: vec![("X-Kadi-Link".to_owned(), "4fG7hJkLmN0pQ".to_owned())],
    }
}

/// The text of a received mail's header; fails unless it is there exactly once.
pub(crate) fn header(mail: &Value, name: &str) -> String {
    let rows = mail["headers"].as_array().unwrap();
    let mut found = rows.iter().filter(|row| row[0].as_str().unwrap().eq_ignore_ascii_case(name));
    let text = found.next().unwrap_or_else(|| panic!("no header {name}"))[1].as_str().unwrap().to_owned();
    assert!(found.next().is_none(), "{name} is there twice");
    text
}

/// The mail's bytes as they came over the wire.
pub(crate) fn raw(mail: &Value) -> Vec<u8> {
    STANDARD.decode(mail["raw"].as_str().unwrap()).unwrap()
}
