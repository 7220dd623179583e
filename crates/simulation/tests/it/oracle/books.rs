//! What the books must add to: each account's balance, from how payments and refunds stand now and nothing
//! else.

use std::collections::BTreeMap;

use super::link::Link;
use super::price::Part;

/// Debits less credits by account, without those that are even.
pub(crate) type Balances = BTreeMap<String, i64>;

impl Link {
    /// The balances of its accounts.
    pub(crate) fn balances(&self) -> Balances {
        let mut balances = Balances::new();
        let mut add = |account: &str, debit: i64| *balances.entry(account.to_owned()).or_default() += debit;
        for (number, payment) in self.payments.iter().enumerate() {
            let came = payment.took.as_ref().map_or(0, |took| took.amount);
            let dollars = if payment.is_rupees() { "" } else { "USD " };
            let mut add = |account: &str, debit: i64| add(&format!("{dollars}{account}"), debit);
            match payment.state {
                "captured" => {
                    let parts: Vec<_> = self.parts_left(number).into_iter().map(Part::net).collect();
                    let net = payment.applied - payment.cost.fee - payment.cost.tax;
                    add("rail_receivable", came);
                    add("merchant_payable", parts.iter().sum::<i64>() - net);
                    for (share, part) in self.terms.shares.iter().zip(parts) {
                        add(&format!("child_payable {}", share.child), -part);
                    }
                    add("fee_income", -payment.cost.fee);
                    add("fee_tax", -payment.cost.tax);
                    add("surcharge_income", -payment.surcharge);
                }
                "held" => {
                    add("rail_receivable", came);
                    add(&format!("hold.{}", payment.reason.unwrap()), -came);
                }
                _ => {}
            }
            let excess = self.excess(number);
            add("merchant_payable", excess);
            add("rail_receivable", -excess);
            for refund in self.out(number) {
                // Of a payment that is reversed the fee is given back already.
                let is_reversed = payment.state == "reversed";
                let (fee, tax) = if is_reversed { (0, 0) } else { (refund.fee, refund.tax) };
                let net = refund.amount - fee - tax;
                // Held money that the rail has taken back since is the merchant's loss.
                match payment.reason.filter(|_| refund.is_of_hold && payment.state == "held") {
                    Some(reason) => add(&format!("hold.{reason}"), net),
                    None => add("merchant_payable", net),
                }
                add("fee_income", fee);
                add("fee_tax", tax);
                let to = if refund.state == "pending" { "refund_pending" } else { "rail_receivable" };
                add(to, -refund.amount);
            }
        }
        balances.retain(|_, balance| *balance != 0);
        balances
    }
}
