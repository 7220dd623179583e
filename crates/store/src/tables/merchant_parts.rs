//! A merchant's lists: features, redirect hosts, resellers, blocked contacts, fees, settings.

use std::collections::BTreeMap;

use kadi_domain::fee::FeeRule;
use kadi_domain::id::MerchantId;
use kadi_domain::merchant::{Feature, Merchant, Setting};
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;

use crate::row::Row;
use crate::sql::{Statement, Step, Value, statements};
use crate::tables::parts::positions;
use crate::value::row;

/// Kinds of `merchant_text`; stored for ever.
const FEATURE: i64 = 1;
const REDIRECT_HOST: i64 = 2;
const RESELLER: i64 = 3;
/// Kinds of `merchant_block`; stored for ever.
const MOBILE: i64 = 1;
const EMAIL: i64 = 2;

statements! {
    TEXTS(merchant_id Int) =
        "SELECT merchant_text.merchant_id, merchant_text.kind, merchant_text.value \
         FROM merchant_text, input WHERE merchant_text.merchant_id = input.merchant_id ORDER BY \
         merchant_text.merchant_id, merchant_text.kind, merchant_text.position";
    BLOCKS(merchant_id Int) =
        "SELECT merchant_block.merchant_id, merchant_block.kind, merchant_block.print \
        FROM merchant_block, input WHERE merchant_block.merchant_id = input.merchant_id ORDER BY \
        merchant_block.merchant_id, merchant_block.kind, merchant_block.position";
    FEES(merchant_id Int) =
        "SELECT merchant_fee.merchant_id, merchant_fee.rail, merchant_fee.mode, merchant_fee.bps, \
         merchant_fee.flat, merchant_fee.tax_bps, merchant_fee.fee_min, merchant_fee.fee_cap, \
         merchant_fee.surcharge_bps, merchant_fee.surcharge_flat FROM merchant_fee, input \
         WHERE merchant_fee.merchant_id = input.merchant_id ORDER BY merchant_fee.merchant_id, \
         merchant_fee.position";
    SETTINGS(merchant_id Int) =
        "SELECT merchant_setting.merchant_id, merchant_setting.dialect, merchant_setting.name, \
         merchant_setting.value, merchant_setting.identifies FROM merchant_setting, input \
         WHERE merchant_setting.merchant_id = input.merchant_id ORDER BY merchant_setting.merchant_id, \
         merchant_setting.position";
    TEXT_INSERT(merchant_id Int, kind Int, position Int, value Text) = { insert "merchant_text" };
    BLOCK_INSERT(merchant_id Int, kind Int, position Int, print Bytes) = { insert "merchant_block" };
    FEE_INSERT(
        merchant_id Int, position Int, rail Text, mode Text, bps Int, flat Int, tax_bps Int, fee_min Int,
        fee_cap Int, surcharge_bps Int, surcharge_flat Int,
    ) = { insert "merchant_fee" };
    SETTING_INSERT(merchant_id Int, position Int, dialect Int, name Text, value Text, identifies Int) =
        { insert "merchant_setting" };
    TEXT_REMOVE(merchant_id Int) =
        "DELETE FROM merchant_text USING input WHERE merchant_text.merchant_id = input.merchant_id";
    BLOCK_REMOVE(merchant_id Int) =
        "DELETE FROM merchant_block USING input WHERE merchant_block.merchant_id = input.merchant_id";
    FEE_REMOVE(merchant_id Int) =
        "DELETE FROM merchant_fee USING input WHERE merchant_fee.merchant_id = input.merchant_id";
    SETTING_REMOVE(merchant_id Int) =
        "DELETE FROM merchant_setting USING input WHERE merchant_setting.merchant_id = input.merchant_id";
}

/// What [`fill`] wants to be answered, each for the merchants' ids.
pub(crate) const READ: [&Statement; 4] = [&TEXTS, &BLOCKS, &FEES, &SETTINGS];

/// Adds the lists to merchants just read, from the answers to [`READ`].
pub(crate) fn fill(
    answers: impl IntoIterator<Item = Vec<Row>>,
    merchants: &mut BTreeMap<MerchantId, Merchant>,
) -> Result<(), Fault> {
    for (rows, add) in answers.into_iter().zip([add_text, add_block, add_fee, add_setting]) {
        for mut row in rows {
            let merchant = merchants.get_mut(&MerchantId::new(row.int()?));
            add(merchant.ok_or_else(|| row.fault("belongs to no merchant"))?, &mut row)?;
        }
    }
    Ok(())
}

