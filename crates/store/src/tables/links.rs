//! Links: the row of what was asked for, of the terms that may be changed, and of the facts that change.

use kadi_domain::amount::Minor;
use kadi_domain::id::{CustomerId, LinkId, MerchantId, ObligationId, TemplateId};
use kadi_domain::ledger::Chain;
use kadi_domain::link::{Link, LinkStatus, Sums, Terms};
use kadi_domain::mode::Modes;
use kadi_domain::parts::PartRules;
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::Fault;
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::ways::{SubWallets, Ways};
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::codes::{Coded, coded};
use crate::row::{Row, read};
use crate::sql::{Step, Value, statements};
use crate::value::row;

/// The columns that [`link_of`] reads.
macro_rules! link_columns {
    () => {
        "link.id, link.merchant_id, link.origin, link.kind, link.currency, link.amount, link.due, \
         link.max_payments, link.one_order, link.name, link.description, link.customer_id, link.created_at, \
         link.expires_at, link.status, link.ended_at, link.sent_at, link.opened_at, link.captured, \
         link.refunded, link.refund_pending, link.held, link.reserved, link.captured_count, \
         link.reserved_count, \
         link.event_count, link.chain_count, link.chain_head, link.version, link.resent_count, \
         link.split_count, link.in_parts, link.part_first_min, link.part_min, link.plan_count, \
         link.has_email, link.obligation_id, link.only_mobile, link.template_id, link.modes, \
         link.wallet_caps, link.edit_count, link.attempted, link.invoice_template_id"
    };
}
pub(crate) use link_columns;

statements! {
    LOAD(id Int) locks "link" = {
        concat!("SELECT ", link_columns!(), " FROM link, input WHERE link.id = input.id ORDER BY link.id")
    };
    INSERT(
        id Int, merchant_id Int, origin Int, kind Int, currency Text, amount Int, due Int, max_payments Int,
        one_order Int, name Text, description Text, customer_id Int, created_at Int, expires_at Int,
        status Int, ended_at Int, sent_at Int, opened_at Int, captured Int, refunded Int,
        refund_pending Int, held Int, reserved Int, captured_count Int, reserved_count Int, event_count Int,
        chain_count Int, chain_head Bytes, version Int, resent_count Int, split_count Int, in_parts Int,
        part_first_min Int, part_min Int, plan_count Int, has_email Int, obligation_id Int,
        only_mobile Int, template_id Int, modes Text, wallet_caps Text, edit_count Int, attempted Int,
        invoice_template_id Int,
    ) = { insert "link" };
    UPDATE(
        id Int, version Int, status Int, ended_at Int, sent_at Int, opened_at Int, captured Int, refunded Int,
        refund_pending Int, held Int, reserved Int, captured_count Int, reserved_count Int, event_count Int,
        chain_count Int, chain_head Bytes, resent_count Int, amount Int, due Int, max_payments Int,
        expires_at Int, edit_count Int, attempted Int,
    ) = "UPDATE link SET status = input.status, ended_at = input.ended_at, sent_at = input.sent_at, \
         opened_at = input.opened_at, captured = input.captured, refunded = input.refunded, \
         refund_pending = input.refund_pending, \
         held = input.held, reserved = input.reserved, captured_count = input.captured_count, \
         reserved_count = input.reserved_count, event_count = input.event_count, \
         chain_count = input.chain_count, chain_head = input.chain_head, \
         resent_count = input.resent_count, amount = input.amount, due = input.due, \
         max_payments = input.max_payments, expires_at = input.expires_at, \
         edit_count = input.edit_count, attempted = input.attempted, version = input.version + 1 \
         FROM input WHERE link.id = input.id AND link.version = input.version";
}

/// Loads the links that were asked for.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.links.iter().map(|id| row![*id]).collect();
    asks.one(&LOAD, input, |rows, view| {
        let found = read(rows, link_of)?;
        view.links.load_all(needs.links.iter().copied(), found, |link| link.id);
        Ok(())
    });
}

/// The steps that store new and changed links.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, view.links.new_ones(), new_row));
    steps.push(Step::over(&UPDATE, view.links.changed_ones(), changed_row));
}

/// A link from the columns of `link_columns!`.
pub(crate) fn link_of(row: &mut Row) -> Result<Link, Fault> {
    let mut link = Link {
        id: LinkId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        origin: Dialect(row.small()?),
        kind: coded(row)?,
        currency: row.currency()?,
        amount: row.opt_minor()?,
        due: row.opt_minor()?,
        max_payments: row.opt_int()?,
        one_order: row.flag()?,
        terms: Terms::default(),
        ways: Ways::default(),
        name: row.text()?,
        description: row.text()?,
        customer_id: row.opt_int()?.map(CustomerId::new),
        created_at: row.time()?,
        expires_at: row.opt_time()?,
        status: status_of(row)?,
        sent_at: row.opt_time()?,
        opened_at: row.opt_time()?,
        sums: Sums {
            captured: row.minor()?,
            refunded: row.minor()?,
            refund_pending: row.minor()?,
            held: row.minor()?,
            reserved: row.minor()?,
            captured_count: row.int()?,
            reserved_count: row.int()?,
            attempted: Minor::ZERO,
        },
        event_count: row.int()?,
        chain: chain_of(row)?,
        version: row.int()?,
        resent_count: row.int()?,
        edit_count: 0,
    };
    link.terms = terms_of(row)?;
    link.ways = ways_of(row)?;
    link.edit_count = row.int()?;
    link.sums.attempted = row.minor()?;
    link.terms.invoice = row.opt_int()?.map(TemplateId::new);
    Ok(link)
}

