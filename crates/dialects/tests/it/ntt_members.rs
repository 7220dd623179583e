//! What each member of a create may hold, and what becomes of it.

use kadi_domain::link::TextKind;
use kadi_domain::message::ChannelKind;
use kadi_domain::moment::Setup;
use kadi_domain::time::DAY_MS;
use serde_json::{Value, json};

use crate::support::merchants::merchant;
use crate::support::ntt::{CREATE, RESEND, about, set, wish};
use crate::support::paytm::{with, without};
use crate::support::shop::Shop;

/// What is told of a create with this member: nothing where it is carried out.
fn check(shop: &Shop, rows: Vec<(&str, Value, &str)>) {
    for (at, (name, value, told)) in rows.into_iter().enumerate() {
        let txn_id = format!("{name}-{at}");
        let answer = shop.ots(CREATE, &with(wish(&txn_id), name, value.clone()));
        let expected = if told.is_empty() { "OTS0001" } else { "OTS1009" };
        let (code, detail) = answer.ots_no();
        assert_eq!((code.as_str(), detail.as_str()), (expected, told), "{name} is {value:.60}");
    }
}

#[test]
fn amounts_are_plain_and_positive() {
    let amount = |value: Value| ("amount", value, "amount");
    let wrong = ["0", "0.00", "-5", "1e2", "1.001", "1,000", "1 ", "x", "0x1", "99999999999999999999"];
    let mut rows: Vec<_> = wrong.iter().map(|text| amount(json!(text))).collect();
    rows.extend([amount(json!(0)), amount(json!(-1)), amount(json!(1e300))]);
    rows.extend(
        [json!(1), json!(1.5), json!("1"), json!("1.5"), json!("01.50")].map(|it| ("amount", it, "")),
    );
    check(&Shop::ntt(), rows);
}

/// A limit and a risk rule are no mistakes of the request.
#[test]
fn amounts_outside_the_merchants_limits_and_risk_rules_fail() {
    let shop = Shop::ntt();
    for (amount, told) in [
        ("0.99", "amount: is below the merchant's least"),
        ("50000.01", "refused by risk rules"),
        ("100000.01", "amount: is above the merchant's most"),
    ] {
        let answer = shop.ots(CREATE, &with(wish("T-1"), "amount", json!(amount)));
        assert_eq!(answer.ots_no(), ("OTS1014".to_owned(), told.to_owned()));
    }
    assert_eq!(shop.ots(CREATE, &wish("T-1")).ots().0, "OTS0001", "nothing was kept of them");
}

#[test]
fn contacts_ids_and_texts_have_their_forms() {
    let long = format!("{}@example.com", "a".repeat(90));
    let rows = vec![
        ("merchantTxnId", json!("x".repeat(51)), "merchantTxnId"),
        ("merchantTxnId", json!("a\nb"), "merchantTxnId"),
        ("merchantTxnId", json!("च".repeat(50)), ""),
        ("txnCurrency", json!("USD"), "txnCurrency"),
        ("txnCurrency", json!(""), ""),
        ("txnCurrency", json!("INR"), ""),
        ("custName", json!("x".repeat(101)), "custName"),
        ("custName", json!("a\u{202e}b"), "custName"),
        ("custName", json!(""), ""),
        ("custEmail", json!(long), "custEmail"),
        ("custEmail", json!("asha@"), "custEmail"),
        ("custEmail", json!(""), ""),
        ("custMobile", json!("1234567890"), "custMobile"),
        ("custMobile", json!("9".repeat(21)), "custMobile"),
        ("custMobile", json!("+919000000001"), ""),
        ("custMobile", json!(9_000_000_001_i64), ""),
        ("custMobile", json!(""), ""),
        ("expiryDate", json!("2099-02-30 00:00:00"), "expiryDate"),
        ("expiryDate", json!("2020-01-01 00:00:00"), "expiryDate"),
        ("expiryDate", json!("2099-01-01T00:00:00"), "expiryDate"),
        ("expiryDate", json!(""), ""),
        ("returnUrl", json!("http://shop.example/"), "returnUrl"),
        ("returnUrl", json!("https://a@shop.example/"), "returnUrl"),
        ("returnUrl", json!("http://127.0.0.1:9/ret"), ""),
        ("returnUrl", json!(""), ""),
        ("udf1", json!("x".repeat(46)), "udf1"),
        ("udf2", json!(2), "udf2"),
        ("udf5", json!(""), ""),
        ("udf6", json!("x"), "udf6: is not known to this call"),
        ("action", json!("CREATE"), "action: is not known to this call"),
        ("templateFields", json!([]), "templateFields"),
        ("templateFields", json!({"course": true}), "templateFields.course"),
        ("templateFields", json!({"course": "M"}), "templateFields.course: must have at least 2 characters"),
        ("templateFields", json!({"course": "7a"}), "templateFields.course: does not match its pattern"),
        (
            "templateFields",
            json!({"course": "Maths", "fee": "x", "colour": "red"}),
            "templateFields.colour: is no field of this template; \
             templateFields.fee: must be an amount with at most two decimals",
        ),
        ("templateFields", json!({"course": "Maths", "fee": 12.50}), ""),
    ];
    check(&Shop::ntt(), rows);
}

