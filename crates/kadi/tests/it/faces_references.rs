//! References of one API and those of another are strangers: the same text names a link in each, and so does
//! a text that looks like another link's id.

use serde_json::{Value, json};

use crate::faces_makers::{Kind, Made, Maker, Stage, Wish};
use crate::faces_readers::read;
use crate::harness::own_api::text;
use crate::harness::server::Server;

/// A reference that a merchant gives: in which API, on links of which kind, and whether it finds its link.
struct Reference {
    maker: Maker,
    kind: Kind,
    /// Those of one API that stand for the same are told apart by it, not here.
    family: &'static str,
    finds: fn(&Stage<'_>, &Made) -> bool,
}

const REFERENCES: [Reference; 7] = [
    Reference { maker: Maker::Own, kind: Kind::Once, family: "own", finds: own },
    Reference { maker: Maker::Paytm, kind: Kind::Once, family: "Paytm", finds: request_id },
    Reference { maker: Maker::Paytm, kind: Kind::OneOrder, family: "Paytm", finds: order },
    Reference { maker: Maker::Paytm, kind: Kind::WithLines, family: "Paytm", finds: invoice_of_lines },
    Reference { maker: Maker::Request, kind: Kind::Once, family: "Paytm", finds: order },
    Reference { maker: Maker::Nimbbl, kind: Kind::Once, family: "Nimbbl", finds: invoice },
    Reference { maker: Maker::Ntt, kind: Kind::Once, family: "NTT", finds: txn },
];

impl Reference {
    /// A link with this text as its reference; paid, so that its order tells which payment it means.
    fn give(&self, on: &Stage<'_>, text: &str) -> Made {
        let wish = Wish { kind: self.kind, send: true, short: false };
        let made = on.make_as(self.maker, wish, "9111100041", text);
        assert_eq!(on.server.pay(&made.code, "success")["state"], "captured");
        made
    }
}

fn own(on: &Stage<'_>, link: &Made) -> bool {
    is_shown(on, link, "native")
}

fn is_shown(on: &Stage<'_>, link: &Made, dialect: &str) -> bool {
    let found = on.shop.found(&format!("/v1/links/{}", link.id));
    found["references"] == json!([{"dialect": dialect, "value": link.reference}])
}

/// No call looks for it: what it names is shown.
fn txn(on: &Stage<'_>, link: &Made) -> bool {
    is_shown(on, link, "ntt")
}

fn fetched(on: &Stage<'_>, link: &Made, member: &str) -> bool {
    let found = on.shop.link_call("fetch", &json!({member: link.reference}));
    let ids: Vec<String> =
        found.ok()["links"].as_array().unwrap().iter().map(|link| link["linkId"].to_string()).collect();
    ids == [link.id.clone()]
}

fn request_id(on: &Stage<'_>, link: &Made) -> bool {
    fetched(on, link, "merchantRequestId")
}

fn invoice_of_lines(on: &Stage<'_>, link: &Made) -> bool {
    fetched(on, link, "invoiceId")
}

fn order(on: &Stage<'_>, link: &Made) -> bool {
    let told = on.shop.order_status(&link.reference);
    let payment = text(&told.body()["txnId"]).to_owned();
    on.shop.found(&format!("/v1/payments/{payment}"))["link_id"] == link.id
}

fn invoice(on: &Stage<'_>, link: &Made) -> bool {
    let path = "/api/v3/payment-link/enquiry";
    let found = on.nimbbl("POST", path, &json!({"invoice_id": link.reference})).json();
    found["payment_link_hash"] == json!(link.code)
}

#[test]
fn the_same_text_names_a_link_of_its_own_in_every_api_whichever_came_first() {
    let server = Server::dev();
    let stage = Stage::open(&server, "names");
    for (number, first) in REFERENCES.iter().enumerate() {
        for (other, second) in REFERENCES.iter().enumerate() {
            if first.family == second.family {
                continue;
            }
            let text = format!("same-{number}-{other}");
            let (one, two) = (first.give(&stage, &text), second.give(&stage, &text));
            assert!((first.finds)(&stage, &one), "{one:?} beside {two:?}");
            assert!((second.finds)(&stage, &two), "{two:?} beside {one:?}");
        }
    }
    server.verify();
}

#[test]
fn a_text_that_looks_like_another_links_id_takes_nothing_from_that_link() {
    let server = Server::dev();
    let stage = Stage::open(&server, "looks");
    let other = stage.make(Maker::Own, Wish { kind: Kind::Once, send: true, short: false });
    let before = read(&stage, &other);
    let Made { id, code, .. } = &other;
    let invoice_no = crate::faces_acts::invoice_no(&other);
    let (hash, sharp) = (format!("pl_{code}"), format!("{code}--a"));
    // The last, for an order of that name is found instead of the link from then on.
    for text in &[id.clone(), code.clone(), hash, sharp, invoice_no, format!("LI_{id}")] {
        // Paytm's own texts about one link are one API's: a request id of one link may be any text.
        for reference in REFERENCES.iter().filter(|reference| reference.maker != Maker::Paytm) {
            let made = reference.give(&stage, text);
            assert!((reference.finds)(&stage, &made), "{made:?}");
        }
        // A merchant's own order comes before the id that all links have in that API.
        if !text.starts_with("LI_") {
            assert_eq!(read(&stage, &other), before, "after {text}");
        }
    }
    let none: Value = stage.nimbbl("POST", "/api/v3/payment-link/enquiry", &json!({"invoice_id": id})).json();
    assert_ne!(none["payment_link_hash"], json!(code));
    server.verify();
}
