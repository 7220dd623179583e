//! Merchants: the row; lists, fees and settings stand in tables of their own (`merchant_parts`).

use std::collections::{BTreeMap, BTreeSet};

use kadi_domain::id::MerchantId;
use kadi_domain::merchant::{Limit, Merchant, Risk};
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::{Asks, Query};
use crate::codes::{Coded, coded, opt_coded};
use crate::driver::Driver;
use crate::row::{Row, read};
use crate::sql::{Step, Value, statements};
use crate::tables::merchant_parts;
use crate::trouble::Trouble;
use crate::value::row;

/// The columns that [`merchant_of`] reads.
macro_rules! merchant_columns {
    () => {
        "merchant.id, merchant.slug, merchant.name, merchant.active, merchant.environment, merchant.vpa, \
         merchant.gstin, merchant.state_code, merchant.aggregator, merchant.limit_min, merchant.limit_max, \
         merchant.limit_account_max, merchant.risk_amount_max, merchant.risk_mobile_hour, \
         merchant.risk_link_hour, merchant.refund_fee_bearer, merchant.hold_policy, merchant.receipts, \
         merchant.version, merchant.address"
    };
}

statements! {
    LOAD(id Int) = {
        concat!(
            "SELECT ", merchant_columns!(),
            " FROM merchant, input WHERE merchant.id = input.id ORDER BY merchant.id"
        )
    };
    IDS() = "SELECT merchant.id FROM merchant ORDER BY merchant.id";
    BY_SLUG(slug Text) =
        "SELECT merchant.slug, merchant.id FROM merchant, input WHERE merchant.slug = input.slug";
    BY_IDENTITY(dialect Int, name Text, value Text) =
        "SELECT merchant_setting.dialect, merchant_setting.name, merchant_setting.value, \
         merchant_setting.merchant_id FROM merchant_setting, input WHERE merchant_setting.identifies = 1 \
         AND merchant_setting.dialect = input.dialect AND merchant_setting.name = input.name \
         AND merchant_setting.value = input.value";
    INSERT(
        id Int, slug Text, name Text, active Int, environment Int, vpa Text, gstin Text, state_code Text,
        aggregator Text, limit_min Int, limit_max Int, limit_account_max Int, risk_amount_max Int,
        risk_mobile_hour Int, risk_link_hour Int, refund_fee_bearer Int, hold_policy Int, receipts Int,
        version Int, address Text,
    ) = { insert "merchant" };
    UPDATE(
        id Int, slug Text, name Text, active Int, environment Int, vpa Text, gstin Text, state_code Text,
        aggregator Text, limit_min Int, limit_max Int, limit_account_max Int, risk_amount_max Int,
        risk_mobile_hour Int, risk_link_hour Int, refund_fee_bearer Int, hold_policy Int, receipts Int,
        version Int, address Text,
    ) = "UPDATE merchant SET slug = input.slug, name = input.name, active = input.active, \
         environment = input.environment, vpa = input.vpa, gstin = input.gstin, \
         state_code = input.state_code, aggregator = input.aggregator, limit_min = input.limit_min, \
         limit_max = input.limit_max, limit_account_max = input.limit_account_max, \
         risk_amount_max = input.risk_amount_max, risk_mobile_hour = input.risk_mobile_hour, \
         risk_link_hour = input.risk_link_hour, \
         refund_fee_bearer = input.refund_fee_bearer, hold_policy = input.hold_policy, \
         receipts = input.receipts, address = input.address, version = input.version + 1 \
         FROM input WHERE merchant.id = input.id AND merchant.version = input.version";
}

/// Loads the merchants, names and account ids that were asked for. A merchant found by its name is loaded
/// too.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    asks.several(queries(&needs.merchants), |answers, view| {
        let mut found = whole(answers)?;
        for id in &needs.merchants {
            view.merchants.load(*id, found.remove(id));
        }
        Ok(())
    });
    let input = needs.identities.iter().map(|(d, name, value)| row![*d, name, value]).collect();
    asks.one(&BY_IDENTITY, input, |rows, view| {
        let mut owners: BTreeMap<_, MerchantId> = read(rows, identity_of)?.into_iter().collect();
        for identity in &needs.identities {
            view.identities.load(identity.clone(), owners.remove(identity));
        }
        Ok(())
    });
}

