//! A Rust file as tokens: its functions, its texts, its routes, the lines that only serve tests.

use std::ops::RangeInclusive;

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use crate::tree::text;

/// A function with a body: where it begins and how many lines it has, signature included.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) lines: usize,
}

/// A piece of text in quotes, without them, and its line.
pub(crate) struct Quoted {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// The tokens of a file.
pub(crate) fn tokens(path: &str) -> TokenStream {
    text(path).parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every function with a body, at any depth.
pub(crate) fn functions(stream: TokenStream) -> Vec<Function> {
    let mut found = Vec::new();
    each_level(stream, &mut |level| {
        for (at, pair) in level.windows(2).enumerate() {
            let [TokenTree::Ident(keyword), TokenTree::Ident(name)] = pair else { continue };
            if keyword != "fn" {
                continue;
            }
            let body = level[at..].iter().find(|tree| is_brace(tree) || is_punct(tree, ';'));
            if let Some(TokenTree::Group(body)) = body {
                let line = keyword.span().start().line;
                let lines = body.span_close().end().line - line + 1;
                found.push(Function { name: name.to_string(), line, lines });
            }
        }
    });
    found
}

/// Every text in quotes that is no documentation.
pub(crate) fn texts(stream: TokenStream) -> Vec<Quoted> {
    let mut found = Vec::new();
    each_level(without_docs(stream), &mut |level| {
        for tree in level {
            let TokenTree::Literal(literal) = tree else { continue };
            if let Some(text) = unquoted(&literal.to_string()) {
                found.push(Quoted { text, line: literal.span().start().line });
            }
        }
    });
    found
}

/// The paths that are given to `.route(…)`, and to `.get(…)` and `.post(…)` of a list of calls.
pub(crate) fn routes(stream: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    each_level(stream, &mut |level| {
        for pair in level.windows(2) {
            let [TokenTree::Ident(name), TokenTree::Group(arguments)] = pair else { continue };
            let Some(TokenTree::Literal(first)) = arguments.stream().into_iter().next() else { continue };
            if ["route", "get", "post"].iter().any(|method| name == method) {
                found.extend(unquoted(&first.to_string()).filter(|path| path.starts_with('/')));
            }
        }
    });
    found
}

/// The lines of everything that stands under `#[cfg(test)]`.
pub(crate) fn test_lines(stream: TokenStream) -> Vec<RangeInclusive<usize>> {
    let mut found = Vec::new();
    each_level(stream, &mut |level| {
        for (at, pair) in level.windows(2).enumerate() {
            let [hash, TokenTree::Group(attribute)] = pair else { continue };
            if !is_punct(hash, '#') || attribute.stream().to_string() != "cfg (test)" {
                continue;
            }
            let end = level[at + 2..].iter().find(|tree| is_brace(tree) || is_punct(tree, ';'));
            let last = end.map_or(usize::MAX, |tree| tree.span().end().line);
            found.push(attribute.span().start().line..=last);
        }
    });
    found
}

/// Every word that stands in code, not in texts, comments or documentation.
pub(crate) fn words(stream: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    each_level(stream, &mut |level| {
        found.extend(level.iter().filter_map(|tree| match tree {
            TokenTree::Ident(ident) => Some(ident.to_string()),
            TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
        }));
    });
    found
}

fn each_level(stream: TokenStream, visit: &mut impl FnMut(&[TokenTree])) {
    let mut waiting = vec![stream];
    while let Some(stream) = waiting.pop() {
        let level: Vec<TokenTree> = stream.into_iter().collect();
        visit(&level);
        waiting.extend(level.iter().filter_map(|tree| match tree {
            TokenTree::Group(group) => Some(group.stream()),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
        }));
    }
}

/// Comments of documentation are attributes to the compiler; here they are taken out.
fn without_docs(stream: TokenStream) -> TokenStream {
    let level: Vec<TokenTree> = stream.into_iter().collect();
    let is_doc = |at: usize| match level.get(at) {
        Some(TokenTree::Group(group)) => {
            let first = group.stream().into_iter().next();
            matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
        }
        Some(TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_)) | None => false,
    };
    let kept = level.iter().enumerate().filter(|(at, _)| !is_doc(*at)).map(|(_, tree)| match tree {
        TokenTree::Group(group) => Group::new(group.delimiter(), without_docs(group.stream())).into(),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => tree.clone(),
    });
    kept.collect()
}

/// What a literal of text says, its escapes as written; none for numbers, characters and bytes.
fn unquoted(literal: &str) -> Option<String> {
    let plain = literal.trim_start_matches('r').trim_matches('#');
    Some(plain.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

fn is_brace(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn is_punct(tree: &TokenTree, sign: char) -> bool {
    matches!(tree, TokenTree::Punct(punct)
        if punct.as_char() == sign && matches!(punct.spacing(), Spacing::Alone | Spacing::Joint))
}
