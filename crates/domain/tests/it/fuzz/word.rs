//! Words that stand for something: exactly one spelling each, and every other text is refused.

use kadi_domain::event::EventKind;
use kadi_domain::merchant::Feature;
use kadi_domain::sandbox::Story;

#[test]
fn word() {
    kadi_fuzz::target!("word", 2_000, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let story = Story::parse(text).map(Story::word);
        let feature = Feature::parse(text).map(Feature::word);
        let event = EventKind::parse(text).map(EventKind::name);
        for word in [story, feature, event].into_iter().flatten() {
            assert_eq!(word, text);
        }
        assert!([story, feature, event].into_iter().flatten().count() <= 1, "{text}");
    });
}
