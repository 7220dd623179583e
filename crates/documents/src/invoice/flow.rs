//! Lays texts below one another and begins a new page where there is no room.

use super::breaking::{TextLine, lines, one};
use super::fonts::{Fonts, UNITS_PER_EM, clean};
use super::paper::{
    BOTTOM, INNER_WIDTH, Ink, Length, MARGIN, Mark, PAGE_HEIGHT, PAGE_WIDTH, Paper, Part, PartId, Side, Style,
};

/// A column of the page: its left end and its width.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) x: Length,
    pub(super) width: Length,
    pub(super) side: Side,
}

impl Column {
    /// From margin to margin.
    pub(super) const WHOLE: Self = Self { x: MARGIN, width: INNER_WIDTH, side: Side::Left };
}

/// The paper and where on it the next thing goes.
pub(super) struct Flow {
    pub(super) fonts: &'static Fonts,
    pub(super) paper: Paper,
    /// The top of what comes next.
    pub(super) y: Length,
}

impl Flow {
    pub(super) fn new(fonts: &'static Fonts) -> Self {
        Self { fonts, paper: Paper { sheets: vec![Vec::new()], parts: Vec::new() }, y: MARGIN }
    }

    /// Adds to what is read.
    pub(super) fn part(&mut self, part: Part) -> PartId {
        self.paper.parts.push(part);
        self.paper.parts.len() - 1
    }

    /// A new page if less than `height` is left; true if one was begun.
    pub(super) fn room(&mut self, height: Length) -> bool {
        let is_full = self.y.saturating_add(height) > BOTTOM && self.y > MARGIN;
        if is_full {
            self.paper.sheets.push(Vec::new());
            self.y = MARGIN;
        }
        is_full
    }

    pub(super) fn skip(&mut self, height: Length) {
        self.y = self.y.saturating_add(height);
    }

    /// Draws on the page under way.
    pub(super) fn draw(&mut self, mark: Mark) {
        if let Some(sheet) = self.paper.sheets.last_mut() {
            sheet.push(mark);
        }
    }

    /// A filled box.
    pub(super) fn fill(&mut self, column: Column, height: Length, ink: Ink) {
        self.draw(Mark::Box { x: column.x, y: self.y, width: column.width, height, ink });
    }

    /// A thin line at the place under way.
    pub(super) fn rule(&mut self, column: Column, ink: Ink) {
        self.fill(column, 600, ink);
    }

    /// Other people's text in lines as wide as the column.
    pub(super) fn lines(&self, text: &str, style: Style, column: Column) -> Vec<TextLine> {
        lines(self.fonts, &clean(text), style.weight, in_ems(column.width, style.size))
    }

    /// How wide a text is in one line, rounded up.
    pub(super) fn width(&self, text: &str, style: Style) -> Length {
        of_ems(one(self.fonts, text, style.weight).width, style.size).saturating_add(1_000)
    }

    /// One line at the place under way, which stays where it is.
    pub(super) fn line(&mut self, line: TextLine, style: Style, column: Column, part: Option<PartId>) {
        let free = column.width.saturating_sub(of_ems(line.width, style.size));
        let x = match column.side {
            Side::Left => column.x,
            Side::Right => column.x.saturating_add(free),
        };
        let y = self.y.saturating_add(style.rise());
        self.draw(Mark::Text { x, y, size: style.size, ink: style.ink, runs: line.runs, part });
    }

    /// A text of Kadi's own in one line, at the place under way.
    pub(super) fn word(&mut self, text: &str, style: Style, column: Column, part: Option<PartId>) {
        let line = one(self.fonts, text, style.weight);
        self.line(line, style, column, part);
    }

    /// A paragraph; goes on on the next page where it must.
    pub(super) fn paragraph(&mut self, text: &str, style: Style, column: Column, part: PartId) {
        for line in self.lines(text, style, column) {
            self.room(style.leading());
            self.line(line, style, column, Some(part));
            self.skip(style.leading());
        }
    }

    /// Writes the foot of each page, when it is known how many there are.
    pub(super) fn feet(&mut self, left: &str) {
        let style = Style::plain(8_000).ink(super::paper::GREY);
        let count = self.paper.sheets.len();
        let wide = Column { width: INNER_WIDTH / 4 * 3, ..Column::WHOLE };
        let words = self.lines(left, style, wide).into_iter().next();
        for page in 0..count {
            let number = one(self.fonts, &format!("Page {} of {count}", page + 1), style.weight);
            let x = PAGE_WIDTH - MARGIN - of_ems(number.width, style.size);
            let texts = words.iter().map(|line| (MARGIN, line)).chain([(x, &number)]);
            let foot = |(x, line): (Length, &TextLine)| Mark::Text {
                x,
                y: PAGE_HEIGHT - MARGIN + 8_000,
                size: style.size,
                ink: style.ink,
                runs: line.runs.clone(),
                part: None,
            };
            let marks: Vec<Mark> = texts.map(foot).collect();
            if let Some(sheet) = self.paper.sheets.get_mut(page) {
                sheet.extend(marks);
            }
        }
    }
}

/// A length in parts of an em of this size.
fn in_ems(length: Length, size: Length) -> i32 {
    let parts = i64::from(length) * i64::from(UNITS_PER_EM) / i64::from(size.max(1));
    i32::try_from(parts).unwrap_or(i32::MAX)
}

/// Parts of an em of this size as a length.
pub(super) fn of_ems(parts: i32, size: Length) -> Length {
    let length = i64::from(parts) * i64::from(size) / i64::from(UNITS_PER_EM);
    i32::try_from(length).unwrap_or(i32::MAX)
}
