//! Public codes: a keyed permutation (FF1) of the link's id, so that nothing is stored and nothing can be
//! guessed.

use fpe::ff1::{FF1, FlexibleNumeralString};

use crate::id::{ID_LIMIT, LinkId, PaymentId};
use crate::refusal::Fault;

/// The length of every code.
pub const CODE_LEN: usize = 13;
/// Leading zeros before encryption: a guess passes with a chance of 1 in 62^4 before any row is looked up.
const CHECK_LEN: usize = 4;
/// What stands behind the code where a dialect's id of the link is `<code>--a` (CONTRACT.md, "Addresses").
const ID_SUFFIX: &str = "--a";
/// Tweaks keep the codes of links and payments apart.
const LINK: &[u8] = &[];
const PAYMENT: &[u8] = b"payment";
const RADIX: u16 = 62;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The key of all codes. It can never be changed while links made with it live.
pub struct CodeKey {
    cipher: FF1<aes::Aes256>,
}

impl std::fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeKey")
    }
}

impl CodeKey {
    /// A key of 256 bits (NIST SP 800-38G, FF1 with AES-256, radix 62).
    pub fn new(key: &[u8; 32]) -> Result<Self, Fault> {
        let cipher = FF1::new(key, u32::from(RADIX)).map_err(|_| Fault::new("FF1 refused its radix"))?;
        Ok(Self { cipher })
    }

    /// The code of a link: 13 characters of `[0-9A-Za-z]`.
    pub fn encode(&self, link: LinkId) -> Result<String, Fault> {
        self.permute(link.get(), LINK)
    }

    /// The code of a payment, which opens its own page and no other payment's.
    pub fn encode_payment(&self, payment: PaymentId) -> Result<String, Fault> {
        self.permute(payment.get(), PAYMENT)
    }

    /// The payment behind a code; none where it is no payment's.
    pub fn decode_payment(&self, code: &str) -> Option<PaymentId> {
        self.restore(code, PAYMENT).map(PaymentId::new)
    }

    fn permute(&self, id: i64, tweak: &[u8]) -> Result<String, Fault> {
        let mut digits = vec![0_u16; CODE_LEN];
        let mut rest = u64::try_from(id).map_err(|_| Fault::new("a negative id"))?;
        for digit in digits.iter_mut().skip(CHECK_LEN).rev() {
            *digit =
                u16::try_from(rest % u64::from(RADIX)).map_err(|_| Fault::new("a digit above the radix"))?;
            rest /= u64::from(RADIX);
        }
        if rest != 0 {
            return Err(Fault::new("an id above its range"));
        }
        let sealed = self.cipher.encrypt(tweak, &FlexibleNumeralString::from(digits));
        let sealed: Vec<u16> = sealed.map_err(|_| Fault::new("FF1 refused a numeral string"))?.into();
        sealed
            .into_iter()
            .map(|digit| ALPHABET.get(usize::from(digit)).copied().map(char::from))
            .collect::<Option<String>>()
            .ok_or_else(|| Fault::new("FF1 gave a digit above the radix"))
    }

    /// The link behind a code; none where the text is no code or its check digits are wrong.
    /// A code may carry [`ID_SUFFIX`], with which one dialect writes the ids of links.
    pub fn decode(&self, code: &str) -> Option<LinkId> {
        self.restore(code.strip_suffix(ID_SUFFIX).unwrap_or(code), LINK).map(LinkId::new)
    }

    fn restore(&self, code: &str, tweak: &[u8]) -> Option<i64> {
        if code.len() != CODE_LEN {
            return None;
        }
        let digits = code
            .bytes()
            .map(|byte| ALPHABET.iter().position(|&a| a == byte).and_then(|at| u16::try_from(at).ok()))
            .collect::<Option<Vec<u16>>>()?;
        let plain = self.cipher.decrypt(tweak, &FlexibleNumeralString::from(digits)).ok()?;
        let plain: Vec<u16> = plain.into();
        let (check, number) = plain.split_at_checked(CHECK_LEN)?;
        if check.iter().any(|&digit| digit != 0) {
            return None;
        }
        let id = number.iter().fold(0_i64, |id, &digit| id * i64::from(RADIX) + i64::from(digit));
        (id < ID_LIMIT).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> CodeKey {
        CodeKey::new(&[7; 32]).unwrap()
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

    #[test]
    fn ff1_agrees_with_nist() {
        // NIST SP 800-38G, FF1 sample 7 (AES-256, radix 10, no tweak).
        let key = hex("2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94");
        let ff1 = FF1::<aes::Aes256>::new(&key, 10).unwrap();
        let plain = FlexibleNumeralString::from(vec![0_u16, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let sealed: Vec<u16> = ff1.encrypt(&[], &plain).unwrap().into();
        assert_eq!(sealed, vec![6, 6, 5, 7, 6, 6, 7, 0, 0, 9]);
    }

    fn hex(text: &str) -> Vec<u8> {
        text.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }
}
