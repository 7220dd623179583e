//! One write session: the only way by which anything is stored. It lives on its batcher's thread.

use std::ops::Range;

use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::location::Location;
use crate::sqlite::{Checkpoint, Checkpointer, Sqlite, open_writer};
use crate::tables::installation;
use crate::trouble::{Commit, Trouble};
use crate::{load, save};

/// A write session.
#[derive(Debug)]
pub struct Session {
    driver: Sqlite,
    checkpointer: Checkpointer,
    batcher: i64,
}

impl Session {
    /// Opens a session for the batcher with this number. [`Trouble::Down`] where the file cannot be opened or
    /// a setting would break a promise; the text names it.
    pub fn open(location: &Location, batcher: i64) -> Result<Self, Trouble> {
        let Location::Sqlite(file) = location;
        let mut connection = open_writer(file)?;
        let checkpointer = Checkpointer::new(file, &mut connection)?;
        let mut session = Self { driver: Sqlite::new(connection), checkpointer, batcher };
        session.alone(|driver| installation::make_mark(driver, batcher))?;
        Ok(session)
    }

    /// Takes `size` (at least 1) sequence numbers that were never given before and never will be again, in a
    /// durable transaction of its own. The first number ever is 1.
    pub fn take_block(&mut self, size: i64) -> Result<Range<i64>, Trouble> {
        self.alone(|driver| installation::take_block(driver, size))
    }

    /// Begins the batch's transaction and puts every record that was asked for on its shelf, found or not.
    /// After an error no transaction is open.
    pub fn load(&mut self, needs: &Needs) -> Result<View, Trouble> {
        self.driver.rollback()?;
        self.driver.begin()?;
        load::load(&self.driver, needs).inspect_err(|_| self.rollback())
    }

    /// Stores what changed in the view together with `mark`, and commits. Where nothing changed, nothing is
    /// written. After [`Commit::Aborted`] no transaction is open; after [`Commit::Unknown`] the session must
    /// be dropped.
    pub fn save(&mut self, view: &View, mark: [u8; 16]) -> Commit {
        let steps = save::steps(view, installation::mark(self.batcher, mark));
        for step in &steps {
            if let Err(trouble) = self.driver.run(step) {
                self.rollback();
                return Commit::Aborted(trouble);
            }
        }
        let end = self.driver.commit();
        if matches!(end, Commit::Aborted(_)) {
            self.rollback();
        }
        end
    }

    /// Leaves the transaction, if one is open, without a trace.
    pub fn rollback(&mut self) {
        if let Err(trouble) = self.driver.rollback() {
            // The next load tries again and tells its caller.
            tracing::error!(%trouble, "a rollback failed");
        }
    }

    /// Was the batch with this mark, the last of this batcher, committed?
    pub fn has_mark(&mut self, mark: [u8; 16]) -> Result<bool, Trouble> {
        let last = installation::last_mark(&self.driver, self.batcher)?;
        Ok(last.is_some_and(|last| last == mark))
    }

    /// Starts, continues or ends a checkpoint where the log has grown long. Call it between two batches.
    pub fn checkpoint_if_due(&mut self) -> Result<Checkpoint, Trouble> {
        self.checkpointer.step(self.driver.connection())
    }

    /// Runs `work` in a transaction of its own.
    fn alone<T>(&mut self, work: impl FnOnce(&Sqlite) -> Result<T, Trouble>) -> Result<T, Trouble> {
        self.driver.rollback()?;
        self.driver.begin()?;
        let done = work(&self.driver).inspect_err(|_| self.rollback())?;
        match self.driver.commit() {
            Commit::Committed => Ok(done),
            Commit::Aborted(trouble) => {
                self.rollback();
                Err(trouble)
            }
            Commit::Unknown(what) => Err(Trouble::Down(what)),
        }
    }
}
