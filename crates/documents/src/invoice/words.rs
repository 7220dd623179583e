//! Amounts in words, as they stand on Indian invoices and cheques.

use crate::money::{Money, Total};

const SMALL: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const TENS: [&str; 10] =
    ["", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];

/// Names of powers of ten, the largest first. What stands before the first is worded again by the whole list:
/// one lakh crore.
type Scale = &'static [(u128, &'static str)];
const INDIAN: Scale = &[(10_000_000, "Crore"), (100_000, "Lakh"), (1_000, "Thousand"), (100, "Hundred")];
const WESTERN: Scale = &[
    (1_000_000_000_000, "Trillion"),
    (1_000_000_000, "Billion"),
    (1_000_000, "Million"),
    (1_000, "Thousand"),
    (100, "Hundred"),
];

/// The amount in words: `Rupees One Lakh Five Hundred and Ninety Paise Only`; of other currencies the code,
/// by thousands and millions, with the smaller unit as a fraction: `USD Five Thousand and 25/100 Only`.
pub fn amount_in_words(amount: Money<'_>) -> String {
    total_in_words(Total { minor: i128::from(amount.minor), currency: amount.currency })
}

/// Likewise, of a sum.
pub(super) fn total_in_words(amount: Total<'_>) -> String {
    let unit = 10_u128.saturating_pow(u32::from(amount.currency.exponent));
    let all = amount.minor.unsigned_abs();
    let (whole, part) = (all / unit, all % unit);
    let minus = if amount.minor < 0 { "Minus " } else { "" };
    if amount.currency.code == "INR" {
        let paise = match part {
            0 => String::new(),
            1 => " and One Paisa".to_owned(),
            part => format!(" and {} Paise", number(part, INDIAN)),
        };
        return format!("{minus}Rupees {}{paise} Only", number(whole, INDIAN));
    }
    let part = if part == 0 { String::new() } else { format!(" and {part}/{unit}") };
    format!("{minus}{} {}{part} Only", amount.currency.code, number(whole, WESTERN))
}

fn number(number: u128, scale: Scale) -> String {
    let mut words = Vec::new();
    say(number, scale, &mut words);
    words.join(" ")
}

fn say(number: u128, scale: Scale, words: &mut Vec<String>) {
    let mut rest = number;
    for &(power, name) in scale {
        let count = rest / power;
        if count > 0 {
            say(count, scale, words);
            words.push(name.to_owned());
        }
        rest %= power;
    }
    if rest > 0 || number == 0 {
        words.push(below_hundred(rest));
    }
}

fn below_hundred(number: u128) -> String {
    let word = |list: &[&'static str], at: u128| {
        usize::try_from(at).ok().and_then(|at| list.get(at)).copied().unwrap_or_default()
    };
    match (number / 10, number % 10) {
        (0 | 1, _) => word(&SMALL, number).to_owned(),
        (tens, 0) => word(&TENS, tens).to_owned(),
        (tens, ones) => format!("{}-{}", word(&TENS, tens), word(&SMALL, ones)),
    }
}
