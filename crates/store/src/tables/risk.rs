//! What risk rules go by: the contacts of a link's customer, when its payments began, and how often a mobile
//! number pays.

use std::collections::{BTreeMap, BTreeSet};

use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::refusal::Fault;
use kadi_domain::risk::{Indexes, Pace, PaceKey, Rates};
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::driver::Driver;
use crate::row::{Row, read};
use crate::sql::{Step, Value, statements};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    CONTACTS(link_id Int) =
        "SELECT link.id, customer.mobile_index, customer.email_index FROM link, customer, input \
         WHERE link.id = input.link_id AND customer.id = link.customer_id";
    // The newest `most` that began by themselves, and what began with the oldest of these.
    BEGUN(link_id Int, most Int) =
        "SELECT payment.link_id, payment.created_at FROM payment, input \
         WHERE payment.link_id = input.link_id AND payment.beside IS NULL \
         AND payment.created_at >= coalesce((SELECT newer.created_at FROM payment AS newer \
         WHERE newer.link_id = input.link_id AND newer.beside IS NULL \
         ORDER BY newer.created_at DESC LIMIT 1 OFFSET input.most - 1), 0) \
         ORDER BY payment.link_id, payment.created_at";
    PACE_LOAD(merchant_id Int, mobile Bytes) locks "pace" =
        "SELECT pace.merchant_id, pace.mobile, pace.times, pace.version FROM pace, input \
         WHERE pace.merchant_id = input.merchant_id AND pace.mobile = input.mobile \
         ORDER BY pace.merchant_id, pace.mobile";
    PACE_INSERT(merchant_id Int, mobile Bytes, times Bytes, version Int) = { insert "pace" };
    PACE_UPDATE(merchant_id Int, mobile Bytes, version Int, times Bytes) =
        "UPDATE pace SET times = input.times, version = input.version + 1 FROM input \
         WHERE pace.merchant_id = input.merchant_id AND pace.mobile = input.mobile \
         AND pace.version = input.version";
}

/// Loads the contacts of the customers of links that are paid.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.risk.links.keys().map(|id| row![*id]).collect();
    asks.one(&CONTACTS, input, |rows, view| {
        needs.risk.links.keys().for_each(|id| view.risk.contacts.load(*id, None));
        for (link, indexes) in read(rows, contacts_of)? {
            view.risk.contacts.load(link, Some(indexes));
        }
        Ok(())
    });
}

/// Loads, once merchants and contacts are known, what their rates count: without rates nothing is asked.
pub(crate) fn load_counted(driver: &Driver, needs: &Needs, view: &mut View) -> Result<(), Trouble> {
    let (mut paces, mut begun) = (BTreeSet::new(), BTreeMap::new());
    for (link, merchant) in &needs.risk.links {
        let rates = rates(needs, view, *merchant)?;
        begun.extend(rates.per_link.map(|most| (*link, most)));
        let customer = view.risk.contacts.get(link)?.and_then(|indexes| indexes.mobile);
        let key = customer.map(|mobile| PaceKey { merchant_id: *merchant, mobile });
        paces.extend(key.filter(|_| rates.per_mobile.is_some()));
    }
    for key in &needs.risk.paces {
        if rates(needs, view, key.merchant_id)?.per_mobile.is_some() {
            paces.insert(*key);
        }
    }
    if !begun.is_empty() {
        let input = begun.iter().map(|(link, most)| row![*link, *most]).collect();
        let mut found = by_link(driver.query(&BEGUN, input)?)?;
        begun
            .keys()
            .for_each(|link| view.risk.begun.load(*link, Some(found.remove(link).unwrap_or_default())));
    }
    if !paces.is_empty() {
        let input = paces.iter().map(|key| row![key.merchant_id, &key.mobile]).collect();
        let found = read(driver.query(&PACE_LOAD, input)?, pace_of)?;
        view.risk.paces.load_all(paces, found, |pace| pace.key);
    }
    Ok(())
}

/// The rates of a merchant and the platform; only the platform's where nobody asked for the merchant.
fn rates(needs: &Needs, view: &View, merchant: MerchantId) -> Result<Rates, Fault> {
    let own = view.merchants.get(&merchant)?.map(|merchant| Rates::of(&merchant.risk));
    Ok(own.unwrap_or_default().and(needs.risk.platform))
}

/// The steps that store new and changed paces.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&PACE_INSERT, view.risk.paces.new_ones(), |pace| {
        row![pace.key.merchant_id, &pace.key.mobile, times_column(pace), pace.version]
    }));
    steps.push(Step::over(&PACE_UPDATE, view.risk.paces.changed_ones(), |pace| {
        row![pace.key.merchant_id, &pace.key.mobile, pace.version, times_column(pace)]
    }));
}

fn contacts_of(row: &mut Row) -> Result<(LinkId, Indexes), Fault> {
    let link = LinkId::new(row.int()?);
    Ok((link, Indexes { mobile: row.opt_hash()?, email: row.opt_hash()? }))
}

fn by_link(rows: Vec<Row>) -> Result<BTreeMap<LinkId, Vec<Timestamp>>, Fault> {
    let mut found: BTreeMap<LinkId, Vec<Timestamp>> = BTreeMap::new();
    for (link, at) in read(rows, |row| Ok((LinkId::new(row.int()?), row.time()?)))? {
        found.entry(link).or_default().push(at);
    }
    Ok(found)
}

fn pace_of(row: &mut Row) -> Result<Pace, Fault> {
    let key = PaceKey { merchant_id: MerchantId::new(row.int()?), mobile: row.hash()? };
    let bytes = row.opt_bytes()?.unwrap_or_default();
    let (times, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(row.fault("is no list of times"));
    }
    let times = times.iter().map(|bytes| Timestamp::from_ms(i64::from_be_bytes(*bytes))).collect();
    Ok(Pace { key, times, version: row.int()? })
}

/// Times in order, 8 bytes each, the highest byte first.
fn times_column(pace: &Pace) -> Value {
    Value::Bytes(pace.times.iter().flat_map(|at| at.ms().to_be_bytes()).collect())
}
