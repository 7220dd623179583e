//! Dates of the Paytm create call: India's time, the default, the calendar's edge.

use serde_json::json;

use crate::harness::own_api::{problem, text};
use crate::harness::peers::{epoch_s, ist};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

#[test]
fn a_date_alone_means_the_last_second_of_that_day_in_india() {
    let server = Server::dev();
    let shop = Shop::open(&server, "dates");
    let asked = ist(&server.now(), 5, Some("23:59:59"));
    let mut body = shop.fixed();
    body["expiryDate"] = json!(asked.get(..10));
    let reply = shop.create(&body);
    assert_eq!(reply.ok()["expiryDate"], asked);
    let link = shop.link_with_code(&reply.link_code());
    assert_eq!(epoch_s(text(&link["expires_at"])), epoch_s(&asked));
}

#[test]
fn without_a_date_fixed_and_generic_links_live_ninety_days_and_the_answer_says_so() {
    let server = Server::dev();
    let shop = Shop::open(&server, "ninety");
    for body in [shop.fixed(), shop.generic()] {
        let reply = shop.create(&body);
        let expected = ist(&server.now(), 90, None);
        assert_eq!(text(&reply.ok()["expiryDate"]).get(..10), expected.get(..10));
        let link = shop.link_with_code(&reply.link_code());
        assert_eq!(epoch_s(text(&link["expires_at"])), epoch_s(text(&reply.ok()["expiryDate"])));
    }
}

#[test]
fn the_365th_calendar_day_in_india_is_allowed_to_its_last_second() {
    let server = Server::dev();
    let shop = Shop::open(&server, "year");
    let mut body = shop.fixed();
    body["expiryDate"] = json!(ist(&server.now(), 365, Some("23:59:59")));
    assert_eq!(shop.create(&body).ok()["expiryDate"], body["expiryDate"]);
    body["expiryDate"] = json!(ist(&server.now(), 366, Some("00:00:00")));
    shop.create(&body).refused(
        "a day more",
        "5027",
        "Expiry date cannot be set as more than 365 days from the current date",
    );
}

#[test]
fn a_link_expires_with_the_clock_and_takes_no_money_afterwards() {
    let server = Server::dev();
    let shop = Shop::open(&server, "late");
    let mut body = shop.fixed();
    body["expiryDate"] = json!(ist(&server.now(), 1, None));
    let code = shop.create(&body).link_code();
    server.advance(86_400 - 30);
    assert_eq!(server.pay(&code, "success")["state"], "captured");
    server.advance(60);
    problem(&server.pay_with(&code, &json!({"outcome": "success"})), 409, "link_expired");
    let link = shop.link_with_code(&code);
    assert_eq!(link["status"], "expired");
    assert!(shop.events_of(&link).contains(&"link.expired".to_owned()));
    server.verify();
}

#[test]
fn no_other_way_of_writing_a_date_is_taken() {
    let server = Server::dev();
    let shop = Shop::open(&server, "strict");
    let year: i32 = ist(&server.now(), 200, None).get(6..10).unwrap().parse().unwrap();
    let dates = [
        format!("31/02/{year}"),
        format!("1/1/{year}"),
        format!("01/01/{}", year % 100),
        format!("01-01-{year}"),
        format!("{year}-01-01"),
        format!("00/01/{year}"),
        format!("01/13/{year}"),
        format!("01/01/{year} 24:00:00"),
        format!("01/01/{year} 12:60:00"),
        format!("01/01/{year} 1:00:00"),
        format!("01/01/{year} 10:00"),
        format!(" 01/01/{year}"),
        format!("01/01/{year} "),
        format!("01/01/{year}T10:00:00"),
        "١/٠١/2027".to_owned(),
        "tomorrow".to_owned(),
        "99/99/9999".to_owned(),
        "9".repeat(5000),
    ];
    for date in dates {
        let mut body = shop.fixed();
        body["expiryDate"] = json!(date);
        shop.create(&body).refused(&date, "5021", "Expiry date is invalid.");
    }
}
