//! A pod as every call answers it, and how it is found.

use kadi_engine::domain::event::LinkFacts;
use kadi_engine::domain::link::Link;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;

use super::codes::{NOT_HERE, No};
use super::money::price;
use super::state::state;
use crate::door::Door;

/// The answer; times are seconds since 1970.
#[derive(Serialize)]
pub(super) struct Pod {
    pod: String,
    href: String,
    label: String,
    price: Option<String>,
    eaten: String,
    state: &'static str,
    rots_at: Option<i64>,
}

impl Pod {
    /// A link as it is now.
    pub(super) fn of(door: &Door, link: &Link) -> Result<Self, Fault> {
        let (pod, now) = (door.code(link.id)?, door.engine.now());
        Ok(Self {
            href: door.page_url_of(&pod),
            pod,
            label: link.name.clone(),
            price: link.amount.map(price),
            eaten: price(link.sums.captured),
            state: state(link, &LinkFacts::of(link, now), now),
            rots_at: link.expires_at.map(|end| end.seconds()),
        })
    }
}

/// The merchant's link with this id, by whichever dialect it was made.
pub(super) async fn find(door: &Door, merchant: &Merchant, id: &str) -> Result<Link, No> {
    let link = door.link_of(id).ok_or(NOT_HERE)?;
    let face = door.engine.link_face(link).await?;
    let own = face.filter(|face| face.link.merchant_id == merchant.id).ok_or(NOT_HERE)?;
    Ok(own.link.clone())
}
