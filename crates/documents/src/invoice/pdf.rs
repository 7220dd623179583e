//! The laid out invoice as a PDF file: tagged (PDF/UA-1) and fit for archives (PDF/A-2a), the same bytes for
//! the same invoice.

use jiff::Timestamp;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::{Page, PageSettings};
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ContentTag, Identifier, SpanTag};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use super::fonts::{FontId, Fonts, Run, Weight, clean};
use super::paper::{Ink, Length, Mark, PAGE_HEIGHT, PAGE_WIDTH, Paper};
use super::sections::laid_out;
use super::tags::tree;
use super::view::Invoice;
use crate::qr::TooLong;

/// BCP 47: the words of the form are Indian English.
const LANG: &str = "en-IN";

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum InvoiceError {
    /// A font of this program cannot be read.
    #[error("a built-in font is broken")]
    Font,
    /// The page's address does not fit a QR code.
    #[error(transparent)]
    Address(#[from] TooLong),
    /// The writer of PDF refused something.
    #[error("the PDF could not be written: {0}")]
    Writer(String),
}

/// The invoice as a PDF file.
///
/// # Errors
/// An [`InvoiceError`]: a fault of this program, or an address of more than 2,331 bytes.
pub fn invoice_pdf(invoice: &Invoice<'_>) -> Result<Vec<u8>, InvoiceError> {
    let fonts = Fonts::get().ok_or(InvoiceError::Font)?;
    let paper = laid_out(invoice, fonts)?;
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| InvoiceError::Writer(format!("{error:?}")))?;
    let mut document =
        Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    document.set_metadata(metadata(invoice));
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    outline.push_child(OutlineNode::new(title(invoice), top));
    document.set_outline(outline);
    let drawn = draw(&mut document, &paper, &Typefaces::new()?, invoice.url)?;
    document.set_tag_tree(tree(&paper.parts, drawn, LANG));
    document.finish().map_err(|error| InvoiceError::Writer(format!("{error:?}")))
}

fn title(invoice: &Invoice<'_>) -> String {
    format!("Invoice {}, {}", clean(invoice.number), clean(invoice.merchant.name))
}

fn metadata(invoice: &Invoice<'_>) -> Metadata {
    Metadata::new()
        .title(title(invoice))
        .authors(vec![clean(invoice.merchant.name)])
        .language(LANG.to_owned())
        .creator("Kadi".to_owned())
        .creation_date(date(invoice.issued_at_ms))
}

