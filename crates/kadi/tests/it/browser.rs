//! The payer's page in headless Chromium: with and without script, in Hindi, small, large, under axe-core.

use serde_json::{Value, json};

use crate::harness::browser::{Browser, PHONE, body_text, click, fill, open, step};
use crate::harness::http::Call;
use crate::harness::own_api::{fixed, text};
use crate::harness::peers::ist;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const PAY: &str = "button[name=outcome][value=success]";
const FAIL: &str = "button[name=outcome][value=failure]";
const WAIT: &str = "button[name=outcome][value=pending]";
const AMOUNT: &str = "input[name=amount]";

fn path(link: &Value) -> String {
    format!("/p/{}", text(&link["code"]))
}

#[test]
fn a_fixed_link_is_paid_with_and_without_javascript_and_the_result_is_a_receipt() {
    let server = Server::dev();
    let shop = Shop::open(&server, "payer");
    for javascript in [true, false] {
        let link = shop.link(&fixed());
        let steps =
            [open(&path(&link)), body_text(), click(PAY), body_text(), open(&path(&link)), body_text()];
        let seen = Browser { javascript, ..PHONE }.walk(&server, &steps);
        seen.was_clean(&server);
        assert_eq!(seen.step(0), 200);
        let before = seen.text(1);
        assert!(
            before.contains("Shop of payer") && before.contains("School fees") && before.contains("₹1,000"),
            "{before}"
        );
        assert!(seen.text(3).contains("₹1,000") && seen.text(3) != before, "{}", seen.text(3));
        assert_eq!(shop.show(&link)["status"], "completed", "javascript: {javascript}");
        assert!(seen.bytes() < 3 * 50_000, "{} bytes", seen.bytes());
    }
    server.verify();
}

#[test]
fn an_open_link_asks_for_the_amount_and_takes_what_is_typed() {
    let server = Server::dev();
    let shop = Shop::open(&server, "gifts");
    for javascript in [true, false] {
        let link = shop.link(&json!({"kind": "open", "currency": "INR", "name": "Gift"}));
        let steps = [
            open(&path(&link)),
            fill(AMOUNT, "12x"),
            click(PAY),
            body_text(),
            fill(AMOUNT, "1,250.50"),
            click(PAY),
            body_text(),
        ];
        let mut steps = steps.to_vec();
        steps[4] = fill(AMOUNT, "1250.50");
        let seen = Browser { javascript, ..PHONE }.walk(&server, &steps);
        assert!(seen.text(6).contains("₹1,250.50"), "{}", seen.text(6));
        assert_eq!(shop.show(&link)["amount_captured"], 125_050);
    }
    server.verify();
}

#[test]
fn failing_and_waiting_are_told_and_leave_the_right_state() {
    let server = Server::dev();
    let shop = Shop::open(&server, "unlucky");
    let link = shop.link(&fixed());
    let steps = [open(&path(&link)), click(FAIL), body_text(), open(&path(&link)), click(PAY), body_text()];
    PHONE.walk(&server, &steps).was_clean(&server);
    assert_eq!(shop.show(&link)["status"], "completed");
    let waiting = shop.link(&fixed());
    let seen = PHONE.walk(&server, &[open(&path(&waiting)), click(WAIT), body_text()]);
    seen.was_clean(&server);
    let states: Vec<_> = shop.payments(&waiting).iter().map(|paid| paid["state"].clone()).collect();
    assert_eq!(states, [json!("pending")]);
}

