//! The checker: opens what a power cut left and holds it against what was acknowledged.

use kadi_domain::moment::Setup;
use kadi_domain::reference::IdempotencyKey;
use kadi_domain::time::Timestamp;
use kadi_domain::work::Needs;
use kadi_engine::engine::Engine;
use kadi_store::{Location, Reader, Session, Trouble, migrate, verify};
use kadi_testkit::Image;

use crate::run::{Round, folder};
use crate::script::{SLOTS, reference};
use crate::steps::idempotency;
use crate::stock::keys;
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

/// What the cut left, as the normal path sees it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) world: World,
}

/// Opens the files by the normal path, checks the books, and reads everything.
pub(crate) fn recover(image: &Image, now: Timestamp) -> Result<Found, Breach> {
    let folder = folder();
    image.write_to(folder.path()).unwrap();
    open(&Location::sqlite(folder.path().join("kadi.db")), now)
}

/// As [`recover`], of files that are there.
pub(crate) fn open(location: &Location, now: Timestamp) -> Result<Found, Breach> {
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
    Ok(Found { world })
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
pub(crate) fn known(rounds: &[Round], position: usize) -> (usize, usize) {
    let acked = rounds.iter().take_while(|round| round.acked <= position).count();
    let begun = rounds.iter().take_while(|round| round.started <= position).count();
    (acked, begun)
}

/// Holds a recovered store against what was acknowledged by then: it is there, and nothing is half there.
pub(crate) fn compare(rounds: &[Round], position: usize, found: &Found) -> Result<(), Breach> {
    let nothing = World::default();
    let (acked, begun) = known(rounds, position);
    let state = |number: usize| number.checked_sub(1).map_or(&nothing, |at| &rounds[at].world);
    if (acked..=begun).any(|number| *state(number) == found.world) {
        return Ok(());
    }
    let what = state(acked).difference(&found.world);
    let is_old = (0..acked).any(|number| *state(number) == found.world);
    Err(if is_old { Breach::Lost(what) } else { Breach::Half(what) })
}

/// The store is not only right, it works: an engine starts on it and carries out a command.
pub(crate) async fn works(image: &Image) {
    let folder = folder();
    image.write_to(folder.path()).unwrap();
    let location = Location::sqlite(folder.path().join("kadi.db"));
    let engine = Engine::start(&location, Setup::sandbox(), keys()).unwrap();
    let before = engine.now();
    assert!(engine.advance_clock(60_000).await.unwrap().ms() >= before.ms() + 60_000);
    let now = engine.now();
    engine.stop();
    open(&location, now).unwrap();
}
