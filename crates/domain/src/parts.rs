//! Parts: an obligation that may be paid in several payments, and the plan by which it is to be.

use crate::amount::Minor;
use crate::refusal::{Fault, Refusal, Stop};
use crate::time::Timestamp;

/// The most instalments of a plan.
pub const INSTALMENTS_MAX: usize = 60;

/// How small the payments of an obligation may be. How many there may be stands in the link's `max_payments`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct PartRules {
    /// The first payment is at least this.
    pub min_first: Option<Minor>,
    /// Every payment is at least this, but the last, which may be smaller.
    pub min: Option<Minor>,
}

/// An instalment of a plan. A plan tells people what is due when; it refuses no payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// How much.
    pub amount: Minor,
    /// Until when.
    pub due_at: Timestamp,
}

/// An instalment with what is still to be paid of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The instalment.
    pub instalment: Instalment,
    /// What is left of it; nothing where it is paid.
    pub left: Minor,
}

impl PartRules {
    /// The least that the next payment may be where `left` is free to be paid and `taken` payments stand or
    /// are under way: the last that is allowed must pay all that is left.
    pub fn least(self, left: Minor, taken: i64, max_payments: Option<i64>) -> Minor {
        if max_payments.is_some_and(|max| taken + 1 >= max) {
            return left;
        }
        let first = self.min_first.filter(|_| taken == 0);
        let least = first.into_iter().chain(self.min).max().unwrap_or_default();
        least.max(Minor::new(1)).min(left)
    }

    /// Refuses rules that no payment of `amount` could keep, and a plan that is not exactly that amount in
    /// the order of due dates, all in the future.
    pub fn check(self, amount: Minor, plan: &[Instalment], now: Timestamp) -> Result<(), Stop> {
        let fits = |least: Option<Minor>| least.is_none_or(|least| least.is_positive() && least <= amount);
        if !fits(self.min_first) || !fits(self.min) {
            return Err(Refusal::PartsInvalid.into());
        }
        if plan.is_empty() {
            return Ok(());
        }
        let (mut sum, mut last) = (Minor::ZERO, now);
        for instalment in plan {
            if !instalment.amount.is_positive() || instalment.amount > amount || instalment.due_at <= last {
                return Err(Refusal::PartsInvalid.into());
            }
            (sum, last) = (sum.plus(instalment.amount)?, instalment.due_at);
        }
        if sum != amount || plan.len() > INSTALMENTS_MAX {
            return Err(Refusal::PartsInvalid.into());
        }
        Ok(())
    }
}

/// Where a plan stands when `captured` is paid: money pays the earliest instalments first.
pub fn standing(plan: &[Instalment], captured: Minor) -> Result<Vec<Standing>, Fault> {
    let mut paid = captured;
    let stand = |instalment: &Instalment| {
        let now = paid.min(instalment.amount);
        paid = paid.minus(now)?;
        Ok(Standing { instalment: *instalment, left: instalment.amount.minus(now)? })
    };
    plan.iter().map(stand).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_000);

    fn rules(min_first: i64, min: i64) -> PartRules {
        PartRules { min_first: Some(Minor::new(min_first)), min: Some(Minor::new(min)) }
    }

    fn plan(parts: &[(i64, i64)]) -> Vec<Instalment> {
        let instalment = |(amount, due): &(i64, i64)| Instalment {
            amount: Minor::new(*amount),
            due_at: Timestamp::from_ms(*due),
        };
        parts.iter().map(instalment).collect()
    }

    #[test]
    fn the_least_of_the_first_of_every_and_of_the_last_payment() {
        let least = |left, taken, max| rules(500, 200).least(Minor::new(left), taken, max).get();
        assert_eq!(least(1_000, 0, None), 500);
        assert_eq!(least(500, 1, None), 200);
        assert_eq!(least(150, 4, None), 150, "the last may be smaller");
        assert_eq!(least(600, 1, Some(2)), 600, "the last that is allowed pays all");
        assert_eq!(least(600, 1, Some(3)), 200);
        assert_eq!(PartRules::default().least(Minor::new(9), 0, None), Minor::new(1));
        let small_first = rules(100, 200).least(Minor::new(1_000), 0, None);
        assert_eq!(small_first, Minor::new(200), "the first is a payment too");
    }

    #[test]
    fn rules_and_plans_that_cannot_be_kept_are_refused() {
        let check =
            |rules: PartRules, parts: &[(i64, i64)]| rules.check(Minor::new(1_000), &plan(parts), NOW);
        assert_eq!(check(rules(1_000, 1), &[(400, 2_000), (600, 3_000)]), Ok(()));
        assert_eq!(check(rules(1, 1), &[]), Ok(()));
        let no = Err(Stop::from(Refusal::PartsInvalid));
        for wrong in [rules(1_001, 1), rules(1, 1_001), rules(0, 1), rules(1, 0)] {
            assert_eq!(check(wrong, &[]), no, "{wrong:?}");
        }
        for parts in [
            &[(400, 2_000), (599, 3_000)][..],
            &[(400, 2_000), (601, 3_000)],
            &[(400, 3_000), (600, 3_000)],
            &[(1_000, 1_000)],
            &[(1_000, 2_000), (0, 3_000)],
        ] {
            assert_eq!(check(rules(1, 1), parts), no, "{parts:?}");
        }
    }

    #[test]
    fn money_pays_the_earliest_instalments_first() {
        let plan = plan(&[(400, 2_000), (600, 3_000)]);
        let left = |captured| -> Vec<i64> {
            standing(&plan, Minor::new(captured)).unwrap().iter().map(|one| one.left.get()).collect()
        };
        assert_eq!(left(0), [400, 600]);
        assert_eq!(left(450), [0, 550]);
        assert_eq!(left(1_000), [0, 0]);
    }
}
