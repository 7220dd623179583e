//! The engine's handle: submit a command, ask a query, stop cleanly.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Setup;
use kadi_domain::refusal::Fault;
use kadi_domain::seal::Keyring;
use kadi_domain::time::Timestamp;
use kadi_store::{Location, Reader, Trouble};
use tokio::sync::{Notify, oneshot};

use crate::admission::{Admission, Admitted};
use crate::batch::Batcher;
use crate::clock::{KadiClock, OFFSET_VALUE};
use crate::command::{Command, Failure};
use crate::commands::probe::Probe;
use crate::faces::Faces;
use crate::nature::System;
use crate::pace::{Counts, Pace, Tally};
use crate::ports::Nature;
use crate::queue::{Queue, Rejected};
use crate::readers::{self, Readers};
use crate::source::BlockSource;
use crate::state::StoreState;
use crate::ticket::{Caller, Ticket};
use crate::watches::Watches;

/// How long a caller waits for its command.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a caller waits for a query.
const QUERY_PATIENCE: Duration = Duration::from_secs(10);
const READER_THREADS: usize = 2;

/// A running engine; clones are handles of the same one.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    queues: Vec<Arc<Queue>>,
    readers: Arc<Readers>,
    admission: Admission,
    faces: Arc<Faces>,
    watches: Arc<Watches>,
    nature: Arc<dyn Nature>,
    clock: Arc<KadiClock>,
    setup: Arc<Setup>,
    keys: Arc<Keyring>,
    jobs: Arc<Notify>,
    state: Arc<StoreState>,
    tally: Arc<Tally>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    started_alone: bool,
    anchor: Mutex<Option<Anchor>>,
}

/// A reader that is asked nothing, open from before the first session until after the last. After a commit
/// whose sync failed SQLite takes the commit back, and its log still holds it. Only a process that has no
/// connection left reads the log anew; it would take that commit for a good one, and what is written after
/// it, though synced, is lost in a power cut together with it.
struct Anchor {
    _reader: Reader,
}

/// What is to be known of a store before the threads start.
struct Prepared {
    /// That store and no other.
    location: Location,
    offset_ms: i64,
    is_alone: bool,
    /// Of an embedded store.
    anchor: Option<Anchor>,
}

impl Engine {
    /// Migrates the store, opens it and starts the batchers and the readers. Blocks.
    pub fn start(location: &Location, setup: Setup, keys: Keyring) -> Result<Self, Trouble> {
        Self::start_at_pace(location, setup, keys, Pace::default())
    }

    /// As [`Engine::start`], with another pace than a server's: for measurements.
    pub fn start_at_pace(
        location: &Location,
        setup: Setup,
        keys: Keyring,
        pace: Pace,
    ) -> Result<Self, Trouble> {
        Self::start_in(location, setup, keys, pace, Arc::new(System))
    }

    /// As [`Engine::start_at_pace`], with another clock and randomness than the system's: for stories that
    /// are told again to the letter.
    pub fn start_in(
        location: &Location,
        setup: Setup,
        keys: Keyring,
        pace: Pace,
        nature: Arc<dyn Nature>,
    ) -> Result<Self, Trouble> {
        // Sessions drive their connections themselves, which a thread of the caller's runtime may not do.
        let prepared = std::thread::scope(|scope| scope.spawn(|| prepare(location)).join());
        let Prepared { location, offset_ms, is_alone, anchor } = prepared.map_err(|_| dead())??;
        let location = &location;
        let shared = Shared {
            queues: (0..location.batchers()).map(|_| Arc::new(Queue::new())).collect(),
            readers: Arc::new(Readers::default()),
            admission: Admission::default(),
            faces: Arc::new(Faces::new(location)),
            watches: Arc::new(Watches::new(location)),
            clock: Arc::new(KadiClock::of(Arc::clone(&nature), offset_ms)),
            nature,
            setup: Arc::new(setup),
            keys: Arc::new(keys),
            jobs: Arc::new(Notify::new()),
            state: Arc::default(),
            tally: Arc::default(),
            threads: Mutex::new(Vec::new()),
            started_alone: is_alone,
            anchor: Mutex::new(anchor),
        };
        let engine = Self { shared: Arc::new(shared) };
        if let Err(trouble) =
            engine.start_batchers(location, pace).and_then(|()| engine.start_readers(location))
        {
            engine.stop();
            return Err(trouble);
        }
        Ok(engine)
    }

