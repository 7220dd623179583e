//! Administration beside a running server: merchants, templates, the start itself.

use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::{Server, kadi};
use crate::harness::shop::Shop;

#[test]
fn the_first_object_tells_every_credential_and_a_link_that_works() {
    let server = Server::dev();
    let demo = &server.demo;
    assert_eq!(text(&demo["base_url"]), server.base_url());
    assert!(demo["merchant"].is_string() && demo["paytm"]["client_id"].is_string(), "{demo}");
    let links = server.send(&Call::get("/v1/links").bearer(text(&demo["native"]["api_key"])));
    assert_eq!(links.status, 200, "{}", links.text());
    let code = text(&demo["link"]["code"]);
    assert_eq!(demo["link"]["url"], format!("{}/p/{code}", server.base_url()));
    assert_eq!(links.json()["data"][0]["code"], code);
    assert_eq!(server.send(&Call::get(&format!("/p/{code}"))).status, 200);
    assert_eq!(server.pay_with(code, &json!({"outcome": "success", "amount": null})).status, 200);
    server.verify();
}

#[test]
fn the_next_request_sees_what_an_import_changed_and_a_second_import_changes_nothing() {
    let server = Server::dev();
    let shop = Shop::credentials(&server, "later");
    problem(&shop.get("/v1/links"), 401, "unauthorized");
    let file = server.write("later.toml", &shop.file(None, ""));
    let first = server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
    assert!(!first.is_empty());
    let link = shop.link(&fixed());
    server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
    assert_eq!(shop.show(&link), link);
    assert!(server.kadi_ok(&["merchant", "list"]).contains("later"));
}

#[test]
fn what_a_file_leaves_out_stays_live_until_it_is_revoked() {
    let server = Server::dev();
    let old = Shop::open(&server, "rolling");
    let mut new = Shop::credentials(&server, "rolling");
    new.api_key = "kadi_test_brandnewbrandnewbrandnewbran".to_owned();
    let file = server.write("rolling2.toml", &new.file(None, ""));
    server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
    for shop in [&old, &new] {
        assert_eq!(shop.get("/v1/links").status, 200);
    }
    let created: Value =
        serde_json::from_str(&server.kadi_ok(&["merchant", "create", "--name", "Made here", "--json"]))
            .expect("one object");
    let key = text(&created["native"]["api_key"]).to_owned();
    assert_eq!(server.send(&Call::get("/v1/links").bearer(&key)).status, 200);
}

#[test]
fn a_revoked_key_is_refused_by_the_next_request_and_the_others_live_on() {
    let server = Server::dev();
    let shop = Shop::open(&server, "revoked");
    shop.create(&shop.fixed()).ok();
    let listed = server.kadi_ok(&["merchant", "list"]);
    let own = listed.lines().skip_while(|line| !line.starts_with("revoked")).skip(1);
    let number = |line: &str| line.split_whitespace().next().map(str::to_owned);
    let of =
        |kind: &str| own.clone().take_while(|line| line.starts_with(' ')).find(|line| line.contains(kind));
    let (api_key, paytm_key) = (of("api_key").and_then(number), of("paytm").and_then(number));
    server.kadi_ok(&["merchant", "revoke", "revoked", &api_key.expect("a number")]);
    problem(&shop.get("/v1/links"), 401, "unauthorized");
    shop.create(&shop.fixed()).ok();
    server.kadi_ok(&["merchant", "revoke", "revoked", &paytm_key.expect("a number")]);
    assert_eq!(shop.create(&shop.fixed()).code(), "5028");
    for (id, credential) in [("revoked", "1"), ("nobody", "2489"), ("revoked", "x")] {
        assert!(!server.kadi(&["merchant", "revoke", id, credential]).status.success(), "{id} {credential}");
    }
    assert!(server.kadi_ok(&["merchant", "list"]).contains("revoked"));
}

