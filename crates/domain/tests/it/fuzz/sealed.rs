//! Sealed values as the database gives them back: what was sealed opens, what was changed does not.

use kadi_domain::seal::{Keyring, NumberedKey, Place};
use kadi_domain::secret::Secret;

const PLACE: Place = Place { table: "customer", row: 5, column: "mobile" };

fn ring(ids: &[u32]) -> Keyring {
    let key = |id: &u32| NumberedKey { id: *id, key: Secret::new([u8::try_from(*id).unwrap(); 32]) };
    let keys: Vec<_> = ids.iter().map(key).collect();
    Keyring::new(&Secret::new([11; 32]), keys.clone(), Secret::new([12; 32]), keys).unwrap()
}

#[test]
fn sealed_value() {
    let (ring, elder) = (ring(&[1, 2]), ring(&[1]));
    kadi_fuzz::target!("sealed_value", 2_000, |bytes: &[u8]| {
        // What opens was sealed so, byte for byte. (A fuzzer that watches comparisons finds what was.)
        if let Ok(plain) = ring.open(PLACE, bytes) {
            let nonce = bytes[4..16].try_into().unwrap();
            let ring = if bytes[3] == 1 { &elder } else { &ring };
            assert_eq!(ring.seal(PLACE, nonce, &plain).unwrap(), bytes);
        }
        let (plain, change) = bytes.split_at(bytes.len() / 2);
        let blob = ring.seal(PLACE, [9; 12], plain).unwrap();
        assert_eq!(ring.open(PLACE, &blob).unwrap(), plain);
        assert_eq!(ring.open_text(PLACE, &blob).is_ok(), std::str::from_utf8(plain).is_ok());
        assert!(elder.open(PLACE, &blob).is_err());
        assert!(ring.open(Place { row: 6, ..PLACE }, &blob).is_err());
        let mut changed = blob.clone();
        for (at, mask) in change.iter().enumerate() {
            let at = at % changed.len();
            changed[at] ^= mask;
        }
        assert_eq!(ring.open(PLACE, &changed).is_ok(), changed == blob);
        let cut = change.len() % blob.len();
        assert!(ring.open(PLACE, &blob[..cut]).is_err());
    });
}
