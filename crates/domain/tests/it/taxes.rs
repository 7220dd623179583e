//! Taxes over payments against a model that hands out single units: together exactly the tax, never changed
//! by what comes later.

use kadi_domain::amount::Minor;
use kadi_domain::id::PaymentId;
use kadi_domain::link::{Line, LineTax, Link, lines_total};
use kadi_domain::tax::{TaxStep, Taxes, totals};

use crate::fees::Numbers;
use crate::split::model;
use crate::world::{once, reusable};

fn step(payment: i64, applied: i64, is_capture: bool) -> TaxStep {
    TaxStep { payment_id: PaymentId::new(payment), applied: Minor::new(applied), is_capture }
}

fn line(units: i64, price: i64, taxes: &[(&str, i64)]) -> Line {
    let tax =
        |(name, amount): &(&str, i64)| LineTax { name: (*name).to_owned(), amount: Minor::new(*amount) };
    let taxes = taxes.iter().map(tax).collect();
    Line { name: "Book".to_owned(), code: None, units, unit_amount: Minor::new(price), taxes }
}

fn amounts(taxes: &[LineTax]) -> Vec<i64> {
    taxes.iter().map(|tax| tax.amount.get()).collect()
}

fn of(link: &Link, lines: &[Line], history: &[TaxStep], payment: i64) -> Vec<i64> {
    amounts(&Taxes::over(link, lines, history).unwrap().of(PaymentId::new(payment)))
}

/// 1,180 with 90 of each tax, paid in three parts.
#[test]
fn parts_have_their_share_and_together_the_whole() {
    let lines = [line(2, 400, &[("CGST", 36), ("SGST", 36)]), line(1, 200, &[("CGST", 18), ("SGST", 18)])];
    assert_eq!(
        (lines_total(&lines).unwrap(), amounts(&totals(&lines).unwrap())),
        (Minor::new(1_180), vec![90, 90])
    );
    let link = once();
    let history = [step(1, 400, true), step(2, 400, true), step(3, 380, true)];
    let shares = [1, 2, 3].map(|payment| of(&link, &lines, &history, payment));
    assert_eq!(shares, [[31, 30], [30, 31], [29, 29]]);
    assert_eq!(of(&link, &lines, &history[..1], 1), [31, 30], "known from the beginning");
    assert_eq!(amounts(&Taxes::over(&link, &lines, &history[..2]).unwrap().left()), [29, 29]);
    assert!(of(&link, &lines, &history, 4).is_empty(), "never captured");
    assert!(of(&link, &[line(1, 1_180, &[])], &history, 1).is_empty(), "without taxes");
}

#[test]
fn each_payment_of_a_reusable_invoice_has_the_whole_tax() {
    let lines = [line(1, 1_000, &[("GST", 180)])];
    let history = [step(1, 1_180, true), step(2, 1_180, true), step(3, 590, true)];
    let shares = [1, 2, 3].map(|payment| of(&reusable(), &lines, &history, payment));
    assert_eq!(shares, [[180], [180], [90]]);
}

#[test]
fn what_was_taken_back_is_left_again_and_no_share_changes() {
    let mut numbers = Numbers(31);
    for _ in 0..1_000 {
        let names = ["CGST", "SGST", "CESS"];
        let taxes: Vec<_> = names
            .iter()
            .take(1 + usize::try_from(numbers.below(3)).unwrap())
            .map(|n| (*n, numbers.below(500)))
            .collect();
        let lines =
            [line(1 + numbers.below(5), 1 + numbers.below(5_000), &taxes), line(1, numbers.below(9), &[])];
        let whole = lines_total(&lines).unwrap().get();
        let tax = amounts(&totals(&lines).unwrap());
        let mut left = tax.clone();
        left.push(whole - tax.iter().sum::<i64>());
        let (mut history, mut expected, mut standing) = (Vec::new(), Vec::<Vec<i64>>::new(), Vec::new());
        for payment in 0..40 {
            let free: i64 = left.iter().sum();
            if numbers.below(4) == 0 && !standing.is_empty() {
                let gone: usize = standing
                    .remove(usize::try_from(numbers.below(u64::try_from(standing.len()).unwrap())).unwrap());
                let applied: i64 = expected[gone].iter().sum();
                history.push(step(i64::try_from(gone).unwrap(), applied, false));
                left = left.iter().zip(&expected[gone]).map(|(left, share)| left + share).collect();
            }
            let wish = if payment == 39 { left.iter().sum() } else { numbers.below(free.unsigned_abs() + 1) };
            let overs: Vec<i128> = left.iter().map(|part| i128::from(*part) * i128::from(wish)).collect();
            let under = left.iter().sum::<i64>();
            let shares = if under == 0 { vec![0; left.len()] } else { model(wish, &overs, under.into()) };
            history.push(step(payment, wish, true));
            left = left.iter().zip(&shares).map(|(left, share)| left - share).collect();
            standing.push(expected.len());
            expected.push(shares);
        }
        let found = Taxes::over(&once(), &lines, &history).unwrap();
        let mut sums = vec![0; tax.len()];
        for (payment, shares) in (0..).zip(&expected) {
            let share = amounts(&found.of(PaymentId::new(payment)));
            assert_eq!(share, shares[..tax.len()]);
            if standing.contains(&usize::try_from(payment).unwrap()) {
                sums.iter_mut().zip(&share).for_each(|(sum, share)| *sum += share);
            }
        }
        assert_eq!(sums, tax, "all that stand are together the tax");
        assert!(amounts(&found.left()).iter().all(|left| *left == 0));
    }
}
