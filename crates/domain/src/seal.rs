//! Sealing of secrets and personal data, blind indexes, and the seals over the books. Randomness is an
//! argument.

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::code::CodeKey;
use crate::refusal::Fault;
use crate::secret::Secret;

const NONCE_LEN: usize = 12;
const KEY_ID_LEN: usize = 4;

/// Key material of 256 bits with the number by which sealed columns name it.
#[derive(Clone, Debug)]
pub struct NumberedKey {
    /// Named in everything made with this key; never given twice.
    pub id: u32,
    /// The key itself.
    pub key: Secret<[u8; 32]>,
}

/// Where a sealed value stands; part of its associated data, so that a value moved elsewhere does not open.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The table's name.
    pub table: &'static str,
    /// The row's id.
    pub row: i64,
    /// The column's name.
    pub column: &'static str,
}

/// All keys of an installation.
#[derive(Debug)]
pub struct Keyring {
    code: CodeKey,
    seal: Vec<NumberedKey>,
    blind: Secret<[u8; 32]>,
    books: Vec<NumberedKey>,
    prints: Vec<(String, String)>,
}

impl Keyring {
    /// A ring from its parts. The newest (last) of `seal` and `books` makes new values, all of them open old
    /// ones.
    pub fn new(
        code: &Secret<[u8; 32]>,
        seal: Vec<NumberedKey>,
        blind: Secret<[u8; 32]>,
        books: Vec<NumberedKey>,
    ) -> Result<Self, Fault> {
        if seal.is_empty() || books.is_empty() {
            return Err(Fault::new("keys: at least one seal key and one book key are needed"));
        }
        let mut prints = vec![print_of("code", 0, code.expose()), print_of("blind", 0, blind.expose())];
        prints.extend(seal.iter().map(|k| print_of("seal", k.id, k.key.expose())));
        prints.extend(books.iter().map(|k| print_of("books", k.id, k.key.expose())));
        Ok(Self { code: CodeKey::new(code.expose()), seal, blind, books, prints })
    }

    /// The key of the public codes.
    pub const fn code(&self) -> &CodeKey {
        &self.code
    }

    /// Names and fingerprints of all keys, which the database keeps to refuse a start with other keys.
    pub fn prints(&self) -> &[(String, String)] {
        &self.prints
    }

    /// Seals `plain` for its place: key id, nonce and AES-256-GCM-SIV ciphertext.
    pub fn seal(&self, place: Place, nonce: [u8; NONCE_LEN], plain: &[u8]) -> Result<Vec<u8>, Fault> {
        let newest = self.seal.last().ok_or_else(|| Fault::new("no seal key"))?;
        let payload = Payload { msg: plain, aad: &associated(place) };
        let sealed = cipher(newest)?
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Fault::new("a value could not be sealed"))?;
        let mut blob = newest.id.to_be_bytes().to_vec();
        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(&sealed);
        Ok(blob)
    }

    /// Opens what [`Keyring::seal`] made for the same place; a fault where a bit, the place or the key
    /// differs.
    pub fn open(&self, place: Place, blob: &[u8]) -> Result<Vec<u8>, Fault> {
        let broken =
            || Fault::new(format!("{}.{} of row {} does not open", place.table, place.column, place.row));
        let (id, rest) = blob.split_at_checked(KEY_ID_LEN).ok_or_else(broken)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE_LEN).ok_or_else(broken)?;
        let id = u32::from_be_bytes(id.try_into().map_err(|_| broken())?);
        let nonce: [u8; NONCE_LEN] = nonce.try_into().map_err(|_| broken())?;
        let key = self.seal.iter().find(|k| k.id == id).ok_or_else(broken)?;
        let payload = Payload { msg: sealed, aad: &associated(place) };
        cipher(key)?.decrypt(&Nonce::from(nonce), payload).map_err(|_| broken())
    }

    /// [`Keyring::open`] for text.
    pub fn open_text(&self, place: Place, blob: &[u8]) -> Result<String, Fault> {
        String::from_utf8(self.open(place, blob)?).map_err(|_| {
            Fault::new(format!("{}.{} of row {} is not text", place.table, place.column, place.row))
        })
    }

    /// A keyed hash by which equal values of one kind can be found without opening them.
    pub fn blind(&self, kind: &str, value: &str) -> Result<[u8; 32], Fault> {
        tag(self.blind.expose(), &[kind.as_bytes(), value.as_bytes()])
    }

    /// Is `claimed` the keyed hash of this value? Takes the same time wherever the two differ.
    pub fn is_blind(&self, kind: &str, value: &str, claimed: &[u8]) -> Result<bool, Fault> {
        Ok(self.blind(kind, value)?.ct_eq(claimed).into())
    }

    /// The newest book key's id and its tag over `parts`.
    pub fn tag_books(&self, parts: &[&[u8]]) -> Result<(u32, [u8; 32]), Fault> {
        let newest = self.books.last().ok_or_else(|| Fault::new("no book key"))?;
        Ok((newest.id, tag(newest.key.expose(), parts)?))
    }

    /// The tag over `parts` under the book key `id`; a fault where that key is not on the ring.
    pub fn tag_books_with(&self, id: u32, parts: &[&[u8]]) -> Result<[u8; 32], Fault> {
        let key = self.books.iter().find(|k| k.id == id);
        tag(key.ok_or_else(|| Fault::new(format!("book key {id} is missing")))?.key.expose(), parts)
    }
}

