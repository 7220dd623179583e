//! Texts from outside stay texts: nothing that a merchant or a payer writes becomes markup, script or an
//! address.

use kadi_web::follow_script_path;

use crate::markup::tags;
use crate::states::{PLAIN, all, every_state};

const PAYLOADS: [&str; 14] = [
    "<script>alert(1)</script>",
    "\"><script src=//evil.example/x.js></script>",
    "' autofocus onfocus=alert(1) x='",
    "\" onmouseover=\"alert(1)",
    "</title><img src=x onerror=alert(1)>",
    "</small></td></tr></table><iframe src=//evil.example>",
    "--><svg onload=alert(1)>",
    "<!--",
    "<![CDATA[<b>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{ 7 * 7 }}{% raw %}<b>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0; url=//evil.example'>",
    "\u{202e}<b>\u{2066}\0\u{1b}[31m",
];

#[test]
fn hostile_texts_change_no_tag_of_any_page() {
    let shapes = |page: &str| tags(page).iter().map(|tag| tag.shape()).collect::<Vec<_>>();
    for payload in PAYLOADS {
        for ((name, plain), (_, hostile)) in every_state(&PLAIN).into_iter().zip(every_state(&all(payload))) {
            assert_eq!(shapes(&hostile.unwrap()), shapes(&plain.unwrap()), "{name} with {payload}");
        }
    }
}

#[test]
fn hostile_texts_are_shown_as_they_were_written() {
    for (name, page) in every_state(&all("<b>&lt;\"'")) {
        let page = page.unwrap();
        assert!(!page.contains("<b>&lt;"), "{name}");
        let speaks =
            !name.starts_with("unknown") && !name.starts_with("too-many") && !name.starts_with("trouble");
        assert_eq!(page.contains("&#60;b&#62;&#38;lt;&#34;&#39;"), speaks, "{name}");
    }
}

#[test]
fn no_page_has_a_script_a_style_or_a_handler_of_its_own() {
    for (name, page) in every_state(&PLAIN) {
        for tag in tags(&page.unwrap()) {
            if tag.name == "script" {
                // The page that waits loads this server's one script, and nothing else in the element.
                let follows = [
                    ("src".to_owned(), follow_script_path().to_owned()),
                    ("defer".to_owned(), String::new()),
                ];
                assert!(name.starts_with("pending") && tag.attributes == follows, "{name}: {tag:?}");
                continue;
            }
            assert!(!["style", "iframe", "object", "embed", "base"].contains(&tag.name.as_str()), "{name}");
            for (attribute, _) in &tag.attributes {
                assert!(!attribute.starts_with("on") && attribute != "style", "{name}: {attribute}");
            }
        }
    }
}

/// The merchant's page of the samples, as HTML writes it.
const MERCHANTS_PAGE: &str = "https://shop.example/thanks?order=42&#38;paid=1";

#[test]
fn pages_load_and_post_nothing_outside_this_server() {
    for (name, page) in every_state(&PLAIN) {
        for tag in tags(&page.unwrap()) {
            for (attribute, value) in &tag.attributes {
                let inside = value.starts_with('/') && !value.starts_with("//");
                let allowed = match (tag.name.as_str(), attribute.as_str()) {
                    ("link", "href") => inside || value.starts_with("data:image/svg+xml,"),
                    // The merchant's own form is the one exception, and its page's policy names that host.
                    ("form", "action") if name.starts_with("paid-post") => value == MERCHANTS_PAGE,
                    ("form", "action") => inside,
                    ("script", "src") => inside,
                    ("a", "href") => {
                        inside
                            || value.starts_with("tel:+")
                            || value.starts_with("mailto:")
                            || value == MERCHANTS_PAGE
                    }
                    (_, attribute) => {
                        !["src", "srcset", "href", "action", "formaction", "ping"].contains(&attribute)
                    }
                };
                assert!(allowed, "{name}: {attribute}={value}");
            }
        }
    }
}

#[test]
fn titles_carry_no_mark_that_turns_the_writing_direction() {
    for (name, page) in every_state(&all("Ab\u{202e}cd\u{2066}ef\u{200f}")) {
        let page = page.unwrap();
        let (_, from) = page.split_once("<title>").unwrap();
        let (title, _) = from.split_once("</title>").unwrap();
        assert!(!title.contains(['\u{202e}', '\u{2066}', '\u{200f}']), "{name}: {title:?}");
    }
}

#[test]
fn contact_addresses_cannot_carry_more_than_a_number_or_an_address() {
    for (name, page) in every_state(&all("+91 98;x=1?body=2&cc=3 a@b.example")) {
        let addresses: Vec<String> = tags(&page.unwrap())
            .into_iter()
            .flat_map(|tag| tag.attributes)
            .map(|(_, value)| value)
            .filter(|value| value.starts_with("tel:") || value.starts_with("mailto:"))
            .collect();
        for address in addresses {
            let expected = ["tel:+9198123", "mailto:%2B91%2098%3Bx%3D1%3Fbody%3D2%26cc%3D3%20a%40b.example"];
            assert!(expected.contains(&address.as_str()), "{name}: {address}");
        }
    }
}
