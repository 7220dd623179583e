//! A tester moves the sandbox clock forward.

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::clock::OFFSET_VALUE;
use crate::command::{Command, Decision, Failure, Lane, Route};
use crate::engine::Engine;

struct AdvanceClock {
    by_ms: i64,
}

impl Command for AdvanceClock {
    type Reply = i64;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: MerchantId::new(0), meets: 0 }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.values.insert(OFFSET_VALUE);
    }

    fn decide(&self, view: &View, _moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        if self.by_ms < 0 {
            return Err(Refusal::ClockBackwards.into());
        }
        let stored = view.values.get(&OFFSET_VALUE)?.map_or(Ok(0), |text| text.parse::<i64>());
        let stored = stored.map_err(|_| Fault::new("the stored clock offset is no number"))?;
        let offset =
            stored.checked_add(self.by_ms).ok_or_else(|| Fault::new("the clock leaves its range"))?;
        let mut changes = Changes::default();
        changes.values.push((OFFSET_VALUE, offset.to_string()));
        Ok(Decision { reply: offset, changes })
    }
}

impl Engine {
    /// Moves the Kadi clock forward by `by_ms` and gives the new time. For the sandbox.
    pub async fn advance_clock(&self, by_ms: i64) -> Result<Timestamp, Failure> {
        let offset = self.submit(AdvanceClock { by_ms }).await?;
        self.clock().advance_to_offset(offset);
        Ok(self.now())
    }
}
