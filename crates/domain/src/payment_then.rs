//! A payment as it stood at an event about it.

use crate::event::{Event, EventKind};
use crate::payment::{Payment, PaymentState};
use crate::refusal::Fault;

impl Payment {
    /// The payment as it stood right after an event about it, so that the event reads the same for ever.
    pub fn as_of(&self, event: &Event) -> Result<Self, Fault> {
        let at = event.at;
        let unfit = || Fault::new(format!("event {} does not fit its payment", event.id.get()));
        let state = match (event.kind, &self.state) {
            (EventKind::PaymentCaptured, _) => PaymentState::Captured { at, charges: self.charges() },
            (EventKind::PaymentFailed, PaymentState::Failed { .. })
            | (EventKind::PaymentHeld, PaymentState::Held { .. })
            | (EventKind::PaymentReversed, _) => self.state.clone(),
            (EventKind::PaymentFailed, _) => PaymentState::Failed { at, reason: String::new() },
            (EventKind::PaymentHeld, PaymentState::Reversed { held: Some(reason), .. }) => {
                PaymentState::Held { at, reason: *reason }
            }
            (EventKind::PaymentHeld, PaymentState::Captured { .. } | PaymentState::Reversed { .. }) => {
                let decided = self.decided.ok_or_else(unfit)?;
                PaymentState::Held { at, reason: decided.reason }
            }
            _ => return Err(unfit()),
        };
        let is_failure = event.kind == EventKind::PaymentFailed;
        let rail_reference = self.reference().filter(|_| !is_failure).map(str::to_owned);
        // Before it was applied, held money had only the amounts of its attempt.
        let is_before = matches!(event.kind, EventKind::PaymentHeld | EventKind::PaymentFailed);
        let amounts = (self.applied, self.discount, self.surcharge);
        let (applied, discount, surcharge) = if is_before { self.asked() } else { amounts };
        let gave_away = None;
        Ok(Self { state, rail_reference, gave_away, applied, discount, surcharge, ..self.clone() })
    }
}
