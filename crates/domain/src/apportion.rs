//! Sharing out an amount in proportion, to the last minor unit: the method of the largest remainder.

use crate::amount::Minor;
use crate::refusal::Fault;

/// Shares `total` out over `weights` in proportion: each share is rounded down, and the minor units left over
/// go one each to the largest remainders, the first of equals first. The shares add up to the total, none is
/// further than one unit from its exact value, and where the total is the sum of the weights each share is
/// its weight. A fault where the total or a weight is negative, or where there is something to share and no
/// weight.
pub fn apportion(total: Minor, weights: &[i128]) -> Result<Vec<Minor>, Fault> {
    let (total, whole) = (i128::from(total.get()), weights.iter().sum::<i128>());
    if total < 0 || weights.iter().any(|weight| *weight < 0) || (whole == 0 && total > 0) {
        return Err(Fault::new("nothing can be divided like this"));
    }
    if whole == 0 {
        return Ok(vec![Minor::ZERO; weights.len()]);
    }
    let wide = |weight: &i128| {
        let product = total.checked_mul(*weight).ok_or_else(|| Fault::new("overflow in a division"))?;
        Ok((product / whole, product % whole))
    };
    let mut shares = weights.iter().map(wide).collect::<Result<Vec<_>, Fault>>()?;
    let left = total - shares.iter().map(|(share, _)| share).sum::<i128>();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    // A stable sort: of equal remainders the first stays first.
    order.sort_by_key(|at| std::cmp::Reverse(shares.get(*at).map_or(0, |(_, rest)| *rest)));
    for at in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        if let Some((share, _)) = shares.get_mut(at) {
            *share += 1;
        }
    }
    let minor = |(share, _): (i128, i128)| {
        i64::try_from(share).map(Minor::new).map_err(|_| Fault::new("overflow in a division"))
    };
    shares.into_iter().map(minor).collect()
}

/// What each part gives back when `amount` more of a payment is refunded, of what is `left` of each part: so
/// refunds that together are the whole payment empty every part exactly, and none gives more than it has
/// left. A fault where there is less left than `amount`.
pub fn give_back(left: &[Minor], amount: Minor) -> Result<Vec<Minor>, Fault> {
    let weights: Vec<i128> = left.iter().map(|part| i128::from(part.get())).collect();
    if weights.iter().sum::<i128>() < i128::from(amount.get()) {
        return Err(Fault::new("more is given back than is left"));
    }
    apportion(amount, &weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(amount: i64, weights: [i64; 3]) -> Vec<i64> {
        let shares = apportion(Minor::new(amount), &weights.map(i128::from)).unwrap();
        shares.into_iter().map(Minor::get).collect()
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
        let share = |amount, weights: [i64; 2]| apportion(Minor::new(amount), &weights.map(i128::from));
        assert!(share(-1, [1, 1]).is_err());
        assert!(share(1, [-1, 2]).is_err());
        assert!(share(1, [0, 0]).is_err());
        assert_eq!(share(0, [0, 0]), Ok(vec![Minor::ZERO; 2]));
    }
}
