//! The recorded signatures of the vendor's own libraries.

use std::collections::BTreeMap;

use kadi_dialects::paytm::sign::{FormPair, PaytmKey, form_text};
use serde_json::Value;

/// A recorded signature; `salt` and `form` where the record has them.
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) key: PaytmKey,
    pub(crate) text: String,
    pub(crate) signature: String,
    salt: Option<[u8; 4]>,
    form: Option<BTreeMap<String, Option<String>>>,
}

/// The records of one kind: "deterministic", "random_salt" or "negative".
pub(crate) fn vectors(kind: &str) -> Vec<Vector> {
    let file: Value =
        serde_json::from_str(include_str!("../../../../tests/peers/vectors/signature-vectors.json")).unwrap();
    file["paytm"][kind].as_array().unwrap().iter().map(vector).collect()
}

fn vector(record: &Value) -> Vector {
    let text = |name: &str| record[name].as_str().unwrap().to_owned();
    Vector {
        name: text("name"),
        key: PaytmKey::new(&text("key")).unwrap(),
        text: text("signed_string"),
        signature: text("signature"),
        salt: record["salt"].as_str().map(|salt| salt.as_bytes().try_into().unwrap()),
        form: (record["input_kind"] == "map")
            .then(|| serde_json::from_value(record["input"].clone()).unwrap()),
    }
}

#[test]
fn the_same_salt_gives_the_same_signature() {
    let vectors = vectors("deterministic");
    assert_eq!(vectors.len(), 8);
    for vector in vectors {
        assert_eq!(vector.key.sign(&vector.text, vector.salt.unwrap()), vector.signature, "{}", vector.name);
        assert!(vector.key.verify(&vector.text, &vector.signature), "{}", vector.name);
    }
}

#[test]
fn forms_are_signed_by_their_values_in_the_order_of_their_names() {
    let mut forms = 0;
    for vector in vectors("deterministic") {
        let Some(form) = &vector.form else { continue };
        forms += 1;
        // Backwards, so that the order of the record proves nothing.
        let pairs: Vec<FormPair<'_>> = form.iter().rev().map(|(n, v)| (n.as_str(), v.as_deref())).collect();
        assert_eq!(form_text(&pairs), vector.text, "{}", vector.name);
        assert_eq!(vector.key.sign_form(&pairs, vector.salt.unwrap()), vector.signature);
        assert!(vector.key.verify_form(&pairs, &vector.signature));
        let with_signature = [pairs, vec![("CHECKSUMHASH", Some(vector.signature.as_str()))]].concat();
        assert!(vector.key.verify_form(&with_signature, &vector.signature));
    }
    assert_eq!(forms, 4);
}

#[test]
fn signatures_with_random_salts_verify() {
    let vectors = vectors("random_salt");
    assert_eq!(vectors.len(), 5);
    for vector in vectors {
        assert!(vector.key.verify(&vector.text, &vector.signature), "{}", vector.name);
    }
}

#[test]
fn what_the_libraries_refuse_is_refused() {
    let vectors = vectors("negative");
    assert_eq!(vectors.len(), 3);
    for vector in vectors {
        assert!(!vector.key.verify(&vector.text, &vector.signature), "{}", vector.name);
    }
}
