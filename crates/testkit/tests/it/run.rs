//! One scripted run on a faulty disk, with everything that was acknowledged written down outside the store.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Setup;
use kadi_domain::time::Timestamp;
use kadi_engine::command::Failure;
use kadi_engine::commands::administer::ImportMerchants;
use kadi_engine::commands::seal_books::SealBooks;
use kadi_engine::engine::Engine;
use kadi_store::{Location, SqliteFile};
use kadi_testkit::{Call as Operation, Entry, FaultyDisk, Plan};
use tempfile::TempDir;

use crate::gate::{Call, hold, queued};
use crate::script::{ADVANCES, RESTART, SEALS, crews, new_link, reference, turns};
use crate::steps::{Step, create, done, take};
use crate::stock::{MERCHANTS, keys, merchant};
use crate::world::World;

/// Pages at which the log is moved: often, so that the script sees it many times.
const LOG_PAGES: i64 = 150;
/// How often a command that was not done is asked for again, and a start or a query is tried.
const TRIES: usize = 200;
const PAUSE: Duration = Duration::from_millis(5);

/// What a round asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Import,
    Step(usize, Step),
    Seal(usize),
    Advance(i64),
}

/// What was asked for in a round, and how each of its commands was answered.
pub(crate) type Ends = Vec<(Act, Vec<Result<(), Failure>>)>;

/// A state of the store that its users were told of.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    /// The disk's position when the first command of the round was submitted: before it nothing of it is
    /// there.
    pub(crate) started: usize,
    /// The position when the last of its answers had come: from it on all of it is there.
    pub(crate) acked: usize,
    /// How many of its commands were answered as done.
    pub(crate) done: usize,
    /// All of its answers, where the end of a command is unknown: after a cut it may be there, until a later
    /// batch is done.
    pub(crate) doubt: Option<Ends>,
    pub(crate) world: World,
}

/// What a run leaves behind.
pub(crate) struct History {
    pub(crate) rounds: Vec<Round>,
    pub(crate) log: Vec<Entry>,
    pub(crate) now: Timestamp,
    pub(crate) heard: Heard,
    pub(crate) counts: kadi_testkit::Counts,
    /// What the disk's files hold when the run is over.
    pub(crate) folder: TempDir,
    /// How many entries the log had when the first call failed on purpose.
    pub(crate) failed_at: Option<usize>,
    /// The round that was under way when the power failed, and who of it was answered.
    pub(crate) open: Option<Ends>,
}

/// How commands were answered.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Heard {
    pub(crate) done: usize,
    pub(crate) unavailable: usize,
    pub(crate) busy: usize,
    pub(crate) unknown: usize,
    /// Queries that failed.
    pub(crate) unread: usize,
    /// Starts that failed and were repeated, as a supervisor would.
    pub(crate) unstarted: usize,
}

/// A run under way.
pub(crate) struct Run {
    disk: FaultyDisk,
    folder: TempDir,
    location: Location,
    engine: Option<Engine>,
    rounds: Vec<Round>,
    /// The clock after the last round.
    now: Timestamp,
    heard: Heard,
    is_cut: bool,
    open: Option<Ends>,
}

/// A folder in memory where there is one: no sync waits for a real disk.
pub(crate) fn folder() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// Runs the whole script; `prepare` may make the disk faulty before anything is on it.
pub(crate) async fn run(prepare: impl FnOnce(&FaultyDisk), plan: Option<Plan>) -> History {
    let folder = folder();
    let disk = FaultyDisk::new(folder.path()).unwrap();
    prepare(&disk);
    disk.arm(plan);
    let file = folder.path().canonicalize().unwrap().join("kadi.db");
    let vfs = Some(FaultyDisk::vfs().to_owned());
    let location = Location::Sqlite(SqliteFile { vfs, log_pages: LOG_PAGES, ..SqliteFile::at(file) });
    let is_cut = plan.is_some_and(|plan| plan.fault == kadi_testkit::Fault::Cut);
    let (rounds, heard, now) = (Vec::new(), Heard::default(), Timestamp::from_ms(0));
    let run = Run { disk, folder, location, engine: None, rounds, now, heard, is_cut, open: None };
    run.through().await
}

