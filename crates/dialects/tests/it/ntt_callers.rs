//! Who may call: several live passwords and keys, revoked ones, other merchants' invoices, and the invoices
//! of other APIs.

use kadi_dialects::ntt::settings::{DIALECT, PASSWORD, REQUEST_HASH_KEY};
use kadi_dialects::ntt::sign::NttKey;
use kadi_engine::commands::administer::RevokeCredential;
use serde_json::{Value, json};

use crate::support::merchants::merchant;
use crate::support::ntt::{CANCEL, CREATE, LIST, RESEND, about, asks, wish};
use crate::support::paytm::with;
use crate::support::shop::Shop;

/// A create with this password, signed with this key.
fn signed(txn_id: &str, password: &str, key: &str) -> Value {
    let signature = NttKey::new(key).unwrap().sign(&["446442", password, "100.00", txn_id]);
    with(with(wish(txn_id), "password", json!(password)), "signature", json!(signature))
}

fn revoke(shop: &Shop, slot: &str, at: usize) {
    let merchant = shop.read(|reader| reader.merchant_by_slug("demo")).unwrap().id;
    let credentials = shop.read(move |reader| reader.credentials_of(merchant));
    let mut of_slot = credentials.iter().filter(|c| c.dialect == DIALECT && c.slot == slot);
    let credential_id = of_slot.nth(at).unwrap().id;
    shop.submit(RevokeCredential { slug: "demo".to_owned(), credential_id });
}

/// While keys are changed the old and the new are live; what is revoked is as if it had never been.
#[test]
fn passwords_and_keys_may_be_several_until_they_are_revoked() {
    let shop = Shop::ntt();
    shop.import_with(merchant("demo"), &[(PASSWORD, "New@123"), (REQUEST_HASH_KEY, "NEWKEY")]);
    let mut number = 0;
    let mut code = |password: &str, key: &str| {
        number += 1;
        shop.ots(CREATE, &signed(&format!("T-{number}"), password, key)).ots().0
    };
    for password in ["Test@123", "New@123"] {
        for key in ["KEY123657234", "NEWKEY"] {
            assert_eq!(code(password, key), "OTS0001", "{password} {key}");
        }
        assert_eq!(code(password, "KEYRESP123657234"), "OTS1011", "the key of responses signs no request");
    }
    revoke(&shop, PASSWORD, 0);
    revoke(&shop, REQUEST_HASH_KEY, 0);
    assert_eq!(code("Test@123", "NEWKEY"), "OTS1002");
    assert_eq!(code("New@123", "KEY123657234"), "OTS1011");
    assert_eq!(code("New@123", "NEWKEY"), "OTS0001");
}

#[test]
fn an_unknown_merchant_and_a_wrong_password_are_told_alike() {
    let shop = Shop::ntt();
    let wrong = ["Test@12", "Test@1234", "test@123", "Test@123 ", "KEY123657234", "Test@other"];
    let texts: Vec<_> = wrong
        .iter()
        .map(|wrong| shop.ots(LIST, &with(asks(), "password", json!(wrong))).text)
        .chain([shop.ots(LIST, &with(asks(), "merchId", json!("1"))).text])
        .chain([shop.ots(LIST, &with(asks(), "merchId", json!("446442 "))).text])
        .collect();
    assert!(texts[0].contains("OTS1002"));
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
}

#[test]
fn another_merchants_invoice_is_not_there() {
    let shop = Shop::ntt();
    let (link, number) = shop.ntt_link(&wish("T-1"));
    for path in [RESEND, CANCEL] {
        let of_other = shop.ntt_by(Some("other"), path, &about(&number).to_string());
        let absent = shop.ntt_by(Some("other"), path, &about("INV7").to_string());
        assert_eq!(of_other.text, absent.text);
        assert_eq!(of_other.ots().0, "OTS1012");
        for wrong in [number.to_lowercase(), format!("{number} "), number.replace("INV", "INV0")] {
            assert_eq!(shop.ots(path, &about(&wrong)).ots().0, "OTS1012", "{wrong}");
        }
        assert_eq!(shop.ots(path, &about("INV")).ots().0, "OTS1012");
    }
    assert_eq!(shop.messages_of(&link).len(), 2, "nothing was sent again");
    let own = shop.ntt_by(Some("other"), CREATE, &wish("T-1").to_string());
    assert_eq!(own.ots().0, "OTS0001", "each merchant has its own ids");
}

/// A link belongs to the merchant, not to the dialect that made it.
#[test]
fn the_links_of_other_apis_are_sent_and_cancelled_by_their_number() {
    let shop = Shop::ntt();
    let made = shop.post(
        "/v1/links",
        &json!({"kind": "fixed", "name": "x", "amount": 12_345, "currency": "INR",
            "customer": {"mobile": "9000000001"}, "expires_at": "2099-01-01T00:00:00Z"}),
    );
    let link = shop.link(&made);
    let number = kadi_domain::invoice::invoice_number(link.id);
    let resent = shop.ots(RESEND, &about(&number));
    assert_eq!(resent.ots().0, "OTS0001", "{}", resent.text);
    assert_eq!(resent.json()["amount"], "123.45");
    assert_eq!(resent.json()["expiryDate"], "2099-01-01 05:30:00");
    assert!(resent.json().get("merchantTxnId").is_none());
    assert_eq!(shop.messages_of(&link).len(), 1);
    assert_eq!(shop.ots(CANCEL, &about(&number)).ots().0, "OTS0002");
    assert_eq!(shop.get(&format!("/v1/links/{}", link.id.get())).json()["status"], "cancelled");
}