/// Loads the merchants that were asked for by name: an administrator's wish, and two more trips.
pub(crate) fn load_named(driver: &Driver, needs: &Needs, view: &mut View) -> Result<(), Trouble> {
    let input = needs.slugs.iter().map(|slug| row![slug]).collect();
    let slugs = read(driver.query(&BY_SLUG, input)?, |row| Ok((row.text()?, MerchantId::new(row.int()?))))?;
    let mut slugs: BTreeMap<String, MerchantId> = slugs.into_iter().collect();
    for (id, merchant) in by_ids(driver, &slugs.values().copied().collect())? {
        view.merchants.load(id, Some(merchant));
    }
    for slug in &needs.slugs {
        view.slugs.load(slug.clone(), slugs.remove(slug));
    }
    Ok(())
}

/// The steps that store new and changed merchants. The parts of changed ones are all removed before any is
/// added.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, view.merchants.new_ones(), merchant_row));
    steps.push(Step::over(&UPDATE, view.merchants.changed_ones(), merchant_row));
    merchant_parts::save(view, steps);
}

/// Whole merchants by row.
pub(crate) fn by_ids(
    driver: &Driver,
    ids: &BTreeSet<MerchantId>,
) -> Result<BTreeMap<MerchantId, Merchant>, Trouble> {
    Ok(whole(driver.query_all(&queries(ids))?)?)
}

/// What [`whole`] wants to be answered.
fn queries(ids: &BTreeSet<MerchantId>) -> Vec<Query> {
    let all = [&LOAD].into_iter().chain(merchant_parts::READ);
    all.map(|statement| Query { statement, input: ids.iter().map(|id| row![*id]).collect() }).collect()
}

/// Merchants from the answers to [`queries`].
fn whole(answers: Vec<Vec<Row>>) -> Result<BTreeMap<MerchantId, Merchant>, Fault> {
    let mut answers = answers.into_iter();
    let found = read(answers.next().unwrap_or_default(), merchant_of)?;
    let mut merchants = found.into_iter().map(|merchant| (merchant.id, merchant)).collect();
    merchant_parts::fill(answers, &mut merchants)?;
    Ok(merchants)
}

/// The identity and its owner from the columns of [`BY_IDENTITY`].
pub(crate) fn identity_of(row: &mut Row) -> Result<((Dialect, String, String), MerchantId), Fault> {
    let key = (Dialect(row.small()?), row.text()?, row.text()?);
    Ok((key, MerchantId::new(row.int()?)))
}

fn merchant_of(row: &mut Row) -> Result<Merchant, Fault> {
    let mut merchant = Merchant {
        id: MerchantId::new(row.int()?),
        slug: row.text()?,
        name: row.text()?,
        active: row.flag()?,
        environment: coded(row)?,
        vpa: row.opt_text()?,
        gstin: row.opt_text()?,
        state_code: row.opt_text()?,
        address: None,
        features: BTreeSet::new(),
        redirect_hosts: Vec::new(),
        aggregator: row.opt_text()?,
        resellers: Vec::new(),
        limit: Limit { min: row.minor()?, max: row.opt_minor()?, account_max: row.opt_minor()? },
        fees: Vec::new(),
        risk: Risk {
            amount_max: row.opt_minor()?,
            per_mobile_hour: row.opt_int()?,
            per_link_hour: row.opt_int()?,
            blocked_mobiles: Vec::new(),
            blocked_emails: Vec::new(),
        },
        refund_fee_bearer: coded(row)?,
        hold_policy: opt_coded(row)?,
        receipts: row.flag()?,
        settings: Vec::new(),
        version: row.int()?,
    };
    merchant.address = row.opt_text()?;
    Ok(merchant)
}

fn merchant_row(merchant: &Merchant) -> Vec<Value> {
    let (limit, risk) = (&merchant.limit, &merchant.risk);
    row![
        merchant.id,
        &merchant.slug,
        &merchant.name,
        merchant.active,
        merchant.environment.number(),
        merchant.vpa.as_ref(),
        merchant.gstin.as_ref(),
        merchant.state_code.as_ref(),
        merchant.aggregator.as_ref(),
        limit.min,
        limit.max,
        limit.account_max,
        risk.amount_max,
        risk.per_mobile_hour,
        risk.per_link_hour,
        merchant.refund_fee_bearer.number(),
        merchant.hold_policy.map(Coded::number),
        merchant.receipts,
        merchant.version,
        merchant.address.as_ref(),
    ]
}
