//! Public codes: whatever stands in an address, it is one id's code in full or nobody's.

use kadi_domain::code::{CODE_LEN, CodeKey};
use kadi_domain::id::{ID_LIMIT, LinkId, PaymentId};

/// The id that the first bytes make, if it is one.
fn id_of(bytes: &[u8]) -> Option<i64> {
    let number = bytes.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))?;
    i64::try_from(number).ok().filter(|id| *id < ID_LIMIT)
}

#[test]
fn public_code() {
    let key = CodeKey::new(&[7; 32]);
    kadi_fuzz::target!("public_code", 2_000, |bytes: &[u8]| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            let link = key.decode(text);
            if let Some(id) = link {
                assert!((0..ID_LIMIT).contains(&id.get()), "{text}");
                assert_eq!(key.encode(id).unwrap(), text.strip_suffix("--a").unwrap_or(text));
            }
            let payment = key.decode_payment(text);
            if let Some(id) = payment {
                assert_eq!(key.encode_payment(id).unwrap(), text);
            }
            assert!(link.is_none() || payment.is_none(), "{text}");
        }
        let Some(id) = id_of(bytes) else { return };
        let code = key.encode(LinkId::new(id)).unwrap();
        assert!(code.len() == CODE_LEN && code.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{code}");
        assert_eq!(key.decode(&code), Some(LinkId::new(id)));
        assert_eq!(key.decode(&format!("{code}--a")), Some(LinkId::new(id)));
        let own = key.encode_payment(PaymentId::new(id)).unwrap();
        assert_eq!(key.decode_payment(&own), Some(PaymentId::new(id)));
        // A code with something before or behind it, or another letter in it, is nobody's.
        let rest = String::from_utf8_lossy(&bytes[8..]);
        for other in [format!("{code}{rest}"), format!("{rest}{code}")] {
            let is_same = rest.is_empty() || other == format!("{code}--a");
            assert_eq!(key.decode(&other).is_some(), is_same, "{other}");
        }
    });
}
