//! What may have become of an attempt to pay: the rail's truth, as far as its story and the answers tell it.

use crate::line::{Op, Pay, Payment, Story, Word};

/// An attempt to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) op: Op,
    pub(crate) pay: Pay,
    pub(crate) end: End,
    pub(crate) decision: Option<Decision>,
}

/// What was answered to an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing: it may have begun.
    Unanswered,
    /// That nothing was done.
    Refused,
    /// That it was carried out; the form does not name the payment.
    Led,
    /// The payment.
    Paid(Payment),
}

/// A waiting payment that was to be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) taken: bool,
    pub(crate) is_acknowledged: bool,
}

/// How far things have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum World {
    /// Jobs are open.
    Moving,
    /// The rail was asked about every payment, and all its notices are there.
    Settled,
}

const STARTED: &str = "started";
const PENDING: &str = "pending";
const CAPTURED: &str = "captured";
const FAILED: &str = "failed";
const HELD: &str = "held";
const REVERSED: &str = "reversed";

impl Attempt {
    /// Must there be a payment of it?
    pub(crate) const fn must_be(&self) -> bool {
        matches!(self.end, End::Led | End::Paid(_))
    }

    /// May there be one?
    pub(crate) const fn may_be(&self) -> bool {
        !matches!(self.end, End::Refused)
    }

    /// Is this payment the attempt's, in a state that nothing contradicts?
    pub(crate) fn allows(&self, payment: &Payment, world: World) -> bool {
        if let End::Paid(told) = &self.end {
            let same_money = told.rail_reference.is_none() || told.rail_reference == payment.rail_reference;
            if told.id != payment.id || !same_money {
                return false;
            }
        }
        let has_reference = match payment.state.as_str() {
            CAPTURED | HELD | REVERSED => payment.rail_reference.is_some(),
            _ => true,
        };
        payment.amount == self.pay.amount
            && has_reference
            && self.states(world).contains(&payment.state.as_str())
    }

    /// The states in which its payment may be.
    fn states(&self, world: World) -> Vec<&'static str> {
        let (first, last) = truth(self.pay.story);
        let mut states = match (self.decision, world) {
            (None, World::Settled) => vec![last],
            (None, World::Moving) => vec![first, last],
            (Some(decision), _) => {
                let mut states = vec![if decision.taken { CAPTURED } else { FAILED }];
                if !decision.is_acknowledged {
                    states.push(PENDING);
                }
                states
            }
        };
        if self.end == End::Unanswered {
            // The rail may never have heard of it.
            states.push(FAILED);
            match self.pay.story {
                // A wrong notice came before the right answer: money behind a failure comes late.
                Story::Contradiction => states.push(HELD),
                Story::ReorderedNotices if world == World::Moving => states.push(PENDING),
                Story::Success
                | Story::Failure
                | Story::Pending
                | Story::PendingThenSuccess
                | Story::PendingThenFailure
                | Story::LateSuccess
                | Story::DuplicateNotice
                | Story::ReorderedNotices
                | Story::TimeoutBeforeCapture
                | Story::TimeoutAfterCapture
                | Story::Reversal => {}
            }
            if world == World::Moving {
                states.push(STARTED);
            }
        }
        states
    }
}

/// The state right after an answer, and the last one, of a payment that the rail was asked for.
const fn truth(story: Story) -> (&'static str, &'static str) {
    match story {
        Story::Success | Story::DuplicateNotice | Story::ReorderedNotices | Story::Contradiction => {
            (CAPTURED, CAPTURED)
        }
        Story::Failure => (FAILED, FAILED),
        Story::Pending => (PENDING, PENDING),
        Story::PendingThenSuccess => (PENDING, CAPTURED),
        Story::PendingThenFailure => (PENDING, FAILED),
        Story::LateSuccess => (STARTED, HELD),
        Story::TimeoutBeforeCapture => (STARTED, FAILED),
        Story::TimeoutAfterCapture => (STARTED, CAPTURED),
        Story::Reversal => (CAPTURED, REVERSED),
    }
}

/// Does this story end with money on the link?
pub(crate) fn ends_captured(story: Story) -> bool {
    truth(story).1 == CAPTURED
}

/// Is the money of this payment on the link?
pub(crate) fn is_captured(payment: &Payment) -> bool {
    payment.state == CAPTURED
}

/// Does this payment wait to be decided?
pub(crate) fn is_pending(payment: &Payment) -> bool {
    payment.state == PENDING
}

/// May the answer to an attempt be this? An attempt without a word of the rail's stands as started.
pub(crate) fn fits(story: Story, word: &Word) -> bool {
    match word {
        Word::Paid(payment) => payment.state == truth(story).0,
        Word::Led
        | Word::Made(_)
        | Word::Settled { .. }
        | Word::Cancelled { .. }
        | Word::Opened
        | Word::Looked { .. }
        | Word::Refused { .. }
        | Word::Unsure { .. } => true,
    }
}

