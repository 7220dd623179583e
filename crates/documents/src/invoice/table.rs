//! Tables: rows of cells whose texts break into lines, over as many pages as it takes.

use super::breaking::TextLine;
use super::flow::{Column, Flow};
use super::paper::{CellKind, Length, MARGIN, PALE, Part, PartId, SHADE, Style};

/// Above and below the texts of a row.
const PADDING: Length = 4_000;
/// The highest row that is kept on one page.
const KEPT_TOGETHER_MAX: Length = 400_000;

/// What stands in a cell: texts below one another.
pub(super) struct Cell {
    pub(super) texts: Vec<(String, Style)>,
}

impl Cell {
    pub(super) fn of(text: impl Into<String>, style: Style) -> Self {
        Self { texts: vec![(text.into(), style)] }
    }
}

/// A cell whose texts are broken into lines.
struct Laid {
    column: Column,
    part: PartId,
    lines: Vec<(TextLine, Style)>,
}

/// A table under way.
pub(super) struct Table<'a> {
    /// Its number among the tables of the invoice.
    pub(super) number: usize,
    /// Where its columns stand.
    pub(super) columns: &'a [Column],
    /// The words over the columns, on each page; none where the first cell of each row is its head.
    pub(super) head: Option<(&'a [&'a str], Style)>,
    rows: usize,
}

impl<'a> Table<'a> {
    /// Begins a table.
    pub(super) fn begin(
        flow: &mut Flow,
        number: usize,
        columns: &'a [Column],
        head: Option<(&'a [&'a str], Style)>,
    ) -> Self {
        let mut table = Self { number, columns, head, rows: 0 };
        if let Some((_, style)) = head {
            // The head and a row below it.
            flow.room(4 * style.leading() + 4 * PADDING);
            let row = table.next_row();
            let part = |flow: &mut Flow| flow.part(Part::Cell { table: number, row, kind: CellKind::Column });
            let parts: Vec<Option<PartId>> = columns.iter().map(|_| Some(part(flow))).collect();
            table.draw_head(flow, &parts);
        }
        table
    }

    /// From its first column to its last.
    fn breadth(&self) -> Column {
        match (self.columns.first(), self.columns.last()) {
            (Some(first), Some(last)) if self.head.is_none() => {
                Column { width: last.x.saturating_add(last.width).saturating_sub(first.x), ..*first }
            }
            (_, _) => Column::WHOLE,
        }
    }

    fn next_row(&mut self) -> usize {
        self.rows += 1;
        self.rows
    }

    fn draw_head(&self, flow: &mut Flow, parts: &[Option<PartId>]) {
        let Some((words, style)) = self.head else { return };
        let height = style.leading() + 2 * PADDING;
        flow.fill(Column::WHOLE, height, SHADE);
        flow.skip(PADDING);
        for ((&column, word), part) in self.columns.iter().zip(words).zip(parts) {
            flow.word(word, style, column, *part);
        }
        flow.skip(height - PADDING);
    }

    /// Adds a row.
    pub(super) fn row(&mut self, flow: &mut Flow, cells: &[Cell]) {
        let row = self.next_row();
        let mut columns = Vec::new();
        for (place, (cell, &column)) in cells.iter().zip(self.columns).enumerate() {
            let kind = if place == 0 && self.head.is_none() { CellKind::Row } else { CellKind::Data };
            let part = flow.part(Part::Cell { table: self.number, row, kind });
            let lines: Vec<(TextLine, Style)> = cell
                .texts
                .iter()
                .flat_map(|(text, style)| {
                    flow.lines(text, *style, column).into_iter().map(|line| (line, *style))
                })
                .collect();
            columns.push(Laid { column, part, lines });
        }
        let heights = columns.iter().map(|cell| {
            cell.lines.iter().fold(0, |sum: Length, (_, style)| sum.saturating_add(style.leading()))
        });
        let height = heights.max().unwrap_or_default().saturating_add(2 * PADDING);
        self.room(flow, height.min(KEPT_TOGETHER_MAX));
        flow.skip(PADDING);
        self.draw_lines(flow, columns);
        flow.skip(PADDING);
        flow.rule(self.breadth(), PALE);
    }

    /// Draws the lines of all cells beside one another.
    fn draw_lines(&self, flow: &mut Flow, columns: Vec<Laid>) {
        let mut columns: Vec<_> =
            columns.into_iter().map(|cell| (cell.column, cell.part, cell.lines.into_iter())).collect();
        loop {
            let next: Vec<_> = columns
                .iter_mut()
                .filter_map(|(column, part, lines)| lines.next().map(|line| (*column, *part, line)))
                .collect();
            let Some(high) = next.iter().map(|(_, _, (_, style))| style.leading()).max() else { return };
            self.room(flow, high);
            for (column, part, (line, style)) in next {
                flow.line(line, style, column, Some(part));
            }
            flow.skip(high);
        }
    }

    /// Room for so much, on a new page under the same head if need be.
    fn room(&self, flow: &mut Flow, height: Length) {
        if flow.room(height) {
            debug_assert_eq!(flow.y, MARGIN, "a new page begins at its top");
            let parts: Vec<Option<PartId>> = self.columns.iter().map(|_| None).collect();
            self.draw_head(flow, &parts);
        }
    }
}
