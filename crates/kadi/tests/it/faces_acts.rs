//! What each API does with one link: sends it again, or ends it; and that a "yes" is true.

use serde_json::{Value, json};

use crate::faces_makers::{Made, Maker, Stage};
use crate::faces_readers::{nimbbl_no, word};
use crate::harness::own_api::text;
use crate::harness::paytm_orders::RESEND;

/// One call about one link; the word of the table.
pub(crate) type Act = fn(&Stage<'_>, &Made) -> String;

const SENT: &str = "sent";
const ENDED: &str = "ended";
/// A "yes" to what is so already.
const SO_ALREADY: &str = "yes";

/// The calls that send a link again, in the order of the table's columns.
pub(crate) const RESENDS: [Act; 5] = [paytm_resend, request_resend, paysharp_resend, nimbbl_send, ntt_resend];
/// The calls that end one.
pub(crate) const ENDS: [Act; 4] = [own_cancel, paytm_expire, nimbbl_cancel, ntt_cancel];

/// Makes the call, whose answer is a word and whether it says "yes", and looks whether one SMS went out for a
/// "yes", and none for a "no".
fn sends(on: &Stage<'_>, link: &Made, call: impl Fn() -> Result<(), String>) -> String {
    let count = || on.server.messages(&link.mobile).len();
    let before = count();
    let said = call();
    assert_eq!(count() - before, usize::from(said.is_ok()), "{link:?}: {said:?}");
    said.map_or_else(|no| no, |()| SENT.to_owned())
}

fn status(on: &Stage<'_>, link: &Made) -> Value {
    on.shop.found(&format!("/v1/links/{}", link.id))["status"].clone()
}

/// As [`sends`], for a call that ends a link.
fn ends(on: &Stage<'_>, link: &Made, call: impl Fn() -> Result<(), String>) -> String {
    let before = status(on, link);
    let said = call();
    let after = status(on, link);
    match said {
        Ok(()) if before == "active" => {
            assert_eq!(after, "cancelled", "{link:?}");
            ENDED.to_owned()
        }
        Ok(()) => {
            assert_eq!(after, before, "{link:?}");
            SO_ALREADY.to_owned()
        }
        Err(no) => {
            assert_eq!(after, before, "{link:?}: {no}");
            no
        }
    }
}

fn paytm_resend(on: &Stage<'_>, link: &Made) -> String {
    sends(on, link, || {
        let told = on.shop.link_call("resendNotification", &json!({"linkId": link.id, "sendSms": true}));
        if told.code() != "200" {
            return Err(word(told.code()));
        }
        let details = &told.ok()["notificationDetails"];
        assert_eq!(details[0]["notifyStatus"], "SUCCESS", "{link:?}: {details}");
        Ok(())
    })
}

fn request_resend(on: &Stage<'_>, link: &Made) -> String {
    sends(on, link, || {
        let own = (link.maker == Maker::Request).then(|| link.reference.clone());
        let order = own.unwrap_or_else(|| format!("LI_{}", link.id));
        let told = on.shop.order_call(RESEND, &json!({"mid": on.shop.mid, "merchantOrderId": order}));
        if told.code() == "SPR_001" { Ok(()) } else { Err(word(told.code())) }
    })
}

fn paysharp_resend(on: &Stage<'_>, link: &Made) -> String {
    sends(on, link, || {
        let body = json!({"linkPaymentId": format!("{}--a", link.code), "sendSms": true});
        let answer = on.paysharp("/linkpayment/resend", &body).json();
        if answer["code"] == 200 { Ok(()) } else { Err(word(&answer["errorCode"].to_string())) }
    })
}

fn nimbbl_send(on: &Stage<'_>, link: &Made) -> String {
    sends(on, link, || nimbbl_act(on, link, "send"))
}

fn nimbbl_act(on: &Stage<'_>, link: &Made, action: &str) -> Result<(), String> {
    let body = json!({"payment_link_id": format!("pl_{}", link.code), "action": action});
    let answer = on.nimbbl("POST", "/api/v3/payment-link/actions", &body);
    if answer.status == 200 { Ok(()) } else { Err(nimbbl_no(&answer)) }
}

/// The number of a link's invoice: its id to the base of 36.
pub(crate) fn invoice_no(link: &Made) -> String {
    let (mut id, mut digits) = (link.id.parse::<u64>().unwrap(), Vec::new());
    while id > 0 {
        digits.push(char::from_digit(u32::try_from(id % 36).unwrap(), 36).unwrap().to_ascii_uppercase());
        id /= 36;
    }
    format!("INV{}", digits.into_iter().rev().collect::<String>())
}

fn ntt_act(on: &Stage<'_>, link: &Made, action: &str, yes: &str) -> Result<Value, String> {
    let reply = on.ntt.call(action, &json!({"invoiceNo": invoice_no(link)}), "flat");
    let body = reply["body"].clone();
    if body["statusCode"] == yes { Ok(body) } else { Err(word(text(&body["statusCode"]))) }
}

fn ntt_resend(on: &Stage<'_>, link: &Made) -> String {
    sends(on, link, || {
        let told = ntt_act(on, link, "RESEND", "OTS0001")?;
        let asked = on.shop.found(&format!("/v1/links/{}", link.id))["amount"].as_i64();
        let asked = asked.map(|minor| format!("{}.{:02}", minor / 100, minor % 100));
        assert_eq!(told["amount"], json!(asked), "{link:?}: {told}");
        Ok(())
    })
}

fn ntt_cancel(on: &Stage<'_>, link: &Made) -> String {
    ends(on, link, || ntt_act(on, link, "CANCEL", "OTS0002").map(drop))
}

fn nimbbl_cancel(on: &Stage<'_>, link: &Made) -> String {
    ends(on, link, || nimbbl_act(on, link, "cancel"))
}

fn own_cancel(on: &Stage<'_>, link: &Made) -> String {
    ends(on, link, || {
        let answer = on.shop.post_json(&format!("/v1/links/{}/cancel", link.id), &json!({}));
        if answer.status == 200 { Ok(()) } else { Err(word(text(&answer.json()["code"]))) }
    })
}

fn paytm_expire(on: &Stage<'_>, link: &Made) -> String {
    ends(on, link, || {
        let told = on.shop.link_call("expire", &json!({"linkId": link.id}));
        if told.code() == "200" { Ok(()) } else { Err(word(told.code())) }
    })
}
