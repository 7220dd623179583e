//! Distinct secrets and contacts go through every door; none may be found in logs or in the data folder.

use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::harness::http::Call;
use crate::harness::mail::MailServer;
use crate::harness::own_api::{fixed, text};
use crate::harness::paytm::CREATE;
use crate::harness::peers::node;
use crate::harness::receiver::Receiver;
use crate::harness::server::Server;
use crate::harness::shop::{Shop, WEBHOOK_PATH};

const MOBILE: &str = "9184736251";
const EMAIL: &str = "quetzal.canary@zitrone.example";
const NAME: &str = "Quetzalia Zitronenfalter";
const BAD_EMAIL: &str = "quetzal-broken-at-zitrone";
const WRONG_KEY: &str = "kadi_test_QuetzalStolenKey00000000";
const PASSWORD: &str = "QuetzalMailPassword7";

/// What must appear nowhere, without its last two letters, so that a masked tail would not hide it.
fn canaries(shop: &Shop<'_>) -> Vec<String> {
    let whole = [
        MOBILE,
        EMAIL,
        NAME,
        BAD_EMAIL,
        WRONG_KEY,
        PASSWORD,
        &shop.paytm_key,
        &shop.api_key,
        &shop.webhook_secret,
        "QuetzalVpa",
        "QuetzalNttPassword",
        "QuetzalPaysharpToken",
        "QuetzalNimbblSecret",
    ];
    whole.iter().map(|text| text.get(..text.len() - 2).unwrap().to_owned()).collect()
}

const MORE_CREDENTIALS: &str = r#"
paysharp = { token = "QuetzalPaysharpToken1" }
nimbbl = { access_key = "access_key_quetzal", access_secret = "QuetzalNimbblSecret1" }

[merchant.ntt]
merch_id = "446442"
password = "QuetzalNttPassword1"
request_hash_key = "QuetzalNttPassword2"
response_hash_key = "QuetzalNttPassword3"
"#;

fn go_through_every_door(server: &Server, shop: &Shop<'_>, receiver: &Receiver) {
    let mut body = shop.fixed();
    body["sendSms"] = json!(true);
    body["sendEmail"] = json!(true);
    body["statusCallbackUrl"] = json!(receiver.url("/cb"));
    body["customerContact"] = json!({"customerName": NAME, "customerEmail": EMAIL, "customerMobile": MOBILE});
    let code = shop.create(&body).link_code();
    body["customerContact"] =
        json!({"customerName": NAME, "customerEmail": BAD_EMAIL, "customerMobile": MOBILE});
    shop.create(&body);
    body["amount"] = json!("0.1");
    shop.create(&body);
    shop.post(node().request("QuetzalWrongKey!", &shop.head(), &body));
    shop.post(format!("{{\"head\":{{}},\"body\":{{\"x\":\"{EMAIL}\",\"y\":\"{MOBILE}\""));
    server.send(&Call::post(&format!("{CREATE}?email={EMAIL}&mobile={MOBILE}")).json(&body));
    shop.create_raw(&format!(
        "{{\"mid\":\"{}\",\"linkName\":{{\"{EMAIL}\":1}},\"amount\":\"{MOBILE}x\"}}",
        shop.mid
    ));
    let mut wish = fixed();
    wish["customer"] = json!({"name": NAME, "email": EMAIL, "mobile": MOBILE});
    let own = shop.link(&wish);
    shop.show(&own);
    wish["customer"] = json!({"email": BAD_EMAIL});
    shop.post_json("/v1/links", &wish);
    shop.post_with_key("/v1/links", EMAIL, &fixed());
    server.send(&Call::get("/v1/links").bearer(WRONG_KEY));
    server.send(&Call::get(&format!("/v1/links?{EMAIL}={WRONG_KEY}")).bearer(&shop.api_key));
    server.send(&Call::get(&format!("/v1/links/{MOBILE}")).bearer(&shop.api_key));
    server.send(&Call::get(&format!("/nowhere/{EMAIL}/{MOBILE}")));
    server.send(&Call::get(&format!("/p/{code}?email={EMAIL}")).header("user-agent", NAME));
    server.send(&Call::get(&format!("/l/{EMAIL}/{code}")));
    server.send(&Call::post(&format!("/p/{code}/pay")).form(&[("outcome", EMAIL), ("amount", MOBILE)]));
    let paid = server.pay_with(&code, &json!({"outcome": "success", "payer_mobile": MOBILE}));
    assert_eq!(paid.status, 200, "{}", paid.text());
    server.pay_with(text(&own["code"]), &json!({"outcome": EMAIL, "amount": MOBILE}));
    server.pay(text(&own["code"]), "failure");
    assert!(!server.messages(MOBILE).is_empty() && !server.messages(EMAIL).is_empty());
    for arguments in
        [["merchant", "list"].as_slice(), &["merchant", "revoke", &shop.id, WRONG_KEY], &["verify"]]
    {
        let output = server.kadi(arguments);
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let secret =
            canaries(shop).into_iter().find(|canary| said.contains(canary) && !WRONG_KEY.contains(canary));
        assert_eq!(secret, None, "{arguments:?} said {said}");
    }
    for _ in 0..3 {
        server.advance(3600);
    }
}

