//! What becomes of requests without an answer after a restart: looked for, then asked again.

use std::collections::HashMap;

use crate::attempts::ends_captured;
use crate::desk::{Site, now_ms};
use crate::http::Connection;
use crate::inspection::each;
use crate::line::{Ask, Door, Line, Op, Pay, Route, Story, Wish, Word};
use crate::model::Birth;
use crate::sender::{Target, word};
use crate::shown::ShownLink;

/// Links and cancellations without an answer, by what was found.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fates {
    pub(crate) links_there: u64,
    pub(crate) links_absent: u64,
    pub(crate) cancels_done: u64,
    pub(crate) cancels_not_done: u64,
}

impl Fates {
    fn add(&mut self, other: Self) {
        self.links_there += other.links_there;
        self.links_absent += other.links_absent;
        self.cancels_done += other.cancels_done;
        self.cancels_not_done += other.cancels_not_done;
    }
}

/// Writes down which unanswered links are there, asks the own API again under the same keys, and pays links
/// again whose payment was not answered.
pub(crate) fn resolve(
    site: Site<'_>,
    shown: &HashMap<Op, ShownLink>,
    fates: &mut Fates,
) -> Result<(), String> {
    let open = site.desk.model().open();
    let found = each(site, open, |connection, op| {
        let found = resolve_one(site, connection, op, shown);
        site.desk.model().close(op);
        found
    })?;
    found.into_iter().for_each(|found| fates.add(found));
    Ok(())
}

fn resolve_one(
    site: Site<'_>,
    connection: &mut Connection,
    op: Op,
    shown: &HashMap<Op, ShownLink>,
) -> Result<Fates, String> {
    let mut fates = Fates::default();
    let Some(ask) = site.desk.model().ask(op).cloned() else { return Ok(fates) };
    let link = ask.link(op);
    match &ask {
        Ask::Make(wish) => {
            note(site, op, shown.get(&op), &mut fates)?;
            if wish.door == Door::Own {
                again(site, connection, op, &ask)?;
            }
        }
        Ask::Cancel { .. } => {
            let is_done = shown.get(&link).is_some_and(|shown| shown.status == "cancelled");
            *(if is_done { &mut fates.cancels_done } else { &mut fates.cancels_not_done }) += 1;
            again(site, connection, op, &ask)?;
        }
        Ask::Pay { .. } => pay_again(site, connection, link)?,
        Ask::Settle { .. } | Ask::Open { .. } | Ask::Look { .. } | Ask::Again { .. } => {}
    }
    Ok(fates)
}

/// Repeats what made these links, or opens their pages by their codes.
pub(crate) fn probe(site: Site<'_>, links: Vec<Op>) -> Result<(), String> {
    let done = each(site, links, |connection, link| {
        let ask = site.desk.model().ask(link).cloned();
        match ask {
            Some(ask @ Ask::Make(Wish { door: Door::Own, .. })) if link % 2 == 0 => {
                again(site, connection, link, &ask)
            }
            _ => open(site, connection, link),
        }
    });
    done.map(|_| ())
}

/// A link is there or not when the server has started again: that stays so.
fn note(site: Site<'_>, op: Op, shown: Option<&ShownLink>, fates: &mut Fates) -> Result<(), String> {
    let line = match shown {
        Some(shown) => {
            fates.links_there += 1;
            Line::Found { link: op, id: shown.id.clone(), code: shown.code.clone() }
        }
        None => {
            fates.links_absent += 1;
            Line::Missed { link: op }
        }
    };
    site.desk.write(&[line])
}

/// Repeats a request under its key.
fn again(site: Site<'_>, connection: &mut Connection, of: Op, ask: &Ask) -> Result<(), String> {
    let target = target(site, ask.link(of));
    let request = site.desk.sender.request(of, ask, target.as_ref()).ok_or("a repeat cannot be written")?;
    let op = site.desk.number();
    site.desk.write(&[Line::Intent { op, at_ms: now_ms(), ask: Ask::Again { of } }])?;
    let answer = connection.send(&request).map_err(|error| format!("{ask:?}, again: {error}"))?;
    site.desk.answer(op, word(ask, &answer)?)
}

/// Carries out one more request while nobody else does anything.
fn once(site: Site<'_>, connection: &mut Connection, ask: Ask, target: &Target) -> Result<Word, String> {
    let op = site.desk.number();
    let request = site.desk.sender.request(op, &ask, Some(target)).ok_or("a request cannot be written")?;
    site.desk.write(&[Line::Intent { op, at_ms: now_ms(), ask: ask.clone() }])?;
    let answer = connection.send(&request).map_err(|error| format!("{ask:?}: {error}"))?;
    let word = word(&ask, &answer)?;
    site.desk.answer(op, word.clone())?;
    Ok(word)
}

/// Pays a link whose payer was left without an answer: a link for one payment may refuse, and takes one.
fn pay_again(site: Site<'_>, connection: &mut Connection, link: Op) -> Result<(), String> {
    let Some(target) = target(site, link) else { return Ok(()) };
    let story = Story::Success;
    debug_assert!(ends_captured(story));
    let amount = target.wish.amount.unwrap_or(12_345);
    let attempt = Pay { route: Route::Side, story, amount };
    once(site, connection, Ask::Pay { link, attempt }, &target).map(|_| ())
}

/// Opens a link's page by its code.
fn open(site: Site<'_>, connection: &mut Connection, link: Op) -> Result<(), String> {
    let Some(target) = target(site, link) else { return Ok(()) };
    once(site, connection, Ask::Open { link }, &target).map(|_| ())
}

/// What requests need to know of a link that is there.
pub(crate) fn target(site: Site<'_>, op: Op) -> Option<Target> {
    let model = site.desk.model();
    let link = model.link(op)?;
    match &link.birth {
        Birth::Made(made) => {
            let (id, code) = (made.id.clone(), made.code.clone());
            Some(Target { op, id, code, wish: link.wish })
        }
        Birth::Unanswered | Birth::Refused => None,
    }
}
