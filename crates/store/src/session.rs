//! One write session: the only way by which anything is stored. It lives on its batcher's thread.

use std::ops::Range;

use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::driver::Driver;
use crate::location::Location;
use crate::postgres::Postgres;
use crate::sql::Step;
use crate::sqlite::{Checkpoint, Checkpointer, Sqlite, open_writer};
use crate::tables::installation;
use crate::trouble::{Commit, Trouble};
use crate::{load, save};

/// A write session.
#[derive(Debug)]
pub struct Session {
    driver: Driver,
    /// SQLite's log wants to be moved; PostgreSQL looks after its own.
    checkpointer: Option<Checkpointer>,
    batcher: i64,
    /// Which session of the batcher this is. An older one, whose connection may still be about to commit,
    /// finds nothing to mark from now on.
    turn: i64,
    /// The mark of the last batch, or what an earlier session left.
    mark: Option<[u8; 16]>,
}

impl Session {
    /// Opens a session for the batcher with this number and takes the batcher over from any earlier one,
    /// whose unfinished commit it waits for. [`Trouble::Down`] where the store cannot be reached or a setting
    /// would break a promise; the text names it.
    pub fn open(location: &Location, batcher: i64) -> Result<Self, Trouble> {
        let (driver, checkpointer) = match location {
            Location::Sqlite(file) => {
                let mut connection = open_writer(file)?;
                let checkpointer = Checkpointer::new(file, &mut connection)?;
                (Driver::Sqlite(Sqlite::new(connection, file)?), Some(checkpointer))
            }
            Location::Postgres(address) => {
                (Driver::Postgres(Box::new(Postgres::open_writer(address)?)), None)
            }
        };
        let mut session = Self { driver, checkpointer, batcher, turn: 1, mark: None };
        (session.turn, session.mark) = session.alone(|driver| {
            let found = installation::last_mark(driver, batcher)?;
            let turn = found.as_ref().map_or(1, |(turn, _)| turn.saturating_add(1));
            let mark = found.and_then(|(_, mark)| mark.try_into().ok());
            Ok(((turn, mark), installation::take_over(batcher, turn)))
        })?;
        Ok(session)
    }

    /// Takes `size` (at least 1) sequence numbers that were never given before and never will be again, in a
    /// durable transaction of its own. The first number ever is 1.
    pub fn take_block(&mut self, size: i64) -> Result<Range<i64>, Trouble> {
        self.alone(|driver| installation::block(driver, size))
    }

    /// Begins the batch's transaction and puts every record that was asked for on its shelf, found or not.
    /// After an error no transaction is open.
    pub fn load(&mut self, needs: &Needs) -> Result<View, Trouble> {
        self.driver.rollback()?;
        self.driver.begin()?;
        load::load(&self.driver, needs).inspect_err(|_| self.rollback())
    }

    /// Stores what changed in the view together with `mark`, and commits. Where nothing changed, nothing is
    /// written, but what was read is durable wherever it must be. After [`Commit::Aborted`] no transaction is
    /// open; after [`Commit::Unknown`] the session must be dropped.
    pub fn save(&mut self, view: &View, mark: [u8; 16]) -> Commit {
        let steps = save::steps(view, installation::mark(self.batcher, self.turn, mark));
        let end = self.driver.commit(&steps);
        if end == Commit::Committed && !steps.is_empty() {
            self.mark = Some(mark);
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
    pub fn has_mark(&self, mark: [u8; 16]) -> bool {
        self.mark == Some(mark)
    }

    /// Ends the session and leaves nothing of its batcher behind: for a number that nobody uses again.
    pub fn retire(mut self) -> Result<(), Trouble> {
        let forget = installation::forget(self.batcher, self.turn);
        self.alone(|_| Ok(((), forget)))
    }

    /// Starts, continues or ends a checkpoint where the log has grown long. Call it between two batches.
    pub fn checkpoint_if_due(&mut self) -> Result<Checkpoint, Trouble> {
        let (Some(checkpointer), Driver::Sqlite(sqlite)) = (&mut self.checkpointer, &self.driver) else {
            return Ok(Checkpoint::NotDue);
        };
        checkpointer.step(sqlite.connection())
    }

    /// Reads and then writes one step in a transaction of its own.
    fn alone<T>(&mut self, work: impl FnOnce(&Driver) -> Result<(T, Step), Trouble>) -> Result<T, Trouble> {
        self.driver.rollback()?;
        self.driver.begin()?;
        let (done, step) = work(&self.driver).inspect_err(|_| self.rollback())?;
        match self.driver.commit(&[step]) {
            Commit::Committed => Ok(done),
            Commit::Aborted(trouble) => Err(trouble),
            Commit::Unknown(what) => Err(Trouble::Down(what)),
        }
    }
}
