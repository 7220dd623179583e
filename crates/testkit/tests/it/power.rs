//! A power cut after every operation of the scripted run.

use std::time::Instant;

use kadi_testkit::{Call, FailedSync, Platter, Tear};

use crate::check::{compare, recover};
use crate::run::{run, told};

#[tokio::test]
async fn first() {
    let began = Instant::now();
    let history = run(|_| {}, None).await;
    println!("{:?} {:?} {}", began.elapsed(), history.heard, told(&history.counts));
    println!(
        "{} entries, {} rounds, changes {}",
        history.log.len(),
        history.rounds.len(),
        history.counts.of(&Call::CHANGES)
    );
    let wal_starts = history
        .log
        .iter()
        .filter(|e| matches!(e, kadi_testkit::Entry::Write{at: 0, bytes, ..} if bytes.len() == 32))
        .count();
    println!("wal starts {wal_starts}");
    let mut platter = Platter::new(FailedSync::Forgets);
    let began = Instant::now();
    let mut points = 0;
    for (at, entry) in history.log.iter().enumerate() {
        platter.apply(entry);
        if at % 37 == 0 {
            for how in Tear::ALL {
                let image = platter.cut(how, at as u64);
                let found =
                    recover(&image, history.now).and_then(|found| compare(&history.rounds, at + 1, &found));
                if let Err(breach) = found {
                    println!("{at} {how:?} {breach:?}");
                }
                points += 1;
            }
        }
    }
    println!("{points} points in {:?}", began.elapsed());
}
