//! The headers of the pages and the address of the stylesheet.

use kadi_web::{Lang, Notice, STYLESHEET, page_headers, stylesheet_path};

#[test]
fn pages_forbid_everything_but_the_own_stylesheet_icon_and_forms() {
    let headers =
        page_headers(Lang::Hindi).map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
    insta::assert_snapshot!(headers.join("\n").replace("; ", ";\n  "), @r"
    content-type: text/html;
      charset=utf-8
    content-language: hi
    content-security-policy: default-src 'none';
      style-src 'self';
      img-src 'self' data:;
      form-action 'self';
      base-uri 'none';
      frame-ancestors 'none'
    referrer-policy: no-referrer
    x-content-type-options: nosniff
    x-frame-options: DENY
    cache-control: no-store
    vary: accept-language
    x-robots-tag: noindex, nofollow
    ");
}

#[test]
fn the_stylesheet_has_a_name_of_its_content_and_asks_for_nothing() {
    let (before, after) = stylesheet_path().split_once('-').unwrap();
    let (digest, ending) = after.split_once('.').unwrap();
    assert_eq!((before, ending), ("/assets/payer", "css"));
    assert!(digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let text = std::str::from_utf8(STYLESHEET).unwrap();
    assert!(!text.contains("url(") && !text.contains("@import"));
}

#[test]
fn only_a_completed_link_is_a_plain_success() {
    let here = "/p/x";
    let statuses = [
        Notice::Completed,
        Notice::Refused,
        Notice::NoPayments,
        Notice::Unknown,
        Notice::Busy { retry: here },
        Notice::Expired { at_ms: 0 },
        Notice::Cancelled,
        Notice::UsedUp,
        Notice::TooMany { retry: here },
        Notice::Trouble { retry: here },
    ]
    .map(|notice| notice.status());
    assert_eq!(statuses, [200, 403, 403, 404, 409, 410, 410, 410, 429, 503]);
}
