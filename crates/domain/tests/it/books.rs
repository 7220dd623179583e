//! What must hold after every step: the books balance, chains hold, and the link's sums follow from its
//! payments.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::ledger::{Account, Chain, Entry};
use kadi_domain::link::{Link, Sums};
use kadi_domain::payment::{Payment, PaymentState};

use crate::world::World;

/// Checks everything that stays true whatever rails say, in whatever order.
pub(crate) fn assert_clean(world: &World, context: &dyn std::fmt::Debug) {
    let World { link, payments, .. } = world;
    assert_eq!(link.sums, sums_of(payments), "sums: {context:?}");
    assert_limits(link, context);
    assert_eq!(balance(world, |_| true), 0, "debits and credits: {context:?}");
    assert_eq!(balance_in(world, None, |_| true), 0, "debits and credits of all currencies: {context:?}");
    let held = -balance(world, |account| matches!(account, Account::Hold(_)));
    assert_eq!(held, link.sums.held.get(), "held: {context:?}");
    let charged: i64 = captured(payments).map(|p| p.taken.unwrap().get()).sum();
    assert_eq!(received(world), charged + held, "received: {context:?}");
    let owed: i64 = captured(payments).map(|p| p.charges().net.get()).sum();
    let payable = |account| matches!(account, Account::MerchantPayable | Account::ChildPayable);
    assert_eq!(-balance(world, payable), owed, "owed: {context:?}");
    assert_chain(world, context);
}

/// What the rails owe according to the books.
pub(crate) fn received(world: &World) -> i64 {
    balance(world, |account| account == Account::RailReceivable)
}

/// Debits less credits in the link's currency.
pub(crate) fn balance(world: &World, of: impl Fn(Account) -> bool) -> i64 {
    balance_in(world, Some(world.link.currency), of)
}

/// Debits less credits in one currency, or in all.
pub(crate) fn balance_in(world: &World, currency: Option<Currency>, of: impl Fn(Account) -> bool) -> i64 {
    let fits = |entry: &&Entry| currency.is_none_or(|currency| entry.currency == currency);
    let postings = world.entries.iter().filter(fits).map(|entry| entry.posting).filter(|p| of(p.account));
    postings.map(|posting| posting.debit.get() - posting.credit.get()).sum()
}

fn captured(payments: &[Payment]) -> impl Iterator<Item = &Payment> {
    payments.iter().filter(|payment| matches!(payment.state, PaymentState::Captured { .. }))
}

fn sums_of(payments: &[Payment]) -> Sums {
    let total = |of: &dyn Fn(&Payment) -> Option<Minor>| {
        Minor::new(payments.iter().filter_map(of).map(Minor::get).sum())
    };
    let is_held =
        |payment: &&Payment| matches!(payment.state, PaymentState::Held { .. }) && payment.came_in.is_none();
    Sums {
        captured: Minor::new(captured(payments).map(|payment| payment.applied.get()).sum()),
        refunded: Minor::new(captured(payments).map(|payment| payment.refunds.refunded.get()).sum()),
        refund_pending: Minor::new(captured(payments).map(|payment| payment.refunds.pending.get()).sum()),
        held: total(&|payment| Some(payment).filter(is_held).and_then(|payment| payment.taken)),
        reserved: total(&|payment| {
            Some(payment).filter(|payment| payment.reserves()).map(|payment| payment.applied)
        }),
        captured_count: i64::try_from(captured(payments).count()).unwrap(),
        reserved_count: i64::try_from(payments.iter().filter(|p| p.reserves()).count()).unwrap(),
        attempted: total(&|payment| Some(payment).filter(|p| p.beside.is_none()).map(|p| p.asked().0)),
    }
}

fn assert_limits(link: &Link, context: &dyn std::fmt::Debug) {
    let Sums { captured, refunded, refund_pending, held, reserved, attempted, .. } = link.sums;
    let Sums { captured_count, reserved_count, .. } = link.sums;
    for sum in [captured, refunded, refund_pending, held, reserved, attempted] {
        assert!(sum >= Minor::ZERO, "a negative sum: {context:?}");
    }
    assert!(captured_count >= 0 && reserved_count >= 0, "a negative count: {context:?}");
    if let Some(due) = link.due {
        assert!(captured.get() + reserved.get() <= due.get(), "more than is due: {context:?}");
    }
    if let Some(max) = link.max_payments {
        assert!(captured_count + reserved_count <= max, "more payments than allowed: {context:?}");
    }
}

fn assert_chain(world: &World, context: &dyn std::fmt::Debug) {
    let mut chain = Chain::default();
    for entry in &world.entries {
        assert_eq!(entry.position, chain.count + 1, "a gap in the chain: {context:?}");
        assert_eq!(entry.hash, entry.expected_hash(&chain.head), "a broken chain: {context:?}");
        chain = Chain { count: entry.position, head: entry.hash };
    }
    assert_eq!(chain, world.link.chain, "the link's head: {context:?}");
}
