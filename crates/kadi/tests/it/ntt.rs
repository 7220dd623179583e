//! NTT DATA's links from outside, through a program that shares no code with Kadi.

use serde_json::{Value, json};

use crate::harness::browser::{Browser, PHONE, click, open};
use crate::harness::http::Call;
use crate::harness::ntt::{ANSWERS, CALLBACK, Ntt, wish};
use crate::harness::own_api::text;
use crate::harness::peers::{folder, ntt};
use crate::harness::receiver::Receiver;
use crate::harness::sandbox::code_of;
use crate::harness::server::Server;
use crate::harness::wait::wait_until;

#[test]
fn the_program_reproduces_every_vector() {
    let path = folder().join("vectors/signature-vectors.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let vectors = file["ntt"]["hmac_sha512"].as_array().unwrap();
    assert_eq!(vectors.len(), 5);
    for vector in vectors {
        let question = json!({"op": "sign", "key": vector["key"], "parts": vector["parts"]});
        assert_eq!(ntt().ask(&question), vector["signature_hex_lower"], "{}", vector["name"]);
    }
    let vector = &file["ntt"]["aes_256_cbc_pbkdf2 (other NTT APIs, optional here)"];
    let ask = |op: &str, name: &str, value: &Value| {
        let mut question = json!({"op": op, "key": vector["key_and_salt"], "salt": vector["key_and_salt"]});
        question[name] = value.clone();
        ntt().ask(&question)
    };
    assert_eq!(ask("encrypt", "text", &vector["plaintext"]), vector["ciphertext_hex_upper"]);
    assert_eq!(ask("decrypt", "sealed", &vector["ciphertext_hex_upper"]), vector["plaintext"]);
    let question = json!({"op": "derive", "key": vector["key_and_salt"], "salt": vector["key_and_salt"]});
    assert_eq!(ntt().ask(&question), vector["dk_hex"]);
}

#[test]
fn an_invoice_is_made_from_a_template_sent_paid_and_told() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let merchant = Ntt::open(&server, &receiver, "college");
    let executed = |action: &str, param: &Value| {
        merchant.says(action, param, "OTS0000", "Request Executed Successfully")
    };
    let listed = executed("GETTEMPLATE", &json!({}));
    assert_eq!(listed["templates"], json!([{"templateNo": "T001", "templateName": "Course fees"}]));
    let details = executed("GETTEMPLATEDETAILS", &json!({"templateNo": "T001"}));
    assert_eq!(
        (&details["fields"][0]["name"], &details["fields"][0]["mandatory"]),
        (&json!("course"), &json!(true))
    );
    assert_eq!(details["fields"][1]["defaultValue"], "Morning");
    let made = merchant.create(&wish("TXN-1"));
    assert_eq!((&made["merchantTxnId"], &made["amount"]), (&json!("TXN-1"), &json!("100.00")));
    let message = server.message("9111100041", "sms");
    assert!(text(&message["text"]).contains(text(&made["paymentLink"])), "{message}");
    let posted = receiver.wait_for_posts(ANSWERS, 1);
    assert_eq!(merchant.ask("posted", json!({"text": posted[0].text()})), made);
    let code = code_of(&made["paymentLink"]);
    let page = server.send(&Call::get(&format!("/p/{code}")));
    for shown in ["100.00", "Course fees"] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    server.pay(&code, "failure");
    let paid = server.pay(&code, "success");
    let mut told: Vec<_> =
        receiver.wait_for_posts(CALLBACK, 2).iter().map(|post| merchant.told(post)).collect();
    told.sort_by_key(|it| text(&it["responseDetails"]["statusCode"]).to_owned());
    let (success, failure) = (&told[0], &told[1]);
    assert_eq!(failure["responseDetails"]["statusCode"], "OTS1014");
    assert_eq!(
        success["responseDetails"],
        json!({"statusCode": "OTS0000", "message": "SUCCESS", "description": "Request Executed Successfully"})
    );
    assert_eq!(
        (&success["invoiceNo"], &success["merchDetails"]["merchTxnId"], &success["extras"]),
        (&made["invoiceNo"], &json!("TXN-1"), &json!({"udf1": "row 7"}))
    );
    let id: i64 = text(&paid["id"]).parse().unwrap();
    assert_eq!(
        (&success["payDetails"]["atomTxnId"], &success["payDetails"]["totalAmount"]),
        (&json!(id), &json!(100.0))
    );
    assert_eq!(success["payModeSpecificData"]["bankDetails"]["bankTxnId"], paid["rail_reference"]);
    let mut forged = success.clone();
    forged["payDetails"]["totalAmount"] = json!(1000.0);
    assert_eq!(merchant.ask("verify", json!({"it": forged})), false);
    server.verify();
}

