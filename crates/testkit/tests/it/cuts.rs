//! The power fails while the engine works: nothing is answered as done that the disk does not hold.

use kadi_testkit::{Call, FailedSync, Fault, Plan, Platter, Tear};

use crate::check::{acknowledged, block_on, hold, recover};
use crate::run::run;
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
        let (nothing, mut platter) = (World::default(), Platter::new(FailedSync::IsMadeUp));
        history.log.iter().for_each(|entry| platter.apply(entry));
        for how in Tear::ALL {
            points.add(1);
            checked.add(acknowledged(&history.rounds, history.log.len()));
            let found = recover(&platter.cut(how, plan.after), history.now).unwrap();
            let last = history.rounds.last().map_or(&nothing, |round| &round.world);
            hold(last, open, &found).unwrap_or_else(|what| panic!("{how:?}: {what}"));
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
