//! What is sold and what it comes to.

use super::flow::{Column, Flow};
use super::paper::{GREY, INNER_WIDTH, Length, MARGIN, Part, Side, Style};
use super::sections::{BODY, SMALL};
use super::table::{Cell, Table};
use super::view::{Invoice, Line};
use super::words::total_in_words;
use crate::money::{Currency, Money, Total};

/// Free between two columns.
const GAP: Length = 7_000;
const SUMS: [Column; 2] = [
    Column { x: MARGIN + 220_000, width: 150_000, side: Side::Left },
    Column { x: MARGIN + 377_000, width: INNER_WIDTH - 377_000 - GAP, side: Side::Right },
];

/// The lines with their taxes.
pub(super) fn line_table(flow: &mut Flow, invoice: &Invoice<'_>) {
    if invoice.lines.is_empty() {
        return;
    }
    let is_taxed = invoice.lines.iter().any(|line| !line.taxes.is_empty());
    let (widths, words): (&[Length], &[&str]) = if is_taxed {
        (
            &[148_000, 42_000, 80_000, 80_000, 55_000],
            &["Item", "Quantity", "Rate", "Taxable value", "Tax", "Amount"],
        )
    } else {
        (&[260_000, 50_000, 85_000], &["Item", "Quantity", "Rate", "Amount"])
    };
    let columns = columns(widths);
    let mut table = Table::begin(flow, 1, &columns, Some((words, Style::bold(8_500))));
    for line in invoice.lines {
        let sum = |text: String| Cell::of(text, SMALL);
        let tax = line.taxes.iter().map(|tax| i128::from(tax.amount.minor)).sum::<i128>();
        let net = i128::from(line.net.minor);
        let total = |minor| Total { minor, currency: line.net.currency }.to_string();
        let mut cells = vec![item(line), sum(line.units.to_owned()), sum(line.unit_price.to_string())];
        if is_taxed {
            cells.extend([sum(line.net.to_string()), sum(total(tax))]);
        }
        cells.push(sum(total(net + tax)));
        table.row(flow, &cells);
    }
    flow.skip(4_000);
}

/// The first column keeps to the left, the others to the right; the last has what is left.
fn columns(widths: &[Length]) -> Vec<Column> {
    let mut x = MARGIN + GAP;
    let mut columns = Vec::new();
    for (place, &width) in widths.iter().enumerate() {
        columns.push(Column { x, width, side: if place == 0 { Side::Left } else { Side::Right } });
        x += width + GAP;
    }
    columns.push(Column { x, width: MARGIN + INNER_WIDTH - GAP - x, side: Side::Right });
    columns
}

fn item(line: &Line<'_>) -> Cell {
    let small = Style::plain(8_000).ink(GREY);
    let mut texts = vec![(line.name.to_owned(), BODY)];
    texts.extend(line.code.map(|code| (format!("Code: {code}"), small)));
    texts.extend(line.taxes.iter().map(|tax| (format!("{}: {}", tax.name, tax.amount), small)));
    Cell { texts }
}

/// The sums, the amount in words, and what is left of it.
pub(super) fn amounts(flow: &mut Flow, invoice: &Invoice<'_>) {
    flow.room(70_000);
    let mut table = Table::begin(flow, 2, &SUMS, None);
    let mut row = |label: &str, amount: String, style: Style| {
        table.row(flow, &[Cell::of(label, style), Cell::of(amount, style)]);
    };
    let strong = Style::bold(10_500);
    let taxes = taxes(invoice.lines);
    let sums = Sums::of(invoice);
    if !taxes.is_empty() {
        row("Taxable value", sums.total(sums.net).to_string(), BODY);
    }
    for (name, amount) in taxes {
        row(name, sums.total(amount).to_string(), BODY);
    }
    match invoice.amount {
        Some(amount) => row("Total", amount.to_string(), strong),
        None => row("Total", "the payer chooses".to_owned(), strong),
    }
    if is_some_money(invoice.paid) {
        row("Paid", invoice.paid.to_string(), BODY);
    }
    if is_some_money(invoice.refunded) {
        row("Given back", invoice.refunded.to_string(), BODY);
    }
    if let Some(left) = invoice.left.filter(|left| is_some_money(invoice.paid) && is_some_money(*left)) {
        row("Left to pay", left.to_string(), strong);
    }
    flow.skip(6_000);
    if let Some(amount) = invoice.amount {
        let words = total_in_words(Total { minor: i128::from(amount.minor), currency: amount.currency });
        let part = flow.part(Part::Paragraph);
        flow.paragraph(&format!("Amount in words: {words}"), BODY, Column::WHOLE, part);
    }
    flow.skip(12_000);
}

const fn is_some_money(amount: Money<'_>) -> bool {
    amount.minor != 0
}

/// What all lines come to.
struct Sums<'a> {
    net: i128,
    currency: Currency<'a>,
}

impl<'a> Sums<'a> {
    fn of(invoice: &Invoice<'a>) -> Self {
        let net = invoice.lines.iter().map(|line| i128::from(line.net.minor)).sum();
        Self { net, currency: invoice.paid.currency }
    }

    const fn total(&self, minor: i128) -> Total<'a> {
        Total { minor, currency: self.currency }
    }
}

/// Taxes by name, in the order in which they first stand.
fn taxes<'a>(lines: &[Line<'a>]) -> Vec<(&'a str, i128)> {
    let mut taxes: Vec<(&str, i128)> = Vec::new();
    for tax in lines.iter().flat_map(|line| line.taxes) {
        let amount = i128::from(tax.amount.minor);
        match taxes.iter_mut().find(|(name, _)| *name == tax.name) {
            Some((_, sum)) => *sum += amount,
            None => taxes.push((tax.name, amount)),
        }
    }
    taxes
}
