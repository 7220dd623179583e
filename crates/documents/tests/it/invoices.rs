//! Sample invoices, and the independent tools that read them back.
#![cfg(test)]

use std::path::PathBuf;
use std::process::Command;

use kadi_documents::invoice::{Customer, Invoice, Line, Merchant, Standing, Tax, invoice_pdf};
use kadi_documents::money::{Currency, Money};

pub(crate) const URL: &str = "https://pay.shop.example/p/3fG7kPqRs2tUv";
/// 21 Nov 2026, 1:30 pm IST.
pub(crate) const ISSUED_AT_MS: i64 = 1_795_199_400_000 + 13 * 3_600_000 + 30 * 60_000;

pub(crate) const fn rupees(paise: i64) -> Money<'static> {
    Money { minor: paise, currency: Currency { code: "INR", exponent: 2 } }
}

pub(crate) const MERCHANT: Merchant<'static> = Merchant {
    name: "Deccan Institute of Mathematics",
    address: Some("14, Residency Road\nAshok Nagar\nBengaluru 560025"),
    gstin: Some("29ABCDE1234F1Z5"),
    state_code: Some("29"),
    phone: Some("+91 80 4000 1234"),
    email: Some("accounts@deccan.example"),
};

/// An invoice of a template.
pub(crate) const TEMPLATE: Invoice<'static> = Invoice {
    is_test: false,
    merchant: MERCHANT,
    number: "INV1Q2W3E4R",
    reference: Some("TXN0001"),
    issued_at_ms: ISSUED_AT_MS,
    pay_by_ms: Some(ISSUED_AT_MS + 7 * 86_400_000),
    customer: Some(Customer {
        name: Some("Asha Rao"),
        mobile: Some("+91 98765 43210"),
        email: Some("asha@customer.example"),
    }),
    title: "Course fees",
    description: Some("Winter term, evening batch.\nBooks are not included."),
    fields: &[
        ("Student", "Asha Rao"),
        ("Roll number", "2026/MAT/017"),
        ("Course", "Linear Algebra and its Applications"),
        ("Start", "01/12/2026"),
    ],
    lines: &[],
    amount: Some(rupees(1_234_567_890)),
    standing: Standing::Due,
    paid: rupees(0),
    refunded: rupees(0),
    left: Some(rupees(1_234_567_890)),
    notes: &[("Message", "Fees once paid are given back only before the term begins.")],
    url: URL,
};

/// An invoice of lines with taxes.
pub(crate) const LINES: Invoice<'static> = Invoice {
    fields: &[],
    lines: &[
        Line {
            name: "Steel bottle, 1 litre",
            code: Some("7323"),
            units: "12",
            unit_price: rupees(45_000),
            net: rupees(540_000),
            taxes: &[
                Tax { name: "CGST 9%", amount: rupees(48_600) },
                Tax { name: "SGST 9%", amount: rupees(48_600) },
            ],
        },
        Line {
            name: "Delivery within Bengaluru, to the door and on the day of the order",
            code: Some("996511"),
            units: "1",
            unit_price: rupees(25_000),
            net: rupees(25_000),
            taxes: &[
                Tax { name: "CGST 9%", amount: rupees(2_250) },
                Tax { name: "SGST 9%", amount: rupees(2_250) },
            ],
        },
    ],
    title: "Order 4711",
    number: "2026-27/0042",
    reference: None,
    customer: None,
    description: None,
    amount: Some(rupees(666_700)),
    standing: Standing::Paid,
    paid: rupees(666_700),
    left: Some(rupees(0)),
    notes: &[],
    ..TEMPLATE
};

/// An invoice in Hindi.
pub(crate) const HINDI: Invoice<'static> = Invoice {
    merchant: Merchant {
        name: "क्षत्रिय विद्यालय समिति",
        address: Some("१४, महात्मा गांधी मार्ग\nइंदौर 452001"),
        gstin: None,
        state_code: Some("23"),
        phone: None,
        email: None,
    },
    title: "नियुक्ति प्राधिकारी: कर्म शुल्क ₹",
    description: Some("क्षत्रिय नियुक्ति प्राधिकारी कर्म ₹ – Term fee, first half. श्री\u{200d} राम"),
    fields: &[("विद्यार्थी", "ऋत्विक् शर्मा"), ("कक्षा", "दसवीं (10)"), ("Bus", "हाँ / yes")],
    customer: Some(Customer {
        name: Some("श्रीमती उज्ज्वला द्विवेदी"), mobile: None, email: None
    }),
    ..TEMPLATE
};

/// An invoice that is paid in parts, of a test merchant.
pub(crate) const PARTS: Invoice<'static> = Invoice {
    is_test: true,
    standing: Standing::PartPaid,
    paid: rupees(234_567_890),
    refunded: rupees(10_000_050),
    left: Some(rupees(1_000_000_000)),
    ..TEMPLATE
};

/// A folder of its own for files of a test.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("invoices");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// The invoice as a file with this name.
pub(crate) fn written(name: &str, invoice: &Invoice<'_>) -> PathBuf {
    let path = scratch(&format!("{name}.pdf"));
    std::fs::write(&path, invoice_pdf(invoice).unwrap()).unwrap();
    path
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is missing ({error}); run ./test once"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The text of a file as `pdftotext` reads it: in the order of reading, or as it stands on the page.
pub(crate) fn text_of(path: &std::path::Path, option: &str) -> String {
    run("pdftotext", &[option, "-enc", "UTF-8", path.to_str().unwrap(), "-"])
}

/// What `pdfinfo` says of a file.
pub(crate) fn info_of(path: &std::path::Path, options: &[&str]) -> String {
    run("pdfinfo", &[options, &[path.to_str().unwrap()]].concat())
}

/// The codes on the first page of a file, as `zbarimg` reads them from a picture of it.
pub(crate) fn codes_of(path: &std::path::Path) -> Vec<String> {
    let picture = path.with_extension("");
    run("pdftoppm", &["-r", "100", "-png", "-singlefile", path.to_str().unwrap(), picture.to_str().unwrap()]);
    let png = path.with_extension("png");
    let read = run("zbarimg", &["--quiet", "--raw", png.to_str().unwrap()]);
    read.lines().map(str::to_owned).collect()
}
