//! The invoice of a link as a PDF file: whole, by both doors, linked from page and mail, and read by programs
//! that know nothing of Kadi.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::http::{Answer, Call};
use crate::harness::mail::{MailServer, part};
use crate::harness::own_api::{bill, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const LETTERHEAD: &str =
    "gstin = \"29AAGCB7383J1Z4\"\nstate_code = \"29\"\naddress = \"14, Residency Road\\nBengaluru 560025\"";
const TEMPLATE: &str = r#"
[[template]]
merchant = "OWNER"
kind     = "invoice"
number   = "T001"
name     = "Course fees"
field    = [{ name = "course", label = "Course", type = "text", required = true },
            { name = "student", label = "विद्यार्थी", type = "text" },
            { name = "batch", label = "Batch", type = "choice", choices = ["Morning"], default = "Morning" }]
"#;

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is missing ({error}); run ./test once"));
    assert!(output.status.success(), "{program} {arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The words of a file, and the codes on its first page.
fn read(server: &Server, answer: &Answer) -> (String, Vec<String>) {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(answer.body()));
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    let name = answer.header("content-disposition").expect("a name");
    assert!(name.starts_with("inline; filename=\"invoice-") && name.ends_with(".pdf\""), "{name}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let path = server.write("invoice.pdf", "");
    std::fs::write(&path, answer.body()).unwrap();
    let words = run("pdftotext", &["-layout", "-enc", "UTF-8", path.to_str().unwrap(), "-"]);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (words, codes(&path))
}

fn codes(path: &Path) -> Vec<String> {
    let picture = path.with_extension("");
    run("pdftoppm", &["-r", "100", "-png", "-singlefile", path.to_str().unwrap(), picture.to_str().unwrap()]);
    let read = run("zbarimg", &["--quiet", "--raw", path.with_extension("png").to_str().unwrap()]);
    read.lines().map(str::to_owned).collect()
}

fn says(words: &str, expected: &[&str]) {
    for expected in expected {
        assert!(words.contains(expected), "{expected:?} does not stand in {words}");
    }
}

fn payers_copy(server: &Server, link: &Value) -> Answer {
    server.send(&Call::get(&format!("/p/{}/invoice.pdf", text(&link["code"]))))
}

fn merchants_copy(shop: &Shop<'_>, link: &Value) -> Answer {
    shop.get(&format!("/v1/links/{}/invoice.pdf", text(&link["id"])))
}

fn page(server: &Server, link: &Value) -> Answer {
    server.send(&Call::get(&format!("/p/{}", text(&link["code"]))))
}

#[test]
fn an_invoice_of_a_template_is_on_the_page_in_the_mail_and_in_both_files() {
    let mail_server = MailServer::start(&[]);
    let server = Server::dev_with_config(&MailServer::config(mail_server.port));
    let shop = Shop::open_with(&server, "school", LETTERHEAD);
    let file = server.write("templates.toml", &TEMPLATE.replace("OWNER", &shop.id));
    server.kadi_ok(&["template", "import", file.to_str().unwrap()]);
    let link = shop.link(&json!({
        "kind": "fixed", "amount": 4_876_543, "name": "क्षत्रिय नियुक्ति प्राधिकारी कर्म ₹", "send": ["email"],
        "customer": {"name": "Asha Rao", "mobile": "9000000001", "email": "asha@customer.example"},
        "invoice": {"template": "T001", "fields": {"course": "Linear Algebra", "student": "ऋत्विक् शर्मा"}},
    }));
    let number = text(&link["invoice"]["number"]);
    let (words, codes) = read(&server, &payers_copy(&server, &link));
    let common = [
        "14, Residency Road",
        "GSTIN: 29AAGCB7383J1Z4",
        "State code: 29",
        number,
        "क्षत्रिय नियुक्ति प्राधिकारी कर्म ₹",
        "Course Linear Algebra",
        "विद्यार्थी ऋत्विक् शर्मा",
        "Batch Morning",
        "₹48,765.43",
        "Rupees Forty-Eight Thousand Seven Hundred Sixty-Five and Forty-Three Paise Only",
        "DUE",
    ];
    says(&words, &common);
    assert!(!words.contains("Asha Rao") && !words.contains("9000000001"), "{words}");
    let address = text(&link["url"]);
    assert_eq!(codes, [address]);
    let (words, codes) = read(&server, &merchants_copy(&shop, &link));
    says(&words, &common);
    says(&words, &["Bill to", "Asha Rao", "9000000001", "asha@customer.example"]);
    assert_eq!(codes, [address]);
    let path = format!("/p/{}/invoice.pdf", text(&link["code"]));
    let seen = page(&server, &link).text().to_owned();
    for shown in [&format!("href=\"{path}\""), number, "Linear Algebra", "29AAGCB7383J1Z4", "Residency Road"]
    {
        assert!(seen.contains(shown), "{shown} is not on {seen}");
    }
    let mail = mail_server.wait_for_mail("asha@customer.example");
    for kind in ["text/plain", "text/html"] {
        let said = part(&mail, kind);
        for shown in [path.as_str(), number, "Course: Linear Algebra", "29AAGCB7383J1Z4", "Residency Road"] {
            assert!(said.contains(shown), "{shown} is not in {said}");
        }
    }
}

#[test]
fn an_invoice_of_lines_is_there_until_and_after_it_is_paid_and_sent_back() {
    let server = Server::dev();
    let shop = Shop::open_with(&server, "bottles", LETTERHEAD);
    let link = shop.link(&bill());
    let code = text(&link["code"]);
    let (words, codes) = read(&server, &payers_copy(&server, &link));
    let line = "Steel bottle 2 ₹250.00 ₹500.00 ₹90.00 ₹590.00";
    says(&words, &[line, "Code: 7323", "IGST: ₹90.00", "Taxable value ₹500.00", "Total ₹590.00", "DUE"]);
    assert_eq!(codes, [text(&link["url"])]);
    let head = server.send(&Call::new("HEAD", &format!("/p/{code}/invoice.pdf")));
    assert_eq!((head.status, head.header("content-type")), (200, Some("application/pdf")));
    let payment = server.pay(code, "success");
    let (words, _) = read(&server, &payers_copy(&server, &link));
    says(&words, &["PAID", "Paid ₹590.00", "The page of this invoice"]);
    assert!(page(&server, &link).text().contains(&format!("/p/{code}/invoice.pdf")));
    let refunds = format!("/v1/payments/{}/refunds", text(&payment["id"]));
    assert_eq!(shop.post_json(&refunds, &json!({"amount": 59_000})).status, 201);
    crate::harness::wait::wait_until("the refund", || {
        let (words, _) = read(&server, &merchants_copy(&shop, &link));
        words.contains("REFUNDED") && words.contains("Given back ₹590.00")
    });
}

#[test]
fn an_invoice_that_is_paid_in_parts_says_what_is_left() {
    let server = Server::dev();
    let shop = Shop::open(&server, "parts");
    let mut wish = bill();
    wish["part_rules"] = json!({"min": 100});
    let link = shop.link(&wish);
    let code = text(&link["code"]);
    let part = server.pay_with(code, &json!({"outcome": "success", "amount": "190.00"}));
    assert_eq!(part.status, 200);
    let (words, _) = read(&server, &payers_copy(&server, &link));
    says(&words, &["PART PAID", "Paid ₹190.00", "Left to pay ₹400.00", "Rupees Five Hundred Ninety Only"]);
    let refunds = format!("/v1/payments/{}/refunds", text(&part.json()["id"]));
    assert_eq!(shop.post_json(&refunds, &json!({"amount": 19_000})).status, 201);
    // The rest is still asked for.
    crate::harness::wait::wait_until("the refund", || {
        let (words, _) = read(&server, &payers_copy(&server, &link));
        words.contains("Given back ₹190.00") && words.contains("PART PAID") && words.contains("To pay, scan")
    });
    assert_eq!(shop.cancel(&link).status, 200);
    let (words, _) = read(&server, &payers_copy(&server, &link));
    says(&words, &["REFUNDED", "Paid ₹190.00"]);
    assert!(!words.contains("Left to pay"), "{words}");
}

/// As every API with a word for it says.
#[test]
fn an_invoice_that_is_paid_after_it_was_cancelled_is_paid() {
    let server = Server::dev();
    let shop = Shop::open(&server, "late");
    for (rules, paid, word) in [(Value::Null, "590.00", "PAID"), (json!({"min": 100}), "190.00", "CANCELLED")]
    {
        let mut wish = bill();
        if rules.is_object() {
            wish["part_rules"] = rules;
        }
        let link = shop.link(&wish);
        let started = server.pay_with(text(&link["code"]), &json!({"outcome": "pending", "amount": paid}));
        assert_eq!(started.status, 200, "{}", started.text());
        assert_eq!(shop.cancel(&link).status, 200);
        let (words, _) = read(&server, &payers_copy(&server, &link));
        says(&words, &["CANCELLED"]);
        assert_eq!(server.settle(text(&started.json()["id"]), "success").status, 200);
        let (words, _) = read(&server, &payers_copy(&server, &link));
        says(&words, &[word, &format!("Paid ₹{paid}")]);
        assert_eq!(words.contains("CANCELLED"), word == "CANCELLED", "{words}");
        let shown = page(&server, &link);
        let told = if word == "PAID" { "already been paid" } else { "cancelled" };
        assert!(shown.text().contains(told), "{}", shown.text());
    }
}

#[test]
fn a_link_without_an_invoice_has_no_file() {
    let server = Server::dev();
    let shop = Shop::open(&server, "plain");
    let link = shop.link(&json!({"kind": "fixed", "amount": 5_000, "name": "Fees"}));
    assert_eq!(payers_copy(&server, &link).status, 404);
    crate::harness::own_api::problem(&merchants_copy(&shop, &link), 404, "not_found");
    assert!(!page(&server, &link).text().contains("invoice.pdf"));
}

/// `linkNotes` are the merchant's own; telephone number, e-mail address and product codes are for payers.
#[test]
fn what_paytms_create_says_stands_where_it_belongs() {
    let mail_server = MailServer::start(&[]);
    let server = Server::dev_with_config(&MailServer::config(mail_server.port));
    let shop = Shop::open(&server, "books");
    let mut body = shop.invoice("INV-77");
    body["linkNotes"] = json!("never to be seen");
    body["sendEmail"] = json!(true);
    body["customerContact"] = json!({"customerName": "Asha", "customerEmail": "asha@customer.example"});
    let code = shop.create(&body).link_code();
    let file = server.send(&Call::get(&format!("/p/{code}/invoice.pdf")));
    let (words, _) = read(&server, &file);
    let mail = mail_server.wait_for_mail("asha@customer.example");
    for said in [&words, part(&mail, "text/plain"), part(&mail, "text/html")] {
        says(said, &["INV-77", "9876543210", "books@shop.example", "AT-1", "Atlas"]);
        assert!(!said.contains("never to be seen"), "{said}");
    }
}
