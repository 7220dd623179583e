//! A merchant's words lead nobody anywhere else.

use kadi_documents::message::{one_line, plain_words};
use proptest::prelude::*;

fn cleaned(text: &str) -> String {
    plain_words(text, 200)
}

#[test]
fn honest_words_stay_as_they_are() {
    for text in [
        "Course fees, batch 2 (morning)",
        "Invoice 20261121-001",
        "Rs. 500 for 3 months @ 10%",
        "Dr. Rao's clinic & pharmacy",
        "गणित की फ़ीस – नवंबर",
        "श्री\u{200d} राम",
        "Order #1234567890123456",
        "Version 1.2.3 of 21.11.2026",
        "",
    ] {
        assert_eq!(cleaned(text), text);
    }
}

#[test]
fn addresses_go() {
    for address in [
        "http://evil.example/x",
        "HTTPS://EVIL.EXAMPLE",
        "hxxps://evil",
        "evil.example",
        "www.evil",
        "evil[.]example",
        "evil(dot)example",
        "evil。example",
        "evil．example",
        "ｅｖｉｌ．ｅｘａｍｐｌｅ",
        "e\u{200b}vil.exa\u{ad}mple",
        "evil.भारत",
        "10.0.0.1",
        "pay@evil",
        "pay＠evil.example",
        "upi://pay?pa=thief@bank",
        "javascript:alert(1)",
        "(evil.example)",
        "evil.example/path?q=1",
        "x,evil.example,y",
    ] {
        assert_eq!(cleaned(&format!("before {address} after")), "before after", "{address}");
    }
}

#[test]
fn telephone_numbers_go() {
    for number in [
        "9876543210",
        "+91 98765 43210",
        "+91-9876543210",
        "098765-43210",
        "(+91) 98765.43210",
        "9 8 7 6 5 4 3 2 1 0",
        "९८७६५४३२१०",
        "９８７６５４３２１０",
        "1800 123 4567",
        "1800-12-34567",
        "022 2345 6789",
        "98\u{200b}76543210",
    ] {
        let left = cleaned(&format!("call {number} now"));
        assert!(!left.chars().any(char::is_numeric), "{number}: {left}");
        assert!(left.starts_with("call") && left.ends_with("now"), "{number}: {left}");
    }
}

#[test]
fn what_is_brought_together_by_cleaning_goes_too() {
    assert_eq!(cleaned("98765 9876543210 43210"), "");
    assert_eq!(cleaned("98765 www.evil.example 43210"), "");
    assert_eq!(cleaned("evil.9876543210example"), "evil. example");
}

#[test]
fn everything_becomes_one_visible_line() {
    assert_eq!(cleaned("a\r\nBcc: b\t\u{202e}c\u{0}d\u{2028}e"), "a Bcc: b c d e");
    assert_eq!(one_line(" a \u{feff}\n\n b "), "a b");
}

#[test]
fn long_words_are_cut_with_a_mark() {
    assert_eq!(plain_words("abcdef", 6), "abcdef");
    assert_eq!(plain_words("abcdefg", 6), "abcde…");
    assert_eq!(plain_words("abcd efg", 6), "abcd…");
}

proptest! {
    #[test]
    fn cleaned_words_are_clean(text in "\\PC{0,40}[a-z.@:/ 0-9+-]{0,60}\\PC{0,40}") {
        let once = plain_words(&text, 80);
        prop_assert!(once.chars().count() <= 80);
        prop_assert!(!once.contains("://") && !once.contains("www."), "{once}");
        prop_assert_eq!(plain_words(&once, 80), once);
    }

    #[test]
    fn an_address_never_survives(before in "[a-z ]{0,20}", host in "[a-z0-9]{1,10}", top in "[a-z]{2,6}") {
        let left = plain_words(&format!("{before} {host}.{top}"), 80);
        prop_assert_eq!(left, one_line(&before));
    }

    #[test]
    fn a_mobile_number_never_survives(number in "[6-9][0-9]{9}", gap in "[ .-]{0,2}", at in 1..9_usize) {
        let (left, right) = number.split_at(at);
        let text = plain_words(&format!("call {left}{gap}{right}."), 80);
        prop_assert!(text == "call ." || text == "call", "{text}");
    }
}
