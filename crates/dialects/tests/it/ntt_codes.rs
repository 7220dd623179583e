//! Every status code with its exact text, one named test for each call that can answer it.

use kadi_domain::merchant::Merchant;
use kadi_domain::moment::Setup;
use kadi_domain::time::DAY_MS;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::merchant;
use crate::support::ntt::{ACTION, CANCEL, CREATE, DETAILS, LIST, RESEND, about, asks, wish};
use crate::support::paytm::{with, without};
use crate::support::rail::Says;
use crate::support::shop::Shop;

/// Code and text of the vendor's page, letter by letter.
const TEXTS: [(&str, &str); 18] = [
    ("OTS0000", "Request Executed Successfully"),
    ("OTS0001", "Invoice Link Sent Successfully"),
    ("OTS0002", "Invoice Link Cancelled Successfully"),
    ("OTS1001", "Parameters Are Missing"),
    ("OTS1002", "Invalid Merch ID/Password"),
    ("OTS1003", "Inactive Merchant"),
    ("OTS1004", "Template Not Found"),
    ("OTS1005", "Template Details Not Found"),
    ("OTS1006", "Template Field/s Is/Are Missing"),
    ("OTS1007", "Default Value Missing"),
    ("OTS1008", "Value Missing"),
    ("OTS1009", "Bad Request"),
    ("OTS1010", "Something Went Wrong"),
    ("OTS1011", "Signature Mismatched"),
    ("OTS1012", "Invoice Not Found"),
    ("OTS1013", "Action Not Found"),
    ("OTS1014", "Request Failed"),
    ("OTS1015", "Cancelled Invoice"),
];

/// The address of a call.
fn path(call: &str) -> &'static str {
    match call {
        "GETTEMPLATE" => LIST,
        "GETTEMPLATEDETAILS" => DETAILS,
        "CREATE" => CREATE,
        "RESEND" => RESEND,
        "CANCEL" => CANCEL,
        _ => ACTION,
    }
}

/// A right request of a call; the invoice of the shop is the one that it names.
fn right(call: &str, shop: &Shop) -> Value {
    match call {
        "GETTEMPLATE" => asks(),
        "GETTEMPLATEDETAILS" => with(asks(), "templateNo", json!("T001")),
        "CREATE" => wish("T-2"),
        "RESEND" | "CANCEL" => about(&shop.ntt_link(&wish("T-1")).1),
        _ => with(asks(), "action", json!("GETTEMPLATE")),
    }
}

/// A test for each row: call, code, text, and how it is reached from a right request of that call.
macro_rules! rows {
    ($($name:ident: $call:literal $code:literal $text:literal = $reach:expr;)+) => {
        const ROWS: &[(&str, &str, &str)] = &[$(($call, $code, $text)),+];
        $(
            #[test]
            fn $name() {
                let reach: fn(&str) -> Answer = $reach;
                let (code, text, _) = reach($call).ots();
                assert_eq!((code.as_str(), text.as_str()), ($code, $text));
            }
        )+
    };
}

/// The call with its right request, changed.
fn changed(call: &str, change: fn(Value) -> Value) -> Answer {
    let shop = Shop::ntt();
    let body = right(call, &shop);
    shop.ots(path(call), &change(body))
}

fn carried_out(call: &str) -> Answer {
    changed(call, |body| body)
}

fn without_password(call: &str) -> Answer {
    changed(call, |body| without(body, "password"))
}

fn with_a_wrong_password(call: &str) -> Answer {
    changed(call, |body| with(body, "password", json!("Test@124")))
}

fn with_an_empty_value(call: &str) -> Answer {
    changed(call, |body| with(body, "password", json!("")))
}

fn of_a_wrong_type(call: &str) -> Answer {
    changed(call, |body| with(body, "password", json!(7)))
}

fn with_a_wrong_signature(call: &str) -> Answer {
    changed(call, |body| with(body, "signature", json!("0".repeat(128))))
}

fn about_no_invoice(call: &str) -> Answer {
    changed(call, |body| with(body, "invoiceNo", json!("INV7")))
}

fn by_an_inactive_merchant(call: &str) -> Answer {
    let shop = Shop::ntt();
    let body = right(call, &shop);
    let off = Merchant { active: false, ..merchant("demo") };
    shop.import(off);
    shop.ots(path(call), &body)
}

/// The engine no longer runs; its HTTP status says that it may be asked again.
fn of_a_server_that_stops(call: &str) -> Answer {
    let shop = Shop::ntt();
    let body = right(call, &shop);
    shop.engine().stop();
    let mut answer = shop.ots(path(call), &body);
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("1")));
    answer.status = axum::http::StatusCode::OK;
    answer
}

