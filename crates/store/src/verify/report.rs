//! What a check of the books found: how often each invariant was looked at, and where it does not hold.

use std::collections::BTreeMap;

use kadi_domain::amount::Minor;

/// The most breaches that a report names.
const BREACHES_MAX: usize = 100;

/// A place where an invariant does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The invariant's name, stable for ever.
    pub invariant: &'static str,
    /// Which rows, and what is wrong with them; no personal data.
    pub what: String,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Every invariant with the number of times that it was looked at, in the order of names.
    pub checked: Vec<(&'static str, u64)>,
    /// The first 100 breaches.
    pub broken: Vec<Breach>,
    /// How many breaches there are in all.
    pub broken_count: u64,
}

impl Report {
    /// Does every invariant hold?
    pub fn is_clean(&self) -> bool {
        self.broken_count == 0
    }
}

macro_rules! invariants {
    ($($(#[$doc:meta])+ $constant:ident = $name:literal;)+) => {
        $($(#[$doc])+ pub(super) const $constant: &str = $name;)+
        const ALL: &[&str] = &[$($name),+];
    };
}

invariants! {
    /// Every row can be read as what it should be.
    ROWS_READABLE = "rows_readable";
    /// Debits equal credits in every booking.
    BOOKING_BALANCES = "booking_balances";
    /// Debits equal credits in all, in each currency.
    BOOKS_BALANCE = "books_balance";
    /// Every entry stands on an account of the chart.
    ACCOUNT_IN_CHART = "account_in_chart";
    /// Entries are numbered without a gap, every hash follows from the one before, and the link knows the
    /// last.
    ENTRY_CHAIN = "entry_chain";
    /// An entry is in its link's currency and for one of its link's payments.
    ENTRY_OF_LINK = "entry_of_link";
    /// No entry of a link is another merchant's.
    ENTRY_OF_MERCHANT = "entry_of_merchant";
    /// An entry on the account of children is for a child of its link's split, and no other entry is.
    ENTRY_OF_CHILD = "entry_of_child";
    /// A link has the shares that it was made with, each for a merchant that is not its own.
    SPLIT_RULES = "split_rules";
    /// The parts of children and the merchant's own are together applied minus fee and tax, as they were
    /// booked.
    SPLIT_PARTS = "split_parts_add_up";
    /// What refunds take out of the children's parts is no more than they got, and the parts follow from it.
    SPLIT_REFUNDS = "split_refunds_within_parts";
    /// A plan has the instalments that its link was made with, and they add up to what is due.
    PLAN_TOTAL = "plan_total";
    /// What a link's terms were before each of its edits is kept, in order.
    EDITS_KEPT = "edits_kept";
    /// A merchant's seals are numbered without a gap.
    SEAL_NUMBERS = "seal_numbers";
    /// A seal's tag follows from the seal before and its heads, under a key outside the database.
    SEAL_TAG = "seal_tag";
    /// The books still hold what was sealed: nothing was cut off or made anew.
    SEAL_HEADS = "seal_heads";
    /// As much of a link counts as sealed as its seals bound, and no more than there is.
    SEALED_COUNT = "sealed_count_from_seals";
    /// A link's sums follow from its payments.
    SUMS_FROM_PAYMENTS = "sums_from_payments";
    /// A link's sums follow from its entries.
    SUMS_FROM_ENTRIES = "sums_from_entries";
    /// `0 <= captured + reserved <= due`, and no sum is negative.
    WITHIN_DUE = "captured_within_due";
    /// No more payments than a link may take.
    WITHIN_MAX_PAYMENTS = "payments_within_max";
    /// A one-order link is used up by its first final outcome, and completed once.
    ONE_OUTCOME = "one_order_one_outcome";
    /// `net = applied - fee - fee tax`.
    NET = "net_follows_from_parts";
    /// The lines of an invoice add up to its amount.
    LINES_TOTAL = "lines_total";
    /// A payment has the bookings of its state and no others.
    PAYMENT_BOOKED = "payment_booked";
    /// A captured payment took what its attempt asked for; money that came has an amount and the rail's
    /// reference, and no other payment has.
    PAYMENT_MONEY = "payment_money_as_attempted";
    /// What the sandbox rail took is booked as it was taken, and nothing else is.
    RAIL_AGREES = "rail_agrees";
    /// Refunds of a payment are no more than what came and counts, and its sums follow from them.
    REFUNDS_WITHIN = "refunds_within_captured";
    /// A refund is for a payment of its link, in its currency and for its merchant, and its shares make up
    /// its amount.
    REFUND_OF_PAYMENT = "refund_of_payment";
    /// A job asks the rail about every refund on its way.
    REFUND_WATCHED = "refund_watched";
    /// A refund's state is what the last event about it says.
    REFUND_EVENTS = "refund_state_from_events";
    /// A payment is for the currency and the merchant of its link.
    PAYMENT_OF_LINK = "payment_of_link";
    /// Only an open payment reserves, and a job watches over it.
    RESERVATION_WATCHED = "reservation_watched";
    /// A payment's state is what the last event about it says.
    PAYMENT_EVENTS = "payment_state_from_events";
    /// A link's events are numbered from 1 without a gap, and are its merchant's.
    EVENT_NUMBERS = "event_numbers";
    /// A link's status and its first sending and opening follow from its events.
    LINK_EVENTS = "link_status_from_events";
    /// An active link is not full, and a completed one is full or used up.
    STATUS_FROM_SUMS = "link_status_from_sums";
    /// Every delivery tells an event of its link, and a waiting one has a job.
    DELIVERY_EVENTS = "delivery_of_event";
    /// Every message is about a link of its merchant, and a queued one has a job.
    MESSAGE_SENT = "message_of_link";
    /// A receipt is for an event of its link that tells of a capture.
    RECEIPT_CAPTURE = "receipt_of_capture";
    /// A one-time code is for a link that only its customer's mobile may pay.
    CODE_OF_MOBILE = "code_of_bound_mobile";
    /// Answers are to the form of the payment's link.
    ANSWERS_OF_FORM = "answers_of_form";
    /// The invoice of a link that is drawn from a template is kept, and is drawn from one of its merchant's;
    /// other links have none.
    INVOICE_OF_TEMPLATE = "invoice_of_template";
    /// A link counts as many resends as messages were sent for.
    RESENDS_SENT = "resends_counted_and_sent";
    /// Nothing belongs to a link that is absent.
    NO_STRAYS = "no_strays";
    /// A rail's money is booked once.
    RAIL_REFERENCE_ONCE = "rail_reference_once";
    /// One payment at most counts for an obligation: the one that it names.
    OBLIGATION_ONCE = "obligation_paid_once";
    /// Nothing happened later than now.
    TIMES_PAST = "times_past";
}

/// Counts checks and gathers breaches.
#[derive(Debug)]
pub(super) struct Tally {
    checked: BTreeMap<&'static str, u64>,
    broken: Vec<Breach>,
    broken_count: u64,
}

impl Tally {
    /// A tally of nothing yet.
    pub(super) fn new() -> Self {
        let checked = ALL.iter().map(|name| (*name, 0)).collect();
        Self { checked, broken: Vec::new(), broken_count: 0 }
    }

    /// Counts a look at an invariant, and a breach where it does not hold.
    pub(super) fn check(&mut self, invariant: &'static str, holds: bool, what: impl FnOnce() -> String) {
        *self.checked.entry(invariant).or_default() += 1;
        if holds {
            return;
        }
        self.broken_count += 1;
        if self.broken.len() < BREACHES_MAX {
            self.broken.push(Breach { invariant, what: what() });
        }
    }

    /// The report.
    pub(super) fn report(self) -> Report {
        let checked = self.checked.into_iter().collect();
        Report { checked, broken: self.broken, broken_count: self.broken_count }
    }
}

/// A sum that cannot overflow.
pub(super) fn sum(amounts: impl Iterator<Item = Minor>) -> i128 {
    amounts.map(|amount| i128::from(amount.get())).sum()
}

/// The number of things.
pub(super) fn count(things: impl Iterator) -> i64 {
    i64::try_from(things.count()).unwrap_or(i64::MAX)
}
