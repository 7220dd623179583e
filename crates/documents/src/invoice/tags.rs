//! What is read aloud of an invoice, and in which order: the tag tree of the file.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, Node, TableHeaderScope, Tag, TagGroup, TagTree};

use super::paper::{CellKind, Part};

/// The tree of the parts, each with what was drawn for it; parts of which nothing was drawn are left out.
pub(super) fn tree(parts: &[Part], drawn: Vec<Vec<Identifier>>, lang: &str) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(lang.to_owned()));
    let mut table: Option<(usize, TagGroup)> = None;
    let mut row: Option<(usize, TagGroup)> = None;
    for (part, drawn) in parts.iter().zip(drawn) {
        let Part::Cell { table: number, row: line, kind } = part else {
            end_table(&mut tree, &mut table, &mut row);
            if !drawn.is_empty() {
                tree.push(group(part, drawn));
            }
            continue;
        };
        if table.as_ref().is_some_and(|(open, _)| open != number) {
            end_table(&mut tree, &mut table, &mut row);
        }
        let (_, rows) = table.get_or_insert_with(|| (*number, TagGroup::new(Tag::Table)));
        if row.as_ref().is_some_and(|(open, _)| open != line)
            && let Some((_, full)) = row.take()
        {
            rows.push(full);
        }
        let (_, cells) = row.get_or_insert_with(|| (*line, TagGroup::new(Tag::TR)));
        cells.push(cell(*kind, drawn));
    }
    end_table(&mut tree, &mut table, &mut row);
    tree
}

fn end_table(tree: &mut TagTree, table: &mut Option<(usize, TagGroup)>, row: &mut Option<(usize, TagGroup)>) {
    let Some((_, mut rows)) = table.take() else { return };
    if let Some((_, full)) = row.take() {
        rows.push(full);
    }
    tree.push(rows);
}

fn cell(kind: CellKind, drawn: Vec<Identifier>) -> TagGroup {
    let children = drawn.into_iter().map(Node::from).collect();
    match kind {
        CellKind::Column => TagGroup::with_children(Tag::TH(TableHeaderScope::Column), children),
        CellKind::Row => TagGroup::with_children(Tag::TH(TableHeaderScope::Row), children),
        CellKind::Data => TagGroup::with_children(Tag::TD, children),
    }
}

fn group(part: &Part, drawn: Vec<Identifier>) -> TagGroup {
    let children: Vec<Node> = drawn.into_iter().map(Node::from).collect();
    match part {
        Part::Heading { level, title } => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            TagGroup::with_children(Tag::Hn(level, Some(title.clone())), children)
        }
        Part::Figure { words } => TagGroup::with_children(Tag::Figure(Some(words.clone())), children),
        Part::Link => {
            let link = TagGroup::with_children(Tag::Link, children);
            TagGroup::with_children(Tag::P, vec![Node::from(link)])
        }
        Part::Paragraph | Part::Cell { .. } => TagGroup::with_children(Tag::P, children),
    }
}
