//! Asking a batcher whether it works, down to the disk where that is in doubt.

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::Stop;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// The name of the value that a probe writes: the time of the last one, in milliseconds.
const PROBE_VALUE: &str = "probed_at_ms";

/// Goes through a batch, and changes a value of its own where it `writes`.
#[derive(Debug)]
pub(crate) struct Probe {
    /// The batcher's turn among all of them, from 0.
    pub(crate) batcher: i64,
    /// Is something to be written?
    pub(crate) writes: bool,
}

impl Command for Probe {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: MerchantId::new(0), meets: self.batcher }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.values.insert(PROBE_VALUE);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<()>, Stop> {
        let now = moment.real_now.ms().to_string();
        let mut changes = Changes::default();
        // The same value again would be no change, and so no proof.
        if self.writes && view.values.get(&PROBE_VALUE)? != Some(&now) {
            changes.values.push((PROBE_VALUE, now));
        }
        Ok(Decision { reply: (), changes })
    }
}