    fn start_batchers(&self, location: &Location, pace: Pace) -> Result<(), Trouble> {
        for (queue, number) in self.shared.queues.iter().zip(batcher_numbers(location)?) {
            let batcher = Batcher {
                number,
                location: location.clone(),
                queue: Arc::clone(queue),
                faces: Arc::clone(&self.shared.faces),
                watches: Arc::clone(&self.shared.watches),
                clock: Arc::clone(&self.shared.clock),
                setup: Arc::clone(&self.shared.setup),
                keys: Arc::clone(&self.shared.keys),
                jobs: Arc::clone(&self.shared.jobs),
                state: Arc::clone(&self.shared.state),
                pace,
                tally: Arc::clone(&self.shared.tally),
                session: None,
                source: BlockSource::new(Arc::clone(&self.shared.nature)),
            };
            let (opened, is_open) = std::sync::mpsc::sync_channel(1);
            self.spawn(format!("batcher-{number}"), move || batcher.run(&opened))?;
            is_open.recv().map_err(|_| dead())??;
        }
        Ok(())
    }

    fn start_readers(&self, location: &Location) -> Result<(), Trouble> {
        for number in 1..=READER_THREADS {
            let (readers, location) = (Arc::clone(&self.shared.readers), location.clone());
            self.spawn(format!("reader-{number}"), move || readers::run(&readers, &location))?;
        }
        Ok(())
    }

