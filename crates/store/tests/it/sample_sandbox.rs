//! What the sandbox rail remembers, with every column set.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::id::{PaymentId, RefundId};
use kadi_domain::sandbox::{Charge, Payback, RefundStory, Story};

use crate::sample::{MERCHANT, at};

pub(crate) fn charge(payment: i64) -> Charge {
    Charge {
        payment_id: PaymentId::new(payment),
        merchant_id: MERCHANT,
        account: "shop-9".into(),
        currency: Currency::INR,
        amount: Minor::new(502),
        plot: Story::Reversal.into(),
        opened_at: at(51),
        reserved_until: at(52),
        told: 0,
        settled: None,
        refund_story: RefundStory::Pending,
    }
}

pub(crate) fn payback(refund: i64, payment: i64) -> Payback {
    Payback {
        refund_id: RefundId::new(refund),
        payment_id: PaymentId::new(payment),
        merchant_id: MERCHANT,
        amount: Minor::new(60),
        story: RefundStory::TimeoutAfter,
        settled: None,
    }
}
