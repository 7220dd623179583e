//! `order_line_items`: what is sold, line by line, with its arithmetic.

use kadi_engine::domain::amount::{Currency, Minor};
use kadi_engine::domain::link::{LinkText, TextKind};
use kadi_engine::domain::refusal::Fault;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::members::{LINE_CHARS_MAX, PROSE_CHARS_MAX, currency, money, required, web_address};
use super::money::rupees;
use crate::shared::fields::{Fields, Wrong};
use crate::shared::js::JsAmount;

/// The most lines.
const ITEMS_MAX: usize = 200;
/// The most serial numbers of a line.
const SERIALS_MAX: usize = 1_000;
/// The most pieces of a line.
const QUANTITY_MAX: i64 = 1_000_000_000;

/// A line; its JSON is kept with the link and answered as it is.
#[derive(Debug, Serialize)]
pub(super) struct Item {
    #[serde(skip_serializing_if = "Option::is_none")]
    sku_id: Option<String>,
    pub(super) title: String,
    description: String,
    image_url: String,
    rate: JsAmount,
    quantity: i64,
    amount_before_tax: JsAmount,
    tax: JsAmount,
    total_amount: JsAmount,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    serial_numbers: Vec<String>,
}

/// `product_details`: what the page shows of the first line; an empty object where there is none.
#[derive(Debug, Serialize)]
pub(super) struct Product {
    #[serde(flatten)]
    details: Option<ProductDetails>,
}

#[derive(Debug, Serialize)]
struct ProductDetails {
    title: String,
    description: String,
    image_url: String,
    currency: String,
    quantity: i64,
    amount_before_tax: Box<RawValue>,
    tax: Box<RawValue>,
    total_amount: Box<RawValue>,
}

/// What is read of a kept line.
#[derive(Deserialize)]
struct Kept {
    title: String,
    description: String,
    image_url: String,
    quantity: i64,
    amount_before_tax: Box<RawValue>,
    tax: Box<RawValue>,
    total_amount: Box<RawValue>,
}

/// The lines of the list `name`.
pub(super) fn read(body: &Fields<'_>, name: &str, is_sandbox: bool) -> Result<Vec<Item>, Wrong> {
    let items = body.list_or_one(name)?;
    if items.len() > ITEMS_MAX {
        return Err(body.wrong(name));
    }
    let item = |(at, raw)| item(&body.item(name, at, raw)?, is_sandbox);
    items.into_iter().enumerate().map(item).collect()
}

/// Rate times quantity is the amount before tax, and that with the tax is the total; what of it is absent
/// follows (DECISIONS.md).
fn item(line: &Fields<'_>, is_sandbox: bool) -> Result<Item, Wrong> {
    let sku_id = line.line("sku_id", LINE_CHARS_MAX)?;
    let title = required(line, "title", LINE_CHARS_MAX)?;
    let description = line.prose("description", PROSE_CHARS_MAX)?.unwrap_or_default();
    let rate = money(line, "rate")?.ok_or_else(|| line.wrong("rate"))?;
    let quantity = quantity(line)?;
    let before = rate.times(quantity).map_err(|_| line.wrong("amount_before_tax"))?;
    agree(line, "amount_before_tax", before)?;
    let tax = money(line, "tax")?.unwrap_or(Minor::ZERO);
    let total = before.plus(tax).map_err(|_| line.wrong("total_amount"))?;
    agree(line, "total_amount", total)?;
    let image_url = web_address(line, "image_url", is_sandbox)?.unwrap_or_default();
    currency(line)?;
    Ok(Item {
        sku_id,
        title,
        description,
        image_url,
        rate: rupees(rate),
        quantity,
        amount_before_tax: rupees(before),
        tax: rupees(tax),
        total_amount: rupees(total),
        serial_numbers: serial_numbers(line)?,
    })
}

fn agree(line: &Fields<'_>, name: &str, expected: Minor) -> Result<(), Wrong> {
    let is_same = money(line, name)?.is_none_or(|sent| sent == expected);
    if is_same { Ok(()) } else { Err(line.wrong(name)) }
}

/// A whole number from 1; 1 where it is absent.
fn quantity(line: &Fields<'_>) -> Result<i64, Wrong> {
    let Some(lexeme) = line.number_or_text("quantity")? else { return Ok(1) };
    let is_digits = lexeme.bytes().all(|byte| byte.is_ascii_digit());
    let count = is_digits.then(|| lexeme.parse().ok()).flatten();
    count.filter(|count| (1..=QUANTITY_MAX).contains(count)).ok_or_else(|| line.wrong("quantity"))
}

fn serial_numbers(line: &Fields<'_>) -> Result<Vec<String>, Wrong> {
    let name = "serial_numbers";
    let Some(raw) = line.raw(name) else { return Ok(Vec::new()) };
    let numbers: Vec<String> = serde_json::from_str(raw).map_err(|_| line.wrong(name))?;
    let fits = |number: &String| (1..=LINE_CHARS_MAX).contains(&number.chars().count());
    if numbers.len() <= SERIALS_MAX && numbers.iter().all(fits) { Ok(numbers) } else { Err(line.wrong(name)) }
}

/// The text of a link that keeps these lines; none where there are none.
pub(super) fn text(items: &[Item]) -> Result<Option<LinkText>, Fault> {
    let value = serde_json::to_string(items);
    let value = value.map_err(|error| Fault::new(format!("lines cannot be kept: {error}")))?;
    Ok((!items.is_empty()).then_some(LinkText { kind: TextKind::Items, position: 0, value }))
}

/// The lines of a kept text, as answers have them.
pub(super) fn kept(text: Option<&str>) -> Result<Vec<Box<RawValue>>, Fault> {
    text.map_or(Ok(Vec::new()), |text| serde_json::from_str(text).map_err(|error| unread(&error)))
}

fn unread(error: &serde_json::Error) -> Fault {
    Fault::new(format!("kept lines cannot be read: {error}"))
}

impl Product {
    /// Of the first of the kept lines.
    pub(super) fn of(kept: &[Box<RawValue>], currency: Currency) -> Result<Self, Fault> {
        let Some(first) = kept.first() else { return Ok(Self { details: None }) };
        let kept: Kept = serde_json::from_str(first.get()).map_err(|error| unread(&error))?;
        let Kept { title, description, image_url, quantity, amount_before_tax, tax, total_amount } = kept;
        let details = ProductDetails {
            title,
            description,
            image_url,
            currency: currency.code().to_owned(),
            quantity,
            amount_before_tax,
            tax,
            total_amount,
        };
        Ok(Self { details: Some(details) })
    }
}
