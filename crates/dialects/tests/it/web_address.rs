//! Web addresses that merchants set.

use kadi_dialects::shared::web_address::WebAddressFault::{Malformed, NotHttps, TooLong, UserPart};
use kadi_dialects::shared::web_address::parse_web_address;

#[test]
fn https_is_taken_everywhere() {
    let taken = [
        ("https://shop.example/cb?a=1&b=2", "https://shop.example/cb?a=1&b=2"),
        ("https://shop.example", "https://shop.example/"),
        ("HTTPS://Shop.Example:8443/#done", "https://shop.example:8443/#done"),
        ("https://203.0.113.7/x", "https://203.0.113.7/x"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("https://shop.example/@asha?to=a@b.in", "https://shop.example/@asha?to=a@b.in"),
        ("https://shop.example/धन्य", "https://shop.example/%E0%A4%A7%E0%A4%A8%E0%A5%8D%E0%A4%AF"),
    ];
    for (text, printed) in taken {
        for http_to_loopback in [false, true] {
            assert_eq!(parse_web_address(text, http_to_loopback).map(String::from).as_deref(), Ok(printed));
        }
    }
}

#[test]
fn http_is_taken_to_this_machine_only_where_allowed() {
    for text in ["http://localhost:8080/cb", "http://127.0.0.1/", "http://127.8.8.8/", "http://[::1]:9/"] {
        assert!(parse_web_address(text, true).is_ok(), "{text}");
        assert_eq!(parse_web_address(text, false), Err(NotHttps), "{text}");
    }
    for text in [
        "http://shop.example/",
        "http://localhost.shop.example/",
        "http://127.0.0.1.shop.example/",
        "http://10.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://0.0.0.0/",
    ] {
        assert_eq!(parse_web_address(text, true), Err(NotHttps), "{text}");
    }
}

#[test]
fn everything_else_is_refused_by_name() {
    let refused = [
        ("", Malformed),
        ("shop.example/cb", Malformed),
        ("//shop.example/cb", Malformed),
        ("/cb", Malformed),
        ("https:shop.example", Malformed),
        ("https:/shop.example", Malformed),
        ("https:///shop.example", Malformed),
        ("https://", Malformed),
        ("https://shop.example:99999/", Malformed),
        ("https://[::1/", Malformed),
        (" https://shop.example/", Malformed),
        ("https://shop.example/ x", Malformed),
        ("https://shop.example/\r\nSet-Cookie:a=b", Malformed),
        ("https://shop.example/\tx", Malformed),
        ("https://shop.example/\u{202e}x", Malformed),
        ("https://shop.example\\@evil.example/", Malformed),
        ("https:\\\\shop.example", Malformed),
        ("javascript:alert(1)", NotHttps),
        ("data:text/html,x", NotHttps),
        ("ftp://shop.example/", NotHttps),
        ("file:///etc/passwd", NotHttps),
        ("https://asha@shop.example/", UserPart),
        ("https://asha:secret@shop.example/", UserPart),
        ("https://@shop.example/", UserPart),
        ("https://shop.example@evil.example?x", UserPart),
    ];
    for (text, fault) in refused {
        assert_eq!(parse_web_address(text, false), Err(fault), "{text:?}");
    }
}

#[test]
fn two_thousand_and_forty_eight_bytes_are_enough() {
    let of_length = |length: usize| {
        let start = "https://shop.example/";
        format!("{start}{}", "x".repeat(length - start.len()))
    };
    assert!(parse_web_address(&of_length(2_048), false).is_ok());
    assert_eq!(parse_web_address(&of_length(2_049), false), Err(TooLong));
    assert_eq!(parse_web_address(&of_length(1_000_000), false), Err(TooLong));
}