#[test]
fn every_form_of_a_request_is_understood() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let merchant = Ntt::encrypted(&server, &receiver, "forms");
    for form in ["flat", "nested", "action", "encrypted"] {
        let mut wish = wish(&format!("TXN-{form}"));
        if form != "flat" {
            wish["amount"] = json!(1.5);
        }
        let sent = "Invoice Link Sent Successfully";
        let made = merchant.answers("CREATE", &wish, form, "OTS0001", sent);
        let number = json!({"invoiceNo": made["invoiceNo"]});
        merchant.answers("RESEND", &number, form, "OTS0001", sent);
        let cancelled = "Invoice Link Cancelled Successfully";
        merchant.answers("CANCEL", &number, form, "OTS0002", cancelled);
        merchant.answers("CANCEL", &number, form, "OTS1015", "Cancelled Invoice");
        let number = json!({"templateNo": "T001"});
        merchant.answers("GETTEMPLATEDETAILS", &number, form, "OTS0000", "Request Executed Successfully");
    }
    server.verify();
}

#[test]
fn an_invoice_is_sent_again_and_its_cancel_is_reported_where_a_resend_had_its_signature() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let merchant = Ntt::open(&server, &receiver, "again");
    let mut wish = wish("TXN-1");
    wish["custMobile"] = json!("9111100042");
    let made = merchant.create(&wish);
    let number = json!({"invoiceNo": made["invoiceNo"]});
    merchant.says("RESEND", &number, "OTS0001", "Invoice Link Sent Successfully");
    wait_until("two messages", || server.messages("9111100042").len() == 2);
    for message in server.messages("9111100042") {
        assert!(text(&message["text"]).contains(text(&made["paymentLink"])), "{message}");
    }
    merchant.says("CANCEL", &number, "OTS0002", "Invoice Link Cancelled Successfully");
    let report = merchant.told(&receiver.wait_for_posts(CALLBACK, 1)[0]);
    assert_eq!(
        (&report["responseDetails"]["statusCode"], &report["invoiceNo"]),
        (&json!("OTS1015"), &made["invoiceNo"])
    );
    assert!(text(&report["responseDetails"]["description"]).contains("resend"), "{report}");
    merchant.says("RESEND", &number, "OTS1015", "Cancelled Invoice");
    let late = server.pay_with(&code_of(&made["paymentLink"]), &json!({"outcome": "success"}));
    assert_eq!((late.status, &late.json()["code"]), (409, &json!("link_cancelled")));
    wish["merchantTxnId"] = json!("TXN-2");
    let made = merchant.create(&wish);
    let number = json!({"invoiceNo": made["invoiceNo"]});
    merchant.says("CANCEL", &number, "OTS0002", "Invoice Link Cancelled Successfully");
    wish["merchantTxnId"] = json!("TXN-3");
    let made = merchant.create(&wish);
    server.pay(&code_of(&made["paymentLink"]), "success");
    let number = json!({"invoiceNo": made["invoiceNo"]});
    merchant.says("CANCEL", &number, "OTS1014", "Request Failed");
    let second = merchant.told(&receiver.wait_for_posts(CALLBACK, 2)[1]);
    assert_eq!(
        second["merchDetails"]["merchTxnId"], "TXN-3",
        "a cancel that was never resent is not reported"
    );
    merchant.says("CANCEL", &json!({"invoiceNo": "INV1"}), "OTS1012", "Invoice Not Found");
    server.verify();
}