/// SHA-256 of a text, the stored form of bearer keys (256 random bits need no slow hash).
pub fn hash_text(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// SHA-256 over parts, each with its length before it so that no two lists of parts run together.
pub fn hash_parts(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(length(part));
        hash.update(part);
    }
    hash.finalize().into()
}

fn tag(key: &[u8; 32], parts: &[&[u8]]) -> Result<[u8; 32], Fault> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| Fault::new("HMAC refused its key"))?;
    for part in parts {
        mac.update(&length(part));
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().into())
}

fn length(part: &[u8]) -> [u8; 8] {
    u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes()
}

fn cipher(key: &NumberedKey) -> Result<Aes256GcmSiv, Fault> {
    Aes256GcmSiv::new_from_slice(key.key.expose()).map_err(|_| Fault::new("AES refused its key"))
}

fn associated(place: Place) -> Vec<u8> {
    format!("{}|{}|{}", place.table, place.row, place.column).into_bytes()
}

fn print_of(kind: &str, id: u32, key: &[u8; 32]) -> (String, String) {
    let print = hash_parts(&[b"kadi key print", kind.as_bytes(), key]);
    let short = print.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    (format!("{kind}.{id}"), short)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { table: "customer", row: 5, column: "mobile" };

    fn key(id: u32) -> NumberedKey {
        NumberedKey { id, key: Secret::new([u8::try_from(id).unwrap(); 32]) }
    }

    fn ring(seal: &[u32]) -> Keyring {
        let seal = seal.iter().map(|&id| key(id)).collect();
        Keyring::new(&Secret::new([1; 32]), seal, Secret::new([2; 32]), vec![key(1)]).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_at_its_place_only() {
        let ring = ring(&[1]);
        let blob = ring.seal(PLACE, [9; 12], b"9000000001").unwrap();
        assert_eq!(ring.open_text(PLACE, &blob).unwrap(), "9000000001");
        assert!(ring.open(Place { row: 6, ..PLACE }, &blob).is_err());
        assert!(ring.open(Place { column: "email", ..PLACE }, &blob).is_err());
        assert!(ring.open(Place { table: "credential", ..PLACE }, &blob).is_err());
    }

    #[test]
    fn any_changed_or_missing_byte_is_refused() {
        let ring = ring(&[1]);
        let blob = ring.seal(PLACE, [9; 12], b"9000000001").unwrap();
        for at in 0..blob.len() {
            let mut other = blob.clone();
            other[at] ^= 1;
            assert!(ring.open(PLACE, &other).is_err(), "byte {at}");
            assert!(ring.open(PLACE, &blob[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn old_keys_still_open_after_a_new_one_came() {
        let blob = ring(&[1]).seal(PLACE, [9; 12], b"x").unwrap();
        assert!(ring(&[1, 2]).open(PLACE, &blob).is_ok());
        assert!(ring(&[2]).open(PLACE, &blob).is_err());
    }

    #[test]
    fn parts_never_run_together() {
        assert_ne!(hash_parts(&[b"ab", b"c"]), hash_parts(&[b"a", b"bc"]));
    }

    #[test]
    fn every_key_has_its_own_print() {
        let ring = ring(&[1, 2]);
        let prints: std::collections::BTreeSet<_> = ring.prints().iter().map(|(_, print)| print).collect();
        assert_eq!(prints.len(), ring.prints().len());
    }
}
