//! The payer's language: one of ours, whatever the header and the parameter say.

use kadi_web::Lang;

/// The language of a tag (`hi-IN`) in small letters without its blanks.
fn primary(tag: &str) -> String {
    tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase()
}

/// Is it among the languages of a header?
fn is_named(header: &str, language: &str) -> bool {
    header.split(',').any(|range| primary(range.split(';').next().unwrap_or_default()) == language)
}

#[test]
fn accept_language() {
    kadi_fuzz::target!("accept_language", 2_000, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let (query, header) =
            text.split_once('\n').map_or((None, text), |(query, header)| (Some(query), header));
        let chosen = Lang::choose(query, Some(header));
        assert_eq!(chosen, Lang::choose(query, Some(&header.to_ascii_uppercase())), "{text}");
        assert_eq!(
            chosen,
            Lang::choose(query.map(str::to_ascii_uppercase).as_deref(), Some(header)),
            "{text}"
        );
        match query.map(primary).as_deref() {
            Some("hi") => assert_eq!(chosen, Lang::Hindi, "{text}"),
            Some("en") => assert_eq!(chosen, Lang::English, "{text}"),
            _ => {
                assert_eq!(chosen, Lang::choose(None, Some(header)), "{text}");
                // Hindi is never given to whom neither it nor anything would be right.
                let is_wanted = is_named(header, "hi") || is_named(header, "*");
                assert!(chosen == Lang::English || is_wanted, "{text}");
            }
        }
        // What is wanted most is got, before or behind all that the header says.
        if !is_named(header, "hi") && query.is_none() {
            assert_eq!(Lang::choose(None, Some(&format!("hi,{header}"))), Lang::Hindi, "{text}");
            assert_eq!(Lang::choose(None, Some(&format!("hi;q=0,{header}"))), Lang::English, "{text}");
        }
    });
}
