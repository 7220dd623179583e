//! FF1 (NIST SP 800-38G) for the one shape that codes have: 13 digits of radix 62, in 128-bit integers.

use aes::Aes256;
use aes::cipher::array::Array;
use aes::cipher::{BlockCipherEncrypt as _, KeyInit as _};

/// Digits of a numeral string.
pub(crate) const DIGITS: usize = 13;
/// Values of a digit.
pub(crate) const RADIX: u64 = 62;
/// 62^6: the values of the left half.
const LEFT: u64 = 56_800_235_584;
/// 62^7: the values of the right half.
pub(crate) const RIGHT: u64 = 3_521_614_606_208;
/// The length of a tweak that is not empty, in bytes: with it, as without any, a round is one block.
pub(crate) const TWEAK_LEN: usize = 7;
const ROUNDS: [u8; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/// Where a round's block holds the tweak and the round, above the 6 bytes of a half.
const TWEAK_AT: u32 = 72;
const ROUND_AT: u32 = 48;
/// Of a block's 16 bytes the first 12 count.
const UNUSED_BITS: u32 = 32;

/// A numeral string as two numbers: its first 6 digits and its last 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Halves {
    pub(crate) left: u64,
    pub(crate) right: u64,
}

/// A keyed permutation of all strings of 13 digits.
pub(crate) struct Permutation {
    cipher: Aes256,
    /// What every round's block is chained to: the encrypted parameters.
    chained: u128,
    tweak: u128,
}

impl Permutation {
    /// The permutation of this key and tweak.
    pub(crate) fn new(key: &[u8; 32], tweak: Option<&[u8; TWEAK_LEN]>) -> Self {
        let cipher = Aes256::new(&Array(*key));
        // Version 1, method 2, addition 1, radix 62, ten rounds, 6 digits on the left, 13 in all.
        let mut parameters = [1, 2, 1, 0, 0, 62, 10, 6, 0, 0, 0, 13, 0, 0, 0, 0];
        let mut above = [0; 16];
        if let Some(tweak) = tweak {
            parameters[15] = 7;
            above[9..].copy_from_slice(tweak);
        }
        let chained = encrypted(&cipher, u128::from_be_bytes(parameters));
        Self { cipher, chained, tweak: u128::from_be_bytes(above) << TWEAK_AT }
    }

    pub(crate) fn encrypt(&self, plain: Halves) -> Halves {
        let Halves { mut left, mut right } = plain;
        for round in ROUNDS {
            let sum = (u128::from(left) + self.mask(round, right)) % u128::from(modulus(round));
            (left, right) = (right, low(sum));
        }
        Halves { left, right }
    }

    pub(crate) fn decrypt(&self, sealed: Halves) -> Halves {
        let Halves { mut left, mut right } = sealed;
        for round in ROUNDS.into_iter().rev() {
            let modulus = u128::from(modulus(round));
            let difference = u128::from(right) + modulus - self.mask(round, left) % modulus;
            (left, right) = (low(difference % modulus), left);
        }
        Halves { left, right }
    }

    /// What a round adds to one half, made from the other.
    fn mask(&self, round: u8, half: u64) -> u128 {
        let block = self.tweak | (u128::from(round) << ROUND_AT) | u128::from(half);
        encrypted(&self.cipher, self.chained ^ block) >> UNUSED_BITS
    }
}

/// How many values the half has that a round makes: sides change with every round.
const fn modulus(round: u8) -> u64 {
    if round.is_multiple_of(2) { LEFT } else { RIGHT }
}

/// A value below a modulus, which fits.
fn low(value: u128) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

fn encrypted(cipher: &Aes256, block: u128) -> u128 {
    let mut bytes = Array(block.to_be_bytes());
    cipher.encrypt_block(&mut bytes);
    u128::from_be_bytes(bytes.0)
}

#[cfg(test)]
mod tests {
    use fpe::ff1::{FF1, FlexibleNumeralString};
    use proptest::prelude::*;

    use super::*;

    fn digits_of(halves: Halves) -> Vec<u16> {
        let digit = |half: u64, at: u32| u16::try_from(half / RADIX.pow(at) % RADIX).unwrap();
        let left = (0..6).rev().map(|at| digit(halves.left, at));
        left.chain((0..7).rev().map(|at| digit(halves.right, at))).collect()
    }

    fn halves_of(digits: &[u16]) -> Halves {
        let number = |part: &[u16]| part.iter().fold(0, |sum, &digit| sum * RADIX + u64::from(digit));
        Halves { left: number(&digits[..6]), right: number(&digits[6..]) }
    }

    #[test]
    fn the_sizes_of_the_halves_are_powers_of_the_radix() {
        assert_eq!((LEFT, RIGHT), (RADIX.pow(6), RADIX.pow(7)));
    }

    // The oracle is the crate `fpe`, which passes the samples of NIST.
    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn every_string_is_permuted_as_the_library_does(
            key: [u8; 32], tweak: Option<[u8; TWEAK_LEN]>, left in 0..LEFT, right in 0..RIGHT,
        ) {
            let plain = Halves { left, right };
            let permutation = Permutation::new(&key, tweak.as_ref());
            let library = FF1::<aes::Aes256>::new(&key, 62).unwrap();
            let tweak = tweak.as_ref().map_or(&[][..], |tweak| &tweak[..]);
            let expected = library.encrypt(tweak, &FlexibleNumeralString::from(digits_of(plain))).unwrap();
            let sealed = permutation.encrypt(plain);
            prop_assert_eq!(sealed, halves_of(&Vec::<u16>::from(expected)));
            prop_assert_eq!(permutation.decrypt(sealed), plain);
        }
    }

    #[test]
    fn the_oracle_agrees_with_nist() {
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
