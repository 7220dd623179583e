//! Who may call: keys by their names, several at once, revoked ones, and the keys of an aggregator.

use kadi_dialects::paytm::settings::{DIALECT, KEY as SLOT};
use kadi_domain::credential::Credential;
use kadi_domain::merchant::Merchant;
use kadi_engine::commands::administer::RevokeCredential;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::{merchant, mid, with_keys};
use crate::support::paytm::{fixed, with};
use crate::support::shop::Shop;

const FIRST: &str = "first-key-of-abc";
const SECOND: &str = "second-key-of-ab";
const BARE: &str = "a-key-without-na";
const PARENT: &str = "the-aggregators!";

fn create(shop: &Shop, client: &Value, key: &str) -> Answer {
    let mut head = json!({"tokenType": "AES", "clientId": client});
    if client.is_null() {
        head.as_object_mut().unwrap().remove("clientId");
    }
    shop.create_with(&head, key, &fixed().to_string())
}

fn revoke(shop: &Shop, slug: &str, label: &str) {
    let name = slug.to_owned();
    let found: Vec<Credential> = shop.read(move |reader| {
        let merchant = reader.merchant_by_slug(&name)?.unwrap();
        reader.credentials_of(merchant.id)
    });
    let key = found.into_iter().find(|it| it.dialect == DIALECT && it.slot == SLOT && it.label == label);
    shop.submit(RevokeCredential { slug: slug.to_owned(), credential_id: key.unwrap().id });
}

#[test]
fn with_several_keys_the_named_one_counts_and_without_a_name_any() {
    let shop = Shop::open(vec![with_keys(merchant("demo"), &[("C11", FIRST), ("C12", SECOND)])]);
    for (client, key, told) in [
        (json!("C11"), FIRST, "200"),
        (json!("C12"), SECOND, "200"),
        (json!("C11"), SECOND, "5028"),
        (json!("C12"), FIRST, "5028"),
        (json!("C13"), FIRST, "5028"),
        (json!("a name that is far too long"), FIRST, "5028"),
        (json!(11), FIRST, "5028"),
        (Value::Null, FIRST, "200"),
        (Value::Null, SECOND, "200"),
        (json!(""), SECOND, "200"),
        (Value::Null, BARE, "5028"),
    ] {
        let answer = create(&shop, &client, key);
        assert_eq!(answer.word(), told, "{client} {key}");
        let is_signed = answer.json()["head"]["signature"].is_string();
        assert_eq!(is_signed, told == "200", "{client} {key}");
    }
}

#[test]
fn a_key_without_a_name_answers_to_every_name() {
    let shop = Shop::open(vec![with_keys(merchant("demo"), &[("", BARE), ("C11", FIRST)])]);
    for client in [Value::Null, json!("C11"), json!("C99")] {
        assert_eq!(create(&shop, &client, BARE).word(), "200", "{client}");
    }
    assert_eq!(create(&shop, &json!("C99"), FIRST).word(), "5028");
}

#[test]
fn a_revoked_key_verifies_nothing() {
    let shop = Shop::open(vec![with_keys(merchant("demo"), &[("C11", FIRST), ("C12", SECOND)])]);
    revoke(&shop, "demo", "C11");
    assert_eq!(create(&shop, &Value::Null, FIRST).word(), "5028");
    assert_eq!(create(&shop, &json!("C11"), FIRST).word(), "5028");
    assert_eq!(create(&shop, &Value::Null, SECOND).word(), "200");
    revoke(&shop, "demo", "C12");
    assert_eq!(create(&shop, &Value::Null, SECOND).word(), "5028");
}

#[test]
fn an_aggregator_calls_for_its_child_with_its_own_key() {
    let of = |slug: &str| Merchant { aggregator: Some("agg".to_owned()), ..merchant(slug) };
    let off = Merchant { active: false, ..merchant("off") };
    let orphan = Merchant { aggregator: Some("off".to_owned()), ..merchant("orphan") };
    let shop = Shop::open(vec![
        with_keys(merchant("agg"), &[("C11", PARENT)]),
        with_keys(of("child"), &[]),
        with_keys(of("grown"), &[("C11", FIRST)]),
        with_keys(off, &[("C11", PARENT)]),
        with_keys(orphan, &[]),
        with_keys(merchant("demo"), &[("C11", FIRST)]),
    ]);
    let word = |slug: &str, key: &str| {
        let body = with(fixed(), "mid", mid(slug));
        shop.create_with(&json!({"tokenType": "AES"}), key, &body.to_string()).word()
    };
    assert_eq!(word("child", PARENT), "200");
    assert_eq!(word("grown", PARENT), "200");
    assert_eq!(word("grown", FIRST), "200");
    // Never upwards, never sideways, never for an aggregator that is switched off.
    assert_eq!(word("agg", FIRST), "5028");
    assert_eq!(word("demo", PARENT), "5028");
    assert_eq!(word("child", FIRST), "5028");
    assert_eq!(word("orphan", PARENT), "5028");
}

#[test]
fn the_text_of_the_body_is_signed_as_it_was_sent() {
    let shop = Shop::open(vec![with_keys(merchant("demo"), &[("C11", FIRST)])]);
    let head = json!({"tokenType": "AES"});
    let spaced = fixed().to_string().replace("\":", "\": ").replace(',', ", ");
    assert_eq!(shop.create_with(&head, FIRST, &spaced).word(), "200");
    let escaped = fixed().to_string().replace('P', "\\u0050");
    assert_eq!(shop.create_with(&head, FIRST, &escaped).word(), "200");
    let signed = crate::support::paytm::signed(&head, FIRST, &fixed().to_string());
    assert_eq!(shop.send_raw(&signed).word(), "200");
    for changed in
        [signed.replace(":499", ":498"), signed.replace(":499", ": 499"), signed.replace("Inv", "\\u0049nv")]
    {
        assert_ne!(changed, signed);
        assert_eq!(shop.send_raw(&changed).word(), "5028", "{changed}");
    }
}

#[test]
fn a_signature_that_is_none_is_refused() {
    let shop = Shop::paytm();
    let head = |signature: Value| json!({"tokenType": "AES", "signature": signature});
    for signature in [
        json!(null),
        json!(""),
        json!(7),
        json!([]),
        json!("A".repeat(108)),
        json!("é".repeat(54)),
        json!("A".repeat(9_000)),
    ] {
        let request = json!({"head": head(signature.clone()), "body": fixed()}).to_string();
        assert_eq!(shop.send_raw(request).word(), "5028", "{signature}");
    }
    for token_type in [json!(null), json!(""), json!("aes"), json!("JWT"), json!(1)] {
        let head = json!({"tokenType": token_type});
        assert_eq!(shop.create_with(&head, crate::support::paytm::KEY, &fixed().to_string()).word(), "5028");
    }
}

#[test]
fn long_and_odd_head_members_are_not_echoed() {
    let shop = Shop::paytm();
    let head = json!({"tokenType": "AES", "version": "v".repeat(9_000), "channelId": 7, "timestamp": 1});
    let answer = shop.create_with(&head, crate::support::paytm::KEY, &fixed().to_string());
    let head = &answer.json()["head"];
    assert_eq!(
        (&head["version"], &head["channelId"], &head["clientId"]),
        (&json!("v1"), &json!("WEB"), &Value::Null)
    );
}
