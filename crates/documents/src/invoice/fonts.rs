//! The fonts of an invoice, and texts as their glyphs.
//!
//! Which script a letter belongs to is told by the first font that has it; what none has is drawn as U+FFFD.

use std::ops::Range;
use std::sync::OnceLock;

use rustybuzz::{Direction, UnicodeBuffer};

use crate::message::one_line;

/// What stands in place of a character that no font has.
const REPLACEMENT: char = '\u{fffd}';
/// The most accents above one another: more would run over other lines.
const ACCENTS_MAX: usize = 2;
/// The most characters without a blank that are shaped as one: of syllables of more than 255 glyphs the
/// shaper loses count.
const UNBROKEN_MAX: usize = 100;
/// All fonts measure in these parts of their size.
pub(super) const UNITS_PER_EM: i32 = 1000;

/// Regular and bold of each script, in the order in which they are asked.
static FAMILIES: [[&[u8]; 2]; 2] = [
    [include_bytes!("../../fonts/NotoSans-Regular.ttf"), include_bytes!("../../fonts/NotoSans-Bold.ttf")],
    [
        include_bytes!("../../fonts/NotoSansDevanagari-Regular.ttf"),
        include_bytes!("../../fonts/NotoSansDevanagari-Bold.ttf"),
    ],
];

/// How thick letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// A font by its family and its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FontId {
    pub(super) family: usize,
    pub(super) weight: Weight,
}

/// A glyph with the bytes of its run's text that it stands for; lengths in [`UNITS_PER_EM`].
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) id: u32,
    pub(super) advance: i32,
    pub(super) x_offset: i32,
    pub(super) y_offset: i32,
    pub(super) bytes: Range<usize>,
}

/// Letters of one font in a row.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) font: FontId,
    pub(super) text: String,
    pub(super) glyphs: Vec<Drawn>,
}

impl Run {
    /// Its width in [`UNITS_PER_EM`].
    pub(super) fn width(&self) -> i32 {
        self.glyphs.iter().fold(0_i32, |sum, glyph| sum.saturating_add(glyph.advance))
    }
}

/// The fonts, ready to be used.
pub(super) struct Fonts {
    faces: Vec<[rustybuzz::Face<'static>; 2]>,
}

impl Fonts {
    /// The fonts of this program; none if they are broken, which a test rules out.
    pub(super) fn get() -> Option<&'static Self> {
        static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
        FONTS.get_or_init(Self::read).as_ref()
    }

    fn read() -> Option<Self> {
        let face = |bytes: &'static [u8]| {
            rustybuzz::Face::from_slice(bytes, 0).filter(|face| face.units_per_em() == UNITS_PER_EM)
        };
        let family = |[regular, bold]: [&'static [u8]; 2]| Some([face(regular)?, face(bold)?]);
        let faces = FAMILIES.into_iter().map(family).collect::<Option<Vec<_>>>()?;
        Some(Self { faces })
    }

    /// A font's file.
    pub(super) fn file(id: FontId) -> Option<&'static [u8]> {
        let [regular, bold] = FAMILIES.get(id.family)?;
        Some(match id.weight {
            Weight::Regular => regular,
            Weight::Bold => bold,
        })
    }

    fn face(&self, id: FontId) -> Option<&rustybuzz::Face<'static>> {
        let [regular, bold] = self.faces.get(id.family)?;
        Some(match id.weight {
            Weight::Regular => regular,
            Weight::Bold => bold,
        })
    }

    /// The text as glyphs; call [`clean`] on other people's texts before.
    pub(super) fn shape(&self, text: &str, weight: Weight) -> Vec<Run> {
        let mut runs: Vec<(FontId, String)> = Vec::new();
        let mut unbroken = 0;
        for character in text.chars() {
            let last = runs.last().map(|(font, _)| *font);
            let (font, character) = self.choose(character, weight, last);
            unbroken = if character == ' ' { 0 } else { unbroken % UNBROKEN_MAX + 1 };
            match runs.last_mut() {
                Some((same, run)) if *same == font && unbroken < UNBROKEN_MAX => run.push(character),
                Some(_) | None => runs.push((font, character.to_string())),
            }
        }
        runs.into_iter().map(|(font, text)| self.run(font, text)).collect()
    }

    /// The font of a character, and what of it is drawn. What belongs to no script stays with the one before.
    fn choose(&self, character: char, weight: Weight, last: Option<FontId>) -> (FontId, char) {
        let has = |id: &FontId| {
            let glyph = self.face(*id).and_then(|face| face.glyph_index(character));
            // Glyph 0 is what stands for all that a font does not have.
            glyph.is_some_and(|glyph| glyph.0 != 0)
        };
        if let Some(last) = last.filter(|last| joins(character) && has(last)) {
            return (last, character);
        }
        let mut families = (0..self.faces.len()).map(|family| FontId { family, weight });
        let found = families.find(has);
        found.map_or((FontId { family: 0, weight }, REPLACEMENT), |font| (font, character))
    }

    fn run(&self, font: FontId, text: String) -> Run {
        let Some(face) = self.face(font) else { return Run { font, text, glyphs: Vec::new() } };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(face, &[], buffer);
        let mut glyphs: Vec<Drawn> = Vec::with_capacity(shaped.len());
        // A cluster is a byte position; it ends where the next one begins.
        let (mut end, mut next) = (text.len(), text.len());
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()).rev() {
            let start = usize::try_from(info.cluster).unwrap_or(text.len()).min(text.len());
            if start != next {
                (end, next) = (next, start);
            }
            glyphs.push(Drawn {
                id: info.glyph_id,
                advance: position.x_advance,
                x_offset: position.x_offset,
                y_offset: position.y_offset,
                bytes: start..end,
            });
        }
        glyphs.reverse();
        Run { font, text, glyphs }
    }
}

/// Blanks, joiners and accents belong to no script.
fn joins(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{200c}' | '\u{200d}') || is_accent(character)
}

fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// Other people's text as one line without what is not seen, and without heaps of accents.
pub(super) fn clean(text: &str) -> String {
    let mut accents = 0;
    let mut keeps = |character: &char| {
        accents = if is_accent(*character) { accents + 1 } else { 0 };
        accents <= ACCENTS_MAX && !is_variant(*character)
    };
    one_line(text).chars().filter(|character| keeps(character)).collect()
}

/// Variation selectors: they ask for another form of the character before, which no font here has.
fn is_variant(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180f}')
}
