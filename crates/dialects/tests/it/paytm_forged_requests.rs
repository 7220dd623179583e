//! Requests that somebody else made up or changed: each is refused with the very same answer.

use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::{merchant, with_keys};
use crate::support::paytm::{KEY, fixed, signed, with};
use crate::support::shop::Shop;

const OTHERS_KEY: &str = "fedcba9876543210";

/// The answer without its time.
fn told(answer: &Answer) -> (u16, String) {
    let mut body = answer.json();
    body["head"]["timestamp"] = Value::Null;
    (answer.status.as_u16(), body.to_string())
}

fn request(signature: &str, body: &str) -> String {
    json!({"head": {"tokenType": "AES", "signature": signature}, "body": 0})
        .to_string()
        .replace("\"body\":0", &format!("\"body\":{body}"))
}

fn signature_of(text: &str) -> String {
    let value: Value = serde_json::from_str(text).unwrap();
    value["head"]["signature"].as_str().unwrap().to_owned()
}

/// Everything that can be made of a genuine signature without the key.
fn damaged(genuine: &str) -> Vec<String> {
    let mut all = vec![String::new(), genuine.to_lowercase(), genuine.repeat(2), "A".repeat(108)];
    for at in 0..genuine.len() {
        let (front, back) = genuine.split_at(at);
        all.push(front.to_owned());
        all.push(back.chars().skip(1).collect());
        all.extend([" ", "\n", "\t", "\r\n", "\u{a0}"].map(|blank| format!("{front}{blank}{back}")));
        for bit in 0..7 {
            let flipped = genuine.bytes().enumerate();
            let flipped =
                flipped.map(|(index, byte)| char::from(if index == at { byte ^ (1 << bit) } else { byte }));
            all.push(flipped.collect());
        }
    }
    all.retain(|signature| signature != genuine);
    all
}

#[test]
fn every_forged_request_gets_the_same_answer_and_makes_no_link() {
    let shop = Shop::open(vec![
        with_keys(merchant("demo"), &[("C11", KEY)]),
        with_keys(merchant("other"), &[("C11", OTHERS_KEY)]),
    ]);
    let body = fixed().to_string();
    let genuine = signature_of(&signed(&json!({"tokenType": "AES"}), KEY, &body));
    let refused = told(&shop.send_raw(request(&"A".repeat(108), &body)));
    assert!(refused.1.contains("\"resultCode\":\"5028\""), "{}", refused.1);
    assert!(!refused.1.contains("signature"), "{}", refused.1);
    let same = |what: &str, text: String| assert_eq!(told(&shop.send_raw(text)), refused, "{what}");
    for signature in damaged(&genuine) {
        same(&format!("{signature:?}"), request(&signature, &body));
    }
    let another = with(fixed(), "amount", 1).to_string();
    same("the head of another request", request(&genuine, &another));
    same("a body with another blank", request(&genuine, &body.replace(",\"", ", \"")));
    same("another merchant's key", signed(&json!({"tokenType": "AES"}), OTHERS_KEY, &body));
    same("the request of another merchant under this mid", {
        let theirs = with(fixed(), "mid", "OTHER").to_string();
        request(&signature_of(&signed(&json!({"tokenType": "AES"}), OTHERS_KEY, &theirs)), &body)
    });
    assert_eq!(shop.get("/v1/links").json()["data"], json!([]), "nothing was made");
    // Our own answers are signed with the same key: as requests they ask for nothing, and lend their
    // signature to nothing else.
    let answer = shop.create(&fixed());
    same("the signature of our answer", request(&signature_of(&answer.text), &body));
    let told = [("resultInfo", json!({"resultCode": "01"})), ("respCode", json!("01"))];
    for (member, value) in told {
        let ours = with(fixed(), member, value).to_string();
        same(member, signed(&json!({"tokenType": "AES"}), KEY, &ours));
    }
    let returned = shop.send_raw(&answer.text);
    assert_eq!(returned.told().0, "5004", "{}", returned.text);
    assert_eq!(shop.get("/v1/links").json()["data"].as_array().unwrap().len(), 1);
}
