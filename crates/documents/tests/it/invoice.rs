//! Invoices as other programs read them.

use kadi_documents::invoice::{Invoice, Line, Standing, Tax, invoice_pdf};
use kadi_documents::money::{Currency, Money};

use crate::invoices::{HINDI, LINES, PARTS, TEMPLATE, URL, codes_of, info_of, rupees, text_of, written};

/// The file's text, blanks and lines as single blanks.
fn words(name: &str, invoice: &Invoice<'_>) -> String {
    let text = text_of(&written(name, invoice), "-layout");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn says(text: &str, expected: &[&str]) {
    for words in expected {
        assert!(text.contains(words), "{words:?} does not stand in {text}");
    }
}

#[test]
fn an_invoice_of_a_template_says_all_of_it() {
    let path = written("template", &TEMPLATE);
    let text = text_of(&path, "-layout");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    says(
        &text,
        &[
            "Deccan Institute of Mathematics",
            "14, Residency Road",
            "Bengaluru 560025",
            "GSTIN: 29ABCDE1234F1Z5",
            "State code: 29",
            "Telephone: +91 80 4000 1234",
            "E-mail: accounts@deccan.example",
            "Number: INV1Q2W3E4R",
            "Reference: TXN0001",
            "21 Nov 2026",
            "28 Nov 2026",
            "Bill to",
            "+91 98765 43210",
            "asha@customer.example",
            "Course fees",
            "Books are not included.",
            "Roll number 2026/MAT/017",
            "Course Linear Algebra and its Applications",
            "Total ₹1,23,45,678.90",
            "Rupees One Crore Twenty-Three Lakh Forty-Five Thousand Six Hundred Seventy-Eight and Ninety Paise Only",
            "Fees once paid",
            URL,
            "DUE",
            "Page 1 of 1",
        ],
    );
    assert!(!text.contains("TEST"));
    assert_eq!(codes_of(&path), [URL]);
}

#[test]
fn lines_stand_with_their_taxes_and_sums() {
    let path = written("lines", &LINES);
    let text = words("lines", &LINES);
    says(
        &text,
        &[
            "Item Quantity Rate Taxable value Tax Amount",
            "Steel bottle, 1 litre 12 ₹450.00 ₹5,400.00 ₹972.00 ₹6,372.00",
            "Code: 7323",
            "CGST 9%: ₹486.00",
            "Taxable value ₹5,650.00",
            "CGST 9% ₹508.50",
            "SGST 9% ₹508.50",
            "Total ₹6,667.00",
            "Paid ₹6,667.00",
            "Rupees Six Thousand Six Hundred Sixty-Seven Only",
            "Number: 2026-27/0042",
        ],
    );
    assert!(text.contains("PAID") && !text.contains("Left to pay") && !text.contains("Bill to"));
    assert_eq!(codes_of(&path), [URL]);
}

#[test]
fn devanagari_can_be_copied_and_searched() {
    let text = words("hindi", &HINDI);
    says(
        &text,
        &[
            "क्षत्रिय विद्यालय समिति",
            "महात्मा गांधी मार्ग",
            "क्षत्रिय नियुक्ति प्राधिकारी कर्म ₹",
            "विद्यार्थी ऋत्विक् शर्मा",
            "दसवीं (10)",
            "श्रीमती उज्ज्वला द्विवेदी",
        ],
    );
}

#[test]
fn what_is_paid_in_parts_says_what_is_left() {
    let text = words("parts", &PARTS);
    says(
        &text,
        &[
            "PART PAID",
            "Total ₹1,23,45,678.90",
            "Paid ₹23,45,678.90",
            "Given back ₹1,00,000.50",
            "Left to pay ₹1,00,00,000.00",
            "TEST INVOICE: no real money is asked for and none moves.",
        ],
    );
}

#[test]
fn every_standing_has_its_word() {
    let cases = [
        (Standing::Due, "DUE", "To pay, scan"),
        (Standing::PartPaid, "PART PAID", "To pay, scan"),
        (Standing::Paid, "PAID", "The page of this invoice"),
        (Standing::Refunded, "REFUNDED", "The page of this invoice"),
        (Standing::Cancelled, "CANCELLED", "The page of this invoice"),
        (Standing::Expired, "EXPIRED", "The page of this invoice"),
    ];
    for (standing, word, way) in cases {
        let text = words("standing", &Invoice { standing, ..TEMPLATE });
        says(&text, &[word, way]);
    }
}

#[test]
fn many_lines_go_over_pages_under_the_same_head() {
    let line = Line {
        name: "Notebook",
        code: None,
        units: "1",
        unit_price: rupees(100),
        net: rupees(100),
        taxes: &[],
    };
    let lines: Vec<Line<'_>> = std::iter::repeat_n(line, 100).collect();
    let path = written("many", &Invoice { lines: &lines, amount: Some(rupees(10_000)), ..LINES });
    let text = text_of(&path, "-layout");
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert!(pages.len() >= 3, "{text}");
    assert_eq!(text.matches("Notebook").count(), 100);
    for (at, page) in pages.iter().enumerate() {
        let foot = format!("Page {} of {}", at + 1, pages.len());
        assert!(page.contains(&foot), "{page}");
        assert_eq!(page.matches("Quantity").count(), usize::from(page.contains("Notebook")), "{page}");
    }
}

#[test]
fn a_word_longer_than_the_paper_is_broken_and_stays_whole_for_those_who_copy() {
    let long = "Donaudampfschiff".repeat(30);
    let path = written("long", &Invoice { title: &long, fields: &[("F", &long)], ..TEMPLATE });
    let text: String = text_of(&path, "-raw").split_whitespace().collect();
    assert_eq!(text.matches(&long).count(), 1, "the field in full: {text}");
}

/// Half an amount reads as another amount.
#[test]
fn no_amount_is_broken() {
    const MOST: i64 = 1_000_000_000_000_000;
    for minor in [99_999, 240_000_000, 1_440_000_000, 100_000_000_000, MOST] {
        let money = rupees(minor);
        let taxes = [Tax { name: "IGST", amount: money }];
        let line =
            Line { name: "Server", code: None, units: "1", unit_price: money, net: money, taxes: &taxes };
        for (lines, cells) in [(line, 3), (Line { taxes: &[], ..line }, 2)] {
            let lines = [lines];
            let amount = Some(money);
            let invoice =
                Invoice { lines: &lines, amount, paid: money, refunded: money, left: amount, ..LINES };
            let text = words("wide", &invoice);
            let amounts = vec![money.to_string(); cells].join(" ");
            let row = if cells == 3 {
                format!("1 {amounts} {}", rupees(2 * minor))
            } else {
                format!("1 {amounts}")
            };
            says(&text, &[row.as_str()]);
            for label in ["Total", "Paid", "Given back", "Left to pay"] {
                says(&text, &[&format!("{label} {money}")]);
            }
        }
    }
}

#[test]
fn characters_that_no_font_has_are_seen_as_missing() {
    let text = words("missing", &Invoice { title: "Fees 漢 🎓 end", ..TEMPLATE });
    says(&text, &["Fees \u{fffd} \u{fffd} end"]);
}

#[test]
fn other_currencies_keep_their_own_way() {
    let money = Money { minor: 123_456_789, currency: Currency { code: "USD", exponent: 2 } };
    let text = words("dollars", &Invoice { amount: Some(money), ..TEMPLATE });
    let in_words =
        "USD One Million Two Hundred Thirty-Four Thousand Five Hundred Sixty-Seven and 89/100 Only";
    says(&text, &["Total USD 1,234,567.89", in_words]);
}

#[test]
fn the_file_is_tagged_titled_and_the_same_each_time() {
    let path = written("tagged", &LINES);
    let info = info_of(&path, &[]);
    says(
        &info,
        &["Title:           Invoice 2026-27/0042, Deccan Institute of Mathematics", "Tagged:          yes"],
    );
    let structure = info_of(&path, &["-struct"]);
    says(&structure, &["H1", "Table", "TH", "TD", "Figure", "Link"]);
    assert_eq!(invoice_pdf(&LINES).unwrap(), invoice_pdf(&LINES).unwrap());
    let size = std::fs::metadata(&path).unwrap().len();
    assert!(size < 60_000, "{size} bytes");
}
