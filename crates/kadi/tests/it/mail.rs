//! The customer hears by e-mail through a real SMTP server, and by messages that the sandbox records.

use serde_json::{Value, json};

use crate::harness::mail::{MailServer, header, part};
use crate::harness::own_api::text;
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;

const ASHA: &str = "asha@customer.example";

fn mailed(shop: &Shop<'_>, to: &str) -> Value {
    let mut body = shop.invoice(&format!("MAIL-{to}"));
    body["sendEmail"] = json!(true);
    body["customerContact"] = json!({"customerName": "आशा", "customerEmail": to});
    shop.create(&body).ok().clone()
}

#[test]
fn a_mail_arrives_with_subject_both_parts_the_link_and_proper_headers() {
    let mail_server = MailServer::start(&[]);
    let server = Server::dev_with_config(&MailServer::config(mail_server.port));
    let shop = Shop::open(&server, "mailer");
    let link = mailed(&shop, ASHA);
    let mail = mail_server.wait_for_mail(ASHA);
    assert_eq!(mail["mail_from"], "pay@kadi.example");
    assert!(header(&mail, "From").contains("pay@kadi.example"));
    assert!(header(&mail, "To").contains(ASHA));
    assert!(header(&mail, "Subject").contains("Shop of mailer"), "{}", header(&mail, "Subject"));
    assert!(header(&mail, "Message-ID").starts_with('<') && !header(&mail, "Date").is_empty());
    assert!(header(&mail, "Content-Type").starts_with("multipart/alternative"));
    let url = text(&link["shortUrl"]);
    let plain = part(&mail, "text/plain");
    assert!(plain.contains(url) && plain.contains("291") && plain.contains("आशा"), "{plain}");
    let html = part(&mail, "text/html");
    assert!(html.contains(&format!("href=\"{url}\"")) && html.contains("291"), "{html}");
    let recorded = server.message(ASHA, "email");
    assert_eq!(recorded["subject"], header(&mail, "Subject"));
    assert!(text(&recorded["text"]).contains(url));
}

#[test]
fn script_in_a_customers_name_is_inert_in_the_mail() {
    let mail_server = MailServer::start(&[]);
    let server = Server::dev_with_config(&MailServer::config(mail_server.port));
    let shop = Shop::open(&server, "inert");
    let mut body = shop.fixed();
    body["sendEmail"] = json!(true);
    body["customerContact"] = json!({"customerName": "<script>alert(1)</script>", "customerEmail": ASHA});
    shop.create(&body).ok();
    let mail = mail_server.wait_for_mail(ASHA);
    assert!(!part(&mail, "text/html").contains("<script"), "{}", part(&mail, "text/html"));
}

#[test]
fn a_server_that_is_down_delays_and_never_doubles() {
    let port = MailServer::start(&[]).port;
    let server = Server::dev_with_config(&MailServer::config(port));
    let shop = Shop::open(&server, "patient");
    mailed(&shop, ASHA);
    server.advance(120);
    let mail_server = MailServer::start(&["--port", &port.to_string()]);
    wait_until("the mail after the server came back", || {
        server.advance(3600);
        !mail_server.mails(ASHA).is_empty()
    });
    for _ in 0..5 {
        server.advance(86_400);
    }
    assert_eq!(mail_server.mails(ASHA).len(), 1);
}

#[test]
fn a_mail_that_was_refused_for_the_moment_is_tried_again_and_accepted_once() {
    let mail_server = MailServer::start(&["--rcpt-answer", "451 4.3.0 later", "--times", "2"]);
    let server = Server::dev_with_config(&MailServer::config(mail_server.port));
    let shop = Shop::open(&server, "again");
    mailed(&shop, ASHA);
    wait_until("the third try", || {
        server.advance(3600);
        !mail_server.mails(ASHA).is_empty()
    });
    server.advance(86_400);
    assert_eq!(mail_server.mails(ASHA).len(), 1);
}

#[test]
fn a_mail_that_is_refused_for_good_is_not_tried_again() {
    let mail_server = MailServer::start(&["--content-answer", "550 5.1.1 nobody here"]);
    let server = Server::dev_with_config(&MailServer::config(mail_server.port));
    let shop = Shop::open(&server, "refuse");
    mailed(&shop, ASHA);
    mail_server.wait_for_mail(ASHA);
    for _ in 0..5 {
        server.advance(86_400);
    }
    assert_eq!(mail_server.mails(ASHA).len(), 1);
}

#[test]
fn a_mail_that_waits_survives_a_kill() {
    let port = MailServer::start(&[]).port;
    let mut server = Server::dev_with_config(&MailServer::config(port));
    let shop = Shop::open(&server, "killed");
    mailed(&shop, ASHA);
    server.kill9();
    let mail_server = MailServer::start(&["--port", &port.to_string()]);
    server.start_again();
    wait_until("the mail after the restart", || {
        server.advance(3600);
        !mail_server.mails(ASHA).is_empty()
    });
    server.advance(86_400);
    assert_eq!(mail_server.mails(ASHA).len(), 1);
}

#[test]
fn an_sms_is_recorded_with_the_full_address_and_found_under_every_form_of_the_number() {
    let server = Server::dev();
    let shop = Shop::open(&server, "texter");
    let mut body = shop.fixed();
    body["sendSms"] = json!(true);
    body["customerContact"] = json!({"customerName": "Asha", "customerMobile": "+919000000001"});
    let reply = shop.create(&body);
    let code = reply.link_code();
    for number in ["9000000001", "09000000001", "919000000001", "+919000000001"] {
        let message = server.message(number, "sms");
        assert!(text(&message["text"]).contains(text(&reply.ok()["shortUrl"])), "{message}");
        assert_eq!(message["link_code"], code);
    }
    assert!(server.messages("9000000002").is_empty());
}

#[test]
fn without_a_mail_server_the_sandbox_records_the_mail_case_blind() {
    let server = Server::dev();
    let shop = Shop::open(&server, "record");
    let link = mailed(&shop, ASHA);
    let message = server.message("ASHA@Customer.Example", "email");
    for member in ["id", "channel", "to", "subject", "text", "html", "link_code", "state", "created_at"] {
        assert!(!message[member].is_null(), "{member}: {message}");
    }
    assert!(text(&message["html"]).contains(text(&link["shortUrl"])));
}