#[test]
fn hindi_is_chosen_by_the_browser_or_by_the_switch() {
    let server = Server::dev();
    let shop = Shop::open(&server, "hindi");
    let link = shop.link(&fixed());
    let attribute = json!({"do": "attribute", "selector": "html", "name": "lang"});
    let hindi = Browser { locale: "hi-IN", ..PHONE };
    let seen = hindi.walk(&server, &[open(&path(&link)), attribute.clone(), body_text()]);
    assert_eq!(seen.text(1), "hi");
    assert!(seen.text(2).chars().any(|letter| ('\u{0900}'..='\u{097f}').contains(&letter)));
    let switch = click("a[hreflang=hi], a[href*='lang=hi'], button[name=lang][value=hi]");
    for javascript in [true, false] {
        let steps = [
            open(&path(&link)),
            attribute.clone(),
            switch.clone(),
            attribute.clone(),
            click(FAIL),
            attribute.clone(),
        ];
        let seen = Browser { javascript, ..PHONE }.walk(&server, &steps);
        assert_eq!((seen.text(1), seen.text(3), seen.text(5)), ("en", "hi", "hi"));
    }
}

/// A link in every state that has a page of its own.
fn every_state(server: &Server, shop: &Shop<'_>) -> Vec<(&'static str, String)> {
    let long = "भुगतानविवरणअत्यन्तदीर्घशब्दपरीक्षणकेलिए ".repeat(6);
    let made = |wish: &Value| shop.link(wish);
    let mut named = fixed();
    named["name"] = json!(long.chars().take(60).collect::<String>());
    let (paid, failed, pending, cancelled) = (made(&fixed()), made(&fixed()), made(&fixed()), made(&fixed()));
    server.pay(text(&paid["code"]), "success");
    server.pay(text(&failed["code"]), "failure");
    server.pay(text(&pending["code"]), "pending");
    shop.cancel(&cancelled);
    let mut invoice = shop.invoice("AXE");
    for (index, part) in long.split(' ').take(2).enumerate() {
        invoice["invoiceDetails"][index]["productName"] = json!(part.chars().take(30).collect::<String>());
    }
    invoice["customPaymentSuccessMessage"] = json!(long.chars().take(80).collect::<String>());
    let invoice = format!("/p/{}", shop.create(&invoice).link_code());
    let mut soon = shop.fixed();
    soon["expiryDate"] = json!(ist(&server.now(), 1, None));
    let expired = format!("/p/{}", shop.create(&soon).link_code());
    server.advance(2 * 86_400);
    vec![
        ("fixed", path(&made(&fixed()))),
        ("long Devanagari", path(&made(&named))),
        ("open", path(&made(&json!({"kind": "open", "currency": "INR", "name": "Gift"})))),
        ("invoice", invoice),
        ("completed", path(&paid)),
        ("failed before", path(&failed)),
        ("pending", path(&pending)),
        ("cancelled", path(&cancelled)),
        ("expired", expired),
        ("unknown", "/p/0000000000000".to_owned()),
    ]
}

