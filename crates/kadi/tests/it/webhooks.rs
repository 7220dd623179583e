//! The merchant of own links hears by Standard Webhooks, which both official packages verify.

use serde_json::{Value, json};

use crate::harness::own_api::{fixed, text};
use crate::harness::peers::{node, python};
use crate::harness::receiver::{Post, Receiver};
use crate::harness::server::Server;
use crate::harness::shop::{Shop, WEBHOOK_PATH};
use crate::harness::wait::wait_until;

fn verified(secret: &str, post: &Post) -> Value {
    assert_eq!(post.message.header("content-type"), Some("application/json"));
    let headers = post.webhook_headers();
    for library in [node(), python()] {
        assert_eq!(library.webhook(secret, &headers, post.text()), Ok(post.json()));
        assert!(library.webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &headers, post.text()).is_err());
        assert!(library.webhook(secret, &headers, &format!("{} ", post.text())).is_err());
    }
    post.json()
}

#[test]
fn every_step_of_a_link_is_told_once_and_signed() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open_with_webhook(&server, "hooks", &receiver.url(WEBHOOK_PATH));
    let link = shop.link(&fixed());
    server.pay(text(&link["code"]), "failure");
    let paid = server.pay(text(&link["code"]), "success");
    let cancelled = shop.link(&fixed());
    assert_eq!(shop.cancel(&cancelled).status, 200);
    let posts = receiver.wait_for_posts(WEBHOOK_PATH, 6);
    let events: Vec<Value> = posts.iter().map(|post| verified(&shop.webhook_secret, post)).collect();
    let mut kinds: Vec<&str> = events.iter().map(|event| text(&event["type"])).collect();
    kinds.sort_unstable();
    let expected = [
        "link.cancelled",
        "link.completed",
        "link.created",
        "link.created",
        "payment.captured",
        "payment.failed",
    ];
    assert_eq!(kinds, expected);
    let captured = receiver.wait_for_event(WEBHOOK_PATH, "payment.captured").json();
    assert!(captured["timestamp"].is_string());
    assert!(captured["data"].to_string().contains(text(&paid["id"])), "{captured}");
    let mut ids: Vec<String> =
        posts.iter().map(|post| text(&post.webhook_headers()["webhook-id"]).to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6, "each event has its own id");
}

#[test]
fn the_rows_of_events_are_what_was_posted() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open_with_webhook(&server, "rows", &receiver.url(WEBHOOK_PATH));
    let link = shop.link(&fixed());
    server.pay(text(&link["code"]), "success");
    let posts = receiver.wait_for_posts(WEBHOOK_PATH, 3);
    let listed = shop.found("/v1/events");
    for post in posts {
        let row = listed["data"].as_array().unwrap().iter().find(|row| row["type"] == post.json()["type"]);
        let row = row.unwrap_or_else(|| panic!("not listed: {}", post.text()));
        assert_eq!((&row["timestamp"], &row["data"]), (&post.json()["timestamp"], &post.json()["data"]));
    }
}

#[test]
fn with_two_live_secrets_each_verifies() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::credentials(&server, "rotate");
    let second = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
    let one = format!("webhook_secret = \"{}\"", shop.webhook_secret);
    let two = format!("webhook_secrets = [\"{}\", \"{second}\"]", shop.webhook_secret);
    let file = shop.file(Some(&receiver.url(WEBHOOK_PATH)), "").replace(&one, &two);
    let path = server.write("rotate.toml", &file);
    server.kadi_ok(&["merchant", "import", path.to_str().unwrap()]);
    shop.link(&fixed());
    let post = receiver.wait_for_posts(WEBHOOK_PATH, 1).remove(0);
    verified(&shop.webhook_secret, &post);
    verified(second, &post);
}

#[test]
fn a_refused_webhook_is_sent_again_under_the_same_id_with_a_fresh_signature() {
    let (mut server, receiver) = (Server::dev(), Receiver::start());
    receiver.answer_with(500);
    let secret = {
        let shop = Shop::open_with_webhook(&server, "resend", &receiver.url(WEBHOOK_PATH));
        shop.link(&fixed());
        shop.webhook_secret
    };
    let first = receiver.wait_for_posts(WEBHOOK_PATH, 1).remove(0);
    let old_address = server.address.clone();
    server.kill9();
    receiver.answer_with(204);
    server.start_again();
    wait_until("the second try", || {
        server.advance(60);
        receiver.posts(WEBHOOK_PATH).len() > 1
    });
    let second = receiver.posts(WEBHOOK_PATH).remove(1);
    assert_eq!(second.webhook_headers()["webhook-id"], first.webhook_headers()["webhook-id"]);
    assert_eq!(second.text(), first.text().replace(&old_address, &server.address));
    verified(&secret, &second);
    for _ in 0..3 {
        server.advance(86_400);
    }
    assert_eq!(receiver.posts(WEBHOOK_PATH).len(), 2);
}

#[test]
fn a_webhook_is_tried_ten_times_over_at_least_76_hours() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    receiver.answer_with(500);
    let shop = Shop::open_with_webhook(&server, "ten", &receiver.url(WEBHOOK_PATH));
    shop.link(&fixed());
    receiver.wait_for_posts(WEBHOOK_PATH, 1);
    for _ in 0..75 {
        server.advance(3600);
    }
    let before = receiver.posts(WEBHOOK_PATH).len();
    assert!((8..=10).contains(&before), "{before} tries in 75 hours");
    for _ in 0..10 {
        server.advance(86_400);
    }
    assert_eq!(receiver.posts(WEBHOOK_PATH).len(), 10);
}

#[test]
fn opening_the_page_is_told_once_and_previews_are_not() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open_with_webhook(&server, "opened", &receiver.url(WEBHOOK_PATH));
    let link = shop.link(&fixed());
    let path = format!("/p/{}", text(&link["code"]));
    let visit = |name: &str, value: &str| {
        let call = crate::harness::http::Call::get(&path).header(name, value);
        assert_eq!(server.send(&call).status, 200, "{name}: {value}");
    };
    visit("user-agent", "WhatsApp/2.23.20.0 A");
    visit("user-agent", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)");
    visit("sec-purpose", "prefetch;prerender");
    assert_eq!(server.send(&crate::harness::http::Call::new("HEAD", &path)).status, 200);
    std::thread::sleep(std::time::Duration::from_millis(2500));
    assert_eq!(shop.show(&link)["opened_at"], Value::Null);
    for _ in 0..3 {
        visit(
            "user-agent",
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36",
        );
    }
    wait_until("the opening in reads", || !shop.show(&link)["opened_at"].is_null());
    receiver.wait_for_event(WEBHOOK_PATH, "link.opened");
    server.advance(60);
    let opened =
        receiver.posts(WEBHOOK_PATH).into_iter().filter(|post| post.json()["type"] == json!("link.opened"));
    assert_eq!(opened.count(), 1);
}
