//! Fees with a least and a most, and surcharges: imported, shown before paying, charged and booked.

use serde_json::json;

use crate::harness::browser::{PHONE, body_text, click, open};
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const FEES: &str = "fee = [{ bps = 100, min = \"2.00\", cap = \"9.00\" }, \
                    { mode = \"CC\", bps = 200, surcharge_bps = 150, surcharge_flat = \"0.25\" }]";
const CARD: &str = "input[name=mode][value=CC]";
const PAY: &str = "button[name=outcome][value=success]";

#[test]
fn a_fee_has_a_least_and_a_most_and_a_card_costs_the_payer_more() {
    let server = Server::dev();
    let shop = Shop::open_with(&server, "limits", FEES);
    let cases = [
        (10_000, "UPI", [200, 36, 9_764], 0),
        (50_000, "UPI", [500, 90, 49_410], 0),
        (200_000, "NB", [900, 162, 198_938], 0),
        (10_001, "CC", [200, 36, 9_765], 175),
    ];
    for (amount, mode, parts, surcharge) in cases {
        let mut wish = fixed();
        wish["amount"] = json!(amount);
        let code = text(&shop.link(&wish)["code"]).to_owned();
        let paid = server.pay_with(&code, &json!({"outcome": "success", "mode": mode})).json();
        assert_eq!(json!([paid["fee"], paid["fee_tax"], paid["net"]]), json!(parts), "{paid}");
        assert_eq!((&paid["amount"], &paid["surcharge"]), (&json!(amount), &json!(surcharge)), "{paid}");
        assert_eq!(paid["charged"], amount + surcharge, "{paid}");
    }
    let reversed = text(&shop.link(&fixed())["code"]).to_owned();
    server.pay_with(&reversed, &json!({"outcome": "reversal", "mode": "CC"}));
    server.advance(3_600);
    server.verify();
}

#[test]
fn the_page_tells_the_surcharge_before_the_payer_pays_it() {
    let server = Server::dev();
    let shop = Shop::open_with(&server, "cards", FEES);
    for javascript in [true, false] {
        let link = shop.link(&fixed());
        let path = format!("/p/{}", text(&link["code"]));
        let steps = [open(&path), body_text(), click(CARD), click(PAY), body_text()];
        let person = crate::harness::browser::Browser { javascript, width: 320, ..PHONE };
        let seen = person.walk(&server, &steps);
        seen.was_clean(&server);
        let (before, after) = (seen.text(1), seen.text(4));
        assert!(before.contains("₹15.25") && before.contains("₹1,015.25"), "{before}");
        assert!(after.contains("₹1,015.25"), "{after}");
        let paid = &shop.payments(&link)[0];
        assert_eq!((&paid["mode"], &paid["surcharge"]), (&json!("CC"), &json!(1_525)), "{paid}");
    }
    let gift = shop.link(&json!({"kind": "open", "name": "Gift"}));
    let steps = [open(&format!("/p/{}", text(&gift["code"]))), body_text()];
    let seen = PHONE.walk(&server, &steps);
    assert!(seen.text(1).contains("1.5% + ₹0.25"), "{}", seen.text(1));
    server.verify();
}

#[test]
fn a_surcharge_on_upi_or_a_debit_card_is_refused_at_import_and_an_unknown_mode_at_the_page() {
    let server = Server::dev();
    for mode in ["UPI", "DC", "RUPAY", "*"] {
        let fee = format!("fee = [{{ mode = \"{mode}\", bps = 100, surcharge_bps = 100 }}]");
        let text = Shop::credentials(&server, "lawless").file(None, &fee);
        let file = server.write("lawless.toml", &text);
        let output = server.kadi(&["merchant", "import", file.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("fee.surcharge: needs a mode"), "{mode}: {said}");
    }
    let shop = Shop::open_with(&server, "modes", FEES);
    let link = shop.link(&fixed());
    let form = [("outcome", "success"), ("mode", "GOLD")];
    let call = crate::harness::http::Call::post(&format!("/p/{}/pay", text(&link["code"])));
    let answer = server.send(&call.form(&form));
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(shop.payments(&link).is_empty());
    let gold = server.pay_with(text(&link["code"]), &json!({"outcome": "success", "mode": "GOLD"}));
    problem(&gold, 409, "mode_not_allowed");
}