/// Every file below these places whose bytes hold one of the texts.
fn files_with(places: &[PathBuf], texts: &[String]) -> Vec<String> {
    let patterns = texts.iter().flat_map(|text| ["-e", text.as_str()]);
    let grep = Command::new("grep").arg("-rlasF").args(patterns).args(places).output().expect("grep runs");
    // Files may come and go meanwhile; what it found counts.
    String::from_utf8(grep.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Where the server keeps things: its folder, and its database with the log of changes on PostgreSQL.
fn places(server: &Server) -> Vec<PathBuf> {
    let mut places = vec![server.data()];
    if let Some(database) = server.database() {
        database.execute("CHECKPOINT").unwrap();
        places.extend([database.files(), database.folder().join("data/pg_wal")]);
    }
    for place in &places {
        assert!(place.read_dir().unwrap().next().is_some(), "{} is empty", place.display());
    }
    places
}

#[test]
fn no_secret_and_no_contact_is_found_in_any_log_or_file() {
    let (receiver, mail_server) = (Receiver::start(), MailServer::start(&["--rcpt-answer", "550 5.1.1 no"]));
    receiver.answer_with(500);
    let password = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(password.path(), PASSWORD).unwrap();
    let config = MailServer::config(mail_server.port);
    let mut server = Server::dev_with_config(&format!(
        "{config}username = \"kadi\"\npassword_file = \"{}\"\n",
        password.path().display()
    ));
    let folder = server.data();
    let canaries = {
        let url = receiver.url(WEBHOOK_PATH);
        let shop = Shop::credentials(&server, "quetzalcanary");
        let file = server.write("canary.toml", &shop.file(Some(&url), MORE_CREDENTIALS));
        server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
        go_through_every_door(&server, &shop, &receiver);
        canaries(&shop)
    };
    assert!(folder.join("keys.toml").exists());
    let logs = server.log();
    for canary in &canaries {
        let hit = logs.lines().find(|line| line.contains(canary.as_str()));
        assert_eq!(hit, None, "{canary} was logged");
    }
    let planted = server.write("data/planted", &format!("… {}", canaries[0]));
    assert_eq!(
        files_with(&[server.data()], &canaries),
        [planted.display().to_string()],
        "a planted one is found"
    );
    std::fs::remove_file(planted).unwrap();
    assert_eq!(files_with(&places(&server), &canaries), Vec::<String>::new(), "canaries lie open");
    server.kill9();
    server.start_again();
    server.stop();
    assert_eq!(
        files_with(&places(&server), &canaries),
        Vec::<String>::new(),
        "canaries lie open after the end"
    );
    for canary in &canaries {
        assert!(!server.log().contains(canary), "{canary} was logged at the end");
    }
}

#[test]
fn keys_and_the_admin_socket_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::dev();
    let is_embedded = server.database().is_none();
    assert_eq!(server.data().join("admin.sock").exists(), is_embedded, "PostgreSQL is administered directly");
    for name in ["keys.toml", "admin.sock"].into_iter().take(if is_embedded { 2 } else { 1 }) {
        let mode = std::fs::metadata(server.data().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
