//! Splits: the shares that children have of a link's payments.

use std::collections::BTreeMap;

use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::refusal::Fault;
use kadi_domain::split::{Share, SplitRule};
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::row::{Row, read};
use crate::sql::{Step, statements};
use crate::tables::parts::numbered;
use crate::value::row;

statements! {
    LOAD(link_id Int) =
        "SELECT link_split.link_id, link_split.child_id, link_split.amount, link_split.bps, \
         link_split.bears_fee FROM link_split, input WHERE link_split.link_id = input.link_id ORDER BY \
         link_split.link_id, link_split.position";
    INSERT(link_id Int, position Int, child_id Int, amount Int, bps Int, bears_fee Int) =
        { insert "link_split" };
}

/// Loads the shares that were asked for. A link without any is loaded as absent.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.splits.iter().map(|id| row![*id]).collect();
    asks.one(&LOAD, input, |rows, view| {
        let mut found = by_link(rows)?;
        for id in &needs.splits {
            view.splits.load(*id, found.remove(id));
        }
        Ok(())
    });
}

/// The steps that store the shares of new links.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, numbered(&view.added.splits), |(link, at, rule)| {
        let (amount, bps) = match rule.share {
            Share::Amount(amount) => (Some(amount), None),
            Share::Percent(bps) => (None, Some(bps)),
        };
        row![link, at, rule.child_id, amount, bps, rule.bears_fee]
    }));
}

/// Shares by link, in order, from the answer to [`LOAD`].
pub(crate) fn by_link(rows: Vec<Row>) -> Result<BTreeMap<LinkId, Vec<SplitRule>>, Fault> {
    let mut found: BTreeMap<LinkId, Vec<SplitRule>> = BTreeMap::new();
    for (link, rule) in read(rows, |row| Ok((LinkId::new(row.int()?), rule_of(row)?)))? {
        found.entry(link).or_default().push(rule);
    }
    Ok(found)
}

/// A share from its child, amount, percentage and bearing.
pub(crate) fn rule_of(row: &mut Row) -> Result<SplitRule, Fault> {
    let child_id = MerchantId::new(row.int()?);
    let share = match (row.opt_minor()?, row.opt_int()?) {
        (Some(amount), None) => Share::Amount(amount),
        (None, Some(bps)) => Share::Percent(bps),
        (Some(_), Some(_)) | (None, None) => return Err(row.fault("does not fit the amount")),
    };
    Ok(SplitRule { child_id, share, bears_fee: row.flag()? })
}
