//! The engine's handle: submit a command, ask a query, stop cleanly.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use kadi_domain::moment::Setup;
use kadi_domain::refusal::Fault;
use kadi_domain::seal::Keyring;
use kadi_domain::time::Timestamp;
use kadi_store::{Location, Reader, Session, Trouble};
use tokio::sync::{Notify, oneshot};

use crate::batch::Batcher;
use crate::clock::{KadiClock, OFFSET_VALUE};
use crate::command::{Command, Failure};
use crate::queue::{Queue, Rejected};
use crate::readers::{self, Readers};
use crate::source::{BlockSource, fill};
use crate::ticket::{Caller, Ticket};

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
    clock: Arc<KadiClock>,
    setup: Arc<Setup>,
    keys: Arc<Keyring>,
    jobs: Arc<Notify>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    anchor: Mutex<Option<Anchor>>,
}

/// A reader that is asked nothing, open from before the first session until after the last. After a commit whose
/// sync failed SQLite takes the commit back, and its log still holds it. Only a process that has no connection
/// left reads the log anew; it would take that commit for a good one, and what is written after it, though synced,
/// is lost in a power cut together with it.
struct Anchor {
    _reader: Reader,
}

impl Engine {
    /// Migrates the store, opens it and starts the batcher and the readers.
    pub fn start(location: &Location, setup: Setup, keys: Keyring) -> Result<Self, Trouble> {
        kadi_store::migrate(location)?;
        let reader = Reader::open(location)?;
        let offset = reader.value(OFFSET_VALUE)?;
        let offset = offset.map_or(Ok(0), |text| text.parse());
        let offset_ms = offset.map_err(|_| Fault::new("the stored clock offset is no number"))?;
        let shared = Shared {
            queues: vec![Arc::new(Queue::new())],
            readers: Arc::new(Readers::default()),
            clock: Arc::new(KadiClock::new(offset_ms)),
            setup: Arc::new(setup),
            keys: Arc::new(keys),
            jobs: Arc::new(Notify::new()),
            threads: Mutex::new(Vec::new()),
            anchor: Mutex::new(Some(Anchor { _reader: reader })),
        };
        let engine = Self { shared: Arc::new(shared) };
        engine.start_batchers(location)?;
        engine.start_readers(location)?;
        Ok(engine)
    }

    fn start_batchers(&self, location: &Location) -> Result<(), Trouble> {
        for (number, queue) in (1..).zip(&self.shared.queues) {
            let batcher = Batcher {
                number,
                location: location.clone(),
                queue: Arc::clone(queue),
                clock: Arc::clone(&self.shared.clock),
                setup: Arc::clone(&self.shared.setup),
                keys: Arc::clone(&self.shared.keys),
                jobs: Arc::clone(&self.shared.jobs),
                session: Some(Session::open(location, number)?),
                source: BlockSource::default(),
            };
            self.spawn(format!("batcher-{number}"), move || batcher.run())?;
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
                tracing::error!(?trouble, "a query failed");
                Err(Failure::Unavailable)
            }
            Ok(Err(_)) | Err(_) => Err(Failure::Unavailable),
        }
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
        fill(&mut bytes)?;
        Ok(bytes)
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

    /// Rings when a commit wrote a job.
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
