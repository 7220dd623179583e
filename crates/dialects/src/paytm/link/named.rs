//! The link that a call is about: its id, as a number or as a text, and the merchant's link with it.

use std::sync::Arc;

use kadi_engine::domain::id::LinkId;
use kadi_engine::domain::link::LinkWord;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::faces::LinkFace;

use crate::door::Door;
use crate::paytm::codes::{Code, LINK_ENDED, NOT_FOUND, No};
use crate::shared::fields::Fields;

/// `linkId`; none where there is none.
pub(super) fn link_id(body: &Fields<'_>) -> Result<Option<LinkId>, No> {
    Ok(body.whole("linkId", 0..=i64::MAX)?.map(LinkId::new))
}

/// The merchant's link that the body names, whatever API made it; `missing` where it names none.
pub(super) async fn find(
    door: &Door,
    merchant: &Merchant,
    body: &Fields<'_>,
    missing: Code,
) -> Result<Arc<LinkFace>, No> {
    let id = link_id(body)?.ok_or(missing)?;
    let face = door.engine.link_face(id).await?;
    face.filter(|face| face.link.merchant_id == merchant.id).ok_or_else(|| NOT_FOUND.into())
}

/// Refuses a link that takes no payment any more.
pub(super) fn check_active(door: &Door, face: &LinkFace) -> Result<(), No> {
    if face.link.word(door.engine.now()) == LinkWord::Active { Ok(()) } else { Err(LINK_ENDED.into()) }
}
