//! What belongs to the whole installation: named values, the id sequence, the marks of batches.

use std::collections::BTreeMap;
use std::ops::Range;

use kadi_domain::refusal::Fault;
use kadi_domain::shelf::Fate;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::driver::Driver;
use crate::row::{Row, first, read};
use crate::sql::{Step, statements};
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
    MARK_LOAD(batcher Int) locks "batch_mark" =
        "SELECT batch_mark.turn, batch_mark.mark FROM batch_mark, input \
         WHERE batch_mark.batcher = input.batcher";
    MARK_INSERT(batcher Int, turn Int, mark Bytes) = { insert "batch_mark" };
    MARK_TAKE(batcher Int, turn Int) =
        "UPDATE batch_mark SET turn = input.turn FROM input WHERE batch_mark.batcher = input.batcher";
    MARK_UPDATE(batcher Int, turn Int, mark Bytes) =
        "UPDATE batch_mark SET mark = input.mark FROM input WHERE batch_mark.batcher = input.batcher \
         AND batch_mark.turn = input.turn";
    MARK_REMOVE(batcher Int, turn Int) =
        "DELETE FROM batch_mark USING input WHERE batch_mark.batcher = input.batcher \
         AND batch_mark.turn = input.turn";
}

/// Loads the values that were asked for.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.values.iter().map(|name| row![*name]).collect();
    asks.one(&VALUE_LOAD, input, |rows, view| {
        let found = read(rows, |row| Ok((row.text()?, row.text()?)))?;
        let mut found: BTreeMap<String, String> = found.into_iter().collect();
        for name in &needs.values {
            view.values.load(name, found.remove(*name));
        }
        Ok(())
    });
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

/// The step that marks a batcher's batch. It finds nothing once another session has taken over the batcher.
pub(crate) fn mark(batcher: i64, turn: i64, mark: [u8; 16]) -> Step {
    Step { statement: &MARK_UPDATE, rows: vec![row![batcher, turn, &mark]] }
}

/// The turn of a batcher's session and the mark of the batcher's last batch, waiting for a session that is
/// still about to commit; none before its first session.
pub(crate) fn last_mark(driver: &Driver, batcher: i64) -> Result<Option<(i64, Vec<u8>)>, Trouble> {
    let rows = driver.query(&MARK_LOAD, vec![row![batcher]])?;
    let found = first(rows, |row| Ok((row.int()?, row.opt_bytes()?)))?;
    Ok(found.map(|(turn, mark)| (turn, mark.unwrap_or_default())))
}

/// The step by which the session of this turn takes over a batcher; the first turn is 1.
pub(crate) fn take_over(batcher: i64, turn: i64) -> Step {
    if turn == 1 {
        Step { statement: &MARK_INSERT, rows: vec![row![batcher, turn, &[0; 16]]] }
    } else {
        Step { statement: &MARK_TAKE, rows: vec![row![batcher, turn]] }
    }
}

/// The step that forgets a batcher, unless another session has taken it over.
pub(crate) fn forget(batcher: i64, turn: i64) -> Step {
    Step { statement: &MARK_REMOVE, rows: vec![row![batcher, turn]] }
}

/// The next `size` numbers of the id sequence, and the step that takes them.
pub(crate) fn block(driver: &Driver, size: i64) -> Result<(Range<i64>, Step), Trouble> {
    let next = first(driver.query(&BLOCK_LOAD, vec![row![]])?, Row::int)?;
    let start = next.ok_or_else(|| Fault::new("the id sequence is missing"))?;
    let end = start.checked_add(size).filter(|end| *end > start);
    let end = end.ok_or_else(|| Fault::new("a block of ids must be positive and within range"))?;
    Ok((start..end, Step { statement: &BLOCK_UPDATE, rows: vec![row![end]] }))
}