fn of_a_merchant_without_templates(call: &str) -> Answer {
    let shop = Shop::open(vec![crate::support::merchants::with_keys(merchant("demo"), &[])]);
    shop.ots(path(call), &if call == "CREATE" { wish("T-1") } else { asks() })
}

/// After something happened to the invoice that the request names.
fn after(call: &str, happens: fn(&Shop, &Value)) -> Answer {
    let shop = Shop::ntt();
    let body = right(call, &shop);
    happens(&shop, &body);
    shop.ots(path(call), &body)
}

fn of_a_cancelled_one(call: &str) -> Answer {
    after(call, |shop, body| assert_eq!(shop.ots(CANCEL, body).ots().0, "OTS0002"))
}

fn of_a_paid_one(call: &str) -> Answer {
    after(call, |shop, body| {
        let link = shop.link(&shop.ots(RESEND, body));
        shop.pay(&link, Says::Paid);
    })
}

fn of_an_expired_one(call: &str) -> Answer {
    after(call, |shop, _| shop.advance(40 * DAY_MS))
}

fn that_nothing_can_carry(call: &str) -> Answer {
    let setup = Setup { sms: false, email: false, ..Setup::sandbox() };
    let shop = Shop::ntt_of(setup, vec![merchant("demo")]);
    shop.ots(path(call), &wish("T-1"))
}

