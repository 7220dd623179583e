//! The payer's language: one of ours, whatever the header and the parameter say.

use kadi_web::Lang;

/// A language range (`hi-IN`) in small letters without its blanks.
fn primary(range: &str) -> String {
    range.split(';').next().unwrap_or_default().trim().split('-').next().unwrap_or_default().to_ascii_lowercase()
}

#[test]
fn accept_language() {
    kadi_fuzz::target!("accept_language", 2_000, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let (query, header) = text.split_once('\n').map_or((None, text), |(query, header)| (Some(query), header));
        let chosen = Lang::choose(query, Some(header));
        assert_eq!(chosen, Lang::choose(query, Some(&header.to_ascii_uppercase())), "{text}");
        assert_eq!(chosen, Lang::choose(query.map(str::to_ascii_uppercase).as_deref(), Some(header)), "{text}");
        match query.map(primary).as_deref() {
            Some("hi") => assert_eq!(chosen, Lang::Hindi, "{text}"),
            Some("en") => assert_eq!(chosen, Lang::English, "{text}"),
            _ => {
                assert_eq!(chosen, Lang::choose(None, Some(header)), "{text}");
                // Hindi is never given to whom neither it nor anything would be right.
                let is_wanted = header.split(',').map(primary).any(|range| range == "hi" || range == "*");
                assert!(chosen == Lang::English || is_wanted, "{text}");
            }
        }
        // What is wanted most is got, before or behind all that the header says.
        let names_hindi = header.split(',').map(primary).any(|range| range == "hi");
        if !names_hindi && query.is_none() {
            assert_eq!(Lang::choose(None, Some(&format!("hi,{header}"))), Lang::Hindi, "{text}");
            assert_eq!(Lang::choose(None, Some(&format!("hi;q=0,{header}"))), Lang::English, "{text}");
        }
    });
}
