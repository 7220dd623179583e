//! Amounts in words, read back by a reader of its own.

use kadi_documents::invoice::amount_in_words;
use kadi_documents::money::{Currency, Money};
use proptest::prelude::*;

use crate::invoices::rupees;

fn words(minor: i64, code: &str, exponent: u16) -> String {
    amount_in_words(Money { minor, currency: Currency { code, exponent } })
}

#[test]
fn amounts_are_worded_as_on_a_cheque() {
    // num2words (`lang="en_IN"`) words zero, one lakh, one hundred crore and the long one likewise, but for
    // its commas and "and".
    let cases = [
        (0, "Rupees Zero Only"),
        (1, "Rupees Zero and One Paisa Only"),
        (100, "Rupees One Only"),
        (1_999, "Rupees Nineteen and Ninety-Nine Paise Only"),
        (10_000_000, "Rupees One Lakh Only"),
        (
            1_234_567_890,
            "Rupees One Crore Twenty-Three Lakh Forty-Five Thousand Six Hundred Seventy-Eight and Ninety Paise Only",
        ),
        (100_000_000_000, "Rupees One Hundred Crore Only"),
        (100_000_000_000_000, "Rupees One Lakh Crore Only"),
        (-50_050, "Minus Rupees Five Hundred and Fifty Paise Only"),
    ];
    for (paise, expected) in cases {
        assert_eq!(amount_in_words(rupees(paise)), expected);
    }
    assert_eq!(words(100_000_000, "JPY", 0), "JPY One Hundred Million Only");
    assert_eq!(words(1_234_567, "KWD", 3), "KWD One Thousand Two Hundred Thirty-Four and 567/1000 Only");
}

/// Below this, in paise, no word for a power stands twice: "one crore crore" says less plainly what it means.
const SAID_ONCE: i64 = 10_i64.pow(16);

/// The number that these words say: a word below a hundred is added; a power of ten multiplies what was said
/// since a larger one.
fn read(words: &str) -> u128 {
    const ONES: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen \
                        fifteen sixteen seventeen eighteen nineteen";
    const TENS: &str = "twenty thirty forty fifty sixty seventy eighty ninety";
    let mut stack: Vec<u128> = Vec::new();
    for word in words.to_lowercase().split([' ', '-']) {
        let power = match word {
            "hundred" => Some(100),
            "thousand" => Some(1_000),
            "lakh" => Some(100_000),
            "million" => Some(1_000_000),
            "crore" => Some(10_000_000),
            "billion" => Some(1_000_000_000),
            "trillion" => Some(1_000_000_000_000),
            _ => None,
        };
        if let Some(power) = power {
            let mut said = 0;
            while stack.last().is_some_and(|&last| last < power) {
                said += stack.pop().unwrap();
            }
            stack.push(said * power);
            continue;
        }
        let one = ONES.split_whitespace().position(|one| one == word);
        let ten = TENS.split_whitespace().position(|ten| ten == word).map(|at| (at + 2) * 10);
        let small = one.or(ten).unwrap_or_else(|| panic!("{word:?} is no number"));
        stack.push(small.try_into().unwrap());
    }
    stack.iter().sum()
}

proptest! {
    #[test]
    fn rupees_in_words_say_the_amount(paise in 0..SAID_ONCE) {
        let text = amount_in_words(rupees(paise));
        let said = text.strip_prefix("Rupees ").unwrap().strip_suffix(" Only").unwrap();
        let (whole, part) = said.split_once(" and ").unwrap_or((said, "Zero Paise"));
        let part = part.strip_suffix(" Paise").or(part.strip_suffix(" Paisa")).unwrap();
        prop_assert_eq!(read(whole) * 100 + read(part), paise.unsigned_abs().into());
    }

    #[test]
    fn dollars_in_words_say_the_amount(cents in 0..=i64::MAX) {
        let text = words(cents, "USD", 2);
        let said = text.strip_prefix("USD ").unwrap().strip_suffix(" Only").unwrap();
        let (whole, part) = said.split_once(" and ").unwrap_or((said, "0/100"));
        let part: u128 = part.strip_suffix("/100").unwrap().parse().unwrap();
        prop_assert_eq!(read(whole) * 100 + part, cents.unsigned_abs().into());
    }
}