fn terms_of(row: &mut Row) -> Result<Terms, Fault> {
    let (split_count, in_parts) = (row.int()?, row.flag()?);
    let rules = PartRules { min_first: row.opt_minor()?, min: row.opt_minor()? };
    if !in_parts && rules != PartRules::default() {
        return Err(row.fault("does not fit a link that is not paid in parts"));
    }
    Ok(Terms {
        split_count,
        parts: in_parts.then_some(rules),
        plan_count: row.int()?,
        has_email: row.flag()?,
        obligation: row.opt_int()?.map(ObligationId::new),
        only_mobile: row.flag()?,
        form: row.opt_int()?.map(TemplateId::new),
        invoice: None,
    })
}

fn ways_of(row: &mut Row) -> Result<Ways, Fault> {
    let modes = row.opt_text()?.map_or(Some(Modes::All), |text| Modes::parse(&text));
    let modes = modes.ok_or_else(|| row.fault("is no list of payment modes"))?;
    let caps = row.opt_text()?.map_or_else(|| Some(SubWallets::default()), |text| SubWallets::parse(&text));
    Ok(Ways { modes, caps: caps.ok_or_else(|| row.fault("is no list of sub-wallets"))? })
}

fn new_row(link: &Link) -> Vec<Value> {
    let (status, ended_at) = status_columns(link.status);
    let sums = &link.sums;
    row![
        link.id,
        link.merchant_id,
        link.origin,
        link.kind.number(),
        link.currency,
        link.amount,
        link.due,
        link.max_payments,
        link.one_order,
        &link.name,
        &link.description,
        link.customer_id,
        link.created_at,
        link.expires_at,
        status,
        ended_at,
        link.sent_at,
        link.opened_at,
        sums.captured,
        sums.refunded,
        sums.refund_pending,
        sums.held,
        sums.reserved,
        sums.captured_count,
        sums.reserved_count,
        link.event_count,
        link.chain.count,
        head_column(&link.chain),
        link.version,
        link.resent_count,
        link.terms.split_count,
        link.terms.parts.is_some(),
        link.terms.parts.and_then(|rules| rules.min_first),
        link.terms.parts.and_then(|rules| rules.min),
        link.terms.plan_count,
        link.terms.has_email,
        link.terms.obligation,
        link.terms.only_mobile,
        link.terms.form,
        link.ways.modes.to_text().as_ref(),
        link.ways.caps.to_text().as_ref(),
        link.edit_count,
        sums.attempted,
        link.terms.invoice,
    ]
}

fn changed_row(link: &Link) -> Vec<Value> {
    let (status, ended_at) = status_columns(link.status);
    let sums = &link.sums;
    row![
        link.id,
        link.version,
        status,
        ended_at,
        link.sent_at,
        link.opened_at,
        sums.captured,
        sums.refunded,
        sums.refund_pending,
        sums.held,
        sums.reserved,
        sums.captured_count,
        sums.reserved_count,
        link.event_count,
        link.chain.count,
        head_column(&link.chain),
        link.resent_count,
        link.amount,
        link.due,
        link.max_payments,
        link.expires_at,
        link.edit_count,
        sums.attempted,
    ]
}

/// An empty chain has no head: 32 zeros in memory, nothing in its row.
fn head_column(chain: &Chain) -> Option<&[u8; 32]> {
    (chain.count > 0).then_some(&chain.head)
}

fn chain_of(row: &mut Row) -> Result<Chain, Fault> {
    let (count, head) = (row.int()?, row.opt_hash()?);
    if (count == 0) != head.is_none() {
        return Err(row.fault("does not fit the chain's count"));
    }
    Ok(Chain { count, head: head.unwrap_or_default() })
}

/// The number of the status `Active`.
pub(crate) const ACTIVE: i64 = 1;

fn status_columns(status: LinkStatus) -> (i64, Option<Timestamp>) {
    match status {
        LinkStatus::Active => (ACTIVE, None),
        LinkStatus::Completed { at } => (2, Some(at)),
        LinkStatus::Cancelled { at } => (3, Some(at)),
        LinkStatus::Expired { at } => (4, Some(at)),
        LinkStatus::Closed { at } => (5, Some(at)),
    }
}

fn status_of(row: &mut Row) -> Result<LinkStatus, Fault> {
    match (row.int()?, row.opt_time()?) {
        (ACTIVE, None) => Ok(LinkStatus::Active),
        (2, Some(at)) => Ok(LinkStatus::Completed { at }),
        (3, Some(at)) => Ok(LinkStatus::Cancelled { at }),
        (4, Some(at)) => Ok(LinkStatus::Expired { at }),
        (5, Some(at)) => Ok(LinkStatus::Closed { at }),
        _ => Err(row.fault("does not fit the status")),
    }
}
