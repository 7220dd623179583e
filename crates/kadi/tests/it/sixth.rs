//! A sixth dialect: CONTRIBUTING.md ("A dialect") followed literally in a copy of the tree, for a vendor
//! whose calls are signed one by one, whose amounts read `INR 1.234,50`, and whose links are in states that
//! Kadi lacks. The copy's server then serves it, and no crate but `dialects` has changed.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::harness::http::{Answer, Call};
use crate::harness::own_api::text;
use crate::harness::receiver::Receiver;
use crate::harness::sandbox::code_of;
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::harness::wait::wait_for;
use crate::sixth_tree::{NAME, Tree};

/// A program of a merchant, and the names of its account.
struct Farm<'a> {
    server: &'a Server,
    farm: String,
    secret: String,
}

fn signature(secret: &str, signed: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    HEXLOWER.encode(&mac.finalize().into_bytes())
}

impl Farm<'_> {
    #[expect(clippy::disallowed_methods, reason = "the farm is another process, with a clock of its own")]
    fn call(&self, method: &'static str, path: &str, body: &str) -> Answer {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let signature = signature(&self.secret, &format!("{method}\n{path}\n{time}\n{body}"));
        let call = Call::new(method, &format!("/{NAME}{path}")).header("tamarind-farm", &self.farm);
        let call = call.header("tamarind-time", &time.to_string()).header("tamarind-signature", &signature);
        self.server.send(&if body.is_empty() { call } else { call.body("application/json", body) })
    }

    fn hang(&self, basket: &str) -> Value {
        let wish = json!({"basket": basket, "label": "Two pods", "price": "INR 1.234,50", "hours": 20,
            "phone": "9111100066"});
        let answer = self.call("POST", "/pods", &wish.to_string());
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    fn look(&self, pod: &Value) -> Answer {
        self.call("GET", &format!("/pods/{}", text(pod)), "")
    }

    fn state(&self, pod: &Value) -> String {
        text(&self.look(pod).json()["state"]).to_owned()
    }
}

/// What stands between single backticks in a section of CONTRIBUTING.md.
fn named(tree: &Tree, section: &str) -> Vec<String> {
    let page = tree.text("CONTRIBUTING.md");
    let (_, rest) = page.split_once(&format!("\n### {section}\n")).expect("the section");
    let section = rest.split("\n### ").next().unwrap();
    section.split('`').skip(1).step_by(2).map(|word| word.replace("NAME", NAME)).collect()
}

/// CONTRIBUTING.md names every file that is touched and no other; nothing outside the crate is, but pages.
fn the_page_says_all(tree: &Tree) {
    let named = named(tree, "A dialect");
    let folder = format!("crates/dialects/src/{NAME}/");
    let is_path = |word: &&String| word.contains('/') || word.ends_with(".md");
    let paths: BTreeSet<&String> = named.iter().filter(is_path).collect();
    assert!(paths.contains(&folder), "{paths:?}");
    for file in named.iter().filter(|word| word.ends_with(".rs") && !word.contains('/')) {
        assert!(tree.has(&format!("{folder}{file}")), "the page names {file} of the folder");
    }
    let (within, beside): (BTreeSet<&String>, _) =
        tree.changed.iter().partition(|path| path.starts_with(&folder));
    assert!(within.len() > 5, "{within:?}");
    let listed: BTreeSet<&String> = paths.into_iter().filter(|path| **path != folder).collect();
    assert_eq!(beside, listed, "left: what adding a dialect touches; right: what CONTRIBUTING.md names");
    let is_foreign = |path: &&String| {
        let is_page = path.starts_with("docs/") || *path == "CHANGELOG.md";
        !path.starts_with("crates/dialects/") && !is_page
    };
    assert_eq!(tree.changed.iter().find(is_foreign), None, "no other crate changes");
}