fn add_text(merchant: &mut Merchant, row: &mut Row) -> Result<(), Fault> {
    let (kind, value) = (row.int()?, row.text()?);
    match kind {
        FEATURE => {
            let feature = Feature::parse(&value).ok_or_else(|| row.fault("is no known feature"))?;
            merchant.features.insert(feature);
        }
        REDIRECT_HOST => merchant.redirect_hosts.push(value),
        RESELLER => merchant.resellers.push(value),
        _ => return Err(row.fault("stands under an unknown kind")),
    }
    Ok(())
}

fn add_block(merchant: &mut Merchant, row: &mut Row) -> Result<(), Fault> {
    let (kind, print) = (row.int()?, row.hash()?);
    match kind {
        MOBILE => merchant.risk.blocked_mobiles.push(print),
        EMAIL => merchant.risk.blocked_emails.push(print),
        _ => return Err(row.fault("stands under an unknown kind")),
    }
    Ok(())
}

fn add_fee(merchant: &mut Merchant, row: &mut Row) -> Result<(), Fault> {
    merchant.fees.push(FeeRule {
        rail: row.text()?,
        mode: row.text()?,
        bps: row.int()?,
        flat: row.minor()?,
        tax_bps: row.int()?,
        min: row.minor()?,
        cap: row.opt_minor()?,
        surcharge_bps: row.int()?,
        surcharge_flat: row.minor()?,
    });
    Ok(())
}

fn add_setting(merchant: &mut Merchant, row: &mut Row) -> Result<(), Fault> {
    let (dialect, name) = (Dialect(row.small()?), row.text()?);
    let (value, identifies) = (row.text()?, row.flag()?);
    merchant.settings.push(Setting { dialect, name, value, identifies });
    Ok(())
}

/// The steps that store the lists of new and changed merchants.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    for statement in [&TEXT_REMOVE, &BLOCK_REMOVE, &FEE_REMOVE, &SETTING_REMOVE] {
        steps.push(Step::over(statement, view.merchants.changed_ones(), |merchant| row![merchant.id]));
    }
    let all = || view.merchants.new_ones().chain(view.merchants.changed_ones());
    steps.push(Step::over(&TEXT_INSERT, all().flat_map(text_rows), |row| row));
    steps.push(Step::over(&BLOCK_INSERT, all().flat_map(block_rows), |row| row));
    let fees = all().flat_map(|merchant| positions(&merchant.fees).map(|(at, fee)| (merchant.id, at, fee)));
    steps.push(Step::over(&FEE_INSERT, fees, |(id, at, fee)| {
        row![
            id,
            at,
            &fee.rail,
            &fee.mode,
            fee.bps,
            fee.flat,
            fee.tax_bps,
            fee.min,
            fee.cap,
            fee.surcharge_bps,
            fee.surcharge_flat,
        ]
    }));
    let settings =
        all().flat_map(|merchant| positions(&merchant.settings).map(|(at, s)| (merchant.id, at, s)));
    steps.push(Step::over(&SETTING_INSERT, settings, |(id, at, setting)| {
        row![id, at, setting.dialect, &setting.name, &setting.value, setting.identifies]
    }));
}

fn text_rows(merchant: &Merchant) -> Vec<Vec<Value>> {
    let features: Vec<&str> = merchant.features.iter().map(|feature| feature.word()).collect();
    let features = positions(&features).map(|(at, word)| row![merchant.id, FEATURE, at, *word]);
    let hosts =
        positions(&merchant.redirect_hosts).map(|(at, host)| row![merchant.id, REDIRECT_HOST, at, host]);
    let resellers = positions(&merchant.resellers).map(|(at, id)| row![merchant.id, RESELLER, at, id]);
    features.chain(hosts).chain(resellers).collect()
}

fn block_rows(merchant: &Merchant) -> Vec<Vec<Value>> {
    let risk = &merchant.risk;
    let mobiles = positions(&risk.blocked_mobiles).map(|(at, print)| row![merchant.id, MOBILE, at, print]);
    let emails = positions(&risk.blocked_emails).map(|(at, print)| row![merchant.id, EMAIL, at, print]);
    mobiles.chain(emails).collect()
}
