//! What each way of failing means: refused, later, or unknown.

use std::net::TcpListener;
use std::time::Duration;

use kadi_outbound::channels::smtp::{Email, SendFault, SmtpChannel, Stage};

use crate::support::smtp::{Sink, email, header, settings};

/// The fault of one mail to a sink that ends the talk, without a word or by never saying one.
async fn fault_of_end(option: &str, when: &str) -> (SendFault, Sink) {
    let sink = Sink::start(&[option, when]);
    let mut settings = settings(sink.port);
    if option == "--hang" {
        let patience = if when == "before-content" {
            &mut settings.timeouts.command
        } else {
            &mut settings.timeouts.content
        };
        *patience = Duration::from_millis(500);
    }
    let fault = SmtpChannel::new(settings).unwrap().send(&email()).await.unwrap_err();
    (fault, sink)
}

async fn fault_of(arguments: &[&str]) -> (SendFault, Sink) {
    let sink = Sink::start(arguments);
    let fault = sink.channel().send(&email()).await.unwrap_err();
    (fault, sink)
}

fn refused(stage: Stage, code: u16, reason: &str) -> SendFault {
    SendFault::Refused { stage, code: Some(code), reason: reason.to_owned() }
}

fn later(stage: Stage, code: u16, reason: &str) -> SendFault {
    SendFault::Later { stage, code: Some(code), reason: reason.to_owned() }
}

#[tokio::test]
async fn a_4xx_answer_at_any_step_means_later() {
    let cases = [
        ("--mail-answer", Stage::Sender),
        ("--rcpt-answer", Stage::Recipient),
        ("--data-answer", Stage::Content),
        ("--content-answer", Stage::Content),
    ];
    for (option, stage) in cases {
        let (fault, _sink) = fault_of(&[option, "451 4.3.0 Mailbox busy"]).await;
        assert_eq!(fault, later(stage, 451, "transient error (451): 4.3.0 Mailbox busy"), "{option}");
    }
}

#[tokio::test]
async fn a_5xx_answer_at_any_step_means_never() {
    let cases = [
        ("--mail-answer", Stage::Sender),
        ("--rcpt-answer", Stage::Recipient),
        ("--data-answer", Stage::Content),
        ("--content-answer", Stage::Content),
    ];
    for (option, stage) in cases {
        let (fault, _sink) = fault_of(&[option, "550 5.1.1 No such user"]).await;
        assert_eq!(fault, refused(stage, 550, "permanent error (550): 5.1.1 No such user"), "{option}");
    }
}

#[tokio::test]
async fn an_answer_beside_the_question_means_later() {
    for (option, answer, stage) in [
        ("--mail-answer", "354 Go on", Stage::Sender),
        ("--rcpt-answer", "354 Go on", Stage::Recipient),
        ("--data-answer", "250 Ok", Stage::Content),
    ] {
        let (fault, _sink) = fault_of(&[option, answer]).await;
        let reason = format!("the server answered {} instead", answer.split(' ').next().unwrap());
        assert_eq!(fault, SendFault::Later { stage, code: None, reason }, "{option}");
    }
}

#[tokio::test]
async fn a_5xx_that_asks_for_a_login_means_later() {
    for answer in ["530 5.7.0 Authentication required", "535 5.7.8 Bad credentials"] {
        let (fault, _sink) = fault_of(&["--mail-answer", answer]).await;
        assert!(matches!(fault, SendFault::Later { stage: Stage::Sender, .. }), "{fault:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_gone_means_later() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let fault = SmtpChannel::new(settings(free)).unwrap().send(&email()).await.unwrap_err();
    assert!(matches!(fault, SendFault::Later { stage: Stage::Connect, code: None, .. }), "{fault:?}");
}

#[tokio::test]
async fn a_server_that_never_greets_means_later() {
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut settings = settings(mute.local_addr().unwrap().port());
    settings.timeouts.connect = Duration::from_millis(300);
    let fault = SmtpChannel::new(settings).unwrap().send(&email()).await.unwrap_err();
    assert!(matches!(fault, SendFault::Later { stage: Stage::Connect, code: None, .. }), "{fault:?}");
}

#[tokio::test]
async fn an_end_before_the_content_means_later() {
    for option in ["--drop", "--hang"] {
        let (fault, sink) = fault_of_end(option, "before-content").await;
        let expected = matches!(fault, SendFault::Later { stage: Stage::Content, code: None, .. });
        assert!(expected, "{option}: {fault:?}");
        assert!(sink.peer.is_silent(), "no content was sent");
    }
}

#[tokio::test]
async fn an_end_after_the_content_means_unknown_and_the_server_may_have_it() {
    for option in ["--drop", "--hang"] {
        let (fault, sink) = fault_of_end(option, "after-content").await;
        assert!(matches!(fault, SendFault::Unknown { .. }), "{option}: {fault:?}");
        assert_eq!(header(&sink.peer.hear(), "Message-ID"), "<msg-17.1@kadi.example>");
    }
}

#[tokio::test]
async fn an_answer_to_the_content_that_is_neither_yes_nor_no_means_unknown() {
    let (fault, _sink) = fault_of(&["--content-answer", "354 Go on"]).await;
    assert!(matches!(fault, SendFault::Unknown { .. }), "{fault:?}");
    let (fault, _sink) = fault_of(&["--content-answer", "gibberish"]).await;
    assert!(matches!(fault, SendFault::Unknown { .. }), "{fault:?}");
}

#[tokio::test]
async fn one_failed_mail_spoils_no_other() {
    let fault_then_fine: [&[&str]; 4] = [
        &["--rcpt-answer", "451 4.2.1 later"],
        &["--content-answer", "550 5.7.1 spam"],
        &["--drop", "after-content"],
        &["--drop", "before-content"],
    ];
    for arguments in fault_then_fine {
        let sink = Sink::start(&[arguments, &["--times", "1"]].concat());
        let channel = sink.channel();
        channel.send(&email()).await.unwrap_err();
        let second = Email { message_id: "second@kadi.example".to_owned(), ..email() };
        channel.send(&second).await.unwrap();
    }
}

#[tokio::test]
async fn a_kept_connection_that_the_server_closed_is_no_failed_sending() {
    let first = Sink::start(&[]);
    let channel = first.channel();
    channel.send(&email()).await.unwrap();
    let port = first.port.to_string();
    drop(first);
    let fault = channel.send(&email()).await.unwrap_err();
    assert!(matches!(fault, SendFault::Later { stage: Stage::Connect, .. }), "{fault:?}");

    let second = Sink::start(&["--port", &port]);
    channel.send(&email()).await.unwrap();
    let port = second.port.to_string();
    drop(second);
    let _third = Sink::start(&["--port", &port]);
    channel.send(&email()).await.unwrap();
}

#[tokio::test]
async fn reasons_repeat_no_address() {
    let answer = "550 5.1.1 <Asha.Rao@Shop.example>: Recipient address rejected: user asha.rao unknown";
    let (fault, _sink) = fault_of(&["--rcpt-answer", answer]).await;
    let text = format!("{fault:?}").to_lowercase();
    assert!(text.contains("recipient address rejected") && text.contains("[address]"), "{text}");
    assert!(!text.contains("asha") && !text.contains("shop.example"), "{text}");

    let answer = "250 2.0.0 <msg-17.1@kadi.example> queued for asha.rao@shop.example as 4F00";
    let sink = Sink::start(&["--content-answer", answer]);
    let accepted = sink.channel().send(&email()).await.unwrap();
    assert_eq!(accepted.provider_reference, "2.0.0 [address] queued for [address] as 4F00");
}
