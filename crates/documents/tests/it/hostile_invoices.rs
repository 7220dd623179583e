//! Whatever stands in other people's texts, there is an invoice, and nothing in it but those texts says so.

use kadi_documents::invoice::{Customer, Invoice, Line, Merchant, Tax, invoice_pdf};
use proptest::prelude::*;

use crate::invoices::{LINES, TEMPLATE, rupees, text_of, written};

/// The same text in every place that others fill.
fn all_over(text: &str, check: impl FnOnce(&Invoice<'_>)) {
    let taxes = [Tax { name: text, amount: rupees(900) }];
    let unit_price = rupees(10_000);
    let line = Line { name: text, code: Some(text), units: "1", unit_price, net: unit_price, taxes: &taxes };
    check(&Invoice {
        merchant: Merchant {
            name: text,
            address: Some(text),
            gstin: Some(text),
            state_code: Some(text),
            phone: Some(text),
            email: Some(text),
        },
        number: text,
        reference: Some(text),
        customer: Some(Customer { name: Some(text), mobile: Some(text), email: Some(text) }),
        title: text,
        description: Some(text),
        fields: &[(text, text)],
        lines: &[line],
        notes: &[(text, text)],
        ..LINES
    });
}

/// Texts that have broken programs.
fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "\u{0}",
        "\u{feff}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{fffd}",
        "\u{10ffff}",
        "\u{e000}",
        "\u{f8ff}",
        "\u{202e}PAID\u{202c}",
        "\u{200b}\u{200b}",
        "\u{200d}",
        "\u{200d}\u{200d}क",
        "क\u{94d}\u{200d}",
        "\u{94d}\u{94d}",
        "ि",
        "ििििि",
        "\u{301}",
        "👨‍👩‍👧‍👦",
        "🇮🇳",
        "ﷺ",
        "﷽",
        "１２３",
        "(endstream) endobj",
        "<</JS (app.alert(1))>>",
        "%PDF-1.7",
        "\\",
        "\\)",
        ")) Tj ET",
        "\r\n\r\nPAID",
        "a\tb",
        "</x:xmpmeta>",
        "<?xpacket end='r'?>",
        "]]>",
        "&lt;&amp;",
        "\u{2028}PAID\u{2029}",
        "\u{1d173}",
        "ﬁﬂﬃ",
        "Z\u{335}\u{336}\u{337}",
        "तमिழ்",
        "العربية",
        "עברית",
        "𝕏",
        "\u{ad}a\u{ad}b",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("a".repeat(2_000));
    texts.push("ि".repeat(500));
    texts.push(format!("e{}", "\u{301}".repeat(500)));
    texts.push("क्".repeat(500));
    texts.push("word ".repeat(400));
    texts.push("x\n".repeat(200));
    texts
}

/// A few characters of each stretch of Unicode.
fn all_scripts() -> Vec<String> {
    let some = |start: u32| (start..start + 12).filter_map(char::from_u32).collect();
    (0..0x1_1000_u32).step_by(152).map(some).collect()
}

#[test]
fn hostile_texts_break_no_invoice() {
    for text in &hostile_texts() {
        all_over(text, |invoice| is_sound(invoice, text));
    }
    let scripts = all_scripts();
    assert!(scripts.len() > 450, "{}", scripts.len());
    for texts in scripts.chunks(16) {
        let fields: Vec<(&str, &str)> = texts.iter().map(|text| (text.as_str(), text.as_str())).collect();
        is_sound(&Invoice { fields: &fields, ..TEMPLATE }, &texts.concat());
    }
}

/// There is a file, and nothing in it does anything.
fn is_sound(invoice: &Invoice<'_>, text: &str) {
    let file = invoice_pdf(invoice).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    assert!(file.starts_with(b"%PDF-1.7") && file.ends_with(b"%%EOF"), "{text:?}");
    for code in ["/JavaScript", "/Launch", "/OpenAction", "/AA", "/EmbeddedFile"] {
        assert!(!file.windows(code.len()).any(|bytes| bytes == code.as_bytes()), "{code} by {text:?}");
    }
}

#[test]
fn no_text_makes_a_line_of_its_own() {
    let forged = "Fees\nPAID\r\nGSTIN: 29FORGED\u{2028}Total ₹1.00\u{85}Number: 1\u{b}x\u{c}y";
    let path = written("forged", &Invoice { title: forged, fields: &[(forged, forged)], ..TEMPLATE });
    let text = text_of(&path, "-layout");
    for start in ["PAID", "GSTIN: 29FORGED", "Total ₹1.00", "Number: 1\n"] {
        assert!(!text.lines().any(|line| line.trim() == start.trim()), "{start:?} in {text}");
    }
    assert_eq!(text.matches('\u{c}').count(), 1, "one page: {text}");
}

#[test]
fn turned_text_is_not_turned() {
    let path = written("turned", &Invoice { title: "\u{202e}DIAP\u{202c} fees", ..TEMPLATE });
    let text = text_of(&path, "-layout");
    assert!(text.contains("DIAP fees") && !text.contains("PAID"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_makes_an_invoice(text in "\\PC{0,60}|[\\u{900}-\\u{97f}\\u{200d}\\u{200c} ]{0,60}|.{0,40}") {
        all_over(&text, |invoice| {
            invoice_pdf(invoice).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        });
    }
}
