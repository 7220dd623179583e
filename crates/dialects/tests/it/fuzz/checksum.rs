//! Paytm's checksum: its own signatures verify, changed ones do not, whatever is sent.

use kadi_dialects::paytm::sign::{PaytmKey, SIGNATURE_CHARS, SIGNATURE_FIELD, form_text, salt_from};

use crate::support::paytm::KEY;

/// Four bytes of salt, then the text, then, behind a line break, changes to the signature.
fn taken_apart(bytes: &[u8]) -> Option<([u8; 4], &str, &[u8])> {
    let (salt, rest) = bytes.split_first_chunk()?;
    let end = rest.iter().rposition(|byte| *byte == b'\n').unwrap_or(rest.len());
    let text = std::str::from_utf8(&rest[..end]).ok()?;
    Some((salt_from(*salt), text, rest.get(end + 1..).unwrap_or_default()))
}

#[test]
fn paytm_checksum() {
    let key = PaytmKey::new(KEY).unwrap();
    let other = PaytmKey::new("fedcba9876543210").unwrap();
    kadi_fuzz::target!("paytm_checksum", 1_000, |bytes: &[u8]| {
        let Some((salt, text, changes)) = taken_apart(bytes) else { return };
        let signature = key.sign(text, salt);
        assert_eq!(signature.len(), SIGNATURE_CHARS);
        assert!(key.verify(text, &signature) && !other.verify(text, &signature));
        assert!(!key.verify(&format!("{text} "), &signature));
        let mut changed = signature.clone().into_bytes();
        for (at, byte) in changes.iter().enumerate() {
            let at = (at * 31 + usize::from(*byte)) % SIGNATURE_CHARS;
            changed[at] = *byte;
        }
        if let Ok(changed) = std::str::from_utf8(&changed) {
            assert_eq!(key.verify(text, changed), changed == signature, "{changed}");
        }
        // The text itself as a signature, of whatever length, is read without harm.
        assert!(!key.verify("", text) || text.len() == SIGNATURE_CHARS);
        let fields: Vec<(&str, Option<&str>)> = text
            .split('&')
            .map(|pair| pair.split_once('=').map_or((pair, None), |(n, v)| (n, Some(v))))
            .collect();
        let signature = key.sign_form(&fields, salt);
        assert!(key.verify_form(&fields, &signature));
        let mut turned: Vec<_> = fields.iter().rev().copied().collect();
        turned.push((SIGNATURE_FIELD, Some(signature.as_str())));
        let is_unambiguous =
            fields.iter().all(|(name, _)| fields.iter().filter(|(other, _)| other == name).count() == 1);
        assert!(!is_unambiguous || key.verify_form(&turned, &signature), "{}", form_text(&fields));
    });
}