#[test]
fn a_merchant_with_encryption_keys_is_told_what_only_they_open() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let merchant = Ntt::encrypted(&server, &receiver, "sealed");
    let made =
        merchant.answers("CREATE", &wish("TXN-1"), "encrypted", "OTS0001", "Invoice Link Sent Successfully");
    let posted = receiver.wait_for_posts(ANSWERS, 1);
    assert!(posted[0].form().contains_key("encData"));
    assert_eq!(merchant.ask("posted", json!({"text": posted[0].text()})), made);
    let code = code_of(&made["paymentLink"]);
    let steps = [
        open(&format!("/p/{code}")),
        click("button[name=outcome][value=success]"),
        click(&format!("form[action*='{ANSWERS}'] button")),
    ];
    Browser { javascript: false, ..PHONE }.walk(&server, &steps);
    for post in [&receiver.wait_for_posts(CALLBACK, 1)[0], &receiver.wait_for_posts(ANSWERS, 2)[1]] {
        let names: Vec<_> = post.form().keys().cloned().collect();
        assert_eq!(names, ["encData", "merchId"]);
        assert_eq!(merchant.told(post)["responseDetails"]["statusCode"], "OTS0000");
    }
    let mut stranger = Ntt { server: &server, account: merchant.account.clone() };
    stranger.account["encryption"]["request_key"] = json!("another key");
    let reply = stranger.call("GETTEMPLATE", &json!({}), "flat");
    assert_eq!(reply["body"]["statusCode"], "OTS0000", "keys are needed for what is encrypted only");
}

#[test]
fn the_payers_browser_posts_where_the_request_said() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let merchant = Ntt::open(&server, &receiver, "browsers");
    let mut wish = wish("TXN-1");
    wish["returnUrl"] = json!(receiver.url("/back"));
    let made = merchant.create(&wish);
    let code = code_of(&made["paymentLink"]);
    let steps = [
        open(&format!("/p/{code}")),
        click("button[name=outcome][value=success]"),
        click("form[action*='/back'] button"),
    ];
    Browser { javascript: false, ..PHONE }.walk(&server, &steps);
    let by_browser = merchant.told(&receiver.wait_for_posts("/back", 1)[0]);
    let mut by_server = merchant.told(&receiver.wait_for_posts(CALLBACK, 1)[0]);
    assert!(by_server.as_object_mut().unwrap().remove("extras").is_some());
    assert_eq!(by_browser, by_server);
}

#[test]
fn a_refused_callback_is_tried_again_after_the_table_and_then_parked() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    receiver.answer_with(500);
    let merchant = Ntt::with(&server, "retries", &json!({"callback_url": receiver.url(CALLBACK)}));
    let made = merchant.create(&wish("TXN-1"));
    server.pay(&code_of(&made["paymentLink"]), "success");
    let first = receiver.wait_for_posts(CALLBACK, 1)[0].text().to_owned();
    for (index, minutes) in [1, 5, 30, 120, 360].into_iter().enumerate() {
        let twentieths = receiver.twentieths_to_next(&server, CALLBACK, minutes * 60);
        assert!((17..=23).contains(&twentieths), "{twentieths}/20 of {minutes} min");
        assert_eq!(receiver.posts(CALLBACK).len(), index + 2);
    }
    server.advance(10 * 86_400);
    let posts = receiver.posts(CALLBACK);
    assert_eq!((posts.len(), posts[5].text()), (6, first.as_str()), "parked, and the same each time");
}