#[test]
fn absent_fields_are_told_before_emptied_ones_and_all_of_a_kind_at_once() {
    let shop = Shop::ntt();
    let told = |fields: Value| shop.ots(CREATE, &with(wish("T-1"), "templateFields", fields)).ots_no();
    let row = |code: &str, names: &str| (code.to_owned(), names.to_owned());
    assert_eq!(told(json!({"batch": "", "fee": "x"})), row("OTS1006", "course"));
    assert_eq!(told(json!({"course": " ", "batch": ""})), row("OTS1006", "course"));
    assert_eq!(told(json!({"course": "Maths", "batch": " ", "fee": "x"})), row("OTS1007", "batch"));
    assert_eq!(told(json!({"course": "Maths", "fee": ""})).0, "OTS0001", "what is optional may be empty");
}

#[test]
fn the_invoice_pins_its_template_and_keeps_what_was_given() {
    let shop = Shop::ntt();
    let body = with(wish("T-1"), "expiryDate", json!("2099-01-31"));
    let (mut body, udf) = (body, json!({"udf1": "one", "udf5": "five"}));
    body.as_object_mut().unwrap().extend(udf.as_object().unwrap().clone());
    let (link, number) = shop.ntt_link(&body);
    assert_eq!(link.name, "Course fees");
    assert_eq!(shop.ots(RESEND, &about(&number)).json()["expiryDate"], "2099-01-31 23:59:59");
    let id = link.id;
    let texts = shop.read(move |reader| reader.texts_of(id));
    let text = |kind| texts.iter().find(|text| text.kind == kind).map(|text| text.value.clone());
    assert_eq!(text(TextKind::BrowserCallbackUrl).unwrap(), "https://shop.example/ret");
    assert_eq!(serde_json::from_str::<Value>(&text(TextKind::Attributes).unwrap()).unwrap(), udf);
    let invoice = shop.read(move |reader| reader.invoice_of(&link)).unwrap();
    let invoice = invoice.open(shop.engine().keys()).unwrap();
    let values: Vec<_> =
        invoice.fields().map(|(field, value)| (field.name.clone(), value.to_owned())).collect();
    let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(values, [row("course", "Maths"), row("batch", "Morning"), row("fee", "")]);
    assert_eq!(invoice.template().version, 1);
    assert!(shop.verify().is_clean());
}

#[test]
fn without_a_return_url_the_payer_goes_back_to_the_merchants_own() {
    let own = "https://own.example/back";
    let shop = Shop::ntt_of(Setup::sandbox(), vec![set(merchant("demo"), "return_url", own)]);
    for (txn_id, body) in
        [("T-1", without(wish("T-1"), "returnUrl")), ("T-2", with(wish("T-2"), "returnUrl", json!("")))]
    {
        let id = shop.ntt_link(&body).0.id;
        let texts = shop.read(move |reader| reader.texts_of(id));
        assert_eq!(texts.iter().map(|text| text.value.as_str()).collect::<Vec<_>>(), [own], "{txn_id}");
    }
}

/// With both contacts both are written to, with none nobody is, and that is no failure.
#[test]
fn an_invoice_goes_to_the_contacts_that_were_given() {
    let shop = Shop::ntt();
    let silent = without(without(wish("T-3"), "custEmail"), "custMobile");
    for (body, channels) in [
        (wish("T-0"), vec![ChannelKind::Email, ChannelKind::Sms]),
        (without(wish("T-1"), "custMobile"), vec![ChannelKind::Email]),
        (without(wish("T-2"), "custEmail"), vec![ChannelKind::Sms]),
        (silent, vec![]),
    ] {
        let (link, number) = shop.ntt_link(&body);
        let sent = |times: usize| {
            let of = shop.messages_of(&link).into_iter().map(|message| message.channel);
            assert_eq!(of.collect::<Vec<_>>(), channels.repeat(times));
        };
        sent(1);
        let again = shop.ots(RESEND, &about(&number)).ots_no();
        if channels.is_empty() {
            let told = "no channel is set up for the contacts of this invoice";
            assert_eq!(again, ("OTS1014".to_owned(), told.to_owned()));
        } else {
            assert_eq!(again.0, "OTS0001");
            sent(2);
        }
    }
}

#[test]
fn what_no_channel_can_carry_stores_nothing_and_the_id_may_be_used_again() {
    let setup = Setup { sms: false, email: false, ..Setup::sandbox() };
    let shop = Shop::ntt_of(setup, vec![merchant("demo")]);
    let told = "no channel is set up for the contacts of this invoice";
    assert_eq!(shop.ots(CREATE, &wish("T-1")).ots_no(), ("OTS1014".to_owned(), told.to_owned()));
    let silent = without(without(wish("T-1"), "custEmail"), "custMobile");
    assert_eq!(shop.ots(CREATE, &silent).ots_no(), ("OTS0001".to_owned(), String::new()));
    let setup = Setup { sms: false, ..Setup::sandbox() };
    let shop = Shop::ntt_of(setup, vec![merchant("demo")]);
    let told = "custMobile: no such channel is set up";
    assert_eq!(shop.ots(CREATE, &wish("T-1")).ots_no(), ("OTS0001".to_owned(), told.to_owned()));
}

/// The signature of a resend never changes: whoever saw one could write to the customer for ever.
#[test]
fn an_invoice_is_sent_again_a_hundred_times_at_most() {
    let shop = Shop::ntt();
    let (_, number) = shop.ntt_link(&wish("T-1"));
    for _ in 0..100 {
        assert_eq!(shop.ots(RESEND, &about(&number)).ots().0, "OTS0001");
    }
    let told = "InvoiceNo: was sent as often as may be";
    assert_eq!(shop.ots(RESEND, &about(&number)).ots_no(), ("OTS1014".to_owned(), told.to_owned()));
    shop.advance(40 * DAY_MS);
    assert_eq!(shop.ots(RESEND, &about(&number)).ots_no().1, "InvoiceNo: has expired");
}
