//! How much a payer's telephone has to fetch: page and stylesheet, uncompressed.

use crate::states::{DEVANAGARI, PLAIN, Words, every_state, long_invoice};
use kadi_web::{Lang, STYLESHEET};

const TYPICAL_BYTES_MAX: usize = 15 * 1024;
const LARGEST_BYTES_MAX: usize = 50 * 1024;

#[test]
fn typical_pages_stay_under_15_kib() {
    for words in [PLAIN, DEVANAGARI] {
        for (name, page) in every_state(&words) {
            let bytes = page.unwrap().len() + STYLESHEET.len();
            assert!(bytes < TYPICAL_BYTES_MAX, "{name}: {bytes}");
        }
    }
}

#[test]
fn fifty_lines_with_the_longest_names_and_two_taxes_each_stay_under_50_kib() {
    let longest = "कक्षा आठ विज्ञान प्रयोग पुस्तक".chars().cycle().take(30).collect::<String>();
    let words = Words { item: &longest, code: "SCI-08-2026-27", tax: "CGST @ 9%", ..DEVANAGARI };
    for lang in [Lang::English, Lang::Hindi] {
        let bytes = long_invoice(&words, 50, lang).unwrap().len() + STYLESHEET.len();
        assert!(bytes < LARGEST_BYTES_MAX, "{bytes}");
    }
}
