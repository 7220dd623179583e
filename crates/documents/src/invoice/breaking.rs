//! Lines of a text: broken at blanks, and inside words that are longer than a line.

use super::fonts::{Fonts, Run, Weight};

/// A line of text, ready to be drawn.
#[derive(Clone, Debug)]
pub(super) struct TextLine {
    pub(super) runs: Vec<Run>,
    /// In parts of an em, without the blank at its end.
    pub(super) width: i32,
}

/// The lines of a text of one paragraph that is `width` wide, in parts of an em. Each but the last ends in a
/// blank where words end there, so that what is copied or read aloud stays in words.
pub(super) fn lines(fonts: &Fonts, text: &str, weight: Weight, width: i32) -> Vec<TextLine> {
    let measure = |text: &str| width_of(&fonts.shape(text, weight));
    let blank = measure(" ");
    let mut out: Vec<String> = Vec::new();
    let (mut line, mut used) = (String::new(), 0_i32);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for (place, piece) in pieces(fonts, word, weight, width).into_iter().enumerate() {
            let (first, wide) = (place == 0, measure(&piece));
            let fits = used.saturating_add(blank).saturating_add(wide) <= width;
            if line.is_empty() {
                (line, used) = (piece, wide);
            } else if first && fits {
                line.push(' ');
                line.push_str(&piece);
                used = used.saturating_add(blank).saturating_add(wide);
            } else {
                let end = if first { " " } else { "" };
                out.push(format!("{line}{end}"));
                (line, used) = (piece, wide);
            }
        }
    }
    if !line.is_empty() {
        out.push(line);
    }
    out.into_iter().map(|text| one(fonts, &text, weight)).collect()
}

/// A text that is not broken.
pub(super) fn one(fonts: &Fonts, text: &str, weight: Weight) -> TextLine {
    let width = width_of(&fonts.shape(text.trim_end(), weight));
    TextLine { runs: fonts.shape(text, weight), width }
}

fn width_of(runs: &[Run]) -> i32 {
    runs.iter().fold(0_i32, |sum, run| sum.saturating_add(run.width()))
}

/// A word, cut between clusters (letters with what belongs to them) where it is longer than a line.
fn pieces(fonts: &Fonts, word: &str, weight: Weight, width: i32) -> Vec<String> {
    let runs = fonts.shape(word, weight);
    if width_of(&runs) <= width {
        return vec![word.to_owned()];
    }
    let mut out = vec![String::new()];
    let mut used = 0_i32;
    for run in &runs {
        for cluster in run.glyphs.chunk_by(|one, next| one.bytes.start == next.bytes.start) {
            let wide = cluster.iter().fold(0_i32, |sum, glyph| sum.saturating_add(glyph.advance));
            let bytes = cluster.first().map_or(0..0, |glyph| glyph.bytes.clone());
            if used.saturating_add(wide) > width && used > 0 {
                out.push(String::new());
                used = 0;
            }
            if let (Some(piece), Some(text)) = (out.last_mut(), run.text.get(bytes)) {
                piece.push_str(text);
            }
            used = used.saturating_add(wide);
        }
    }
    out
}
