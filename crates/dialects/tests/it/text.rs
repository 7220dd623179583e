//! Mobile numbers, e-mail addresses and hidden characters.

use kadi_dialects::shared::text::{has_control_or_bidi, indian_mobile, is_email, is_prose};
use proptest::prelude::*;

#[test]
fn indian_mobiles_become_ten_digits() {
    for text in ["9123456789", "09123456789", "919123456789", "+919123456789"] {
        assert_eq!(indian_mobile(text).as_deref(), Some("9123456789"), "{text}");
    }
    for first in ['6', '7', '8', '9'] {
        assert!(indian_mobile(&format!("{first}000000000")).is_some());
    }
}

#[test]
fn other_numbers_are_not_mobiles() {
    let refused = [
        "",
        "5123456789",
        "0000000000",
        "912345678",
        "91234567890",
        "0912345678",
        "915123456789",
        "+9191234567890",
        "+09123456789",
        "00919123456789",
        "+1 2025550123",
        "91234 56789",
        "9123-456789",
        " 9123456789",
        "9123456789\n",
        "९१२३४५६७८९",
        "912345678é",
        "91234567a9",
    ];
    for text in refused {
        assert_eq!(indian_mobile(text), None, "{text:?}");
    }
}

#[test]
fn plain_addresses_are_emails() {
    let local_64 = "l".repeat(64);
    let longest = format!("{local_64}@{}.{}.{}.in", "a".repeat(63), "b".repeat(63), "c".repeat(58));
    assert_eq!(longest.len(), 254);
    for text in [
        "a@b.in",
        "asha.k+tag@shop.example",
        "o'hara@example.co.in",
        "x_y-z@sub-domain.example.com",
        "asha@xn--i1b6b1a6a2e.xn--h2brj9c",
        "a@1and1.com",
        &longest,
    ] {
        assert!(is_email(text), "{text}");
    }
}

#[test]
fn anything_else_is_not_an_email() {
    let local_65 = format!("{}@b.in", "l".repeat(65));
    let label_64 = format!("a@{}.in", "b".repeat(64));
    let bytes_255 = format!("{}@{}.{}.{}.in", "l".repeat(64), "a".repeat(63), "b".repeat(63), "c".repeat(59));
    for text in [
        "",
        "@",
        "a@",
        "@b.in",
        "a.b.in",
        "a@b",
        "a@b.",
        "a@.b",
        "a@b..in",
        "a@-b.in",
        "a@b-.in",
        ".a@b.in",
        "a.@b.in",
        "a..b@c.in",
        "a@b@c.in",
        "a b@c.in",
        "a@b.in ",
        "a@b.in\r\nBcc: x@y.in",
        "a\n@b.in",
        "a\0@b.in",
        "a@b.in,c@d.in",
        "<a@b.in>",
        "Asha <a@b.in>",
        "\"a b\"@c.in",
        "a(x)@b.in",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "आशा@example.in",
        "a@उदाहरण.in",
        &local_65,
        &label_64,
        &bytes_255,
    ] {
        assert!(!is_email(text), "{text:?}");
    }
}

#[test]
fn hidden_characters_are_found() {
    for hidden in [
        '\0', '\u{1b}', '\u{7f}', '\u{85}', '\u{9f}', '\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}',
        '\u{2029}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}',
    ] {
        let text = format!("a{hidden}b");
        assert!(has_control_or_bidi(&text), "{hidden:?}");
        assert!(!is_prose(&text), "{hidden:?}");
    }
}

#[test]
fn line_breaks_and_tabs_are_hidden_in_a_line_and_belong_to_prose() {
    for text in ["a\nb", "a\r\nb", "\ta", "\n"] {
        assert!(has_control_or_bidi(text), "{text:?}");
        assert!(is_prose(text), "{text:?}");
    }
}

#[test]
fn visible_texts_are_fine() {
    for text in
        ["", "Fees 2026 & <b>", "क्षत्रिय\u{200d} न\u{200c}", "اردو", "😀", "a\u{a0}b", "\u{2027}\u{202f}"]
    {
        assert!(!has_control_or_bidi(text), "{text}");
        assert!(is_prose(text), "{text}");
    }
}

proptest! {
    #[test]
    fn prose_is_lines_with_breaks(text in prop::collection::vec(any::<char>(), 0..40)) {
        let text: String = text.into_iter().collect();
        let without: String = text.chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
        prop_assert_eq!(is_prose(&text), !has_control_or_bidi(&without));
    }
}
