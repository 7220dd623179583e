//! Every page in both languages, as files to read.

use crate::states::{DEVANAGARI, PLAIN, every_state};
use kadi_web::stylesheet_path;

#[test]
fn every_page_state_reads_as_recorded() {
    for (name, page) in every_state(&PLAIN) {
        // The stylesheet's name changes with every line of it, which is no change of the pages.
        insta::assert_snapshot!(name, page.unwrap().replace(stylesheet_path(), "/assets/payer.css"));
    }
}

#[test]
fn every_page_says_its_language_and_leads_to_the_other() {
    for (name, page) in every_state(&DEVANAGARI) {
        let page = page.unwrap();
        let (lang, other) = if name.ends_with(".hi") { ("hi", "en") } else { ("en", "hi") };
        assert!(page.contains(&format!("<html lang=\"{lang}\">")), "{name}");
        assert!(page.contains(&format!("<a class=\"switch\" lang=\"{other}\"")), "{name}");
        let switch = page.split("class=\"switch\"").nth(1).unwrap();
        assert!(switch.split_once('>').unwrap().0.ends_with(&format!("lang={other}\"")), "{name}");
        assert_eq!(page.matches("<h1").count(), 1, "{name}");
    }
}
