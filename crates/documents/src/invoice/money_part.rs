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
/// The least that is left for what is sold.
const ITEM_MIN: Length = 100_000;
/// Sizes of the letters of numbers, the first that leaves room for what is sold counts.
const NUMBER_SIZES: [Length; 3] = [SMALL.size, 7_000, 6_000];
/// The amounts have room for the largest sum that a link can take.
const SUMS: [Column; 2] = [
    Column { x: MARGIN + 200_000, width: 130_000, side: Side::Left },
    Column { x: MARGIN + 337_000, width: INNER_WIDTH - 337_000 - GAP, side: Side::Right },
];

/// The lines with their taxes.
pub(super) fn line_table(flow: &mut Flow, invoice: &Invoice<'_>) {
    if invoice.lines.is_empty() {
        return;
    }
    let is_taxed = invoice.lines.iter().any(|line| !line.taxes.is_empty());
    let (least, words): (&[Length], &[&str]) = if is_taxed {
        (
            &[42_000, 80_000, 80_000, 55_000, 58_276],
            &["Item", "Quantity", "Rate", "Taxable value", "Tax", "Amount"],
        )
    } else {
        (&[50_000, 85_000, 82_276], &["Item", "Quantity", "Rate", "Amount"])
    };
    let rows: Vec<Vec<String>> = invoice.lines.iter().map(|line| numbers(line, is_taxed)).collect();
    let (size, widths) = number_widths(flow, &rows, least);
    let columns = columns(&widths);
    let mut table = Table::begin(flow, 1, &columns, Some((words, Style::bold(8_500))));
    for (line, numbers) in invoice.lines.iter().zip(rows) {
        let numbers = numbers.into_iter().map(|number| Cell::of(number, Style::plain(size)));
        let cells: Vec<Cell> = std::iter::once(item(line)).chain(numbers).collect();
        table.row(flow, &cells);
    }
    flow.skip(4_000);
}

/// What stands in the row of a line beside what is sold.
fn numbers(line: &Line<'_>, is_taxed: bool) -> Vec<String> {
    let tax = line.taxes.iter().map(|tax| i128::from(tax.amount.minor)).sum::<i128>();
    let net = i128::from(line.net.minor);
    let total = |minor| Total { minor, currency: line.net.currency }.to_string();
    let mut texts = vec![line.units.to_owned(), line.unit_price.to_string()];
    if is_taxed {
        texts.extend([line.net.to_string(), total(tax)]);
    }
    texts.push(total(net + tax));
    texts
}

/// The size of the numbers and the widths of their columns: no number is broken, for half an amount reads as
/// another amount.
fn number_widths(flow: &Flow, rows: &[Vec<String>], least: &[Length]) -> (Length, Vec<Length>) {
    let widths = |size: Length| -> Vec<Length> {
        let widest = |(place, &least): (usize, &Length)| {
            let texts = rows.iter().filter_map(|row| row.get(place));
            texts.map(|text| flow.width(text, Style::plain(size))).fold(least, Length::max)
        };
        least.iter().enumerate().map(widest).collect()
    };
    let mut sized = NUMBER_SIZES.map(|size| (size, widths(size))).into_iter();
    let smallest = sized.next_back().unwrap_or((SMALL.size, least.to_vec()));
    sized.find(|(_, widths)| item_width(widths) >= ITEM_MIN).unwrap_or(smallest)
}

/// What columns of numbers leave for what is sold.
fn item_width(numbers: &[Length]) -> Length {
    numbers.iter().fold(INNER_WIDTH - 2 * GAP, |left, width| left.saturating_sub(width + GAP))
}

/// What is sold keeps to the left, numbers to the right.
fn columns(numbers: &[Length]) -> Vec<Column> {
    let mut columns = vec![Column { x: MARGIN + GAP, width: item_width(numbers), side: Side::Left }];
    let mut end = MARGIN + INNER_WIDTH - GAP;
    for &width in numbers.iter().rev() {
        columns.insert(1, Column { x: end - width, width, side: Side::Right });
        end -= width + GAP;
    }
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
