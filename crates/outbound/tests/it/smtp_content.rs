//! What arrives at a real mail server, byte for byte and as a mail reader sees it.

use kadi_outbound::channels::smtp::{Email, SendFault, SmtpChannel, Stage};
use serde_json::json;

use crate::support::smtp::{Sink, email, header, raw, settings};

#[tokio::test]
async fn subject_names_and_both_parts_arrive_in_hindi() {
    let sink = Sink::start(&[]);
    let accepted = sink.channel().send(&email()).await.unwrap();
    assert_eq!(accepted.provider_reference, "2.0.0 Ok: queued as SINK-1");

    let (mail, sent) = (sink.peer.hear(), email());
    assert_eq!(mail["mail_from"], "pay@kadi.example");
    assert_eq!(mail["rcpt_tos"], json!(["asha.rao@shop.example"]));
    assert_eq!(header(&mail, "Subject"), sent.subject);
    assert_eq!(header(&mail, "From"), "कड़ी Payments <pay@kadi.example>");
    assert_eq!(header(&mail, "To"), "आशा राव <asha.rao@shop.example>");
    assert_eq!(header(&mail, "Reply-To"), "help@shop.example");
    assert_eq!(header(&mail, "Message-ID"), "<msg-17.1@kadi.example>");
    assert_eq!(header(&mail, "Date"), "Mon, 21 Sep 2026 14:13:20 +0000");
    assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&mail, "X-Kadi-Link"), "4fG7hJkLmN0pQ");
    assert_eq!(header(&mail, "MIME-Version"), "1.0");
    assert!(header(&mail, "Content-Type").starts_with("multipart/alternative"));

    let parts = mail["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 2);
    let told = |index: usize| (parts[index]["type"].clone(), parts[index]["charset"].clone());
    assert_eq!(told(0), (json!("text/plain"), json!("utf-8")));
    assert_eq!(told(1), (json!("text/html"), json!("utf-8")));
    assert_eq!(parts[0]["text"].as_str().unwrap().replace("\r\n", "\n"), sent.text);
    assert_eq!(parts[1]["text"].as_str().unwrap(), sent.html);
    assert!(parts[0]["text"].as_str().unwrap().contains("https://pay.example/p/4fG7hJkLmN0pQ"));
}

#[tokio::test]
async fn the_wire_carries_short_ascii_lines_that_end_in_crlf() {
    let sink = Sink::start(&[]);
    let english = Email {
        text: format!("one\rtwo\n.\n..\nthree\r\n{}\n--kadi-x", "long ".repeat(500)),
        html: format!("<p>{}</p>\n.\n", "x".repeat(3000)),
        ..email()
    };
    for sent in [email(), english] {
        sink.channel().send(&sent).await.unwrap();
        let mail = sink.peer.hear();
        let bytes = raw(&mail);
        assert!(bytes.is_ascii());
        let text = String::from_utf8(bytes).unwrap();
        for line in text.split("\r\n") {
            assert!(line.len() <= 998 && !line.contains(['\r', '\n']), "{line:?}");
        }
        let parts = mail["parts"].as_array().unwrap();
        let arrived = parts[0]["text"].as_str().unwrap();
        assert_eq!(arrived.replace("\r\n", "\n"), sent.text.replace("\r\n", "\n"));
        assert_eq!(parts[1]["text"].as_str().unwrap().replace("\r\n", "\n"), sent.html);
    }
}

