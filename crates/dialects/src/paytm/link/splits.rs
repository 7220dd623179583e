//! `splitSettlementInfo`: which child merchants get which share of every payment.

use kadi_engine::Reader;
use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::create::NewLink;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::refusal::Stop;
use kadi_engine::domain::split::{CHILDREN_MAX, NewShare, Share, check_child, resolve};

use crate::door::Door;
use crate::paytm::codes::No;
use crate::paytm::settings::{DIALECT, MID};
use crate::shared::amount::parse_amount;
use crate::shared::fields::{Fields, Wrong};

const MEMBER: &str = "splitSettlementInfo";
const MID_CHARS_MAX: usize = 20;

/// A split before its children are looked up.
#[derive(Debug)]
pub(crate) struct Split {
    mids: Vec<String>,
    /// What is wrong with the shares is told after what is wrong with the children.
    shares: Result<Vec<Share>, Wrong>,
}

/// The children and their shares in list order; none where nothing is to be split.
pub(crate) fn read(body: &Fields<'_>) -> Result<Split, No> {
    if !body.has_content(MEMBER) {
        return Ok(Split { mids: Vec::new(), shares: Ok(Vec::new()) });
    }
    let info = body.object(MEMBER)?.ok_or_else(|| No::field(MEMBER))?;
    let items = info.list_or_one("splitInfo")?;
    if items.is_empty() || items.len() > CHILDREN_MAX {
        return Err(info.wrong("splitInfo").into());
    }
    let items = items.into_iter().enumerate().map(|(at, raw)| info.item("splitInfo", at, raw));
    let items: Vec<Fields<'_>> = items.collect::<Result<_, _>>()?;
    // A mid of another type or length is no child's mid: the same answer as for an unknown one.
    let mid = |child: &Fields<'_>| child.text("mid", MID_CHARS_MAX).ok().flatten().unwrap_or_default();
    Ok(Split { mids: items.iter().map(mid).collect(), shares: shares(&info, &items) })
}

/// Refuses each child in turn, unknown or inactive (5024), then not linked (5025); then shares that are no
/// shares, or together more than a payment of the link (502).
pub(crate) async fn check(
    door: &Door,
    merchant: &Merchant,
    split: Split,
    new: &NewLink,
) -> Result<Vec<NewShare>, No> {
    let mids = split.mids;
    if mids.is_empty() {
        return Ok(Vec::new());
    }
    let query = move |reader: &mut Reader| {
        mids.iter().map(|mid| reader.merchant_by_identity(DIALECT, MID, mid)).collect::<Result<Vec<_>, _>>()
    };
    let found = door.engine.query(query).await?;
    let mut children = Vec::new();
    for child in &found {
        children.push(check_child(merchant, child.as_ref())?);
    }
    let named = |(child, share): (&&Merchant, Share)| NewShare {
        child: child.slug.clone(),
        share,
        // The vendor's page has no word for it: who asks for the split bears the fee.
        bears_fee: false,
    };
    let shares: Vec<NewShare> = children.iter().zip(split.shares?).map(named).collect();
    let child = |slug: &str| Ok(children.iter().copied().find(|child| child.slug == slug));
    let in_parts = new.uses.part_rules().is_some();
    match resolve(merchant, &shares, new.kind, new.amount, in_parts, child) {
        Ok(_) => Ok(shares),
        Err(Stop::Refused(refusal)) => Err(refusal.into()),
        Err(Stop::Broken(fault)) => Err(fault.into()),
    }
}

fn shares(info: &Fields<'_>, items: &[Fields<'_>]) -> Result<Vec<Share>, Wrong> {
    match info.text("splitMethod", usize::MAX)?.as_deref() {
        Some("AMOUNT") => items.iter().map(by_amount).collect(),
        Some("PERCENTAGE") => items.iter().map(by_percentage).collect(),
        Some(_) | None => Err(info.wrong("splitMethod")),
    }
}

fn by_amount(item: &Fields<'_>) -> Result<Share, Wrong> {
    let amount = item.object("amount")?.ok_or_else(|| item.wrong("amount"))?;
    if amount.text("currency", usize::MAX)?.as_deref() != Some("INR") {
        return Err(amount.wrong("currency"));
    }
    hundredths(&amount, "value").map(|paise| Share::Amount(Minor::new(paise)))
}

fn by_percentage(item: &Fields<'_>) -> Result<Share, Wrong> {
    hundredths(item, "percentage").map(Share::Percent)
}

/// A number of at most two decimals as so many hundredths; above zero.
fn hundredths(fields: &Fields<'_>, name: &str) -> Result<i64, Wrong> {
    let lexeme = fields.number_or_text(name)?.unwrap_or_default();
    parse_amount(&lexeme).ok().filter(|&hundredths| hundredths > 0).ok_or_else(|| fields.wrong(name))
}