/// A time as PDF writes it, in UTC; beyond the calendar its beginning.
fn date(at_ms: i64) -> DateTime {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    let at = jiff::tz::Offset::UTC.to_datetime(at);
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

/// The fonts as the writer has them.
struct Typefaces(Vec<(FontId, Font)>);

impl Typefaces {
    fn new() -> Result<Self, InvoiceError> {
        let mut faces = Vec::new();
        for (family, weight) in (0..).flat_map(|family| [(family, Weight::Regular), (family, Weight::Bold)]) {
            let id = FontId { family, weight };
            let Some(file) = Fonts::file(id) else { break };
            faces.push((id, Font::new(file.to_vec().into(), 0).ok_or(InvoiceError::Font)?));
        }
        Ok(Self(faces))
    }

    fn find(&self, id: FontId) -> Result<Font, InvoiceError> {
        let found = self.0.iter().find(|(known, _)| *known == id);
        found.map(|(_, font)| font.clone()).ok_or(InvoiceError::Font)
    }
}

/// Draws all pages; what was drawn of each part comes back.
fn draw(
    document: &mut Document,
    paper: &Paper,
    faces: &Typefaces,
    url: &str,
) -> Result<Vec<Vec<Identifier>>, InvoiceError> {
    let mut drawn: Vec<Vec<Identifier>> = paper.parts.iter().map(|_| Vec::new()).collect();
    for sheet in &paper.sheets {
        let settings = PageSettings::from_wh(points(PAGE_WIDTH), points(PAGE_HEIGHT));
        let mut page = document.start_page_with(settings.unwrap_or_default());
        let mut surface = page.surface();
        for mark in sheet {
            let (part, identifier) = match mark {
                Mark::Text { part, .. } => (*part, text(&mut surface, mark, faces)?),
                Mark::Squares { part, .. } => (Some(*part), Some(squares(&mut surface, mark))),
                Mark::Box { .. } => (None, Some(filled(&mut surface, mark))),
                Mark::Target { .. } => continue,
            };
            let place = part.and_then(|part| drawn.get_mut(part));
            if let (Some(place), Some(identifier)) = (place, identifier) {
                place.push(identifier);
            }
        }
        surface.finish();
        for mark in sheet {
            if let Mark::Target { x, y, width, height, part } = mark
                && let Some(place) = drawn.get_mut(*part)
            {
                place.extend(target(&mut page, (*x, *y, *width, *height), url));
            }
        }
        page.finish();
    }
    Ok(drawn)
}

fn text(
    surface: &mut Surface<'_>,
    mark: &Mark,
    faces: &Typefaces,
) -> Result<Option<Identifier>, InvoiceError> {
    let Mark::Text { x, y, size, ink, runs, part } = mark else { return Ok(None) };
    let fonts = runs.iter().map(|run| faces.find(run.font)).collect::<Result<Vec<_>, _>>()?;
    surface.set_fill(Some(fill(*ink)));
    let identifier = surface.start_tagged(match part {
        Some(_) => ContentTag::Span(SpanTag::empty()),
        None => ContentTag::Artifact(Artifact::default()),
    });
    let mut x = *x;
    for (run, font) in runs.iter().zip(fonts) {
        let start = Point::from_xy(points(x), points(*y));
        surface.draw_glyphs(start, &glyphs(run), font, &run.text, points(*size), false);
        x = x.saturating_add(super::flow::of_ems(run.width(), *size));
    }
    surface.end_tagged();
    Ok(Some(identifier))
}

fn glyphs(run: &Run) -> Vec<KrillaGlyph> {
    let glyph = |glyph: &super::fonts::Drawn| {
        KrillaGlyph::new(
            GlyphId::new(glyph.id),
            points(glyph.advance),
            points(glyph.x_offset),
            points(glyph.y_offset),
            0.0,
            glyph.bytes.clone(),
            None,
        )
    };
    run.glyphs.iter().map(glyph).collect()
}

fn filled(surface: &mut Surface<'_>, mark: &Mark) -> Identifier {
    let identifier = surface.start_tagged(ContentTag::Artifact(Artifact::default()));
    if let Mark::Box { x, y, width, height, ink } = mark {
        surface.set_fill(Some(fill(*ink)));
        paint(surface, [(*x, *y, *width, *height)]);
    }
    surface.end_tagged();
    identifier
}

fn squares(surface: &mut Surface<'_>, mark: &Mark) -> Identifier {
    let identifier = surface.start_tagged(ContentTag::Other);
    if let Mark::Squares { at, side, .. } = mark {
        surface.set_fill(Some(fill([0, 0, 0])));
        paint(surface, at.iter().map(|(x, y)| (*x, *y, *side, *side)));
    }
    surface.end_tagged();
    identifier
}

fn paint(surface: &mut Surface<'_>, boxes: impl IntoIterator<Item = (Length, Length, Length, Length)>) {
    let mut path = PathBuilder::new();
    for rect in boxes.into_iter().filter_map(rect) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn target(page: &mut Page<'_>, place: (Length, Length, Length, Length), url: &str) -> Option<Identifier> {
    let action = Target::Action(Action::Link(LinkAction::new(url.to_owned())));
    let link = LinkAnnotation::new(rect(place)?, action);
    Some(page.add_tagged_annotation(Annotation::new_link(link, Some("The page of this invoice".to_owned()))))
}

fn rect((x, y, width, height): (Length, Length, Length, Length)) -> Option<Rect> {
    let (right, bottom) = (x.saturating_add(width), y.saturating_add(height));
    Rect::from_ltrb(points(x), points(y), points(right), points(bottom))
}

fn fill([red, green, blue]: Ink) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

/// Thousandths as the writer takes them.
#[expect(clippy::float_arithmetic, reason = "PDF has decimal numbers, which its writer takes as floats")]
fn points(thousandths: i32) -> f32 {
    let (whole, rest) = (thousandths / 1000, thousandths % 1000);
    let float = |number: i32| f32::from(i16::try_from(number).unwrap_or(i16::MAX));
    float(whole) + float(rest) / 1000.0
}
