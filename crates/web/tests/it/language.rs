//! Which language a payer gets.

use kadi_web::Lang;

#[test]
fn the_parameter_wins_then_the_header_then_english() {
    let cases = [
        (None, None, "en"),
        (Some("hi"), None, "hi"),
        (Some("HI-in"), Some("en"), "hi"),
        (Some("en"), Some("hi"), "en"),
        (Some("fr"), Some("hi"), "hi"),
        (Some(""), Some("hi"), "hi"),
        (Some("hindi"), None, "en"),
        (None, Some(""), "en"),
        (None, Some("hi"), "hi"),
        (None, Some("hi-IN,hi;q=0.9,en-IN;q=0.8,en;q=0.7"), "hi"),
        (None, Some("en-IN,en;q=0.9,hi;q=0.8"), "en"),
        (None, Some("en;q=0.5, hi"), "hi"),
        (None, Some("mr-IN, hi;q=0.8, en;q=0.7"), "hi"),
        (None, Some("mr-IN, ta"), "en"),
        (None, Some("en;q=0.80, hi;q=0.8"), "en"),
        (None, Some("hi;q=0.8, en;q=0.800"), "hi"),
        (None, Some("hi;q=0.801, en;q=0.8"), "hi"),
        (None, Some("hi;q=0"), "en"),
        (None, Some("en;q=0, hi;q=0.001"), "hi"),
        (None, Some("*"), "en"),
        (None, Some("en;q=0, *"), "hi"),
        (None, Some("en;q=0.2, *;q=0.5"), "hi"),
        (None, Some("hi;q=0, *;q=0.5"), "en"),
        (None, Some("hi ; q=0.9 , en ; q=0.1"), "hi"),
        (None, Some("HI;Q=1.000, en;q=0.9"), "hi"),
        (None, Some("hi;q=2, en;q=0.1"), "en"),
        (None, Some("hi;q=0.1234, en;q=0.1"), "en"),
        (None, Some("hi;q=-1, en;q=0.1"), "en"),
        (None, Some("hi;q, en;q=0.1"), "en"),
        (None, Some("hi;q=1.5, en;q=0.1"), "en"),
        (None, Some(";;,,=,hi"), "hi"),
        (None, Some("hindi, en-hi;q=0.3"), "en"),
    ];
    for (query, header, expected) in cases {
        assert_eq!(Lang::choose(query, header).tag(), expected, "{query:?} {header:?}");
    }
}

#[test]
fn a_header_without_end_is_read_only_at_its_beginning() {
    let header = format!("{}hi", "fr,".repeat(1_000));
    assert_eq!(Lang::choose(None, Some(&header)), Lang::English);
}
