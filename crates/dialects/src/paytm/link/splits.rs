//! `splitSettlementInfo`: who the children are. Splits over known children are refused by name until built.

use kadi_engine::Reader;
use kadi_engine::domain::merchant::Merchant;

use crate::door::Door;

use crate::paytm::codes::{CHILD_MID_INVALID, CHILD_NOT_LINKED, No};
use crate::paytm::settings::{DIALECT, MID};
use crate::shared::fields::Fields;

const MEMBER: &str = "splitSettlementInfo";
const MID_CHARS_MAX: usize = 20;
const CHILDREN_MAX: usize = 50;

/// The mids of all children in list order; none where nothing is to be split.
pub(super) fn read(body: &Fields<'_>) -> Result<Vec<String>, No> {
    if !body.has_content(MEMBER) {
        return Ok(Vec::new());
    }
    let info = body.object(MEMBER)?.ok_or_else(|| No::field(MEMBER))?;
    let items = info.list_or_one("splitInfo")?;
    if items.is_empty() || items.len() > CHILDREN_MAX {
        return Err(info.wrong("splitInfo").into());
    }
    let mids = items.into_iter().enumerate().map(|(at, raw)| {
        let child = info.item("splitInfo", at, raw)?;
        // A mid of another type or length is no child's mid: the same answer as for an unknown one.
        Ok(child.text("mid", MID_CHARS_MAX).ok().flatten().unwrap_or_default())
    });
    mids.collect()
}

/// Refuses each child in turn: unknown or inactive, then not linked, then the split itself.
pub(super) async fn check(door: &Door, merchant: &Merchant, mids: Vec<String>) -> Result<(), No> {
    if mids.is_empty() {
        return Ok(());
    }
    let query = move |reader: &mut Reader| {
        mids.iter().map(|mid| reader.merchant_by_identity(DIALECT, MID, mid)).collect::<Result<Vec<_>, _>>()
    };
    for child in door.engine.query(query).await? {
        let child = child.filter(|child| child.active).ok_or(CHILD_MID_INVALID)?;
        let parent = child.aggregator.as_deref();
        let is_linked =
            parent.is_some() && (parent == Some(&merchant.slug) || parent == merchant.aggregator.as_deref());
        if !is_linked {
            return Err(CHILD_NOT_LINKED.into());
        }
    }
    Err(No::field(MEMBER))
}
