//! A PostgreSQL cluster for one test at a time, which can be made to wait for a standby that never comes.

use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, TryLockError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use kadi_store::migrate;
use kadi_testkit::postgres::{Cluster, Database};

use crate::store::Store;

/// For how long a test waits until something has happened.
const PATIENCE: Duration = Duration::from_secs(300);
/// A backend that has committed here and waits for the standby.
pub(crate) const FOR_STANDBY: &str = "wait_event = 'SyncRep'";
/// A backend that waits for another one's lock.
pub(crate) const FOR_LOCK: &str = "wait_event_type = 'Lock'";

pub(crate) struct Lonely {
    pub(crate) cluster: &'static Cluster,
    place: &'static Place,
    _alone: MutexGuard<'static, ()>,
}

/// A cluster, its only database and who has it. A server that was killed looks at every file when it starts,
/// so all tests share the database.
struct Place {
    alone: Mutex<()>,
    cluster: OnceLock<Cluster>,
    database: OnceLock<Database>,
}

impl Place {
    const fn new() -> Self {
        Self { alone: Mutex::new(()), cluster: OnceLock::new(), database: OnceLock::new() }
    }
}

impl Lonely {
    /// A cluster that no other test has.
    pub(crate) fn new() -> Self {
        static PLACES: [Place; 2] = [const { Place::new() }; 2];
        until(|| {
            PLACES.iter().find_map(|place| {
                let alone = match place.alone.try_lock() {
                    Ok(alone) => alone,
                    // A test that failed has put everything back, too.
                    Err(TryLockError::Poisoned(failed)) => failed.into_inner(),
                    Err(TryLockError::WouldBlock) => return None,
                };
                let cluster = place.cluster.get_or_init(|| Cluster::start(&[]));
                Some(Self { cluster, place, _alone: alone })
            })
        })
    }

    /// An empty store.
    pub(crate) fn store(&self) -> Store {
        let database = self.place.database.get_or_init(|| self.cluster.database()).clone();
        let store = Store::in_database(database);
        migrate(&store.location).unwrap();
        store.behind().execute("DELETE FROM value; DELETE FROM batch_mark").unwrap();
        store
    }

    /// Changes a setting of the whole cluster.
    pub(crate) fn set(&self, name: &str, value: &str) {
        self.cluster.run(&format!("ALTER SYSTEM SET {name} = '{value}'"));
        self.cluster.run("SELECT pg_reload_conf()");
        // A new connection has the setting once the server has read it.
        until(|| (self.cluster.first_database().query(&format!("SHOW {name}"))[0][0] == value).then_some(()));
    }

    /// From now on every commit waits for a standby that does not exist.
    pub(crate) fn lose_the_standby(&self) {
        self.set("synchronous_standby_names", "nobody");
        // Commits wait only when one more process has read the setting: the first that waits tells.
        until(|| {
            let database = self.cluster.first_database();
            let write =
                std::thread::spawn(move || database.execute("SELECT pg_logical_emit_message(true, '', '')"));
            let mut has_waited = false;
            while !write.is_finished() {
                if let Some(backend) = self.backend(FOR_STANDBY) {
                    has_waited = true;
                    self.cluster.run(&format!("SELECT pg_cancel_backend({backend})"));
                }
                sleep(Duration::from_millis(5));
            }
            write.join().unwrap().unwrap();
            has_waited.then_some(())
        });
    }

    /// Commits wait for nobody any more, and those that wait are done.
    pub(crate) fn forget_the_standby(&self) {
        self.set("synchronous_standby_names", "");
    }

    /// The process of the only backend that waits like this, as soon as there is one.
    pub(crate) fn waiting(&self, how: &str) -> String {
        until(|| self.backend(how))
    }

    /// Ends the only backend that waits like this, as soon as there is one.
    pub(crate) fn terminate(&self, how: &str) {
        let backend = self.waiting(how);
        self.cluster.run(&format!("SELECT pg_terminate_backend({backend})"));
        until(|| (self.backend(how) != Some(backend.clone())).then_some(()));
    }

    /// The process of a backend of which this is true, if there is one.
    pub(crate) fn backend(&self, is: &str) -> Option<String> {
        let query =
            format!("SELECT pid FROM pg_stat_activity WHERE {is} AND backend_type = 'client backend'");
        self.cluster.first_database().query(&query).first().map(|row| row[0].clone())
    }

    /// Kills a backend as the kernel does when memory is short. The server then drops every connection and
    /// starts anew; this returns when it can be reached again.
    pub(crate) fn kill(&self, backend: &str) {
        assert!(Command::new("kill").args(["-KILL", backend]).status().unwrap().success());
        // Nobody wipes out the place of a process that was killed so, until the server starts anew.
        until(|| {
            let is_gone = self.cluster.first_database().execute(&format!(
                "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = {backend}) \
                 THEN RAISE EXCEPTION 'not yet'; END IF; END $$"
            ));
            is_gone.ok()
        });
    }
}

impl Drop for Lonely {
    fn drop(&mut self) {
        self.forget_the_standby();
    }
}

/// What `look` finds, as soon as it finds something.
pub(crate) fn until<T>(look: impl Fn() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain");
        sleep(Duration::from_millis(10));
    }
}
