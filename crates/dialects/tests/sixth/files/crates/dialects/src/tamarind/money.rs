//! Amounts as Tamarind writes them: `INR 1.234,50`, with a point before each three digits and a comma before
//! the paise.

use kadi_engine::domain::amount::Minor;

const BEFORE: &str = "INR ";
/// The most characters of an amount: fifteen digits before the comma.
const CHARS_MAX: usize = 26;

/// Writes an amount.
pub(super) fn price(amount: Minor) -> String {
    let sign = if amount < Minor::ZERO { "-" } else { "" };
    let (whole, paise) = (amount.get().unsigned_abs() / 100, amount.get().unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{BEFORE}{sign}{grouped},{paise:02}")
}

/// Reads an amount; none where it is not written exactly as [`price`] would, or not above zero.
pub(super) fn parse_price(text: &str) -> Option<Minor> {
    if text.len() > CHARS_MAX {
        return None;
    }
    let digits: String = text.strip_prefix(BEFORE)?.chars().filter(char::is_ascii_digit).collect();
    let amount = Minor::new(digits.parse().ok()?);
    (amount.is_positive() && price(amount) == text).then_some(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written() {
        for (paise, text) in [
            (1, "INR 0,01"),
            (100, "INR 1,00"),
            (99_999, "INR 999,99"),
            (123_450, "INR 1.234,50"),
            (123_456_789, "INR 1.234.567,89"),
        ] {
            assert_eq!(price(Minor::new(paise)), text);
            assert_eq!(parse_price(text), Some(Minor::new(paise)));
        }
        assert_eq!(price(Minor::new(-123_450)), "INR -1.234,50");
        for text in [
            "",
            "INR ",
            "INR 0,00",
            "INR 1234,50",
            "INR 1.234.50",
            "INR 1,5",
            "INR 01,50",
            "1,50",
            "inr 1,50",
            "INR -1,50",
            "INR  1,50",
            "INR 1,50 ",
            "INR 12.34,50",
            "INR 1.23,450",
            "INR 99.999.999.999.999.999.999,00",
            "INR \u{661},00",
        ] {
            assert_eq!(parse_price(text), None, "{text}");
        }
    }
}
