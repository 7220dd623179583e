//! What belongs to the whole installation: named values, the id sequence, the marks of batches.

use std::collections::BTreeMap;
use std::ops::Range;

use kadi_domain::refusal::Fault;
use kadi_domain::view::{Fate, View};
use kadi_domain::work::Needs;

use crate::row::{Row, first, read};
use crate::sql::{Step, statements};
use crate::sqlite::Sqlite;
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    VALUE_LOAD(name Text) =
        "SELECT value.name, value.value FROM value, input WHERE value.name = input.name";
    VALUES_UNDER(prefix Text) =
        "SELECT value.name, value.value FROM value, input WHERE substr(value.name, 1, \
         length(input.prefix)) = input.prefix ORDER BY value.name";
    VALUE_INSERT(name Text, value Text) = { insert "value" };
    VALUE_UPDATE(name Text, value Text) =
        "UPDATE value SET value = input.value FROM input WHERE value.name = input.name";
    BLOCK_LOAD() locks "id_block" = "SELECT id_block.next FROM id_block WHERE id_block.id = 1";
    BLOCK_UPDATE(next Int) = "UPDATE id_block SET next = input.next FROM input WHERE id_block.id = 1";
    MARK_LOAD(batcher Int) =
        "SELECT batch_mark.mark FROM batch_mark, input WHERE batch_mark.batcher = input.batcher";
    MARK_INSERT(batcher Int, mark Bytes) = { insert "batch_mark" };
    MARK_UPDATE(batcher Int, mark Bytes) =
        "UPDATE batch_mark SET mark = input.mark FROM input WHERE batch_mark.batcher = input.batcher";
}

/// Loads the values that were asked for.
pub(crate) fn load(driver: &Sqlite, needs: &Needs, view: &mut View) -> Result<(), Trouble> {
    let input: Vec<_> = needs.values.iter().map(|name| row![*name]).collect();
    let found = read(driver.query(&VALUE_LOAD, &input)?, |row| Ok((row.text()?, row.text()?)))?;
    let mut found: BTreeMap<String, String> = found.into_iter().collect();
    for name in &needs.values {
        view.values.load(name, found.remove(*name));
    }
    Ok(())
}

/// The steps that store new and changed values.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    for (name, value, fate) in view.values.fates() {
        let statement = match fate {
            Fate::New => &VALUE_INSERT,
            Fate::Changed => &VALUE_UPDATE,
            Fate::Kept | Fate::Removed => continue,
        };
        steps.extend(value.map(|value| Step { statement, rows: vec![row![*name, value]] }));
    }
}

/// The step that marks a batcher's batch.
pub(crate) fn mark(batcher: i64, mark: [u8; 16]) -> Step {
    Step { statement: &MARK_UPDATE, rows: vec![row![batcher, &mark]] }
}

/// The mark of a batcher's last batch; none before its row was made.
pub(crate) fn last_mark(driver: &Sqlite, batcher: i64) -> Result<Option<Vec<u8>>, Trouble> {
    let rows = driver.query(&MARK_LOAD, &[row![batcher]])?;
    Ok(first(rows, Row::opt_bytes)?.flatten())
}

/// Makes the row of a batcher's marks where it is absent. Inside a transaction.
pub(crate) fn make_mark(driver: &Sqlite, batcher: i64) -> Result<(), Trouble> {
    if last_mark(driver, batcher)?.is_some() {
        return Ok(());
    }
    driver.run(&Step { statement: &MARK_INSERT, rows: vec![row![batcher, &[0; 16]]] })
}

/// Takes `size` numbers of the id sequence. Inside a transaction.
pub(crate) fn take_block(driver: &Sqlite, size: i64) -> Result<Range<i64>, Trouble> {
    let next = first(driver.query(&BLOCK_LOAD, &[row![]])?, Row::int)?;
    let start = next.ok_or_else(|| Fault::new("the id sequence is missing"))?;
    let end = start.checked_add(size).filter(|end| *end > start);
    let end = end.ok_or_else(|| Fault::new("a block of ids must be positive and within range"))?;
    driver.run(&Step { statement: &BLOCK_UPDATE, rows: vec![row![end]] })?;
    Ok(start..end)
}
