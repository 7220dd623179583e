//! An engine on a store of its own in memory, with a clock and dice that a story sets.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use kadi_domain::moment::Setup;
use kadi_domain::refusal::Fault;
use kadi_domain::seal::{Keyring, NumberedKey};
use kadi_domain::secret::Secret;
use kadi_domain::time::Timestamp;
use kadi_engine::engine::Engine;
use kadi_engine::pace::Pace;
use kadi_engine::ports::Nature;
use kadi_store::{Location, Reader, migrate, verify};
use kadi_testkit::Chance;
use tempfile::TempDir;

/// When the first story begins: long after 1970, so that every time is positive.
const BEGIN_MS: i64 = 1_800_000_000_000;

/// A clock that moves when it is moved, and dice with a seed.
#[derive(Debug)]
pub(crate) struct Told {
    now_ms: AtomicI64,
    dice: Mutex<Chance>,
}

impl Nature for Told {
    fn real_now(&self) -> Timestamp {
        Timestamp::from_ms(self.now_ms.load(Ordering::Acquire))
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        let noise = self.dice.lock().unwrap().noise(bytes.len());
        bytes.copy_from_slice(&noise);
        Ok(())
    }
}

/// A store with an engine on it and a reader beside it.
pub(crate) struct Stage {
    pub(crate) engine: Engine,
    pub(crate) reader: Reader,
    nature: Arc<Told>,
    location: Location,
    /// How many stories were told here.
    stories: usize,
    _folder: TempDir,
}

impl Stage {
    /// A store from the one migrated image.
    pub(crate) fn new() -> Self {
        let folder = folder();
        let file = folder.path().join("kadi.db");
        std::fs::write(&file, image()).unwrap();
        let location = Location::sqlite(file);
        let nature = Arc::new(Told { now_ms: AtomicI64::new(BEGIN_MS), dice: Mutex::new(Chance::new(0)) });
        let engine = start(&location, &nature);
        let reader = Reader::open(&location).unwrap();
        Self { engine, reader, nature, location, stories: 0, _folder: folder }
    }

    /// Begins another story: its number here.
    pub(crate) fn begin(&mut self, seed: u64) -> usize {
        self.stories += 1;
        *self.nature.dice.lock().unwrap() = Chance::new(seed);
        self.stories
    }

    /// Lets time pass, business time and real time alike.
    pub(crate) fn pass(&self, ms: i64) {
        self.nature.now_ms.fetch_add(ms, Ordering::AcqRel);
    }

    /// Stops the engine cleanly and starts another.
    pub(crate) fn restart(&mut self) {
        self.engine.stop();
        self.engine = start(&self.location, &self.nature);
    }

    /// Stops, and checks everything that is stored.
    pub(crate) fn close(self) -> Result<(), String> {
        self.engine.stop();
        let report =
            verify(&self.reader, &keys(), self.engine.now()).map_err(|trouble| trouble.to_string())?;
        if report.is_clean() { Ok(()) } else { Err(format!("the store in the end: {:?}", report.broken)) }
    }
}

fn start(location: &Location, nature: &Arc<Told>) -> Engine {
    let nature: Arc<dyn Nature> = Arc::<Told>::clone(nature);
    Engine::start_in(location, Setup::sandbox(), keys(), Pace::default(), nature).unwrap()
}

/// A folder in memory where there is one: no sync waits for a disk.
fn folder() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// The bytes of a store that was migrated and has nothing in it.
fn image() -> &'static [u8] {
    static IMAGE: OnceLock<Vec<u8>> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let folder = folder();
        let file = folder.path().join("kadi.db");
        migrate(&Location::sqlite(&file)).unwrap();
        std::fs::read(file).unwrap()
    })
}

fn keys() -> Keyring {
    let key = |id| NumberedKey { id, key: Secret::new([9; 32]) };
    Keyring::new(&Secret::new([1; 32]), vec![key(1)], Secret::new([2; 32]), vec![key(1)]).unwrap()
}