rows! {
    templates_are_listed: "GETTEMPLATE" "OTS0000" "Request Executed Successfully" = carried_out;
    a_list_lacks_a_parameter: "GETTEMPLATE" "OTS1001" "Parameters Are Missing" = without_password;
    a_list_by_a_stranger: "GETTEMPLATE" "OTS1002" "Invalid Merch ID/Password" = with_a_wrong_password;
    a_list_by_who_is_off: "GETTEMPLATE" "OTS1003" "Inactive Merchant" = by_an_inactive_merchant;
    a_list_of_nothing: "GETTEMPLATE" "OTS1004" "Template Not Found" = of_a_merchant_without_templates;
    a_list_lacks_a_value: "GETTEMPLATE" "OTS1008" "Value Missing" = with_an_empty_value;
    a_list_is_no_request: "GETTEMPLATE" "OTS1009" "Bad Request" = of_a_wrong_type;
    a_list_fails: "GETTEMPLATE" "OTS1010" "Something Went Wrong" = of_a_server_that_stops;
    details_are_told: "GETTEMPLATEDETAILS" "OTS0000" "Request Executed Successfully" = carried_out;
    details_lack_a_parameter: "GETTEMPLATEDETAILS" "OTS1001" "Parameters Are Missing"
        = |call| changed(call, |body| without(body, "templateNo"));
    details_for_a_stranger: "GETTEMPLATEDETAILS" "OTS1002" "Invalid Merch ID/Password"
        = with_a_wrong_password;
    details_for_who_is_off: "GETTEMPLATEDETAILS" "OTS1003" "Inactive Merchant" = by_an_inactive_merchant;
    details_of_nothing: "GETTEMPLATEDETAILS" "OTS1005" "Template Details Not Found"
        = |call| changed(call, |body| with(body, "templateNo", json!("T002")));
    details_lack_a_value: "GETTEMPLATEDETAILS" "OTS1008" "Value Missing"
        = |call| changed(call, |body| with(body, "templateNo", json!(" ")));
    details_are_no_request: "GETTEMPLATEDETAILS" "OTS1009" "Bad Request"
        = |call| changed(call, |body| with(body, "templateNo", json!(true)));
    details_fail: "GETTEMPLATEDETAILS" "OTS1010" "Something Went Wrong" = of_a_server_that_stops;
    an_invoice_is_made: "CREATE" "OTS0001" "Invoice Link Sent Successfully" = carried_out;
    a_create_lacks_a_parameter: "CREATE" "OTS1001" "Parameters Are Missing"
        = |call| changed(call, |body| without(body, "amount"));
    a_create_by_a_stranger: "CREATE" "OTS1002" "Invalid Merch ID/Password" = with_a_wrong_password;
    a_create_by_who_is_off: "CREATE" "OTS1003" "Inactive Merchant" = by_an_inactive_merchant;
    a_create_from_no_template: "CREATE" "OTS1004" "Template Not Found"
        = |call| changed(call, |body| with(body, "templateNo", json!("T002")));
    a_create_without_templates: "CREATE" "OTS1004" "Template Not Found" = of_a_merchant_without_templates;
    a_create_lacks_a_field: "CREATE" "OTS1006" "Template Field/s Is/Are Missing"
        = |call| changed(call, |body| without(body, "templateFields"));
    a_create_empties_a_default: "CREATE" "OTS1007" "Default Value Missing"
        = |call| changed(call, |body| with(body, "templateFields", json!({"course": "Maths", "batch": ""})));
    a_create_lacks_a_value: "CREATE" "OTS1008" "Value Missing"
        = |call| changed(call, |body| with(body, "merchantTxnId", json!("")));
    a_create_is_no_request: "CREATE" "OTS1009" "Bad Request"
        = |call| changed(call, |body| with(body, "amount", json!("1.001")));
    a_create_fails: "CREATE" "OTS1010" "Something Went Wrong" = of_a_server_that_stops;
    a_create_is_signed_wrongly: "CREATE" "OTS1011" "Signature Mismatched" = with_a_wrong_signature;
    a_create_again: "CREATE" "OTS1014" "Request Failed"
        = |call| after(call, |shop, body| assert_eq!(shop.ots(CREATE, body).ots().0, "OTS0001"));
    a_create_that_nothing_can_carry: "CREATE" "OTS1014" "Request Failed" = that_nothing_can_carry;
    an_invoice_is_sent_again: "RESEND" "OTS0001" "Invoice Link Sent Successfully" = carried_out;
    a_resend_lacks_a_parameter: "RESEND" "OTS1001" "Parameters Are Missing"
        = |call| changed(call, |body| without(body, "invoiceNo"));
    a_resend_by_a_stranger: "RESEND" "OTS1002" "Invalid Merch ID/Password" = with_a_wrong_password;
    a_resend_by_who_is_off: "RESEND" "OTS1003" "Inactive Merchant" = by_an_inactive_merchant;
    a_resend_lacks_a_value: "RESEND" "OTS1008" "Value Missing" = with_an_empty_value;
    a_resend_is_no_request: "RESEND" "OTS1009" "Bad Request" = of_a_wrong_type;
    a_resend_fails: "RESEND" "OTS1010" "Something Went Wrong" = of_a_server_that_stops;
    a_resend_is_signed_wrongly: "RESEND" "OTS1011" "Signature Mismatched" = with_a_wrong_signature;
    a_resend_of_nothing: "RESEND" "OTS1012" "Invoice Not Found" = about_no_invoice;
    a_resend_of_a_paid_one: "RESEND" "OTS1014" "Request Failed" = of_a_paid_one;
    a_resend_of_an_expired_one: "RESEND" "OTS1014" "Request Failed" = of_an_expired_one;
    a_resend_of_a_cancelled_one: "RESEND" "OTS1015" "Cancelled Invoice" = of_a_cancelled_one;
    an_invoice_is_cancelled: "CANCEL" "OTS0002" "Invoice Link Cancelled Successfully" = carried_out;
    a_cancel_lacks_a_parameter: "CANCEL" "OTS1001" "Parameters Are Missing"
        = |call| changed(call, |body| without(body, "signature"));
    a_cancel_by_a_stranger: "CANCEL" "OTS1002" "Invalid Merch ID/Password" = with_a_wrong_password;
    a_cancel_by_who_is_off: "CANCEL" "OTS1003" "Inactive Merchant" = by_an_inactive_merchant;
    a_cancel_lacks_a_value: "CANCEL" "OTS1008" "Value Missing" = with_an_empty_value;
    a_cancel_is_no_request: "CANCEL" "OTS1009" "Bad Request" = of_a_wrong_type;
    a_cancel_fails: "CANCEL" "OTS1010" "Something Went Wrong" = of_a_server_that_stops;
    a_cancel_is_signed_wrongly: "CANCEL" "OTS1011" "Signature Mismatched" = with_a_wrong_signature;
    a_cancel_of_nothing: "CANCEL" "OTS1012" "Invoice Not Found" = about_no_invoice;
    a_cancel_of_a_paid_one: "CANCEL" "OTS1014" "Request Failed" = of_a_paid_one;
    a_cancel_of_an_expired_one: "CANCEL" "OTS1014" "Request Failed" = of_an_expired_one;
    a_cancel_again: "CANCEL" "OTS1015" "Cancelled Invoice" = of_a_cancelled_one;
    an_action_is_carried_out: "ACTION" "OTS0000" "Request Executed Successfully" = carried_out;
    an_action_is_not_named: "ACTION" "OTS1001" "Parameters Are Missing"
        = |call| changed(call, |body| without(body, "action"));
    an_action_is_empty: "ACTION" "OTS1008" "Value Missing"
        = |call| changed(call, |body| with(body, "action", json!("")));
    an_action_that_there_is_not: "ACTION" "OTS1013" "Action Not Found"
        = |call| changed(call, |body| with(body, "action", json!("DELETE")));
}

#[test]
fn every_code_of_the_page_is_reached_with_its_text() {
    for (code, text) in TEXTS {
        assert!(ROWS.iter().any(|row| (row.1, row.2) == (code, text)), "{code} {text}");
    }
    assert!(ROWS.iter().all(|row| TEXTS.contains(&(row.1, row.2))));
}
