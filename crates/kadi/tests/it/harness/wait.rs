//! Waiting for what another process does soon.

use std::time::{Duration, Instant};

/// Asks until there is an answer; panics with `what` after half a minute: the machine is shared.
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let give_up = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < give_up, "waited half a minute for {what}");
        std::thread::sleep(Duration::from_millis(40));
    }
}

/// Waits until it is so; panics with `what` after half a minute: the machine is shared.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    wait_for(what, || is_so().then_some(()));
}