/// Gives each payment to an attempt that allows it, and each attempt that must have one its own. None where
/// that cannot be done; else the attempts that have a payment.
pub(crate) fn assign(attempts: &[&Attempt], payments: &[&Payment], world: World) -> Option<Vec<Op>> {
    let Some((payment, others)) = payments.split_first() else {
        return attempts.iter().all(|attempt| !attempt.must_be()).then(Vec::new);
    };
    let able = attempts.iter().filter(|attempt| attempt.may_be() && attempt.allows(payment, world));
    able.into_iter().find_map(|chosen| {
        let left: Vec<&Attempt> =
            attempts.iter().filter(|attempt| attempt.op != chosen.op).copied().collect();
        let mut done = assign(&left, others, world)?;
        done.push(chosen.op);
        Some(done)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Route;

    fn attempt(op: Op, story: Story, end: End) -> Attempt {
        Attempt { op, pay: Pay { route: Route::Side, story, amount: 500 }, end, decision: None }
    }

    fn payment(id: &str, state: &str) -> Payment {
        let rail_reference = (state == CAPTURED).then(|| format!("SBX{id}"));
        Payment { id: id.to_owned(), state: state.to_owned(), amount: 500, rail_reference }
    }

    fn can(attempts: &[Attempt], payments: &[Payment], world: World) -> bool {
        let (attempts, payments): (Vec<_>, Vec<_>) = (attempts.iter().collect(), payments.iter().collect());
        assign(&attempts, &payments, world).is_some()
    }

    #[test]
    fn an_acknowledged_capture_stays_one() {
        let paid = [attempt(1, Story::Success, End::Paid(payment("7", CAPTURED)))];
        assert!(can(&paid, &[payment("7", CAPTURED)], World::Moving));
        for wrong in [payment("7", FAILED), payment("8", CAPTURED), payment("7", STARTED)] {
            assert!(!can(&paid, &[wrong], World::Moving));
        }
        assert!(!can(&paid, &[], World::Moving), "a lost payment was not seen");
        let less = Payment { amount: 499, ..payment("7", CAPTURED) };
        assert!(!can(&paid, &[less], World::Moving), "a lower sum was not seen");
        let other = Payment { rail_reference: Some("SBX9".to_owned()), ..payment("7", CAPTURED) };
        assert!(!can(&paid, &[other], World::Moving), "other money was not seen");
        let doubled = [payment("7", CAPTURED), payment("8", CAPTURED)];
        assert!(!can(&paid, &doubled, World::Moving), "a second effect was not seen");
    }

    #[test]
    fn an_unanswered_attempt_may_have_had_its_effect_once() {
        let lost = [attempt(1, Story::Success, End::Unanswered)];
        assert!(can(&lost, &[], World::Settled));
        for state in [CAPTURED, FAILED] {
            assert!(can(&lost, &[payment("7", state)], World::Settled));
        }
        assert!(can(&lost, &[payment("7", STARTED)], World::Moving));
        assert!(!can(&lost, &[payment("7", STARTED)], World::Settled), "it never came to an end");
        assert!(!can(&lost, &[payment("7", CAPTURED), payment("8", CAPTURED)], World::Settled));
    }

    #[test]
    fn a_refused_attempt_leaves_nothing() {
        assert!(!can(&[attempt(1, Story::Success, End::Refused)], &[payment("7", CAPTURED)], World::Settled));
    }

    #[test]
    fn each_payment_finds_the_attempt_that_it_is_of() {
        let attempts = [
            attempt(1, Story::Success, End::Unanswered),
            attempt(2, Story::Failure, End::Led),
            attempt(3, Story::Success, End::Paid(payment("9", CAPTURED))),
        ];
        let payments = [payment("7", FAILED), payment("9", CAPTURED)];
        assert!(can(&attempts, &payments, World::Settled));
        assert!(!can(&attempts, &[payment("9", CAPTURED)], World::Settled), "the failure is missing");
    }

    #[test]
    fn a_silent_rail_has_its_truth_in_the_end() {
        let silent = [attempt(1, Story::TimeoutAfterCapture, End::Paid(payment("7", STARTED)))];
        assert!(can(&silent, &[payment("7", STARTED)], World::Moving));
        assert!(can(&silent, &[payment("7", CAPTURED)], World::Moving));
        assert!(!can(&silent, &[payment("7", STARTED)], World::Settled));
        assert!(!can(&silent, &[payment("7", FAILED)], World::Settled), "money was taken and not booked");
    }

    #[test]
    fn a_decided_payment_follows_the_decision() {
        let mut decided = attempt(1, Story::Pending, End::Paid(payment("7", PENDING)));
        assert!(can(&[decided.clone()], &[payment("7", PENDING)], World::Settled));
        decided.decision = Some(Decision { taken: true, is_acknowledged: false });
        assert!(can(&[decided.clone()], &[payment("7", PENDING)], World::Settled));
        decided.decision = Some(Decision { taken: true, is_acknowledged: true });
        assert!(!can(&[decided.clone()], &[payment("7", PENDING)], World::Settled));
        assert!(can(&[decided], &[payment("7", CAPTURED)], World::Settled));
    }
}
