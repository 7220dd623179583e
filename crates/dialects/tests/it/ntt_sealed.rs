//! Requests in `encData`: opened with the merchant's keys, answered encrypted, and nothing learned from one
//! that does not open.

use kadi_dialects::ntt::crypt::DataKey;
use kadi_dialects::ntt::settings::ENCRYPTION;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::merchant;
use crate::support::ntt::{ACTION, CREATE, LIST, asks, shown_by, wish};
use crate::support::paytm::with;
use crate::support::shop::Shop;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const KEYS: &str =
    "A4476C2062FFA58980DC8F79EB6A799E\nSALT-REQUEST\n75AEF0FA1B94B3C10D4F5B268F757F11\nSALT-RESPONSE";

struct Client {
    request: DataKey,
    response: DataKey,
}

impl Client {
    fn new() -> Self {
        let parts: Vec<_> = KEYS.split('\n').collect();
        let derive = |at: usize| DataKey::derive(parts[at], parts[at + 1]);
        Self { request: derive(0), response: derive(2) }
    }

    fn form(&self, text: &str) -> String {
        format!("merchId=446442&encData={}", self.request.encrypt(text))
    }

    fn json(&self, text: &str) -> String {
        json!({"merchId": 446_442, "encData": self.request.encrypt(text)}).to_string()
    }

    /// The plain text of an answer; its members in either form.
    fn open(&self, answer: &Answer) -> Value {
        let (id, data) = if answer.header("content-type") == Some(FORM) {
            let members: Vec<_> = answer.text.split('&').filter_map(|pair| pair.split_once('=')).collect();
            let [("merchId", id), ("encData", data)] = members[..] else { panic!("{}", answer.text) };
            (id.to_owned(), data.to_owned())
        } else {
            let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
            assert_eq!(answer.json().as_object().unwrap().len(), 2, "{}", answer.text);
            (text("merchId"), text("encData"))
        };
        assert_eq!(id, "446442");
        assert!(data.bytes().all(|byte| b"0123456789ABCDEF".contains(&byte)));
        serde_json::from_str(&self.response.decrypt(&data).unwrap()).unwrap()
    }
}

fn shop() -> Shop {
    let shop = Shop::ntt();
    shop.import_with(merchant("demo"), &[(ENCRYPTION, KEYS)]);
    shop
}

#[test]
fn a_request_is_opened_and_answered_in_its_own_form() {
    let (shop, client) = (shop(), Client::new());
    let text = |body: &Value| shown_by(Some("demo"), &body.to_string());
    for (kind, sent) in [(FORM, client.form(&text(&wish("E-1")))), (JSON, client.json(&text(&wish("E-2"))))] {
        let answer = shop.ntt_raw(CREATE, kind, sent);
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some(kind)));
        let told = client.open(&answer);
        assert_eq!(told["statusCode"], "OTS0001");
        assert!(!answer.text.contains("OTS"), "nothing in plain text");
    }
    let refused = shop.ntt_raw(CREATE, FORM, client.form(&text(&with(wish("E-3"), "amount", json!("x")))));
    assert_eq!(client.open(&refused)["statusCode"], "OTS1009", "a refusal too, once the caller is known");
    let nested = json!({"accountValidation": asks(), "param": {"action": "GETTEMPLATE"}});
    let answer = shop.ntt_raw(ACTION, JSON, client.json(&text(&nested)));
    assert_eq!(client.open(&answer)["statusCode"], "OTS0000");
    assert_eq!(shop.ots(LIST, &asks()).ots().0, "OTS0000", "plain requests go on");
}

/// Nobody learns whether it was the merchant, the padding or the text inside: so tapped requests are read.
#[test]
fn whatever_does_not_open_is_told_alike() {
    let (shop, client) = (shop(), Client::new());
    let right = client.request.encrypt(&shown_by(Some("demo"), &asks().to_string()));
    let (cut, _) = right.split_at(right.len() - 32);
    let (front, _) = right.split_at(right.len() - 1);
    let flipped = format!("{front}{}", if right.ends_with('0') { '1' } else { '0' });
    let inside = ["no JSON", "", "[]", "{\"a\":1,\"a\":2}", "\u{0}"].map(|text| client.request.encrypt(text));
    let mut wrong: Vec<(&str, &str)> = inside.iter().map(|data| ("446442", data.as_str())).collect();
    wrong.extend([("446442", cut), ("446442", &flipped), ("446442", ""), ("446442", "zz")]);
    wrong.extend([("446443", right.as_str()), ("id-other", &right), ("", &right)]);
    for (id, data) in wrong {
        let form = shop.ntt_raw(LIST, FORM, format!("merchId={id}&encData={data}"));
        let json = shop.ntt_raw(LIST, JSON, json!({"merchId": id, "encData": data}).to_string());
        for answer in [form, json] {
            let told = ("OTS1008".to_owned(), "encData: does not open".to_owned());
            assert_eq!(answer.ots_no(), told, "{id} {data}");
        }
    }
    let opens = shop.ntt_raw(LIST, FORM, format!("merchId=446442&encData={right}"));
    assert_eq!(client.open(&opens)["statusCode"], "OTS0000");
}

/// Until the password was right, answers are plain.
#[test]
fn who_is_not_known_is_answered_in_plain_text() {
    let (shop, client) = (shop(), Client::new());
    let wrong = with(asks(), "password", json!("Test@124")).to_string();
    let foreign = asks().to_string();
    for (who, text, code) in [("demo", wrong, "OTS1002"), ("other", foreign, "OTS1002")] {
        let text = client.form(&shown_by(Some(who), &text));
        assert_eq!(shop.ntt_raw(LIST, FORM, text).ots().0, code, "{who}");
    }
    let missing = shop.ntt_raw(LIST, FORM, client.form("{}"));
    assert_eq!(missing.ots_no(), ("OTS1001".to_owned(), "merchId".to_owned()));
}

#[test]
fn an_envelope_has_its_two_members_once() {
    let shop = shop();
    let told = |kind: &str, text: &str| shop.ntt_raw(LIST, kind, text.to_owned()).ots_no();
    let row = |code: &str, detail: &str| (code.to_owned(), detail.to_owned());
    assert_eq!(told(FORM, "encData=00"), row("OTS1001", "merchId"));
    assert_eq!(told(FORM, "merchId=446442"), row("OTS1001", "encData"));
    assert_eq!(told(FORM, "merchId=1&merchId=2&encData=00"), row("OTS1009", "merchId: stands twice"));
    assert_eq!(told(FORM, "merchId=1&encData=00&x=y"), row("OTS1009", "x: is not known to a form"));
    assert_eq!(told(JSON, "{\"encData\":\"00\"}"), row("OTS1001", "merchId"));
    let beside = "{\"encData\":\"00\",\"merchId\":1,\"password\":\"x\"}";
    assert_eq!(told(JSON, beside), row("OTS1009", "password: must stand in encData"));
    assert_eq!(told(JSON, "{\"encData\":7,\"merchId\":1}"), row("OTS1009", "encData"));
}