    fn spawn(&self, name: String, work: impl FnOnce() + Send + 'static) -> Result<(), Trouble> {
        let thread = std::thread::Builder::new().name(name).spawn(work);
        let thread = thread.map_err(|error| Trouble::Down(format!("no thread could be started: {error}")))?;
        self.shared.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// A place for a call of this merchant's program, to be held until it is answered: whoever calls too
    /// often waits here, and hears `Busy` where too many wait.
    pub async fn admit(&self, merchant: MerchantId) -> Result<Admitted, Failure> {
        self.shared.admission.admit(merchant, self.real_now()).await
    }

    /// Carries out a command; the reply comes after its commit.
    pub async fn submit<C: Command>(&self, command: C) -> Result<C::Reply, Failure> {
        let route = command.route();
        let (ticket, presence, reply) = Ticket::issue(command);
        let caller = Caller(presence);
        let count = i64::try_from(self.shared.queues.len()).unwrap_or(1).max(1);
        let at = usize::try_from(route.meets.rem_euclid(count)).unwrap_or(0);
        let queue = self.shared.queues.get(at).ok_or(Failure::Unavailable)?;
        queue.push(ticket).map_err(|rejected| match rejected {
            Rejected::Full => Failure::Busy,
            Rejected::Closed => Failure::Unavailable,
        })?;
        match tokio::time::timeout(PATIENCE, reply).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(_)) => Err(Failure::Unknown),
            Err(_) if caller.0.leave() => Err(Failure::Busy),
            Err(_) => Err(Failure::Unknown),
        }
    }

    /// Asks a reader. Reads see every change that was answered before.
    pub async fn query<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Reader) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Failure> {
        let (sender, receiver) = oneshot::channel();
        let ask = Box::new(move |reader: Result<&mut Reader, Trouble>| {
            // The caller may have gone: then nobody needs the answer.
            drop(sender.send(reader.and_then(query)));
        });
        if !self.shared.readers.push(ask) {
            return Err(Failure::Busy);
        }
        match tokio::time::timeout(QUERY_PATIENCE, receiver).await {
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(Trouble::Broken(fault)))) => Err(Failure::Broken(fault)),
            Ok(Ok(Err(trouble))) => {
                self.shared.state.is_down(&trouble.to_string());
                Err(Failure::Unavailable)
            }
            Ok(Err(_)) | Err(_) => Err(Failure::Unavailable),
        }
    }

    /// Does the store answer, reading and writing? Where it did not, this writes something before it says
    /// yes. The reason why not is for operators.
    pub async fn ready(&self) -> Result<(), String> {
        let writes = self.trouble().is_some();
        let failed = |failure| self.trouble().unwrap_or_else(|| format!("{failure:?}"));
        self.query(|reader| reader.next_due_at()).await.map_err(failed)?;
        for (batcher, _) in (0..).zip(&self.shared.queues) {
            self.submit(Probe { batcher, writes }).await.map_err(failed)?;
        }
        if writes {
            self.shared.state.is_up();
        }
        Ok(())
    }

    /// What is known of a store that does not answer; none once [`Engine::ready`] found that it does.
    pub fn trouble(&self) -> Option<String> {
        self.shared.state.trouble()
    }

    /// Business time.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// Real time, for leases and time-outs.
    pub fn real_now(&self) -> Timestamp {
        self.shared.clock.real_now()
    }

    /// Random bytes, for salts and tokens.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        self.shared.nature.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// What was read before.
    pub(crate) fn faces(&self) -> &Faces {
        &self.shared.faces
    }

    /// Who waits for payments.
    pub(crate) fn watches(&self) -> &Watches {
        &self.shared.watches
    }

    /// The clock.
    pub(crate) fn clock(&self) -> &KadiClock {
        &self.shared.clock
    }

    /// What this installation can do.
    pub fn setup(&self) -> &Setup {
        &self.shared.setup
    }

    /// All keys.
    pub fn keys(&self) -> &Keyring {
        &self.shared.keys
    }

    /// Did no other process use the store when this engine started? Then whoever had work in hand has died.
    pub fn started_alone(&self) -> bool {
        self.shared.started_alone
    }

    /// How much the batchers have done since the start.
    pub fn counts(&self) -> Counts {
        self.shared.tally.counts()
    }

    /// Rings when a commit wrote a job that is due.
    pub fn jobs_written(&self) -> Arc<Notify> {
        Arc::clone(&self.shared.jobs)
    }

    /// Takes no more commands, carries out those that wait, and ends all threads. Blocks.
    pub fn stop(&self) {
        for queue in &self.shared.queues {
            queue.close();
        }
        self.shared.readers.close();
        let threads =
            std::mem::take(&mut *self.shared.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("an engine thread panicked");
            }
        }
        *self.shared.anchor.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn prepare(location: &Location) -> Result<Prepared, Trouble> {
    kadi_store::migrate(location)?;
    let location = location.pinned()?;
    let is_alone = location.is_alone()?;
    let reader = Reader::open(&location)?;
    let offset = reader.value(OFFSET_VALUE)?;
    let offset = offset.map_or(Ok(0), |text| text.parse());
    let offset_ms = offset.map_err(|_| Fault::new("the stored clock offset is no number"))?;
    let anchor = match location {
        Location::Sqlite(_) => Some(Anchor { _reader: reader }),
        // A server looks after its own log.
        Location::Postgres(_) => None,
    };
    Ok(Prepared { location, offset_ms, is_alone, anchor })
}

/// An embedded store knows its one batcher by one number; on PostgreSQL each start draws numbers of its own,
/// so that no two processes ever share one.
fn batcher_numbers(location: &Location) -> Result<Vec<i64>, Fault> {
    match location {
        Location::Sqlite(_) => Ok(vec![1]),
        Location::Postgres(_) => (0..location.batchers()).map(|_| random_number()).collect(),
    }
}

fn random_number() -> Result<i64, Fault> {
    let mut bytes = [0; 8];
    System.fill(&mut bytes)?;
    Ok(i64::from_le_bytes(bytes) & i64::MAX)
}

fn dead() -> Trouble {
    Trouble::Down("a thread of the engine died at its start".to_owned())
}
