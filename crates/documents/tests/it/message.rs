//! The message that brings a link.

use insta::assert_snapshot;
use kadi_documents::message::{InvoiceWords, PaymentRequest, TimeWords, payment_request};

const URL: &str = "https://pay.shop.example/p/3fG7kPqRs2tUv";

const REQUEST: PaymentRequest<'_> = PaymentRequest {
    merchant_name: "Demo Traders",
    purpose: "Course fees, November",
    amount: Some("₹1,499.00"),
    url: URL,
    expires: Some(TimeWords {
        english: "21 Nov 2026, 11:59 pm IST",
        hindi: "21 नवंबर 2026, रात 11:59 बजे (भारतीय समय)",
    }),
    customer_name: "Asha",
    invoice: None,
};

const BARE: PaymentRequest<'_> =
    PaymentRequest { purpose: "", amount: None, expires: None, customer_name: "", ..REQUEST };

const INVOICE: InvoiceWords<'_> = InvoiceWords {
    number: Some("INV1Q2W3E4R"),
    address: Some("14, Residency Road\nBengaluru 560025"),
    gstin: Some("29ABCDE1234F1Z5"),
    phone: Some("+91 80 4000 1234"),
    email: Some("accounts@deccan.example"),
    fields: &[("Course", "Linear Algebra"), ("Start", "01/12/2026")],
    items: &[(2, "Notebook", Some("4820")), (1, "Bag", None)],
    file_url: Some("https://pay.shop.example/p/3fG7kPqRs2tUv/invoice.pdf"),
};

fn nasty_invoice(nasty: &str) -> InvoiceWords<'_> {
    InvoiceWords {
        number: Some(nasty),
        phone: Some(nasty),
        email: Some(nasty),
        fields: &[],
        items: &[],
        ..INVOICE
    }
}

#[test]
fn an_invoice_stands_in_the_mail_with_the_way_to_its_file() {
    let texts = payment_request(&PaymentRequest { invoice: Some(INVOICE), ..REQUEST });
    assert_snapshot!("invoice_text", texts.text);
    assert_snapshot!("invoice_html", texts.html);
    let file = format!("href=\"{}\"", INVOICE.file_url.unwrap());
    assert_eq!(texts.html.matches(&file).count(), 2);
    assert!(texts.sms.ends_with(URL) && texts.sms == payment_request(&REQUEST).sms);
}

#[test]
fn fields_and_items_of_an_invoice_lead_nowhere() {
    let nasty = "x http://evil.example call +91 98765 43210";
    let fields = [(nasty, nasty)];
    let items = [(1, nasty, Some(nasty))];
    let invoice = InvoiceWords { fields: &fields, items: &items, ..INVOICE };
    let texts = payment_request(&PaymentRequest { invoice: Some(invoice), ..REQUEST });
    for text in [&texts.text, &texts.html] {
        assert!(!text.contains("evil") && !text.contains("98765"), "{text}");
        assert!(
            text.contains("x call +: x call +") && text.contains("1 × x call + (Code: x call +)"),
            "{text}"
        );
    }
}

#[test]
fn a_full_request() {
    let texts = payment_request(&REQUEST);
    assert_snapshot!("full_sms", texts.sms);
    assert_snapshot!("full_subject", texts.subject);
    assert_snapshot!("full_text", texts.text);
    assert_snapshot!("full_html", texts.html);
}

#[test]
fn a_bare_request() {
    let texts = payment_request(&BARE);
    assert_snapshot!("bare_sms", texts.sms);
    assert_snapshot!("bare_subject", texts.subject);
    assert_snapshot!("bare_text", texts.text);
    assert_snapshot!("bare_html", texts.html);
}

#[test]
fn the_address_stands_in_full_on_a_line_of_its_own_and_in_both_languages() {
    let texts = payment_request(&REQUEST);
    assert_eq!(texts.text.lines().filter(|line| *line == URL).count(), 2);
    assert_eq!(texts.html.matches(&format!("href=\"{URL}\"")).count(), 2);
    assert!(texts.sms.ends_with(URL) && texts.sms.is_ascii());
}

#[test]
fn no_word_of_others_is_markup() {
    let nasty = "<script>alert('1')</script>\"><img src=x onerror=y> & co";
    let texts = payment_request(&PaymentRequest {
        merchant_name: nasty,
        purpose: nasty,
        amount: Some(nasty),
        url: "https://pay.shop.example/p/a?b='c'&d=\"e\"",
        expires: Some(TimeWords { english: nasty, hindi: nasty }),
        customer_name: nasty,
        invoice: Some(nasty_invoice(nasty)),
    });
    assert!(!texts.html.contains("<script") && !texts.html.contains("<img"));
    assert!(texts.html.contains("href=\"https://pay.shop.example/p/a?b=&#39;c&#39;&amp;d=&quot;e&quot;\""));
    assert!(texts.text.contains("<script>"), "plain text needs no escaping");
}

#[test]
fn no_word_of_others_leads_elsewhere_or_breaks_a_line() {
    let nasty = "pay\r\nBcc: x@y.example\u{202e} http://evil.example call +91 98765 43210";
    let texts = payment_request(&PaymentRequest {
        merchant_name: "Shop\r\nBcc: x",
        purpose: nasty,
        customer_name: nasty,
        invoice: Some(nasty_invoice(nasty)),
        ..REQUEST
    });
    for text in [&texts.sms, &texts.subject, &texts.text, &texts.html] {
        assert!(!text.contains("evil") && !text.contains("98765") && !text.contains("y.example"), "{text}");
        assert!(!text.contains('\u{202e}') && !text.contains('\r'), "{text}");
    }
    for line in [&texts.sms, &texts.subject] {
        assert!(!line.contains('\n'));
    }
    assert!(!texts.text.lines().any(|line| line.starts_with("Bcc:")));
}

#[test]
fn nothing_is_fetched_when_a_mail_is_opened() {
    let html = payment_request(&REQUEST).html;
    for word in ["src=", "url(", "@import", "<link", "<script", "<iframe"] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn long_words_do_not_make_a_long_sms() {
    let long = "long words ".repeat(50);
    let texts = payment_request(&PaymentRequest {
        merchant_name: &long,
        purpose: &long,
        customer_name: &long,
        ..REQUEST
    });
    assert!(texts.sms.len() <= 160, "{}", texts.sms.len());
    assert!(texts.subject.chars().count() <= 120);
}
