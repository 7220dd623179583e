//! `invoiceDetails`: at most 50 items, checked in list order (DECISIONS.md, Paytm links).

use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::link::{Line, LineTax};

use crate::paytm::codes::{
    ITEM_AMOUNT_NEGATIVE, ITEM_NAME_BLANK, ITEM_NAME_LENGTH, ITEM_TAX_NEGATIVE, ITEM_UNITS, No,
    TOO_MANY_ITEMS,
};
use crate::shared::amount::{AmountFault, parse_amount};
use crate::shared::fields::{Fields, Wrong};

const ITEMS_MAX: usize = 50;
const NAME_CHARS_MIN: usize = 3;
const NAME_CHARS_MAX: usize = 30;
const TEXT_CHARS_MAX: usize = 64;

/// Reads the items as lines; none where the member is absent.
pub(super) fn read(body: &Fields<'_>) -> Result<Vec<Line>, No> {
    let items = body.list_or_one("invoiceDetails")?;
    if items.len() > ITEMS_MAX {
        return Err(TOO_MANY_ITEMS.into());
    }
    let lines = items.into_iter().enumerate();
    lines.map(|(at, raw)| read_item(&body.item("invoiceDetails", at, raw)?)).collect()
}

fn read_item(item: &Fields<'_>) -> Result<Line, No> {
    let name = item.text("productName", usize::MAX)?.unwrap_or_default();
    if name.trim().is_empty() {
        return Err(ITEM_NAME_BLANK.into());
    }
    if !(NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&name.chars().count()) {
        return Err(ITEM_NAME_LENGTH.into());
    }
    // Hidden characters could make a page say something else than the merchant meant.
    item.line("productName", NAME_CHARS_MAX)?;
    let unit_amount = money(item, "perUnitAmount")?.ok_or(ITEM_AMOUNT_NEGATIVE)?;
    let units = units(item)?.ok_or(ITEM_UNITS)?;
    let mut taxes = Vec::new();
    for (at, raw) in item.list_or_one("perUnitTax")?.into_iter().enumerate() {
        let tax = item.item("perUnitTax", at, raw)?;
        let name = tax.line("taxName", TEXT_CHARS_MAX)?.unwrap_or_default();
        taxes.push(LineTax { name, amount: money(&tax, "taxAmount")?.ok_or(ITEM_TAX_NEGATIVE)? });
    }
    let code = item.line("productCode", TEXT_CHARS_MAX)?;
    Ok(Line { name, code, units, unit_amount, taxes })
}

/// An amount of at least 0; the inner none for a negative one. Absent counts as 0.
fn money(item: &Fields<'_>, name: &str) -> Result<Option<Minor>, Wrong> {
    let Some(lexeme) = item.number_or_text(name)?.filter(|lexeme| !lexeme.is_empty()) else {
        return Ok(Some(Minor::ZERO));
    };
    match parse_amount(&lexeme) {
        Ok(minor) => Ok(Some(Minor::new(minor))),
        Err(AmountFault::Negative) => Ok(None),
        Err(_) => Err(item.wrong(name)),
    }
}

/// A whole number of at least 1; the inner none for less. Absent counts as 1.
fn units(item: &Fields<'_>) -> Result<Option<i64>, Wrong> {
    let Some(lexeme) = item.number_or_text("noOfUnits")?.filter(|lexeme| !lexeme.is_empty()) else {
        return Ok(Some(1));
    };
    match parse_amount(&lexeme) {
        Ok(hundredths) if hundredths % 100 != 0 => Err(item.wrong("noOfUnits")),
        Ok(hundredths) => Ok(Some(hundredths / 100).filter(|&units| units > 0)),
        Err(AmountFault::Negative) => Ok(None),
        Err(_) => Err(item.wrong("noOfUnits")),
    }
}
