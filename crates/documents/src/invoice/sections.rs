//! The sections of an invoice, from the top to the foot.

use super::flow::{Column, Flow};
use super::fonts::{Fonts, clean};
use super::money_part::{amounts, line_table};
use super::paper::{
    BLUE, GREEN, GREY, INNER_WIDTH, Length, MARGIN, Mark, Paper, Part, PartId, RED, Side, Style,
};
use super::table::{Cell, Table};
use super::view::{Invoice, Standing};
use crate::lang::Lang;
use crate::qr::{Code, TooLong};
use crate::when::in_words;

/// The most lines of one text at the top: what is there stands beside other things.
const TOP_LINES_MAX: usize = 4;
/// A code of this size is read from a screen and from paper.
const CODE_SIZE: Length = 104_000;
const LEFT_HALF: Column = Column { x: MARGIN, width: 290_000, side: Side::Left };
const RIGHT_HALF: Column = Column { x: MARGIN + 300_000, width: INNER_WIDTH - 300_000, side: Side::Right };
const FIELDS: [Column; 2] = [
    Column { x: MARGIN, width: 150_000, side: Side::Left },
    Column { x: MARGIN + 160_000, width: INNER_WIDTH - 160_000, side: Side::Left },
];
pub(super) const BODY: Style = Style::plain(9_500);
pub(super) const SMALL: Style = Style::plain(8_500);

/// The invoice on its pages.
pub(super) fn laid_out(invoice: &Invoice<'_>, fonts: &'static Fonts) -> Result<Paper, TooLong> {
    let mut flow = Flow::new(fonts);
    let flow = &mut flow;
    top(flow, invoice);
    purpose(flow, invoice);
    line_table(flow, invoice);
    amounts(flow, invoice);
    notes(flow, invoice);
    address(flow, invoice.url, invoice.standing)?;
    flow.feet(&format!("Invoice {} · {}", invoice.number, invoice.merchant.name));
    Ok(std::mem::take(&mut flow.paper))
}

/// A text of a few lines that never leaves the page under way.
fn short(flow: &mut Flow, text: &str, style: Style, column: Column, part: PartId) {
    for line in flow.lines(text, style, column).into_iter().take(TOP_LINES_MAX) {
        flow.line(line, style, column, Some(part));
        flow.skip(style.leading());
    }
}

/// A heading of Kadi's own words or of the merchant's.
pub(super) fn heading(flow: &mut Flow, text: &str, style: Style, column: Column) {
    let level = if style.size > 15_000 { 1 } else { 2 };
    let part = flow.part(Part::Heading { level, title: clean(text) });
    short(flow, text, style, column, part);
}

/// A paragraph of a few lines.
fn fact(flow: &mut Flow, text: &str, style: Style, column: Column) {
    let part = flow.part(Part::Paragraph);
    short(flow, text, style, column, part);
}

fn top(flow: &mut Flow, invoice: &Invoice<'_>) {
    if invoice.is_test {
        let words = "TEST INVOICE: no real money is asked for and none moves.";
        fact(flow, words, Style::bold(9_500).ink(RED), Column::WHOLE);
        flow.skip(6_000);
    }
    let start = flow.y;
    number_and_dates(flow, invoice);
    let right = std::mem::replace(&mut flow.y, start);
    merchant(flow, invoice);
    flow.y = flow.y.max(right);
    customer(flow, invoice);
    flow.skip(10_000);
}

fn number_and_dates(flow: &mut Flow, invoice: &Invoice<'_>) {
    heading(flow, "Invoice", Style::bold(20_000), RIGHT_HALF);
    let ink = match invoice.standing {
        Standing::Paid => GREEN,
        Standing::Due | Standing::PartPaid => BLUE,
        Standing::Refunded | Standing::Cancelled | Standing::Expired => RED,
    };
    fact(flow, invoice.standing.word(), Style::bold(12_000).ink(ink), RIGHT_HALF);
    flow.skip(3_000);
    fact(flow, &format!("Number: {}", invoice.number), Style::bold(9_500), RIGHT_HALF);
    if let Some(reference) = invoice.reference {
        fact(flow, &format!("Reference: {reference}"), BODY, RIGHT_HALF);
    }
    fact(flow, &format!("Date: {}", time(invoice.issued_at_ms)), BODY, RIGHT_HALF);
    if let Some(at) = invoice.pay_by_ms {
        fact(flow, &format!("Pay by: {}", time(at)), BODY, RIGHT_HALF);
    }
}

/// A time in words; nothing beyond the calendar.
fn time(at_ms: i64) -> String {
    use std::fmt::Write as _;

    let mut out = String::new();
    match write!(out, "{}", in_words(at_ms, Lang::English)) {
        Ok(()) => out,
        Err(_) => String::new(),
    }
}

