//! What a signature without separators leaves open, and how it is closed (DECISIONS.md, "NTT DATA").

use kadi_dialects::ntt::settings::STRICT;
use kadi_domain::moment::Setup;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::merchant;
use crate::support::ntt::{CANCEL, CREATE, RESEND, about, set, signature, wish};
use crate::support::paytm::with;
use crate::support::shop::Shop;

fn strict() -> Shop {
    Shop::ntt_of(Setup::sandbox(), vec![set(merchant("demo"), STRICT, "true")])
}

fn create(amount: &str, txn_id: &str) -> Value {
    with(wish(txn_id), "amount", json!(amount))
}

const OTHERWISE: &str = "amount and merchantTxnId were joined otherwise before";
const SEEN: &str = "signature: was seen on a resend of this invoice before";

/// Who taps a request for 10 under the id 01INV can show its signature for 100 under the id 1INV.
#[test]
fn a_signature_is_good_for_one_reading_of_what_it_covers() {
    assert_eq!(signature("demo", &["10", "01INV"]), signature("demo", &["100", "1INV"]));
    let shop = Shop::ntt();
    assert_eq!(shop.ots(CREATE, &create("10", "01INV")).ots().0, "OTS0001");
    let refused = ("OTS1011".to_owned(), OTHERWISE.to_owned());
    for (amount, txn_id) in [("100", "1INV"), ("1001", "INV")] {
        assert_eq!(shop.ots(CREATE, &create(amount, txn_id)).ots_no(), refused, "{amount} {txn_id}");
    }
    let told_early = with(create("100", "1INV"), "templateNo", json!("T002"));
    assert_eq!(shop.ots(CREATE, &told_early).ots_no(), refused, "before the template is looked at");
    assert_eq!(shop.ots(CREATE, &create("10", "01INV")).ots_no().1, "merchantTxnId: was used before");
    assert_eq!(shop.ots(CREATE, &create("10", "02INV")).ots().0, "OTS0001");
    // Another merchant's requests are its own.
    let other = shop.ntt_by(Some("other"), CREATE, &create("100", "1INV").to_string());
    assert_eq!(other.ots().0, "OTS0001");
}

#[test]
fn of_a_crowd_with_one_signature_one_reading_is_carried_out() {
    let shop = Shop::ntt();
    let bodies = [create("10", "01INV"), create("100", "1INV"), create("1001", "INV")];
    let request = |body: &Value| {
        let text = crate::support::ntt::shown_by(Some("demo"), &body.to_string());
        axum::http::Request::post(CREATE).body(axum::body::Body::from(text)).unwrap()
    };
    let requests = (0..30).map(|at| request(&bodies[at % 3])).collect();
    let codes: Vec<_> = shop.send_all(requests).iter().map(|answer| answer.ots().0).collect();
    let count = |code: &str| codes.iter().filter(|it| *it == code).count();
    assert_eq!((count("OTS0001"), count("OTS1014"), count("OTS1011")), (1, 9, 20), "{codes:?}");
}

#[test]
fn a_strict_merchant_demands_two_decimals() {
    let shop = strict();
    let refused = ("OTS1011".to_owned(), "amount: this merchant demands two decimals".to_owned());
    for amount in ["10", "10.", "10.0", "10.000", "100", ".10.0"] {
        assert_eq!(shop.ots(CREATE, &create(amount, "01INV")).ots_no(), refused, "{amount}");
    }
    let number = create("10", "01INV").to_string().replace("\"10\"", "10.5");
    assert_eq!(shop.ntt_text(CREATE, &number).ots_no(), refused);
    assert_eq!(shop.ots(CREATE, &create("10.00", "1INV")).ots().0, "OTS0001");
    let number = create("10", "02INV").to_string().replace("\"10\"", "10.50");
    assert_eq!(shop.ntt_text(CREATE, &number).ots().0, "OTS0001", "the lexeme is what counts");
}

/// Resend and cancel are signed alike, so whoever taps a resend can cancel.
#[test]
fn a_cancel_with_the_signature_of_a_resend_is_carried_out_and_told() {
    let shop = Shop::ntt();
    let ((_, untouched), (_, resent)) = (shop.ntt_link(&wish("T-1")), shop.ntt_link(&wish("T-2")));
    assert_eq!(shop.ots(CANCEL, &about(&untouched)).ots_no(), ("OTS0002".to_owned(), String::new()));
    assert_eq!(shop.ots(RESEND, &about(&resent)).ots().0, "OTS0001");
    assert_eq!(shop.ots(RESEND, &about(&resent)).ots().0, "OTS0001", "a resend may be repeated");
    assert_eq!(shop.ots(CANCEL, &about(&resent)).ots_no(), ("OTS0002".to_owned(), SEEN.to_owned()));
}

