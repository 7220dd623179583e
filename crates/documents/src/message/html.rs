//! The HTML form of a mail: inline styles only, nothing that is fetched.

use std::fmt;

/// A text as HTML shows it, in an element or in a quoted attribute.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                plain => write!(f, "{plain}")?,
            }
        }
        Ok(())
    }
}

/// One language's part of a mail.
pub(super) struct Part<'a> {
    /// BCP 47, for screen readers.
    pub(super) lang: &'static str,
    /// Paragraphs before the button.
    pub(super) before: &'a [String],
    /// The words on the button.
    pub(super) button: &'static str,
    /// Paragraphs after it.
    pub(super) after: &'a [String],
    /// A file that goes with it: its name and its address.
    pub(super) file: Option<(&'static str, &'a str)>,
}

/// The whole document; `url` is the button's target and also stands in full.
pub(super) fn document(title: &str, url: &str, parts: &[Part<'_>]) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\n\
         <body style=\"margin:0;padding:16px;background:#ffffff;color:#1a1a1a;\
         font:16px/1.5 sans-serif\"><div style=\"max-width:34em;margin:0 auto\">\n",
        title = Escaped(title)
    );
    for part in parts {
        out.push_str(&section(url, part));
    }
    out.push_str("</div></body></html>\n");
    out
}

fn section(url: &str, part: &Part<'_>) -> String {
    let paragraph = |text: &String| format!("<p>{}</p>\n", Escaped(text));
    let before: String = part.before.iter().map(paragraph).collect();
    let after: String = part.after.iter().map(paragraph).collect();
    let link =
        |(name, url): (&str, &str)| format!("<p><a href=\"{}\">{}</a></p>\n", Escaped(url), Escaped(name));
    let file = part.file.map(link).unwrap_or_default();
    format!(
        "<div lang=\"{lang}\" style=\"padding-bottom:24px\">\n{before}\
         <p><a href=\"{url}\" style=\"display:inline-block;padding:12px 20px;\
         background:#0b57d0;color:#ffffff;text-decoration:none;border-radius:6px\">{button}</a></p>\n\
         <p style=\"word-break:break-all\">{url}</p>\n{file}{after}</div>\n",
        lang = part.lang,
        url = Escaped(url),
        button = Escaped(part.button),
    )
}
