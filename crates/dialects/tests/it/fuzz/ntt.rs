//! Whole bodies of NTT DATA's create: answered in its words, and a "yes" is what was asked for.

use kadi_dialects::shared::amount::parse_amount;
use kadi_dialects::shared::fields::Fields;
use kadi_dialects::shared::json::scan;

use crate::support::answer::Answer;
use crate::support::ntt::{CREATE, shown_by};
use crate::support::shop::Shop;

/// What stands in a kept request where an id belongs that no request had before.
const FRESH: &str = "{txn}";

/// What holds for every answer; is it a "yes"?
fn judge(answer: &Answer) -> bool {
    if answer.status != 200 {
        assert_eq!(answer.status, 413, "{}", answer.text);
        return false;
    }
    let (code, message, detail) = answer.ots();
    let codes = [1, 1001, 1002, 1004, 1006, 1007, 1008, 1009, 1011, 1014];
    assert!(codes.iter().any(|known| code == format!("OTS{known:04}")), "{}", answer.text);
    assert!(!message.is_empty() && detail.len() < 1_000, "{}", answer.text);
    code == "OTS0001"
}

#[test]
fn ntt_create() {
    let shop = Shop::ntt();
    let mut count = 0;
    kadi_fuzz::target!("ntt_create", 150, |bytes: &[u8]| {
        count += 1;
        let Ok(text) = std::str::from_utf8(bytes) else {
            assert!(!judge(&shop.ntt_raw(CREATE, "application/json", bytes.to_vec())));
            return;
        };
        let sent = shown_by(Some("demo"), &text.replace(FRESH, &format!("T-{count}")));
        let answer = shop.ntt_raw(CREATE, "application/json", sent.clone());
        if judge(&answer) {
            let link = shop.link(&answer);
            let asked = Fields::parse(scan(sent.as_bytes()).unwrap().text()).unwrap();
            // In the nested form the amount stands deeper.
            let param = asked.object("param").unwrap();
            let amount = param.as_ref().unwrap_or(&asked).number_or_text("amount").unwrap();
            assert_eq!(parse_amount(&amount.unwrap()), Ok(link.amount.unwrap().get()));
            assert!(link.expires_at.unwrap() > link.created_at);
            assert_eq!(answer.json()["paymentLink"], shop.door.page_url(link.id).unwrap());
        }
    });
}
