//! What a link is made with beside its row: lines with taxes, texts, subscriptions.

use std::collections::BTreeMap;

use kadi_domain::delivery::{EventSet, Subscription};
use kadi_domain::id::LinkId;
use kadi_domain::link::{Line, LineTax, LinkText};
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::codes::{Coded, coded};
use crate::driver::Driver;
use crate::row::{Row, read};
use crate::sql::{Step, statements};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    LINE_INSERT(link_id Int, position Int, name Text, code Text, units Int, unit_amount Int) =
        { insert "link_line" };
    TAX_INSERT(link_id Int, line Int, position Int, name Text, amount Int) = { insert "link_tax" };
    TEXT_INSERT(link_id Int, kind Int, position Int, value Text) = { insert "link_text" };
    TEXT_DELETE(link_id Int, kind Int, position Int) =
        "DELETE FROM link_text USING input WHERE link_text.link_id = input.link_id \
         AND link_text.kind = input.kind AND link_text.position = input.position";
    SUBSCRIPTION_INSERT(link_id Int, position Int, dialect Int, form Int, url Text, events Int) =
        { insert "subscription" };
    LINES(link_id Int) =
        "SELECT link_line.link_id, link_line.position, link_line.name, link_line.code, link_line.units, \
         link_line.unit_amount FROM link_line, input WHERE link_line.link_id = input.link_id ORDER BY \
         link_line.link_id, link_line.position";
    LINE_COUNT(link_id Int) =
        "SELECT link_line.link_id, count(*) FROM link_line, input \
         WHERE link_line.link_id = input.link_id GROUP BY link_line.link_id";
    TAXES(link_id Int) =
        "SELECT link_tax.link_id, link_tax.line, link_tax.name, link_tax.amount \
         FROM link_tax, input WHERE link_tax.link_id = input.link_id ORDER BY link_tax.link_id, \
         link_tax.line, link_tax.position";
    TEXTS(link_id Int) =
        "SELECT link_text.kind, link_text.position, link_text.value FROM link_text, input \
         WHERE link_text.link_id = input.link_id ORDER BY link_text.kind, link_text.position";
    SUBSCRIPTIONS(link_id Int) =
        "SELECT subscription.link_id, subscription.dialect, subscription.form, subscription.url, \
         subscription.events FROM subscription, input WHERE subscription.link_id = input.link_id ORDER BY \
         subscription.link_id, subscription.position";
}

/// Loads the subscriptions and the numbers of lines that were asked for. A link without any is loaded as
/// absent.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.subscriptions.iter().map(|id| row![*id]).collect();
    asks.one(&SUBSCRIPTIONS, input, |rows, view| {
        let mut found: BTreeMap<LinkId, Vec<Subscription>> = BTreeMap::new();
        for (link, subscription) in read(rows, subscription_of)? {
            found.entry(link).or_default().push(subscription);
        }
        for id in &needs.subscriptions {
            view.subscriptions.load(*id, found.remove(id));
        }
        Ok(())
    });
    let input = needs.line_counts.iter().map(|id| row![*id]).collect();
    asks.one(&LINE_COUNT, input, |rows, view| {
        let found = read(rows, |row| Ok((LinkId::new(row.int()?), row.int()?)))?;
        let mut found: BTreeMap<LinkId, i64> = found.into_iter().collect();
        for id in &needs.line_counts {
            view.line_counts.load(*id, found.remove(id));
        }
        Ok(())
    });
}

