//! A server whose store is away: what it says meanwhile, and when it works again.

use serde_json::json;

use super::http::Call;
use super::load::not_now;
use super::own_api::{fixed, problem};
use super::server::Server;
use super::shop::Shop;
use super::wait::wait_until;

/// Waits until the server finds by itself that it works again.
pub(crate) fn wait_for_recovery(server: &Server) {
    wait_until("the server to work again", || server.readiness() == (200, "ready\n".to_owned()));
}

/// Every door that writes says no, in its own words, and operators hear why.
pub(crate) fn nothing_is_written(shop: &Shop<'_>, code: &str, reason: &str) {
    let server = shop.server;
    problem(&shop.post_json("/v1/links", &fixed()), 503, "unavailable");
    not_now(&shop.post_json("/v1/links", &fixed()));
    let paytm = shop.create(&shop.fixed());
    assert_eq!((paytm.http, paytm.code(), paytm.message()), (503, "501", "Internal Server Error"));
    let page = server.send(&Call::post(&format!("/p/{code}/pay")).form(&[("outcome", "success")]));
    not_now(&page);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let paid = server.pay_with(code, &json!({"outcome": "success"}));
    not_now(&paid);
    problem(&paid, 503, "unavailable");
    let (status, said) = server.readiness();
    assert!(status == 503 && said.starts_with("not ready: ") && said.contains(reason), "{status} {said}");
    let bare = server.send(&Call::get("/readyz"));
    assert_eq!((bare.status, bare.text()), (503, "not ready\n"), "the public address gives no details");
    assert_eq!(server.send(&Call::get("/healthz")).status, 200, "the process itself is well");
}
