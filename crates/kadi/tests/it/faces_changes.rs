//! A link that one API changes is changed for all; and how often it was sent again is counted on the link.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::faces_acts::RESENDS;
use crate::faces_makers::{Kind, MAKERS, Made, Maker, Stage, Wish};
use crate::faces_readers::read;
use crate::harness::server::Server;

const SENT: Wish = Wish { kind: Kind::Once, send: true, short: false };

fn own(on: &Stage<'_>, link: &Made) -> Value {
    on.shop.found(&format!("/v1/links/{}", link.id))
}

fn paytm_update(on: &Stage<'_>, link: &Made, amount: &str) -> bool {
    on.shop.link_call("update", &json!({"linkId": link.id, "amount": amount})).code() == "200"
}

fn nimbbl_update(on: &Stage<'_>, link: &Made, amount: &str) -> bool {
    let body = json!({"payment_link_id": format!("pl_{}", link.code), "total_amount": amount});
    let answer = on.nimbbl("PATCH", "/api/v3/payment-link", &body);
    let is_refused = answer.text().contains("LINK_CANNOT_BE_UPDATED");
    assert!(answer.status == 200 || is_refused, "{link:?}: {}", answer.text());
    !is_refused
}

#[test]
fn an_amount_that_one_api_changes_is_the_amount_of_all() {
    let server = Server::dev();
    let stage = Stage::open(&server, "changes");
    // An invoice of NTT's is as it was drawn: its amount stays.
    for (_, maker) in MAKERS.into_iter().filter(|(_, maker)| *maker != Maker::Ntt) {
        let link = stage.make(maker, SENT);
        assert!(paytm_update(&stage, &link, "750.00"), "{link:?}");
        // Each compares the amounts that it is told with this one.
        let says = read(&stage, &link);
        assert_eq!(own(&stage, &link)["amount"], 75_000);
        // By its vendor's page Nimbbl changes only what was not sent yet.
        assert!(!nimbbl_update(&stage, &link, "800.00"), "{link:?}");
        assert_eq!((read(&stage, &link), &own(&stage, &link)["amount"]), (says, &json!(75_000)));
        assert_eq!(server.pay(&link.code, "success")["amount"], 75_000);
        assert_eq!(read(&stage, &link)[0], "`completed`");
        assert!(!paytm_update(&stage, &link, "900.00") && !nimbbl_update(&stage, &link, "900.00"));
    }
    for (_, maker) in MAKERS.into_iter().filter(|(_, maker)| ![Maker::Request, Maker::Ntt].contains(maker)) {
        let link = stage.make(maker, Wish { send: false, ..SENT });
        assert!(nimbbl_update(&stage, &link, "800.00"), "{link:?}");
        read(&stage, &link);
        assert_eq!(own(&stage, &link)["amount"], 80_000);
    }
    server.verify();
}

#[test]
fn an_amount_that_no_api_may_change_stays_for_all() {
    let server = Server::dev();
    let stage = Stage::open(&server, "stays");
    let kinds =
        [(Maker::Own, Kind::AnyAmount), (Maker::Own, Kind::WithLines), (Maker::Own, Kind::ForAnObligation)];
    let kinds = kinds.into_iter().chain([(Maker::Paytm, Kind::AnyAmount), (Maker::Paytm, Kind::WithLines)]);
    for (maker, kind) in kinds.chain([(Maker::Ntt, Kind::Once)]) {
        let link = stage.make(maker, Wish { kind, send: maker == Maker::Ntt, short: false });
        let before = own(&stage, &link);
        assert!(
            !paytm_update(&stage, &link, "750.00") && !nimbbl_update(&stage, &link, "750.00"),
            "{link:?}"
        );
        assert_eq!(own(&stage, &link), before);
    }
    server.verify();
}

#[test]
fn resends_of_all_apis_count_toward_the_three_of_one() {
    let server = Server::dev();
    let stage = Stage::open(&server, "counts");
    let [paytm, order, paysharp, nimbbl, ntt] = RESENDS;
    for (_, maker) in MAKERS {
        let link = stage.make(maker, SENT);
        let said: BTreeSet<String> = [ntt, order, nimbbl].map(|resend| resend(&stage, &link)).into();
        assert_eq!(said, BTreeSet::from(["sent".to_owned()]), "{link:?}");
        assert_eq!(paysharp(&stage, &link), "`7002`", "{link:?}");
        assert_eq!(paytm(&stage, &link), "sent", "{link:?}");
    }
    server.verify();
}