#[tokio::test]
async fn a_repeat_is_the_same_mail_to_the_byte() {
    let sink = Sink::start(&[]);
    let channel = sink.channel();
    let mut seen = Vec::new();
    for _ in 0..2 {
        channel.send(&email()).await.unwrap();
        seen.push(raw(&sink.peer.hear()));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn line_breaks_in_texts_for_people_become_spaces() {
    let sink = Sink::start(&[]);
    for evil in
        ["\r\nBcc: all@evil.example", "\nX-Evil: 1", "\r\n\r\n<script>", "\rX-Evil: 1", "\u{0}\u{b}\u{85}"]
    {
        let sent = Email { subject: format!("Fees{evil}"), to_name: Some(format!("Asha{evil}")), ..email() };
        sink.channel().send(&sent).await.unwrap();
        let mail = sink.peer.hear();
        assert_eq!(mail["rcpt_tos"], json!(["asha.rao@shop.example"]));
        let names: Vec<&str> =
            mail["headers"].as_array().unwrap().iter().map(|row| row[0].as_str().unwrap()).collect();
        let expected = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Reply-To",
            "X-Kadi-Link",
            "MIME-Version",
            "Content-Type",
        ];
        assert_eq!(names, expected, "{evil:?}");
        assert_eq!(mail["parts"].as_array().unwrap().len(), 2);
        let subject = header(&mail, "Subject");
        assert!(subject.starts_with("Fees") && !subject.contains(char::is_control), "{subject:?}");
    }
}

#[tokio::test]
async fn texts_for_people_cannot_pretend_to_be_encoded_words_or_addresses() {
    let sink = Sink::start(&[]);
    let sent = Email {
        subject: "=?utf-8?q?Bank=0D=0ABcc:_all@evil.example?= \u{202e}gnp.exe".to_owned(),
        to_name: Some("Asha\" <all@evil.example>, x".to_owned()),
        ..email()
    };
    sink.channel().send(&sent).await.unwrap();
    let mail = sink.peer.hear();
    assert_eq!(mail["rcpt_tos"], json!(["asha.rao@shop.example"]));
    assert!(mail["headers"].as_array().unwrap().iter().all(|row| row[0] != "Bcc"));
    assert_eq!(header(&mail, "Subject"), "= ?utf-8?q?Bank=0D=0ABcc:_all@evil.example?= gnp.exe");
    assert!(header(&mail, "To").ends_with("<asha.rao@shop.example>"));
}

#[tokio::test]
async fn fields_for_machines_are_refused_when_they_break_a_line_or_a_rule() {
    let sink = Sink::start(&[]);
    let channel = sink.channel();
    let to = |text: &str| Email { to: text.to_owned(), ..email() };
    let id = |text: &str| Email { message_id: text.to_owned(), ..email() };
    let reply = |text: &str| Email { reply_to: Some(text.to_owned()), ..email() };
    let extra = |name: &str, value: &str| Email { headers: vec![(name.into(), value.into())], ..email() };
    let date = |date_s: i64| Email { date_s, ..email() };
    let mails = [
        to(""),
        to("asha"),
        to("asha@"),
        to("@shop.example"),
        to("asha@shop.example\r\nBcc: all@evil.example"),
        to("asha@shop.example\nRCPT TO:<all@evil.example>"),
        to("asha@shop.example> SIZE=1"),
        to("\"a b\"@shop.example"),
        to("a@b@shop.example"),
        to("Asha <asha@shop.example>"),
        to("asha@shop.example, all@evil.example"),
        to("asha@shop.example\u{0}"),
        id(""),
        id("noat"),
        id("a@b@c"),
        id("<a@b>"),
        id("a b@c"),
        id("a@b\r\nBcc: all@evil.example"),
        id("कड़ी@kadi.example"),
        reply("help@shop.example\r\nBcc: all@evil.example"),
        reply("nobody"),
        extra("X-Kadi", "1\r\nBcc: all@evil.example"),
        extra("X-Kadi", "1\n"),
        extra("X-Kadi: 1\r\nBcc", "all@evil.example"),
        extra("", "1"),
        extra("X Kadi", "1"),
        extra("Bcc", "all@evil.example"),
        extra("subject", "other"),
        extra("Content-Type", "text/html"),
        extra("Message-ID", "<a@b>"),
        date(-1),
        date(i64::MAX),
        date(253_402_300_800),
    ];
    for mail in mails {
        let fault = channel.send(&mail).await.unwrap_err();
        let unasked = matches!(&fault, SendFault::Refused { stage: Stage::Compose, code: None, .. });
        assert!(unasked, "{fault:?} for {:?} {:?} {:?}", mail.to, mail.message_id, mail.headers);
        assert!(!fault.to_string().contains("evil"), "{fault}");
    }
    assert!(sink.peer.is_silent(), "none of them reached the server");
}

#[tokio::test]
async fn an_address_outside_ascii_goes_out_only_where_the_server_takes_it() {
    let mail = Email { to: "आशा@shop.example".to_owned(), ..email() };
    let sink = Sink::start(&[]);
    sink.channel().send(&mail).await.unwrap();
    let arrived = sink.peer.hear();
    assert_eq!(arrived["rcpt_tos"], json!(["आशा@shop.example"]));
    assert!(arrived["mail_options"].as_array().unwrap().contains(&json!("SMTPUTF8")));

    let older = Sink::start(&["--no-smtputf8"]);
    let fault = older.channel().send(&mail).await.unwrap_err();
    assert!(matches!(fault, SendFault::Refused { stage: Stage::Sender, code: None, .. }), "{fault:?}");
    assert!(older.peer.is_silent());
}

#[tokio::test]
async fn ten_mails_share_a_connection() {
    let sink = Sink::start(&[]);
    let channel = SmtpChannel::new(settings(sink.port)).unwrap();
    let mut peers = Vec::new();
    for _ in 0..10 {
        channel.send(&email()).await.unwrap();
        peers.push(sink.peer.hear()["peer"].clone());
    }
    peers.dedup();
    assert_eq!(peers.len(), 1, "one client port: {peers:?}");
}

#[test]
fn debug_of_a_mail_shows_no_person() {
    assert_eq!(format!("{:?}", email()), "Email { message_id: \"msg-17.1@kadi.example\", .. }");
}
