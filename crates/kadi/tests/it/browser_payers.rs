//! The pages of bound mobiles and forms in headless Chromium, small, in Hindi, with and without script.

use serde_json::{Value, json};

use crate::harness::browser::{Browser, PHONE, body_text, click, fill, open, step};
use crate::harness::own_api::text;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const MOBILE: &str = "9876501234";
const GO_ON: &str = "form button.primary";
const PAY: &str = "button[name=outcome][value=success]";

/// A small screen with large letters, in Hindi, without script.
const OLD_PHONE: Browser =
    Browser { javascript: false, width: 320, locale: "hi-IN", text_percent: 200, dark: true };

fn forms(server: &Server, merchant: &str) {
    let file = server.write("forms.toml", &include_str!("tables/forms.toml").replace("MERCHANT", merchant));
    server.kadi_ok(&["template", "import", file.to_str().unwrap()]);
}

fn page(shop: &Shop<'_>) -> String {
    let mut body = shop.invoice(&format!("B-{}", shop.server.messages(MOBILE).len()));
    body["bindLinkIdMobile"] = json!("true");
    body["templateId"] = json!("T001");
    body["customerContact"] = json!({"customerMobile": MOBILE});
    body["customPaymentSuccessMessage"] = json!("See you on Monday");
    format!("/p/{}", shop.create(&body).link_code())
}

fn shots(name: &str) -> Vec<Value> {
    // Where to put pictures for people to look at, if anybody wants them.
    let folder = std::env::var("KADI_SHOTS").ok();
    folder.map(|folder| json!({"do": "shot", "path": format!("{folder}/{name}.png")})).into_iter().collect()
}

/// The text of the page that was reached, with a picture where one is wanted.
fn checked(name: &str) -> Vec<Value> {
    [vec![body_text()], shots(name)].concat()
}

/// The code of the newest SMS.
fn code(server: &Server) -> String {
    let message = server.message(MOBILE, "sms");
    text(&message["text"]).get(..6).expect("digits").to_owned()
}

#[test]
fn a_payer_proves_the_number_fills_in_the_form_and_pays_also_without_javascript() {
    let server = Server::dev();
    let shop = Shop::open(&server, "browserpayer");
    forms(&server, "browserpayer");
    for (person, name) in [(PHONE, "phone"), (OLD_PHONE, "old")] {
        let link = page(&shop);
        let asking = [
            vec![open(&link)],
            checked(&format!("{name}-1-number")),
            vec![fill("input[name=mobile]", "12"), click(GO_ON)],
            checked(&format!("{name}-2-no-number")),
            vec![fill("input[name=mobile]", MOBILE), click(GO_ON)],
            checked(&format!("{name}-3-code")),
        ];
        let seen = person.walk(&server, &asking.concat());
        assert!(!seen.text(1).contains(MOBILE), "{}", seen.text(1));
        // The cookie lives in one browser, so that one walk goes from the number to the receipt.
        let paying = [
            vec![open(&format!("{link}/code")), fill("input[name=code]", &code(&server)), click(GO_ON)],
            checked(&format!("{name}-4-proven")),
            vec![fill("input[name='answer.student']", "A"), click(PAY)],
            checked(&format!("{name}-5-wrong")),
            vec![fill("input[name='answer.student']", "Asha Rao"), click(PAY)],
            checked(&format!("{name}-6-paid")),
        ];
        let seen = person.walk(&server, &paying.concat());
        let steps = paying.concat().len();
        let texts: Vec<&str> = (0..steps).filter_map(|at| seen.step(at).as_str()).collect();
        assert!(texts.iter().any(|seen| seen.contains("••••••1234")), "{texts:?}");
        assert!(texts.iter().any(|seen| seen.contains("See you on Monday")), "{texts:?}");
        assert!(!texts.iter().any(|seen| seen.contains(MOBILE)), "{texts:?}");
        let status = &shop.link_with_code(link.strip_prefix("/p/").expect("a page"))["status"];
        assert_eq!(status, "completed", "{name}");
    }
    server.verify();
}

#[test]
fn axe_finds_nothing_and_nothing_overflows_on_the_way() {
    let server = Server::dev();
    let shop = Shop::open(&server, "browseraxe");
    forms(&server, "browseraxe");
    let mut only_form = shop.fixed();
    only_form["templateId"] = json!("T001");
    // The search for faults is a script itself.
    let person = Browser { javascript: true, ..OLD_PHONE };
    let link = page(&shop);
    let form = format!("/p/{}", shop.create(&only_form).link_code());
    let look = [step("axe"), step("overflow")];
    let steps = [
        vec![open(&link)],
        look.to_vec(),
        vec![click(GO_ON)],
        look.to_vec(),
        vec![fill("input[name=mobile]", MOBILE), click(GO_ON)],
        look.to_vec(),
        vec![fill("input[name=code]", "1"), click(GO_ON)],
        look.to_vec(),
        vec![open(&form)],
        look.to_vec(),
        vec![click(PAY)],
        look.to_vec(),
    ]
    .concat();
    let seen = person.walk(&server, &steps);
    for (at, step) in steps.iter().enumerate() {
        let clean = match text(&step["do"]) {
            "axe" => json!([]),
            "overflow" => json!(0),
            _ => continue,
        };
        assert_eq!(seen.step(at), &clean, "step {at} at {} px, {} %", person.width, person.text_percent);
    }
}