#[test]
fn a_strict_merchants_cancel_needs_a_signature_that_no_resend_had() {
    let shop = strict();
    let ((link, resent), (_, untouched)) = (shop.ntt_link(&wish("T-1")), shop.ntt_link(&wish("T-2")));
    assert_eq!(shop.ots(RESEND, &about(&resent)).ots().0, "OTS0001");
    assert_eq!(shop.ots(CANCEL, &about(&resent)).ots_no(), ("OTS1011".to_owned(), SEEN.to_owned()));
    let upper = with(about(&resent), "signature", json!(signature("demo", &[&resent]).to_uppercase()));
    assert_eq!(shop.ots(CANCEL, &upper).ots_no().1, SEEN, "in whatever case");
    assert_eq!(shop.get(&format!("/v1/links/{}", link.id.get())).json()["status"], "active");
    assert_eq!(shop.ots(CANCEL, &about(&untouched)).ots().0, "OTS0002");
}

/// Of a resend and a cancel with one signature at the same time, the later one knows of the earlier.
#[test]
fn a_cancel_beside_a_resend_knows_whether_it_came_first() {
    let request = |path: &str, number: &str| {
        let text = crate::support::ntt::shown_by(Some("demo"), &about(number).to_string());
        axum::http::Request::post(path).body(axum::body::Body::from(text)).unwrap()
    };
    let ends = |shop: &Shop| {
        let race = |txn_id: String| {
            let (_, number) = shop.ntt_link(&wish(&txn_id));
            let answers = shop.send_all(vec![request(RESEND, &number), request(CANCEL, &number)]);
            let mut ends: Vec<_> = answers.iter().map(Answer::ots_no).collect();
            ends.sort();
            ends
        };
        (0..40).map(|at| race(format!("T-{at}"))).collect::<Vec<_>>()
    };
    let end = |code: &str, detail: &str| (code.to_owned(), detail.to_owned());
    let cancelled_first = [end("OTS0002", ""), end("OTS1015", "")];
    for ends in ends(&Shop::ntt()) {
        assert!(ends == cancelled_first || ends == [end("OTS0001", ""), end("OTS0002", SEEN)], "{ends:?}");
    }
    for ends in ends(&strict()) {
        assert!(ends == cancelled_first || ends == [end("OTS0001", ""), end("OTS1011", SEEN)], "{ends:?}");
    }
}

/// A refused resend leaves no mark: its signature was not used.
#[test]
fn a_resend_that_is_not_carried_out_leaves_nothing_behind() {
    let shop = Shop::ntt();
    let silent = crate::support::paytm::without(wish("T-1"), "custEmail");
    let (_, number) = shop.ntt_link(&crate::support::paytm::without(silent, "custMobile"));
    assert_eq!(shop.ots(RESEND, &about(&number)).ots().0, "OTS1014");
    assert_eq!(shop.ots(CANCEL, &about(&number)).ots_no(), ("OTS0002".to_owned(), String::new()));
}

fn digits() -> impl Strategy<Value = (String, usize)> {
    ("[1-9][0-9]{2,5}", 1..3_usize).prop_map(|(text, at)| (text, at))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However a signed text is divided into amount and id: of all ways one is carried out.
    #[test]
    fn of_all_readings_of_one_text_one_is_carried_out((text, first) in digits(), tail in "[A-Z]{1,6}") {
        let shop = Shop::ntt();
        let whole = format!("{text}{tail}");
        let reading = |at: usize| {
            let (amount, txn_id) = whole.split_at(at);
            create(amount, txn_id)
        };
        let code = |body: &Value| shop.ots(CREATE, body).ots().0;
        prop_assert_eq!(code(&reading(first)), "OTS0001");
        for other in (1..=text.len()).filter(|other| *other != first) {
            prop_assert_eq!(code(&reading(other)), "OTS1011", "{}", whole.split_at(other).0);
        }
        prop_assert_eq!(code(&reading(first)), "OTS1014");
    }

    /// Of amounts with two decimals no text has two readings.
    #[test]
    fn two_decimals_leave_one_reading(rupees in 1..9_000_u32, paise in 0..100_u32, tail in "[0-9A-Z.]{1,8}") {
        let amount = format!("{rupees}.{paise:02}");
        let whole = format!("{amount}{tail}");
        let is_reading = |at: &usize| {
            let (amount, rest) = whole.split_at(*at);
            let plain = kadi_dialects::shared::amount::parse_amount(amount);
            let decimals = amount.split_once('.').map(|(_, decimals)| decimals.len());
            plain.is_ok() && decimals == Some(2) && !rest.is_empty()
        };
        let readings: Vec<_> = (1..whole.len()).filter(is_reading).collect();
        prop_assert_eq!(readings, [amount.len()]);
    }
}
