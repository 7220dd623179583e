//! Sharing out an amount in proportion, to the last minor unit: the method of the largest remainder.

use crate::amount::Minor;
use crate::refusal::Fault;

/// Shares `amount` out over `weights` in proportion: each share is rounded down, and the minor units left
/// over go one each to the largest remainders, the first of equals first. The shares add up to the amount,
/// none is further than one unit from its exact value, and where the amount is the sum of the weights each
/// share is its weight. A fault where the amount or a weight is negative, or where there is something to
/// share and no weight.
pub(crate) fn apportion<const N: usize>(amount: Minor, weights: [Minor; N]) -> Result<[Minor; N], Fault> {
    let total: i128 = weights.iter().map(|weight| i128::from(weight.get())).sum();
    let whole = i128::from(amount.get());
    if whole < 0 || weights.iter().any(|weight| *weight < Minor::ZERO) || (total == 0 && whole > 0) {
        return Err(Fault::new("an amount cannot be shared out over these weights"));
    }
    let mut shares = [0_i128; N];
    let mut remainders: Vec<(i128, usize)> = Vec::with_capacity(N);
    for (at, (share, weight)) in shares.iter_mut().zip(weights).enumerate() {
        let product = whole * i128::from(weight.get());
        *share = product / total.max(1);
        remainders.push((product % total.max(1), at));
    }
    remainders.sort_by_key(|(remainder, at)| (std::cmp::Reverse(*remainder), *at));
    let left_over = usize::try_from(whole - shares.iter().sum::<i128>()).unwrap_or(0);
    for (_, at) in remainders.into_iter().take(left_over) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    let mut parts = [Minor::ZERO; N];
    for (part, share) in parts.iter_mut().zip(shares) {
        *part = Minor::new(i64::try_from(share).map_err(|_| Fault::new("amount overflow in a share"))?);
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(amount: i64, weights: [i64; 3]) -> [i64; 3] {
        apportion(Minor::new(amount), weights.map(Minor::new)).unwrap().map(Minor::get)
    }

    #[test]
    fn units_left_over_go_to_the_largest_remainders() {
        assert_eq!(shares(1_000, [500, 90, 49_410]), [10, 2, 988]);
        assert_eq!(shares(1, [1, 1, 1]), [1, 0, 0], "the first of equals");
        assert_eq!(shares(50, [1, 0, 99]), [1, 0, 49], "half a unit goes to the first");
        assert_eq!(shares(49, [1, 0, 99]), [0, 0, 49]);
        assert_eq!(shares(7, [0, 0, 7]), [0, 0, 7]);
    }

    #[test]
    fn all_of_it_is_each_whole_weight() {
        assert_eq!(shares(50_000, [500, 90, 49_410]), [500, 90, 49_410]);
        assert_eq!(shares(i64::MAX, [i64::MAX - 2, 1, 1]), [i64::MAX - 2, 1, 1]);
    }

    #[test]
    fn what_cannot_be_shared_is_a_fault() {
        let share = |amount, weights: [i64; 2]| apportion(Minor::new(amount), weights.map(Minor::new));
        assert!(share(-1, [1, 1]).is_err());
        assert!(share(1, [-1, 2]).is_err());
        assert!(share(1, [0, 0]).is_err());
        assert_eq!(share(0, [0, 0]), Ok([Minor::ZERO; 2]));
    }
}
