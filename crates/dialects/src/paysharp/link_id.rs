//! `linkPaymentId`: the link's code and `--a`, as the vendor's ids look (vendor page, `rpghin6--a`).

use kadi_engine::domain::id::LinkId;
use kadi_engine::domain::refusal::Fault;

use crate::door::Door;

/// What stands behind the code.
pub(crate) const ENDING: &str = "--a";

/// The dash that typesetting makes of two hyphens, as in the vendor's own example of a resend.
const EM_DASH: &str = "\u{2014}";

/// The most characters of an id (vendor page).
pub(super) const CHARS_MAX: usize = 36;

/// The id of a link.
pub(super) fn link_payment_id(door: &Door, link: LinkId) -> Result<String, Fault> {
    Ok(door.code(link)? + ENDING)
}

/// The link behind an id; none where there can be none. A code without its ending is no id of this API.
pub(super) fn link_of(door: &Door, id: &str) -> Option<LinkId> {
    let plain = id.replace(EM_DASH, "--");
    plain.ends_with(ENDING).then(|| door.link_of(&plain)).flatten()
}
