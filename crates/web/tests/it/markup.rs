//! A reader of the markup in a page, independent of the templates: which tags stand there, with which
//! attributes.

/// A start or end tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    /// In lower case; end tags begin with `/`.
    pub(crate) name: String,
    /// Names and values as they stand in the page.
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    /// The tag without its values: what a text from outside must never change.
    pub(crate) fn shape(&self) -> String {
        let names = self.attributes.iter().map(|(name, _)| name.as_str());
        std::iter::once(self.name.as_str()).chain(names).collect::<Vec<_>>().join(" ")
    }
}

/// All tags of a page, in order. Every `<` opens one, as in a browser when a letter, `/` or `!` follows.
pub(crate) fn tags(page: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, from)) = rest.split_once('<') {
        let (tag, after) = read_tag(from);
        found.push(tag);
        rest = after;
    }
    found
}

fn read_tag(text: &str) -> (Tag, &str) {
    let end = text.find(|c: char| c.is_whitespace() || c == '>').expect("a tag ends");
    let (name, mut rest) = text.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            return (Tag { name: name.to_lowercase(), attributes }, after);
        }
        let end = rest.find(|c: char| c.is_whitespace() || "=>".contains(c)).expect("an attribute ends");
        let (attribute, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').expect("a value ends"),
            None => ("", after.strip_prefix('=').unwrap_or(after)),
        };
        attributes.push((attribute.to_lowercase(), value.to_owned()));
        rest = after;
    }
}
