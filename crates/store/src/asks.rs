//! What a load asks of the store, gathered first so that all of it is one trip, and where each answer goes.

use kadi_domain::refusal::Fault;
use kadi_domain::view::View;

use crate::driver::Driver;
use crate::row::Row;
use crate::sql::{Statement, Value};
use crate::trouble::Trouble;

/// A statement with the rows of its `input`, to be read.
#[derive(Debug)]
pub(crate) struct Query {
    /// The statement.
    pub(crate) statement: &'static Statement,
    /// The rows; without any the statement is not sent and gives nothing.
    pub(crate) input: Vec<Vec<Value>>,
}

type Fill<'n> = Box<dyn FnOnce(&mut std::vec::IntoIter<Vec<Row>>, &mut View) -> Result<(), Fault> + 'n>;

/// The questions of one load.
#[derive(Default)]
pub(crate) struct Asks<'n> {
    queries: Vec<Query>,
    fills: Vec<Fill<'n>>,
}

impl<'n> Asks<'n> {
    /// Adds one query and what is done with its rows.
    pub(crate) fn one(
        &mut self,
        statement: &'static Statement,
        input: Vec<Vec<Value>>,
        fill: impl FnOnce(Vec<Row>, &mut View) -> Result<(), Fault> + 'n,
    ) {
        self.several(vec![Query { statement, input }], move |mut answers, view| {
            fill(answers.pop().unwrap_or_default(), view)
        });
    }

    /// Adds queries that are answered together, in their order. Where none of them has input, nothing is
    /// done.
    pub(crate) fn several(
        &mut self,
        queries: Vec<Query>,
        fill: impl FnOnce(Vec<Vec<Row>>, &mut View) -> Result<(), Fault> + 'n,
    ) {
        if queries.iter().all(|query| query.input.is_empty()) {
            return;
        }
        let count = queries.len();
        self.queries.extend(queries);
        self.fills.push(Box::new(move |answers, view| fill(answers.take(count).collect(), view)));
    }

    /// Asks everything at once and fills the view.
    pub(crate) fn put(self, driver: &Driver, view: &mut View) -> Result<(), Trouble> {
        let mut answers = driver.query_all(&self.queries)?.into_iter();
        for fill in self.fills {
            fill(&mut answers, view)?;
        }
        Ok(())
    }
}
