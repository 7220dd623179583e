//! The receipt for a payment.

use insta::assert_snapshot;
use kadi_documents::message::{Receipt, TimeWords, receipt};

const URL: &str = "https://pay.shop.example/p/3fG7kPqRs2tUv";

const PART: Receipt<'_> = Receipt {
    merchant_name: "Demo Traders",
    purpose: "Course fees, November",
    amount: "₹1,499.00",
    paid: TimeWords {
        english: "21 Nov 2026, 11:59 pm IST",
        hindi: "21 नवंबर 2026, रात 11:59 बजे (भारतीय समय)",
    },
    payment_reference: "SBX2053",
    link_reference: "3fG7kPqRs2tUv",
    left: Some("₹501.00"),
    url: URL,
    customer_name: "Asha",
};

#[test]
fn a_receipt_for_a_part() {
    let texts = receipt(&PART);
    assert_snapshot!("part_sms", texts.sms);
    assert_snapshot!("part_subject", texts.subject);
    assert_snapshot!("part_text", texts.text);
    assert_snapshot!("part_html", texts.html);
}

#[test]
fn what_is_left_is_told_of_parts_only() {
    let texts = receipt(&Receipt { left: None, ..PART });
    assert!(!texts.text.contains("Left") && !texts.text.contains("शेष"), "{}", texts.text);
    assert!(!texts.html.contains("Left"), "{}", texts.html);
}

#[test]
fn no_word_of_others_is_markup_leads_elsewhere_or_breaks_a_line() {
    let nasty = "<img src=x>\r\nBcc: x@y.example\u{202e} http://evil.example call +91 98765 43210";
    let texts = receipt(&Receipt {
        merchant_name: "Shop\r\nBcc: <b>",
        purpose: nasty,
        payment_reference: "<i>\r\nBcc: x",
        customer_name: nasty,
        ..PART
    });
    for text in [&texts.sms, &texts.subject, &texts.text, &texts.html] {
        assert!(!text.contains("evil") && !text.contains("98765") && !text.contains("y.example"), "{text}");
        assert!(!text.contains('\u{202e}') && !text.contains('\r'), "{text}");
    }
    assert!(!texts.html.contains("<img") && !texts.html.contains("<b>") && !texts.html.contains("<i>"));
    assert!(!texts.text.lines().any(|line| line.starts_with("Bcc:")) && !texts.subject.contains('\n'));
}

#[test]
fn a_long_name_does_not_make_a_long_sms() {
    let long = "long words ".repeat(50);
    let texts = receipt(&Receipt { merchant_name: &long, payment_reference: &long, ..PART });
    assert!(texts.sms.len() <= 160 && texts.sms.is_ascii(), "{}", texts.sms);
}