#[test]
fn axe_finds_nothing_and_nothing_overflows_on_any_page_state() {
    let server = Server::dev();
    let shop = Shop::open(&server, "axe");
    let states = every_state(&server, &shop);
    let people = [
        PHONE,
        Browser { width: 320, text_percent: 200, ..PHONE },
        Browser { width: 320, locale: "hi-IN", ..PHONE },
        Browser { width: 320, text_percent: 200, locale: "hi-IN", dark: true, ..PHONE },
        Browser { width: 1280, dark: true, ..PHONE },
    ];
    let mut wrong = Vec::new();
    for person in people {
        let steps: Vec<Value> =
            states.iter().flat_map(|(_, path)| [open(path), step("axe"), step("overflow")]).collect();
        let seen = person.walk(&server, &steps);
        for (index, (state, _)) in states.iter().enumerate() {
            let (violations, overflow) = (seen.step(index * 3 + 1), seen.step(index * 3 + 2));
            if violations != &json!([]) || overflow != &json!(0) {
                let who = format!("{} px, {} %, {}", person.width, person.text_percent, person.locale);
                wrong.push(format!("{state} at {who}: {violations}, {overflow} px too wide"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn axe_finds_nothing_on_the_pages_after_paying_and_beside_an_amount_error() {
    let server = Server::dev();
    let shop = Shop::open(&server, "after");
    for person in [PHONE, Browser { width: 320, text_percent: 200, locale: "hi-IN", ..PHONE }] {
        for button in [PAY, FAIL, WAIT] {
            let link = shop.link(&fixed());
            let steps = [open(&path(&link)), click(button), step("axe"), step("overflow")];
            let seen = person.walk(&server, &steps);
            assert_eq!((seen.step(2), seen.step(3)), (&json!([]), &json!(0)), "after {button}");
        }
        let gift = shop.link(&json!({"kind": "open", "currency": "INR", "name": "Gift"}));
        let steps = [open(&path(&gift)), fill(AMOUNT, "0.001"), click(PAY), step("axe"), step("overflow")];
        let seen = person.walk(&server, &steps);
        assert_eq!((seen.step(3), seen.step(4)), (&json!([]), &json!(0)), "an amount error");
    }
}

#[test]
fn script_in_every_text_of_an_own_link_never_runs() {
    let server = Server::dev();
    let shop = Shop::open(&server, "inert");
    let script = "</title></style><script>alert(1)</script><svg onload=alert(2)>\"'>";
    let short = script.get(..60);
    let link = shop.link(&json!({
        "kind": "invoice", "amount": 1_100, "currency": "INR", "name": script, "description": script,
        "success_message": script, "notes": script, "reference": script,
        "customer": {"name": script, "id": short},
        "lines": [{"name": script, "code": short, "units": 1, "unit_amount": 1_000,
                   "taxes": [{"name": short, "amount": 100}]}],
    }));
    let steps = [open(&path(&link)), body_text(), click(PAY), body_text(), open(&path(&link))];
    let seen = PHONE.walk(&server, &steps);
    seen.was_clean(&server);
    assert!(seen.text(1).contains("<script>alert(1)") && seen.text(3).contains("<script>alert(1)"));
}

#[test]
fn large_text_settings_are_respected() {
    let server = Server::dev();
    let shop = Shop::open(&server, "large");
    let link = shop.link(&fixed());
    let size = |text_percent: u32| {
        let seen = Browser { text_percent, ..PHONE }.walk(&server, &[open(&path(&link)), step("font_size")]);
        seen.step(1).as_f64().expect("pixels")
    };
    assert!(size(200) >= 2.0 * size(100) - 0.5);
}

#[test]
fn after_paying_the_browser_goes_where_the_merchant_said() {
    let server = Server::dev();
    let shop = Shop::open(&server, "redirect");
    let mut body = shop.fixed();
    let back = |word: &str| format!("{}/healthz?{word}=1", server.base_url());
    body["redirectionUrlSuccess"] = json!(back("thanks"));
    body["redirectionUrlFailure"] = json!(back("sorry"));
    for (button, word) in [(PAY, "thanks"), (FAIL, "sorry")] {
        let code = shop.create(&body).link_code();
        let seen = PHONE.walk(&server, &[open(&format!("/p/{code}")), click(button), step("url")]);
        assert!(seen.text(2).contains(&format!("{word}=1")), "{}", seen.text(2));
    }
}

#[test]
fn one_visit_stays_under_fifty_kilobytes_and_carries_a_strict_policy() {
    let server = Server::dev();
    let shop = Shop::open(&server, "small");
    let code = shop.create(&shop.invoice("SMALL")).link_code();
    let seen = PHONE.walk(&server, &[open(&format!("/p/{code}"))]);
    seen.was_clean(&server);
    assert!(seen.bytes() > 0 && seen.bytes() < 50_000, "{} bytes", seen.bytes());
    let page = server.send(&Call::get(&format!("/p/{code}")));
    let policy = page.header("content-security-policy").expect("a policy");
    for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(rule), "{rule} is not in {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let long = server.send(&Call::get(&format!("/l/Books/{code}")));
    assert_eq!(long.status, 200);
    assert!(long.text().contains("Atlas"));
}
