//! Public codes: a keyed permutation (FF1) of the link's id, so that nothing is stored and nothing can be
//! guessed.

use crate::ff1::{DIGITS, Halves, Permutation, RADIX, RIGHT, TWEAK_LEN};
use crate::id::{ID_LIMIT, LinkId, PaymentId};
use crate::refusal::Fault;

/// The length of every code.
pub const CODE_LEN: usize = DIGITS;
/// An id has at most 9 digits; the 4 zeros before it let a guess pass with a chance of 1 in 62^4 before any
/// row is looked up. This is 62^2: of the left half only two digits are the id's.
const LEFT_LIMIT: u64 = 3_844;
/// Digits of the left half.
const LEFT_LEN: usize = 6;
/// What stands behind the code where a dialect's id of the link is `<code>--a` (CONTRACT.md, "Addresses").
const ID_SUFFIX: &str = "--a";
/// The tweak that keeps the codes of payments and links apart.
const PAYMENT: &[u8; TWEAK_LEN] = b"payment";
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The key of all codes. It can never be changed while links made with it live.
pub struct CodeKey {
    links: Permutation,
    payments: Permutation,
}

impl std::fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeKey")
    }
}

impl CodeKey {
    /// A key of 256 bits (NIST SP 800-38G, FF1 with AES-256, radix 62).
    pub fn new(key: &[u8; 32]) -> Self {
        Self { links: Permutation::new(key, None), payments: Permutation::new(key, Some(PAYMENT)) }
    }

    /// The code of a link: 13 characters of `[0-9A-Za-z]`.
    pub fn encode(&self, link: LinkId) -> Result<String, Fault> {
        permute(&self.links, link.get())
    }

    /// The code of a payment, which opens its own page and no other payment's.
    pub fn encode_payment(&self, payment: PaymentId) -> Result<String, Fault> {
        permute(&self.payments, payment.get())
    }

    /// The payment behind a code; none where it is no payment's.
    pub fn decode_payment(&self, code: &str) -> Option<PaymentId> {
        restore(&self.payments, code).map(PaymentId::new)
    }

    /// The link behind a code; none where the text is no code or its check digits are wrong.
    /// A code may carry [`ID_SUFFIX`], with which one dialect writes the ids of links.
    pub fn decode(&self, code: &str) -> Option<LinkId> {
        restore(&self.links, code.strip_suffix(ID_SUFFIX).unwrap_or(code)).map(LinkId::new)
    }
}

fn permute(permutation: &Permutation, id: i64) -> Result<String, Fault> {
    let id = u64::try_from(id).map_err(|_| Fault::new("a negative id"))?;
    let plain = Halves { left: id / RIGHT, right: id % RIGHT };
    if plain.left >= LEFT_LIMIT {
        return Err(Fault::new("an id above its range"));
    }
    let sealed = permutation.encrypt(plain);
    let mut code = [0; CODE_LEN];
    let (left, right) = code.split_at_mut(LEFT_LEN);
    write_digits(sealed.left, left)?;
    write_digits(sealed.right, right)?;
    String::from_utf8(code.to_vec()).map_err(|_| Fault::new("a code that is no text"))
}

fn write_digits(mut half: u64, places: &mut [u8]) -> Result<(), Fault> {
    for place in places.iter_mut().rev() {
        let digit = usize::try_from(half % RADIX).ok().and_then(|digit| ALPHABET.get(digit));
        *place = *digit.ok_or_else(|| Fault::new("a digit above the radix"))?;
        half /= RADIX;
    }
    Ok(())
}

fn restore(permutation: &Permutation, code: &str) -> Option<i64> {
    let (left, right) = code.as_bytes().split_at_checked(LEFT_LEN)?;
    if code.len() != CODE_LEN {
        return None;
    }
    let plain = permutation.decrypt(Halves { left: number(left)?, right: number(right)? });
    if plain.left >= LEFT_LIMIT {
        return None;
    }
    let id = i64::try_from(plain.left * RIGHT + plain.right).ok()?;
    (id < ID_LIMIT).then_some(id)
}

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |sum, &byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'a'..=b'z' => byte - b'a' + 36,
            _ => return None,
        };
        Some(sum * RADIX + u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> CodeKey {
        CodeKey::new(&[7; 32])
    }

    #[test]
    fn every_id_has_one_code_and_comes_back() {
        for id in [1, 2, 1 << 10, (1 << 30) + 5, ID_LIMIT - 1] {
            let code = key().encode(LinkId::new(id)).unwrap();
            assert_eq!(code.len(), CODE_LEN);
            assert_eq!(key().decode(&code), Some(LinkId::new(id)));
            assert_eq!(key().decode(&format!("{code}--a")), Some(LinkId::new(id)));
            assert_eq!(key().decode(&format!("{code}--b")), None);
        }
    }

    #[test]
    fn a_payments_code_is_neither_its_id_nor_a_links_code() {
        let (link, payment) = (LinkId::new(5_561), PaymentId::new(5_561));
        let code = key().encode_payment(payment).unwrap();
        assert_eq!(key().decode_payment(&code), Some(payment));
        assert_ne!(code, key().encode(link).unwrap());
        assert_eq!(key().decode(&code), None);
        assert_eq!(key().decode_payment("5561"), None);
        assert_eq!(key().decode_payment(&key().encode(link).unwrap()), None);
    }

    #[test]
    fn a_changed_character_makes_the_code_unknown() {
        let code = key().encode(LinkId::new(123_456)).unwrap();
        for at in 0..CODE_LEN {
            for letter in ALPHABET.iter().copied() {
                let mut other = code.clone().into_bytes();
                other[at] = letter;
                let other = String::from_utf8(other).unwrap();
                assert_eq!(key().decode(&other).is_some(), other == code, "{other}");
            }
        }
    }

    #[test]
    fn what_is_no_code_is_unknown_and_never_a_crash() {
        for text in ["", "abc", "zzzzzzzzzzzzz", "0000000000000", "aaaaaaaaaaaaaa", "कड़ी", "abc def ghi!!"]
        {
            assert_eq!(key().decode(text), None, "{text}");
        }
    }
}