impl Run {
    async fn through(mut self) -> History {
        self.start().await;
        self.round(vec![Act::Import]).await;
        for turn in 0..turns() {
            for (_, ms) in ADVANCES.iter().filter(|(at, _)| *at == turn) {
                self.round(vec![Act::Advance(*ms)]).await;
            }
            for crew in crews(turn) {
                self.round(crew.into_iter().map(|(slot, step)| Act::Step(slot, step)).collect()).await;
            }
            if SEALS.contains(&turn) {
                self.round(vec![Act::Seal(0), Act::Seal(1)]).await;
            }
            if turn == RESTART && self.open.is_none() {
                self.restart().await;
            }
        }
        if let Some(engine) = self.engine.take() {
            engine.stop();
        }
        History {
            rounds: self.rounds,
            log: self.disk.log(),
            now: self.now,
            heard: self.heard,
            counts: self.disk.counts(),
            failed_at: self.disk.failed_at(),
            folder: self.folder,
            open: self.open,
        }
    }

    /// Starts the engine, again and again as a supervisor would.
    async fn start(&mut self) {
        for _ in 0..TRIES {
            match Engine::start(&self.location, Setup::sandbox(), keys()) {
                Ok(engine) => {
                    self.engine = Some(engine);
                    return;
                }
                Err(_) if self.is_over() => {
                    self.open = Some(Vec::new());
                    return;
                }
                Err(_) => self.heard.unstarted += 1,
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("the engine does not start any more");
    }

    async fn restart(&mut self) {
        if let Some(engine) = self.engine.take() {
            engine.stop();
        }
        self.start().await;
    }

    /// Has the power failed?
    fn is_over(&self) -> bool {
        self.is_cut && self.disk.failed() > 0
    }

    /// Asks for all of it in one batch, and for what was not done again, until all is done.
    async fn round(&mut self, mut acts: Vec<Act>) {
        for _ in 0..TRIES {
            if self.open.is_some() || acts.is_empty() {
                return;
            }
            let before = self.rounds.last().map(|round| round.world.clone()).unwrap_or_default();
            let started = self.disk.position();
            let ends = self.submit(&acts, &before).await;
            let acked = self.disk.position();
            self.now = self.engine.as_ref().unwrap().now();
            ends.iter().for_each(|(_, ends)| ends.iter().for_each(|end| self.heard.hear(end)));
            if self.is_over() {
                self.open = Some(ends);
                return;
            }
            let Some(world) = self.read().await else {
                self.open = Some(ends);
                return;
            };
            let done = ends.iter().flat_map(|(_, ends)| ends).filter(|end| end.is_ok()).count();
            let is_unknown = ends.iter().flat_map(|(_, ends)| ends).any(|end| *end == Err(Failure::Unknown));
            let doubt = is_unknown.then(|| ends.clone());
            acts = judge(&before, &world, ends);
            self.rounds.push(Round { started, acked, done, doubt, world });
            if !acts.is_empty() {
                tokio::time::sleep(PAUSE).await;
            }
        }
        panic!("never done: {acts:?}");
    }

    async fn submit(&self, acts: &[Act], world: &World) -> Ends {
        let engine = self.engine.as_ref().unwrap();
        let held = hold(engine);
        let calls: Vec<_> = acts.iter().map(|act| (act.clone(), begin(engine, act, world))).collect();
        held.open().await;
        let mut ends = Vec::new();
        for (act, calls) in calls {
            let mut all = Vec::new();
            for call in calls {
                all.push(call.await);
            }
            ends.push((act, all));
        }
        ends
    }

    /// What the engine's readers see; none once the power has failed.
    async fn read(&mut self) -> Option<World> {
        for _ in 0..TRIES {
            let engine = self.engine.as_ref().unwrap();
            match engine.query(|reader| World::read(reader)).await {
                Ok(world) => return Some(world),
                Err(Failure::Unavailable) if self.is_over() => return None,
                Err(Failure::Unavailable) => self.heard.unread += 1,
                Err(other) => panic!("a query was answered: {other:?}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("nothing can be read any more");
    }
}

impl Heard {
    fn hear(&mut self, end: &Result<(), Failure>) {
        match end {
            Ok(()) => self.done += 1,
            Err(Failure::Unavailable) => self.unavailable += 1,
            Err(Failure::Busy) => self.busy += 1,
            Err(Failure::Unknown) => self.unknown += 1,
            Err(other @ (Failure::Refused(_) | Failure::Broken(_))) => {
                panic!("a disk's fault became {other:?}")
            }
        }
    }
}

fn begin(engine: &Engine, act: &Act, world: &World) -> Vec<Call> {
    let merchant_of = |at: usize| world.merchants.iter().find(|it| it.slug == MERCHANTS[at]).unwrap().id;
    match act {
        Act::Import => {
            let files = MERCHANTS.map(|slug| (merchant(slug), BTreeSet::new(), Vec::new())).to_vec();
            let (engine, import) = (engine.clone(), ImportMerchants::new(files, engine.keys()).unwrap());
            vec![queued(done(async move { engine.submit(import).await }))]
        }
        Act::Step(slot, Step::Create) => {
            let merchant: MerchantId = merchant_of(slot % MERCHANTS.len());
            vec![create(engine, merchant, &reference(*slot), new_link(*slot, engine.now()))]
        }
        Act::Step(slot, step) => take(engine, *step, world.link(&reference(*slot)).unwrap()),
        Act::Seal(at) => {
            let (engine, seal) = (engine.clone(), SealBooks { merchant_id: merchant_of(*at) });
            vec![queued(done(async move { engine.submit(seal).await }))]
        }
        Act::Advance(ms) => {
            let (engine, ms) = (engine.clone(), *ms);
            vec![queued(done(async move { engine.advance_clock(ms).await }))]
        }
    }
}

/// Holds the answers of a round against what the store shows; what is to be asked for again.
fn judge(before: &World, after: &World, ends: Ends) -> Vec<Act> {
    let is_undone = |end: &Result<(), Failure>| matches!(end, Err(Failure::Unavailable | Failure::Busy));
    if ends.iter().all(|(_, ends)| ends.iter().all(is_undone)) {
        assert_eq!(before, after, "answered as not done: {}", before.difference(after));
        return ends.into_iter().map(|(act, _)| act).collect();
    }
    let mut again = Vec::new();
    for (act, ends) in ends {
        if let Act::Step(slot, Step::Start(..)) = &act {
            check_payments(*slot, before, after, &ends);
        }
        let touched = match &act {
            Act::Step(slot, _) => before.link(&reference(*slot)) != after.link(&reference(*slot)),
            Act::Import => before.merchants != after.merchants,
            Act::Advance(_) => before.offset != after.offset,
            Act::Seal(_) => before.unsealed != after.unsealed,
        };
        let is_repeat = matches!(act, Act::Step(_, Step::Create)) && !touched;
        if ends.iter().all(is_undone) {
            assert!(!touched || matches!(act, Act::Seal(_)), "answered as not done: {act:?}");
            again.push(act);
        } else if ends.iter().all(Result::is_ok) {
            assert!(touched || is_repeat, "answered as done: {act:?}");
        } else if !touched {
            again.push(act);
        }
    }
    again
}

/// As many payments were started as were answered so, and at most one more for each that is unknown.
fn check_payments(slot: usize, before: &World, after: &World, ends: &[Result<(), Failure>]) {
    let count = |world: &World| world.link(&reference(slot)).map_or(0, |link| link.payments.len());
    let started = count(after) - count(before);
    let done = ends.iter().filter(|end| end.is_ok()).count();
    let unknown = ends.iter().filter(|end| **end == Err(Failure::Unknown)).count();
    assert!((done..=done + unknown).contains(&started), "{started} payments started, answered {ends:?}");
}

/// How often each kind of call was made, for a table.
pub(crate) fn told(counts: &kadi_testkit::Counts) -> String {
    let each = Operation::ALL.map(|call| format!("{call:?} {}", counts.of(&[call])));
    each.join(", ")
}