/// The steps that store the parts of new links, and texts that take the place of others.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    let added = &view.added;
    let lines = || numbered(&added.lines);
    steps.push(Step::over(&LINE_INSERT, lines(), |(link, at, line)| {
        row![link, at, &line.name, line.code.as_ref(), line.units, line.unit_amount]
    }));
    let taxes = lines().flat_map(|(link, line, parent)| {
        positions(&parent.taxes).map(move |(at, tax)| row![link, line, at, &tax.name, tax.amount])
    });
    steps.push(Step::over(&TAX_INSERT, taxes, |row| row));
    let texts = added.texts.iter().flat_map(|(link, texts)| texts.iter().map(|text| (*link, text)));
    steps.push(Step::over(&TEXT_INSERT, texts, |(link, text)| {
        row![link, text.kind.number(), text.position, &text.value]
    }));
    steps.push(Step::over(&TEXT_DELETE, added.texts_replaced.keys(), |(link, kind, position)| {
        row![*link, kind.number(), *position]
    }));
    steps.push(Step::over(&TEXT_INSERT, &added.texts_replaced, |((link, kind, position), value)| {
        row![*link, kind.number(), *position, value]
    }));
    steps.push(Step::over(
        &SUBSCRIPTION_INSERT,
        numbered(&added.subscriptions),
        |(link, at, subscription)| {
            let Subscription { dialect, form, url, events } = subscription;
            row![link, at, *dialect, *form, url.as_ref(), events.bits()]
        },
    ));
}

/// Lines by link, in order, with their taxes.
pub(crate) fn lines_of(driver: &Driver, links: &[LinkId]) -> Result<BTreeMap<LinkId, Vec<Line>>, Trouble> {
    let input = || links.iter().map(|id| row![*id]).collect();
    let mut taxes: BTreeMap<(LinkId, i64), Vec<LineTax>> = BTreeMap::new();
    for (link, line, tax) in read(driver.query(&TAXES, input())?, tax_of)? {
        taxes.entry((link, line)).or_default().push(tax);
    }
    let mut lines: BTreeMap<LinkId, Vec<Line>> = BTreeMap::new();
    for (link, position, mut line) in read(driver.query(&LINES, input())?, line_of)? {
        line.taxes = taxes.remove(&(link, position)).unwrap_or_default();
        lines.entry(link).or_default().push(line);
    }
    if let Some(((link, line), _)) = taxes.first_key_value() {
        return Err(
            Fault::new(format!("link {} has a tax on line {line}, which is absent", link.get())).into()
        );
    }
    Ok(lines)
}

/// A text from the columns of [`TEXTS`].
pub(crate) fn text_of(row: &mut Row) -> Result<LinkText, Fault> {
    Ok(LinkText { kind: coded(row)?, position: row.int()?, value: row.text()? })
}

fn line_of(row: &mut Row) -> Result<(LinkId, i64, Line), Fault> {
    let (link, position) = (LinkId::new(row.int()?), row.int()?);
    let line = Line {
        name: row.text()?,
        code: row.opt_text()?,
        units: row.int()?,
        unit_amount: row.minor()?,
        taxes: Vec::new(),
    };
    Ok((link, position, line))
}

fn tax_of(row: &mut Row) -> Result<(LinkId, i64, LineTax), Fault> {
    let (link, line) = (LinkId::new(row.int()?), row.int()?);
    Ok((link, line, LineTax { name: row.text()?, amount: row.minor()? }))
}

fn subscription_of(row: &mut Row) -> Result<(LinkId, Subscription), Fault> {
    let link = LinkId::new(row.int()?);
    let subscription = Subscription {
        dialect: Dialect(row.small()?),
        form: row.small()?,
        url: row.opt_text()?,
        events: EventSet::from_bits(row.int()?),
    };
    Ok((link, subscription))
}

/// Every item with its position from 1.
pub(crate) fn positions<T>(items: &[T]) -> impl Iterator<Item = (i64, &T)> {
    (1..).zip(items)
}

/// Every item of every link with its position from 1.
pub(crate) fn numbered<T>(lists: &[(LinkId, Vec<T>)]) -> impl Iterator<Item = (LinkId, i64, &T)> {
    lists.iter().flat_map(|(link, items)| positions(items).map(move |(at, item)| (*link, at, item)))
}
