//! The checker: opens what a power cut left and holds it against what was acknowledged.

use std::collections::BTreeSet;
use std::future::Future;

use kadi_domain::moment::Setup;
use kadi_domain::reference::IdempotencyKey;
use kadi_domain::time::Timestamp;
use kadi_domain::work::Needs;
use kadi_engine::command::Failure;
use kadi_engine::commands::administer::ImportMerchants;
use kadi_engine::commands::create_link::CreateLink;
use kadi_engine::engine::Engine;
use kadi_store::{Location, Reader, Session, Trouble, migrate, verify};
use kadi_testkit::Image;
use tokio::runtime::Builder;

use crate::run::{Act, Ends, Round, folder};
use crate::script::{SLOTS, reference};
use crate::steps::{Step, idempotency};
use crate::stock::{invoice, keys, merchant};
use crate::world::World;

/// What is wrong with a store after a cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Breach {
    /// The normal path does not open it.
    Shut(String),
    /// Its books do not add up.
    Unclean(String),
    /// Something acknowledged is gone.
    Lost(String),
    /// It is no state that there ever was.
    Half(String),
}

/// Opens the files by the normal path, checks the books, and reads everything.
pub(crate) fn recover(image: &Image, now: Timestamp) -> Result<World, Breach> {
    let folder = folder();
    image.write_to(folder.path()).unwrap();
    open(&Location::sqlite(folder.path().join("kadi.db")), now)
}

/// As [`recover`], of files that are there.
pub(crate) fn open(location: &Location, now: Timestamp) -> Result<World, Breach> {
    let shut = |trouble: Trouble| Breach::Shut(trouble.to_string());
    migrate(location).map_err(shut)?;
    let mut session = Session::open(location, 1).map_err(shut)?;
    let reader = Reader::open(location).map_err(shut)?;
    let report = verify(&reader, &keys(), now).map_err(shut)?;
    if !report.is_clean() {
        return Err(Breach::Unclean(format!("{:?}", report.broken)));
    }
    let world = World::read(&reader).map_err(shut)?;
    drop(reader);
    check_keys(&mut session, &world).map_err(shut)??;
    check_sequence(&mut session, &world).map_err(shut)??;
    Ok(world)
}

/// Every link has its idempotency key, and no key is there without its link.
fn check_keys(session: &mut Session, world: &World) -> Result<Result<(), Breach>, Trouble> {
    let mut needs = Needs::default();
    let all = world.merchants.iter().flat_map(|merchant| {
        let key = |slot| {
            let key_hash = idempotency(&reference(slot)).key_hash;
            (slot, IdempotencyKey { merchant_id: merchant.id, key_hash })
        };
        (0..SLOTS).map(key)
    });
    let all: Vec<_> = all.collect();
    needs.idempotency.extend(all.iter().map(|(_, key)| key.clone()));
    let view = session.load(&needs)?;
    session.rollback();
    for (slot, key) in all {
        let link = world.link(&reference(slot)).filter(|it| it.link.merchant_id == key.merchant_id);
        let record = view.idempotency.get(&key)?;
        if record.map(|record| record.link_id) != link.map(|it| it.link.id) {
            return Ok(Err(Breach::Half(format!("the idempotency key of {}", reference(slot)))));
        }
    }
    Ok(Ok(()))
}

/// No number that was ever given is given again.
fn check_sequence(session: &mut Session, world: &World) -> Result<Result<(), Breach>, Trouble> {
    let next = session.take_block(1)?.start;
    let last = world.pictures.keys().map(|id| id.get() >> 10).max().unwrap_or(0);
    Ok(if next > last {
        Ok(())
    } else {
        Err(Breach::Half(format!("the sequence is at {next}, a link at {last}")))
    })
}

/// How many rounds are acknowledged, and how many were begun, when the disk has so many entries.
fn known(rounds: &[Round], position: usize) -> (usize, usize) {
    let acked = rounds.iter().take_while(|round| round.acked <= position).count();
    let begun = rounds.iter().take_while(|round| round.started < position).count();
    // A round that changed nothing ends where it began.
    (acked, begun.max(acked))
}

/// How many changes were acknowledged when the disk had so many entries.
pub(crate) fn acknowledged(rounds: &[Round], position: usize) -> usize {
    rounds.iter().take(known(rounds, position).0).map(|round| round.done).sum()
}

