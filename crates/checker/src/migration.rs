//! Kills during the very first start: whatever was there by then, the next start must become ready.

use std::time::{Duration, Instant};

use crate::killer::changed;
use crate::random::Random;
use crate::server::{Binary, end};

/// Kills a first start at a random moment, starts again, and uses the store. `first` must name an empty
/// store; `database` is the file that the migration makes, where there is one.
pub(crate) fn kill_first_start(
    first: &Binary,
    database: Option<&std::path::Path>,
    usual: Duration,
    random: &mut Random,
) -> Result<(), String> {
    let mut child = first.spawn()?;
    let began = Instant::now();
    let usual_us = u64::try_from(usual.as_micros()).unwrap_or(0);
    // Half of the kills come right after the file is there, when the tables are made.
    let is_watching = database.is_some() && random.chance(1, 2);
    if is_watching {
        while changed(database).is_none() && began.elapsed() < usual * 3 {
            std::hint::spin_loop();
        }
        spin(Duration::from_micros(random.below(usual_us / 2)));
    } else {
        spin(Duration::from_micros(random.below(usual_us)));
    }
    end(&mut child)?;
    let server = first.serve()?;
    server.kill()?;
    first.verify()
}

/// Waits more exactly than a sleeping thread is woken.
fn spin(time: Duration) {
    let began = Instant::now();
    while began.elapsed() < time {
        std::hint::spin_loop();
    }
}
