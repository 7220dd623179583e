//! The recorded signatures of the vendor's rule, both ways.

use kadi_dialects::ntt::sign::{NttKey, SIGNATURE_CHARS};
use serde_json::Value;

fn records() -> Vec<Value> {
    let file: Value =
        serde_json::from_str(include_str!("../../../../tests/peers/vectors/signature-vectors.json")).unwrap();
    file["ntt"]["hmac_sha512"].as_array().unwrap().clone()
}

fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record[name].as_str().unwrap_or_else(|| panic!("{name}"))
}

fn parts(record: &Value) -> Vec<&str> {
    record["parts"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect()
}

#[test]
fn every_recorded_signature_is_made_and_accepted() {
    let records = records();
    assert_eq!(records.len(), 5);
    for record in &records {
        let (name, key) = (text(record, "name"), NttKey::new(text(record, "key")).unwrap());
        let (parts, signature) = (parts(record), text(record, "signature_hex_lower"));
        assert_eq!(parts.concat(), text(record, "signed_string"), "{name}");
        assert_eq!(signature.len(), SIGNATURE_CHARS);
        assert_eq!(key.sign(&parts), signature, "{name}");
        assert_eq!(key.sign(&[text(record, "signed_string")]), signature, "{name}: nothing stands between");
        assert!(key.verify(&parts, signature), "{name}");
        assert!(key.verify(&parts, &signature.to_uppercase()), "{name}: in either case");
    }
    assert_eq!(text(&records[0], "published_signature"), text(&records[0], "signature_hex_lower"));
}

#[test]
fn every_changed_character_and_every_cut_is_refused() {
    let record = &records()[1];
    let (key, parts) = (NttKey::new(text(record, "key")).unwrap(), parts(record));
    let signature = text(record, "signature_hex_lower");
    for at in 0..signature.len() {
        let (front, back) = signature.split_at(at);
        let (_, rest) = back.split_at(1);
        for digit in "0123456789abcdefg ".chars().filter(|digit| !back.starts_with(*digit)) {
            assert!(!key.verify(&parts, &format!("{front}{digit}{rest}")), "{at} is {digit}");
        }
        assert!(!key.verify(&parts, front) && !key.verify(&parts, &format!("{front}{rest}")), "{at}");
    }
    for wrong in [format!("{signature}00"), format!(" {signature}"), format!("{signature}\n"), "ॐ".repeat(64)]
    {
        assert!(!key.verify(&parts, &wrong), "{wrong}");
    }
    let other = NttKey::new("KEY123657235").unwrap();
    assert!(!other.verify(&parts, signature));
    assert_eq!(format!("{key:?}"), "NttKey(hidden)");
}
