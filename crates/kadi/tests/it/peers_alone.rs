//! The official libraries among themselves: if these fail, no other test means anything.

use serde_json::json;

use crate::harness::mail::{MailServer, header, part};
use crate::harness::peers::{ist, node, python, python_command};
use crate::harness::receiver::Receiver;
use crate::harness::{http::Call, server::kadi};

const KEY: &str = "0123456789abcdef";

#[test]
fn what_one_library_signs_the_other_verifies_and_nothing_else() {
    for text in ["{}", r#"{"a":"आशा","b":1.5}"#, r#"{"a": "\u0906"}"#] {
        for (signer, verifier) in [(node(), python()), (python(), node())] {
            let signature = signer.sign(KEY, text);
            assert_eq!(signature.len(), 108);
            assert!(verifier.verify(KEY, text, &signature));
            assert!(!verifier.verify(KEY, &format!("{text} "), &signature));
            assert!(!verifier.verify("fedcba9876543210", text, &signature));
        }
    }
}

#[test]
fn node_sends_compact_text_and_python_blanks_and_escapes() {
    let (head, body) = (json!({"tokenType": "AES"}), json!({"amount": 499.0, "name": "आ"}));
    let compact = node().request(KEY, &head, &body);
    assert!(compact.contains(r#""body":{"amount":499,"name":"आ"}"#), "{compact}");
    let escaped = python().request(KEY, &head, &body);
    assert!(escaped.starts_with(r#"{"body": {"amount": 499.0, "name": "\u0906"}"#), "{escaped}");
}

#[test]
fn a_webhook_signed_by_one_library_is_accepted_by_the_other() {
    let (secret, payload, at_s) =
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "{\"a\":1}", crate::harness::peers::real_now_s());
    for (signer, verifier) in [(node(), python()), (python(), node())] {
        let wish =
            json!({"op": "sign_webhook", "secret": secret, "id": "m1", "at_s": at_s, "payload": payload});
        let headers = json!({
            "webhook-id": "m1", "webhook-timestamp": at_s.to_string(), "webhook-signature": signer.ask(&wish),
        });
        assert_eq!(verifier.webhook(secret, &headers, payload), Ok(json!({"a": 1})));
        assert!(verifier.webhook(secret, &headers, "{\"a\":2}").is_err());
    }
}

#[test]
fn india_is_five_and_a_half_hours_ahead() {
    assert_eq!(ist("2026-11-22T20:00:00Z", 1, None), "24/11/2026 01:30:00");
    assert_eq!(ist("2028-02-28T00:00:00.123Z", 1, Some("23:59:59")), "29/02/2028 23:59:59");
}

#[test]
fn the_receiver_records_a_form_and_answers_as_told() {
    let receiver = Receiver::start();
    let address = receiver.url("").replace("http://", "");
    receiver.answer_with(503);
    let call = Call::post("/cb").form(&[("NAME", "आशा & co"), ("EMPTY", "")]);
    assert_eq!(call.send(&address).status, 503);
    let posts = receiver.wait_for_posts("/cb", 1);
    assert_eq!(json!(posts[0].form()), json!({"NAME": "आशा & co", "EMPTY": ""}));
}

#[test]
fn the_mail_server_keeps_what_arrives() {
    let mail_server = MailServer::start(&[]);
    let script = format!(
        "import smtplib\ntext = 'Subject: Hello\\nContent-Type: text/plain\\n\\nBody'\n\
         smtplib.SMTP('127.0.0.1', {}).sendmail('a@a.example', ['b@b.example'], text)",
        mail_server.port
    );
    assert!(python_command().args(["-c", &script]).status().unwrap().success());
    let mail = mail_server.wait_for_mail("b@b.example");
    assert_eq!((header(&mail, "subject"), part(&mail, "text/plain").trim()), ("Hello", "Body"));
    assert!(mail_server.mails("c@c.example").is_empty());
}

#[test]
fn a_binary_that_cannot_start_says_why() {
    let output = kadi().args(["dev", "--no-such-option"]).output().unwrap();
    assert!(!output.status.success());
    assert!(!output.stderr.is_empty());
}