/// A link from its making to its end, by the vendor's words.
fn a_link_is_made_read_and_paid(farm: &Farm<'_>, receiver: &Receiver) {
    let server = farm.server;
    let made = farm.hang("B-1");
    assert_eq!((&made["price"], &made["eaten"]), (&json!("INR 1.234,50"), &json!("INR 0,00")));
    let pod = &made["pod"];
    wait_for("the message", || (farm.state(pod) == "ripening").then_some(()));
    let page = server.send(&Call::get(&format!("/p/{}", code_of(&made["href"]))));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("1,234.50"), "{}", page.text());
    wait_for("the opening", || (farm.state(pod) == "ripe").then_some(()));
    server.advance(18 * 3_600 + 60);
    assert_eq!(farm.state(pod), "overripe");
    server.pay(text(pod), "success");
    let eaten = farm.look(pod).json();
    assert_eq!((&eaten["state"], &eaten["eaten"]), (&json!("eaten"), &json!("INR 1.234,50")));
    let told = receiver.wait_for_posts("/told", 1).remove(0);
    let header = |name: &str| told.message.header(name).unwrap().to_owned();
    let signed = format!("{}\n{}", header("tamarind-time"), told.text());
    assert_eq!(header("tamarind-signature"), signature(&farm.secret, &signed));
    let form = told.form();
    assert_eq!((&form["pod"], &form["basket"]), (pod, &json!("B-1")));
    assert_eq!((&form["state"], &form["eaten"]), (&json!("eaten"), &json!("INR 1.234,50")));
    let again = farm.call(
        "POST",
        "/pods",
        &json!({"basket": "B-1", "label": "x", "price": "INR 5,00",
        "hours": 1})
        .to_string(),
    );
    assert_eq!((again.status, &again.json()["worm"]["code"]), (409, &json!("T3")));
    let shaken = farm.hang("B-2");
    let shake = farm.call("POST", &format!("/pods/{}/shake", text(&shaken["pod"])), "{}");
    assert_eq!(shake.json()["state"], "shaken", "{}", shake.text());
    let rotten = farm.hang("B-3");
    server.advance(20 * 3_600);
    assert_eq!(farm.state(&rotten["pod"]), "rotten");
    let told = receiver.wait_for_posts("/told", 3);
    let states: BTreeSet<String> = told.iter().map(|it| text(&it.form()["state"]).to_owned()).collect();
    assert_eq!(states, ["eaten", "rotten", "shaken"].map(str::to_owned).into());
}

/// Whose link it is, by which dialect it was made, and who signed.
fn a_link_belongs_to_its_merchant(farm: &Farm<'_>, shop: &Shop<'_>, demo: &Farm<'_>) {
    let pod = farm.hang("B-4")["pod"].clone();
    let missing = demo.look(&json!("0000000000000"));
    assert_eq!(missing.status, 404);
    assert_eq!(demo.look(&pod).text(), missing.text(), "not yours is not there");
    let forged = Farm { server: farm.server, farm: farm.farm.clone(), secret: demo.secret.clone() };
    let unknown = Farm { server: farm.server, farm: "nobody".to_owned(), secret: farm.secret.clone() };
    for other in [&forged, &unknown] {
        assert_eq!((other.look(&pod).status, &other.look(&pod).json()["worm"]["code"]), (401, &json!("T1")));
    }
    let own = shop.found("/v1/links");
    assert_eq!(own["data"][0]["code"], pod, "its merchant sees it in the own API too");
    let link = shop.link(&json!({"kind": "fixed", "amount": 100, "name": "Own"}));
    assert_eq!(farm.look(&link["code"]).json()["price"], "INR 1,00", "and the other way round");
}

#[test]
fn a_sixth_dialect_is_a_folder_and_rows_in_one_crate() {
    let tree = Tree::with_the_sixth();
    the_page_says_all(&tree);
    let server = Server::dev_of(tree.server());
    let account = &server.demo[NAME];
    let field = |name: &str| text(&account[name]).to_owned();
    let demo = Farm { server: &server, farm: field("farm"), secret: field("secret") };
    let receiver = Receiver::start();
    let told = receiver.url("/told");
    let line = format!(
        "{NAME} = {{ farm = \"valley\", secret = \"a secret of theirs\", webhook_url = \"{told}\" }}"
    );
    let shop = Shop::open_with(&server, "valley", &line);
    let farm = Farm { server: &server, farm: "valley".to_owned(), secret: "a secret of theirs".to_owned() };
    a_link_is_made_read_and_paid(&farm, &receiver);
    a_link_belongs_to_its_merchant(&farm, &shop, &demo);
    let listed = server.kadi_ok(&["merchant", "list"]);
    assert!(listed.contains(NAME), "{listed}");
    server.verify();
    // The rules of the house, and the dialects' own tests of every call, hold for it too.
    tree.cargo(&["test", "-p", "kadi-tidy"]);
    if std::env::var("KADI_LONG").is_ok_and(|value| value == "1") {
        tree.cargo(&["test", "-p", "kadi-dialects"]);
    }
}
