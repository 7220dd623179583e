//! The power fails while the engine works: nothing is answered as done that the disk does not hold.

use kadi_testkit::{Call, FailedSync, Fault, Plan, Platter, Tear};

use crate::check::{acknowledged, block_on, recover};
use crate::run::{Act, Ends, History, run};
use crate::script::{SLOTS, reference};
use crate::steps::Step;
use crate::work::{Tally, Wrong, hands, is_long, spread};
use crate::world::World;

#[test]
fn an_engine_whose_disk_dies_answers_truthfully_until_the_end() {
    let clean = block_on(run(|_| {}, None)).counts.of(&Call::CHANGES);
    let runs = if is_long() { 300 } else { 30 };
    let plan = |run| Plan { calls: &Call::CHANGES, after: clean * run / runs, times: 1, fault: Fault::Cut };
    let plans: Vec<_> = (0..runs).map(plan).collect();
    let (wrong, points, checked, unknown) =
        (Wrong::default(), Tally::default(), Tally::default(), Tally::default());
    // A dead disk is asked for two seconds before its callers hear that the end is unknown.
    spread(&plans, hands() * 4, &wrong, |plan| {
        let history = block_on(run(|_| {}, Some(*plan)));
        let open = history.open.as_ref().expect("the power never failed");
        unknown.add(history.heard.unknown);
        let mut platter = Platter::new(FailedSync::IsMadeUp);
        history.log.iter().for_each(|entry| platter.apply(entry));
        for how in Tear::ALL {
            points.add(1);
            checked.add(acknowledged(&history.rounds, history.log.len()));
            let found = recover(&platter.cut(how, plan.after), history.now).unwrap();
            hold(&history, open, &found).unwrap_or_else(|what| panic!("{how:?}: {what}"));
        }
    });
    println!(
        "{runs} runs with a cut, {} crash points, {} checks of acknowledged changes; {} commands answered as \
         unknown",
        points.get(),
        checked.get(),
        unknown.get()
    );
    wrong.assert_none();
    assert!(unknown.get() > 0, "no commit was ever cut");
}

/// The rounds that were seen to end stand. Of the round that was under way what was answered as done is
/// there, and what was answered as not done is not.
fn hold(history: &History, open: &Ends, found: &World) -> Result<(), String> {
    let nothing = World::default();
    let last = history.rounds.last().map_or(&nothing, |round| &round.world);
    let is_any = |act: &Act, is: fn(&Result<(), _>) -> bool| {
        open.iter().any(|(asked, ends)| asked == act && ends.iter().any(is))
    };
    for slot in 0..SLOTS {
        let (before, after) = (last.link(&reference(slot)), found.link(&reference(slot)));
        let asked = open.iter().find_map(|(act, _)| match act {
            Act::Step(other, step) if *other == slot => Some((act, *step)),
            Act::Step(..) | Act::Import | Act::Seal(_) | Act::Advance(_) => None,
        });
        let is_repeat = before.is_some() && matches!(asked, Some((_, Step::Create)));
        let may_change = asked.is_some_and(|(act, _)| is_any(act, |end| end.is_ok() || is_unknown(end)));
        let must_change = !is_repeat && asked.is_some_and(|(act, _)| is_any(act, Result::is_ok));
        let has_changed = before != after;
        if (has_changed && !may_change) || (must_change && !has_changed) {
            return Err(format!("{} after {open:?}: {}", reference(slot), last.difference(found)));
        }
    }
    let is_import = is_any(&Act::Import, |end| end.is_ok() || is_unknown(end));
    if last.merchants != found.merchants && !is_import {
        return Err(format!("merchants: {}", last.difference(found)));
    }
    if found.pictures.len() != (0..SLOTS).filter(|slot| found.link(&reference(*slot)).is_some()).count() {
        return Err("a link that nobody asked for".to_owned());
    }
    if found.strays.is_empty() { Ok(()) } else { Err(format!("jobs of nobody: {:?}", found.strays)) }
}

fn is_unknown<T>(end: &Result<T, kadi_engine::command::Failure>) -> bool {
    matches!(end, Err(kadi_engine::command::Failure::Unknown))
}