fn merchant(flow: &mut Flow, invoice: &Invoice<'_>) {
    let merchant = &invoice.merchant;
    fact(flow, merchant.name, Style::bold(14_000), LEFT_HALF);
    for line in merchant.address.into_iter().flat_map(str::lines) {
        fact(flow, line, BODY, LEFT_HALF);
    }
    let labelled = [
        ("GSTIN", merchant.gstin),
        ("State code", merchant.state_code),
        ("Telephone", merchant.phone),
        ("E-mail", merchant.email),
    ];
    for (label, value) in labelled {
        if let Some(value) = value {
            fact(flow, &format!("{label}: {value}"), BODY, LEFT_HALF);
        }
    }
}

fn customer(flow: &mut Flow, invoice: &Invoice<'_>) {
    let Some(customer) = invoice.customer else { return };
    let known: Vec<&str> = [customer.name, customer.mobile, customer.email]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    if known.is_empty() {
        return;
    }
    flow.skip(10_000);
    heading(flow, "Bill to", Style::bold(8_500).ink(GREY), LEFT_HALF);
    for text in known {
        fact(flow, text, BODY, LEFT_HALF);
    }
}

fn purpose(flow: &mut Flow, invoice: &Invoice<'_>) {
    flow.room(60_000);
    heading(flow, invoice.title, Style::bold(12_000), Column::WHOLE);
    for paragraph in invoice.description.into_iter().flat_map(str::lines) {
        let part = flow.part(Part::Paragraph);
        flow.paragraph(paragraph, BODY, Column::WHOLE, part);
    }
    flow.skip(6_000);
    if invoice.fields.is_empty() {
        return;
    }
    let mut table = Table::begin(flow, 0, &FIELDS, None);
    for (label, value) in invoice.fields {
        table.row(flow, &[Cell::of(*label, Style::bold(9_500)), Cell::of(*value, BODY)]);
    }
    flow.skip(10_000);
}

fn notes(flow: &mut Flow, invoice: &Invoice<'_>) {
    for (label, text) in invoice.notes {
        flow.room(40_000);
        heading(flow, label, Style::bold(8_500).ink(GREY), Column::WHOLE);
        for paragraph in text.lines() {
            let part = flow.part(Part::Paragraph);
            flow.paragraph(paragraph, BODY, Column::WHOLE, part);
        }
        flow.skip(8_000);
    }
}

/// The QR code of the page's address, with the address beside it.
fn address(flow: &mut Flow, url: &str, standing: Standing) -> Result<(), TooLong> {
    flow.room(CODE_SIZE);
    let start = flow.y;
    let figure =
        flow.part(Part::Figure { words: "QR code with the address of the page of this invoice".to_owned() });
    code(flow, url, figure)?;
    let beside =
        Column { x: MARGIN + CODE_SIZE + 8_000, width: INNER_WIDTH - CODE_SIZE - 8_000, side: Side::Left };
    let words = match standing {
        Standing::Due | Standing::PartPaid => "To pay, scan the code or open:",
        Standing::Paid | Standing::Refunded | Standing::Cancelled | Standing::Expired => {
            "The page of this invoice; scan the code or open:"
        }
    };
    flow.skip(12_000);
    fact(flow, words, BODY, beside);
    let (x, y, part) = (beside.x, flow.y, flow.part(Part::Link));
    let style = BODY.ink(BLUE);
    for line in flow.lines(url, style, beside) {
        flow.line(line, style, beside, Some(part));
        flow.skip(style.leading());
    }
    let height = flow.y.saturating_sub(y);
    flow.draw(Mark::Target { x, y, width: beside.width, height, part });
    flow.y = flow.y.max(start.saturating_add(CODE_SIZE));
    Ok(())
}

fn code(flow: &mut Flow, url: &str, part: PartId) -> Result<(), TooLong> {
    let code = Code::of(url)?;
    let count = code.width();
    let side = CODE_SIZE / Length::try_from(count).unwrap_or(CODE_SIZE).max(1);
    let place = |start: Length, at: usize| {
        start.saturating_add(side.saturating_mul(Length::try_from(at).unwrap_or_default()))
    };
    let dark = (0..count).flat_map(|row| (0..count).map(move |column| (row, column)));
    let dark = dark.filter(|&(row, column)| code.is_dark(row, column));
    // The quiet zone may lie in the margin.
    let at = dark.map(|(row, column)| (place(MARGIN - 4 * side, column), place(flow.y, row))).collect();
    flow.draw(Mark::Squares { at, side, part });
    Ok(())
}
