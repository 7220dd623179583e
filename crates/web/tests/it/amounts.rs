//! How amounts are written.

use kadi_web::{Currency, Money};
use proptest::prelude::*;

fn money(minor: i64, code: &str, exponent: u16) -> Money<'_> {
    Money { minor, currency: Currency { code, exponent } }
}

#[test]
fn rupees_are_grouped_by_lakh_and_crore_and_others_by_thousands() {
    let cases = [
        (0, "INR", 2, "₹0.00"),
        (5, "INR", 2, "₹0.05"),
        (100, "INR", 2, "₹1.00"),
        (99_999, "INR", 2, "₹999.99"),
        (100_000, "INR", 2, "₹1,000.00"),
        (9_999_900, "INR", 2, "₹99,999.00"),
        (10_000_000, "INR", 2, "₹1,00,000.00"),
        (100_000_050, "INR", 2, "₹10,00,000.50"),
        (1_000_000_000, "INR", 2, "₹1,00,00,000.00"),
        (123_456_789_012, "INR", 2, "₹1,23,45,67,890.12"),
        (-10_000_000, "INR", 2, "-₹1,00,000.00"),
        (i64::MAX, "INR", 2, "₹92,23,37,20,36,85,47,758.07"),
        (i64::MIN, "INR", 2, "-₹92,23,37,20,36,85,47,758.08"),
        (123_456_789, "USD", 2, "USD\u{a0}1,234,567.89"),
        (1_234_567, "JPY", 0, "JPY\u{a0}1,234,567"),
        (999, "JPY", 0, "JPY\u{a0}999"),
        (1_234_567, "KWD", 3, "KWD\u{a0}1,234.567"),
        (7, "KWD", 3, "KWD\u{a0}0.007"),
    ];
    for (minor, code, exponent, expected) in cases {
        assert_eq!(money(minor, code, exponent).to_string(), expected);
    }
}

#[test]
fn a_field_carries_the_bare_figure() {
    assert_eq!(money(12_345_605, "INR", 2).plain(), "123456.05");
    assert_eq!(money(7, "KWD", 3).plain(), "0.007");
    assert_eq!(money(1234, "JPY", 0).plain(), "1234");
}

proptest! {
    #[test]
    fn grouping_adds_nothing_but_commas_and_loses_no_paisa(minor: i64, exponent in 0_u16..5) {
        let money = money(minor, "INR", exponent);
        let bare: String = money.to_string().chars().filter(|c| !"₹,".contains(*c)).collect();
        prop_assert_eq!(&bare, &money.plain());
        let digits: String = bare.chars().filter(|c| *c != '.').collect();
        prop_assert_eq!(digits.parse::<i64>().unwrap(), minor);
        let decimals = bare.split_once('.').map_or("", |(_, decimals)| decimals);
        prop_assert_eq!(decimals.len(), usize::from(exponent));
    }
}