/// Holds a recovered store against what was acknowledged by then: it is there, and nothing is half there. A
/// batch whose end nobody knows may be there until a later one is done: the disk may hold what it failed to
/// confirm.
pub(crate) fn compare(rounds: &[Round], position: usize, found: &World) -> Result<(), Breach> {
    let nothing = World::default();
    let (acked, begun) = known(rounds, position);
    let state = |number: usize| number.checked_sub(1).map_or(&nothing, |at| &rounds[at].world);
    if (acked..=begun).any(|number| state(number) == found) {
        return Ok(());
    }
    let settled = rounds.iter().take(acked).rposition(|round| round.done > 0).unwrap_or(0);
    let is_in_doubt = |number: usize| {
        let doubt = rounds.get(number).and_then(|round| round.doubt.as_ref());
        doubt.is_some_and(|ends| hold(state(number), ends, found).is_ok())
    };
    if (settled..begun).any(is_in_doubt) {
        return Ok(());
    }
    let what = format!("after {position} entries: {}", state(acked).difference(found));
    let is_old = (0..acked).any(|number| state(number) == found);
    Err(if is_old { Breach::Lost(what) } else { Breach::Half(what) })
}

/// What stood before a round stands. What was answered as done in it is there, what was answered as not done
/// is not, and of the rest nobody knows.
pub(crate) fn hold(last: &World, open: &Ends, found: &World) -> Result<(), String> {
    let is_any = |act: &Act, is: fn(&Result<(), _>) -> bool| {
        open.iter().any(|(asked, ends)| asked == act && ends.iter().any(is))
    };
    for slot in 0..SLOTS {
        let (before, after) = (last.link(&reference(slot)), found.link(&reference(slot)));
        let asked = open.iter().find_map(|(act, _)| match act {
            Act::Step(other, step) if *other == slot => Some((act, *step)),
            Act::Step(..) | Act::Import | Act::Seal(_) | Act::Advance(_) => None,
        });
        let is_repeat = before.is_some() && matches!(asked, Some((_, Step::Create)));
        let may_change = asked.is_some_and(|(act, _)| is_any(act, |end| end.is_ok() || is_unknown(end)));
        let must_change = !is_repeat && asked.is_some_and(|(act, _)| is_any(act, Result::is_ok));
        let has_changed = before != after;
        if (has_changed && !may_change) || (must_change && !has_changed) {
            return Err(format!("{} after {open:?}: {}", reference(slot), last.difference(found)));
        }
    }
    let is_import = is_any(&Act::Import, |end| end.is_ok() || is_unknown(end));
    if last.merchants != found.merchants && !is_import {
        return Err(format!("merchants: {}", last.difference(found)));
    }
    let is_advance = open.iter().any(|(act, _)| matches!(act, Act::Advance(_)));
    if last.offset != found.offset && !is_advance {
        return Err(format!("the clock: {}", last.difference(found)));
    }
    if found.pictures.len() != (0..SLOTS).filter(|slot| found.link(&reference(*slot)).is_some()).count() {
        return Err("a link that nobody asked for".to_owned());
    }
    if found.strays.is_empty() { Ok(()) } else { Err(format!("jobs of nobody: {:?}", found.strays)) }
}

fn is_unknown<T>(end: &Result<T, Failure>) -> bool {
    matches!(end, Err(Failure::Unknown))
}

/// The store is not only right, it works: an engine starts on it and makes a link.
pub(crate) fn works(image: &Image) {
    let folder = folder();
    image.write_to(folder.path()).unwrap();
    let location = Location::sqlite(folder.path().join("kadi.db"));
    let now = block_on(async {
        let engine = Engine::start(&location, Setup::sandbox(), keys()).unwrap();
        let guest = merchant("guest");
        let import = ImportMerchants::new(vec![(guest, BTreeSet::new(), Vec::new())], engine.keys()).unwrap();
        let merchant_id = engine.submit(import).await.unwrap()[0].merchant_id;
        let link = CreateLink { merchant_id, new: invoice("after the cut"), idempotency: None };
        engine.submit(link).await.unwrap();
        engine.stop();
        engine.now()
    });
    assert!(open(&location, now).unwrap().link("after the cut").is_some());
}

/// Runs a future on a thread's own runtime.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    Builder::new_current_thread().enable_time().build().unwrap().block_on(work)
}
