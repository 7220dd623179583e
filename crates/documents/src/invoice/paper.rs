//! What lies on the pages, before it becomes PDF: positions in thousandths of a point from the upper left.

use super::fonts::{Run, Weight};

/// A length in thousandths of a point.
pub(super) type Length = i32;

/// A4.
pub(super) const PAGE_WIDTH: Length = 595_276;
/// A4.
pub(super) const PAGE_HEIGHT: Length = 841_890;
/// What stays free on each side.
pub(super) const MARGIN: Length = 45_000;
/// From the left margin to the right one.
pub(super) const INNER_WIDTH: Length = PAGE_WIDTH - 2 * MARGIN;
/// Below this line stands only the foot of the page.
pub(super) const BOTTOM: Length = PAGE_HEIGHT - 64_000;

/// A colour: red, green, blue.
pub(super) type Ink = [u8; 3];

pub(super) const BLACK: Ink = [0x1a, 0x1a, 0x1a];
pub(super) const GREY: Ink = [0x5a, 0x5a, 0x5a];
pub(super) const PALE: Ink = [0xd4, 0xd4, 0xd4];
pub(super) const SHADE: Ink = [0xf2, 0xf4, 0xf7];
pub(super) const GREEN: Ink = [0x0b, 0x6e, 0x33];
pub(super) const RED: Ink = [0xa8, 0x1e, 0x1e];
pub(super) const BLUE: Ink = [0x0b, 0x4a, 0xa8];

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) size: Length,
    pub(super) weight: Weight,
    pub(super) ink: Ink,
}

impl Style {
    pub(super) const fn plain(size: Length) -> Self {
        Self { size, weight: Weight::Regular, ink: BLACK }
    }

    pub(super) const fn bold(size: Length) -> Self {
        Self { size, weight: Weight::Bold, ink: BLACK }
    }

    pub(super) const fn ink(self, ink: Ink) -> Self {
        Self { size: self.size, weight: self.weight, ink }
    }

    /// From one line to the next: Devanagari needs more room than Latin.
    pub(super) const fn leading(self) -> Length {
        self.size / 100 * 145
    }

    /// From the top of a line to the letters' foot.
    pub(super) const fn rise(self) -> Length {
        self.size / 100 * 107
    }
}

/// Which end of its column a text keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// The place of a thing in [`Paper::parts`].
pub(super) type PartId = usize;

/// What a part of the invoice is, for those who have it read to them; in the order of reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A heading of the first or the second level.
    Heading { level: u16, title: String },
    /// A paragraph.
    Paragraph,
    /// A cell; cells of one row and rows of one table follow each other.
    Cell { table: usize, row: usize, kind: CellKind },
    /// A picture.
    Figure { words: String },
    /// An address that can be followed.
    Link,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    /// The head of a column.
    Column,
    /// The head of a row.
    Row,
    /// Neither.
    Data,
}

/// Something that is drawn.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// Letters, by the left end of their foot; without a part they only adorn the page.
    Text { x: Length, y: Length, size: Length, ink: Ink, runs: Vec<Run>, part: Option<PartId> },
    /// A filled box.
    Box { x: Length, y: Length, width: Length, height: Length, ink: Ink },
    /// Squares of one picture, `side` wide, by their upper left corners.
    Squares { at: Vec<(Length, Length)>, side: Length, part: PartId },
    /// A place that leads to the page of the link.
    Target { x: Length, y: Length, width: Length, height: Length, part: PartId },
}

/// The whole invoice.
#[derive(Clone, Debug, Default)]
pub(super) struct Paper {
    pub(super) sheets: Vec<Vec<Mark>>,
    pub(super) parts: Vec<Part>,
}