#[test]
fn unknown_keys_are_errors_that_name_line_and_key_and_change_nothing() {
    let server = Server::dev();
    let shop = Shop::credentials(&server, "typo");
    for (line, named) in
        [("nmae = \"x\"", "nmae"), ("limit2 = { min = \"1.00\" }", "limit2"), ("active = \"yes\"", "active")]
    {
        let text = shop.file(None, line);
        let number = text.lines().position(|known| known == line).unwrap() + 1;
        let file = server.write("typo.toml", &text);
        let output = server.kadi(&["merchant", "import", file.to_str().unwrap()]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{line} was taken");
        assert!(said.contains(named) && said.contains(&number.to_string()), "{line}: {said}");
    }
    assert_eq!(shop.get("/v1/links").status, 401);
    let config = server.write("bad.toml", "listen = \"127.0.0.1:0\"\nno_such_key = 1\n");
    let output =
        kadi().args(["dev", "--port", "0", "--data"]).arg(server.data()).arg("--config").arg(config).output();
    let output = output.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("no_such_key") && said.contains('2'), "{said}");
}

#[test]
fn every_key_of_the_merchant_file_is_taken() {
    let server = Server::dev();
    let file = server.write("full.toml", include_str!("tables/merchants.toml"));
    for _ in 0..2 {
        server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
    }
    let listed = server.kadi_ok(&["merchant", "list"]);
    assert!(listed.contains("full") && listed.contains("bare"), "{listed}");
    for key in ["kadi_test_full000000000000000000000001", "kadi_test_full000000000000000000000002"] {
        assert_eq!(server.send(&Call::get("/v1/links").bearer(key)).status, 200);
    }
}

#[test]
fn templates_are_imported_and_listed() {
    let server = Server::dev();
    Shop::open(&server, "templates");
    let file = server.write("template.toml", include_str!("tables/templates.toml"));
    for _ in 0..2 {
        server.kadi_ok(&["template", "import", file.to_str().unwrap()]);
    }
    let listed = server.kadi_ok(&["template", "list"]);
    assert!(listed.contains("T001") && listed.contains("templates"), "{listed}");
}

#[test]
fn verify_prints_one_object_when_asked() {
    let server = Server::dev();
    let report: Value = serde_json::from_str(&server.kadi_ok(&["verify", "--json"])).expect("one object");
    assert!(report.is_object(), "{report}");
}

#[test]
fn beyond_loopback_the_sandbox_needs_its_token() {
    let server = Server::serve(&["--sandbox", "--listen", "0.0.0.0:0", "--admin-listen", "127.0.0.1:0"]);
    let call = Call::post("/sandbox/clock").json(&json!({"advance_s": 0}));
    assert_eq!(server.send(&call).status, 401);
    assert_eq!(server.send(&call.bearer("wrong")).status, 401);
    let keys = std::fs::read_to_string(server.data().join("keys.toml")).unwrap();
    let token = keys.lines().find_map(|line| line.strip_prefix("sandbox_token = \"")).expect("a token");
    let call =
        Call::post("/sandbox/clock").json(&json!({"advance_s": 0})).bearer(token.trim_end_matches('"'));
    assert_eq!(server.send(&call).status, 200);
}

#[test]
fn health_is_answered_on_the_public_address() {
    let server = Server::dev();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(server.send(&Call::get(path)).status, 200, "{path}");
    }
}

#[test]
fn a_port_that_is_taken_stops_the_start_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let data = folder.path().join("data");
    let start = |options: &[&str]| {
        let output =
            kadi().args(["dev", "--port", &port, "--data"]).arg(&data).args(options).output().unwrap();
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && complaint.contains("cannot be listened on"), "{complaint}");
    };
    let files = || {
        let names = std::fs::read_dir(&data).unwrap().map(|file| file.unwrap().file_name());
        names.filter(|name| name != "lock").collect::<Vec<_>>()
    };
    start(&[]);
    assert!(files().is_empty(), "{:?}", files());
    for name in ["kadi.db", "keys.toml"] {
        std::fs::write(data.join(name), "kept").unwrap();
    }
    start(&["--fresh"]);
    assert_eq!(files().len(), 2, "{:?}", files());
}
