//! A read-only session. The questions that it answers stand in `queries/`.

use crate::driver::Driver;
use crate::location::Location;
use crate::row::Row;
use crate::sql::{Statement, Value};
use crate::trouble::Trouble;

/// A read-only session: it sees every commit that ended before a question, and refuses every write.
#[derive(Debug)]
pub struct Reader {
    driver: Driver,
}

impl Reader {
    /// Opens a session. [`Trouble::Down`] as for [`crate::Session::open`].
    pub fn open(location: &Location) -> Result<Self, Trouble> {
        Ok(Self { driver: Driver::open_reader(location)? })
    }

    /// Can it still be used? After a lost connection it cannot, nor when the store's files were moved away:
    /// open another.
    pub fn is_usable(&self) -> bool {
        self.driver.is_usable()
    }

    /// Asks several questions of one state of the store. Keep it short: SQLite's log cannot be started anew
    /// meanwhile.
    pub fn snapshot<T>(&self, ask: impl FnOnce(&Self) -> Result<T, Trouble>) -> Result<T, Trouble> {
        if self.driver.is_open() {
            return ask(self);
        }
        self.driver.begin_reading()?;
        let answer = ask(self);
        self.driver.rollback()?;
        answer
    }

    /// What a statement gives for one row of input.
    pub(crate) fn ask(&self, statement: &'static Statement, input: Vec<Value>) -> Result<Vec<Row>, Trouble> {
        self.driver.query(statement, vec![input])
    }

    /// The session's driver, for functions shared with the writer.
    pub(crate) const fn driver(&self) -> &Driver {
        &self.driver
    }
}
