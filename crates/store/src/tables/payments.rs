//! Payments: what their attempts recorded, and where they stand.

use kadi_domain::amount::Minor;
use kadi_domain::attempt::AttemptToken;
use kadi_domain::claim::MoneyKey;
use kadi_domain::fee::Charges;
use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::mode::{Channel, Mode};
use kadi_domain::payment::{Decided, HoldDecision, HoldReason, Payment, PaymentState, Refunds};
use kadi_domain::refusal::Fault;
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::ways::{Means, SubWallets};
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::codes::{Coded, opt_coded};
use crate::row::{Row, read};
use crate::sql::{Step, Value, statements};
use crate::value::row;

/// The columns that [`payment_of`] reads.
macro_rules! payment_columns {
    () => {
        "payment.id, payment.link_id, payment.merchant_id, payment.rail, payment.rail_account, payment.mode, \
         payment.currency, payment.applied, payment.discount, payment.surcharge, payment.payer_mobile, \
         payment.created_at, payment.reserved_until, payment.rail_reference, payment.taken, \
         payment.refunded, \
         payment.refund_pending, payment.fee_back, payment.fee_tax_back, payment.state, payment.state_at, \
         payment.captured_at, payment.fee, payment.fee_tax, payment.net, payment.hold_reason, \
         payment.failure, payment.is_foreign, payment.hold_decision, \
         payment.asked, payment.version, payment.came_in, payment.beside, payment.channel, payment.drawn, \
         payment.gave_away, payment.asked_discount, payment.asked_surcharge, payment.refund_excess, \
         payment.answers, payment.attempt_token"
    };
}
pub(crate) use payment_columns;

statements! {
    LOAD(id Int) locks "payment" = {
        concat!(
            "SELECT ", payment_columns!(),
            " FROM payment, input WHERE payment.id = input.id ORDER BY payment.id"
        )
    };
    BY_MONEY(merchant_id Int, rail Text, rail_account Text, rail_reference Text) = {
        concat!(
            "SELECT ", payment_columns!(), " FROM payment, input \
             WHERE payment.merchant_id = input.merchant_id AND payment.rail = input.rail \
             AND payment.rail_account = input.rail_account AND payment.rail_reference = input.rail_reference"
        )
    };
    // Whoever asks has locked the link.
    BY_TOKEN(link_id Int, attempt_token Bytes) = {
        concat!(
            "SELECT ", payment_columns!(), " FROM payment, input \
             WHERE payment.link_id = input.link_id AND payment.attempt_token = input.attempt_token"
        )
    };
    INSERT(
        id Int, link_id Int, merchant_id Int, rail Text, rail_account Text, mode Text, currency Text,
        applied Int, discount Int, surcharge Int, payer_mobile Bytes, created_at Int, reserved_until Int,
        rail_reference Text, taken Int, refunded Int, refund_pending Int, fee_back Int, fee_tax_back Int,
        state Int, state_at Int, captured_at Int, fee Int, fee_tax Int, net Int, hold_reason Int,
        failure Text, is_foreign Int, hold_decision Int, asked Int, version Int,
        came_in Text, beside Int, channel Text, drawn Text, gave_away Text, asked_discount Int,
        asked_surcharge Int, refund_excess Int, answers Bytes, attempt_token Bytes,
    ) = { insert "payment" };
    UPDATE(
        id Int, version Int, applied Int, discount Int, surcharge Int, reserved_until Int,
        rail_reference Text, taken Int, refunded Int,
        refund_pending Int, fee_back Int, fee_tax_back Int, state Int, state_at Int, captured_at Int, fee Int,
        fee_tax Int, net Int, hold_reason Int, failure Text, is_foreign Int, hold_decision Int, asked Int,
        came_in Text, gave_away Text, asked_discount Int, asked_surcharge Int, refund_excess Int,
    ) = "UPDATE payment SET applied = input.applied, discount = input.discount, \
         surcharge = input.surcharge, reserved_until = input.reserved_until, \
         rail_reference = input.rail_reference, \
         taken = input.taken, refunded = input.refunded, refund_pending = input.refund_pending, \
         fee_back = input.fee_back, fee_tax_back = input.fee_tax_back, state = input.state, \
         state_at = input.state_at, \
         captured_at = input.captured_at, fee = input.fee, fee_tax = input.fee_tax, net = input.net, \
         hold_reason = input.hold_reason, failure = input.failure, \
         is_foreign = input.is_foreign, hold_decision = input.hold_decision, asked = input.asked, \
         came_in = input.came_in, gave_away = input.gave_away, asked_discount = input.asked_discount, \
         asked_surcharge = input.asked_surcharge, refund_excess = input.refund_excess, \
         version = input.version + 1 \
         FROM input WHERE payment.id = input.id AND payment.version = input.version";
}

/// Loads the payments that were asked for.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.payments.iter().map(|id| row![*id]).collect();
    asks.one(&LOAD, input, |rows, view| {
        let found = read(rows, payment_of)?;
        view.payments.load_all(needs.payments.iter().copied(), found, |payment| payment.id);
        Ok(())
    });
    asks.one(&BY_MONEY, needs.money.iter().map(money_row).collect(), |rows, view| {
        needs.money.iter().for_each(|key| view.money.load(key.clone(), None));
        for payment in read(rows, payment_of)? {
            let key = MoneyKey::of(&payment).ok_or_else(|| Fault::new("money without its reference"))?;
            view.money.load(key, Some(payment.id));
            if view.payments.get(&payment.id).is_err() {
                view.payments.load(payment.id, Some(payment));
            }
        }
        Ok(())
    });
    let input = needs.tokens.iter().map(|(link, token)| token_row(*link, *token)).collect();
    asks.one(&BY_TOKEN, input, |rows, view| {
        needs.tokens.iter().for_each(|key| view.tokens.load(*key, None));
        for payment in read(rows, payment_of)? {
            let token = payment.token.ok_or_else(|| Fault::new("an attempt without its token"))?;
            view.tokens.load((payment.link_id, token), Some(payment.id));
            if view.payments.get(&payment.id).is_err() {
                view.payments.load(payment.id, Some(payment));
            }
        }
        Ok(())
    });
}

/// The columns of `input` that name the form of a link's page.
pub(crate) fn token_row(link: LinkId, token: AttemptToken) -> Vec<Value> {
    row![link, token.bytes()]
}

/// The columns of `input` that name money.
pub(crate) fn money_row(key: &MoneyKey) -> Vec<Value> {
    row![key.merchant_id, &key.rail, &key.account, &key.reference]
}

/// The steps that store new and changed payments.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    // A payment gives its reference away before another has it.
    steps.push(Step::over(&UPDATE, view.payments.changed_ones(), changed_row));
    steps.push(Step::over(&INSERT, view.payments.new_ones(), new_row));
}

/// A payment from the columns of `payment_columns!`.
pub(crate) fn payment_of(row: &mut Row) -> Result<Payment, Fault> {
    let mut payment = Payment {
        id: PaymentId::new(row.int()?),
        link_id: LinkId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        rail: row.text()?,
        rail_account: row.text()?,
        mode: row.text()?,
        means: Means::default(),
        currency: row.currency()?,
        applied: row.minor()?,
        discount: row.minor()?,
        surcharge: row.minor()?,
        payer_mobile: row.opt_bytes()?,
        answers: None,
        token: None,
        created_at: row.time()?,
        reserved_until: row.opt_time()?,
        rail_reference: row.opt_text()?,
        gave_away: None,
        taken: row.opt_minor()?,
        refunds: Refunds {
            refunded: row.minor()?,
            pending: row.minor()?,
            fee: row.minor()?,
            fee_tax: row.minor()?,
            excess: Minor::ZERO,
        },
        state: PaymentState::Started,
        is_foreign: false,
        came_in: None,
        beside: None,
        decided: None,
        version: 0,
    };
    let state = StateColumns::read(row)?;
    payment.is_foreign = state.is_foreign;
    let decided = state.decided();
    payment.state = state.state().ok_or_else(|| row.fault("does not fit the state"))?;
    payment.version = row.int()?;
    payment.came_in = row.opt_currency()?;
    payment.beside = row.opt_int()?.map(PaymentId::new);
    payment.means = means_of(&payment.mode, row)?;
    payment.gave_away = row.opt_text()?;
    // Where they are missing, an earlier release decided, and what it knew is there still.
    let asked_discount = row.opt_minor()?.unwrap_or(payment.discount);
    let asked_surcharge = row.opt_minor()?.unwrap_or(payment.surcharge);
    payment.decided = decided.map(|decided| Decided { asked_discount, asked_surcharge, ..decided });
    payment.refunds.excess = row.minor()?;
    payment.answers = row.opt_bytes()?;
    payment.token = token_of(row)?;
    Ok(payment)
}

fn token_of(row: &mut Row) -> Result<Option<AttemptToken>, Fault> {
    let Some(bytes) = row.opt_bytes()? else { return Ok(None) };
    let bytes = bytes.try_into().map_err(|_| row.fault("is no token of an attempt"))?;
    Ok(Some(AttemptToken::new(bytes)))
}

/// By what within its mode a payment is paid.
fn means_of(mode: &str, row: &mut Row) -> Result<Means, Fault> {
    let channel = match row.opt_text()? {
        None => None,
        Some(word) => {
            let known = Mode::parse(mode).and_then(|mode| mode.channel(&word));
            Some(known.ok_or_else(|| row.fault("is no channel of the mode"))?)
        }
    };
    let drawn = row.opt_text()?.map_or_else(|| Some(SubWallets::default()), |text| SubWallets::parse(&text));
    Ok(Means { channel, drawn: drawn.ok_or_else(|| row.fault("is no list of sub-wallets"))? })
}

fn new_row(payment: &Payment) -> Vec<Value> {
    let mut columns = row![
        payment.id,
        payment.link_id,
        payment.merchant_id,
        &payment.rail,
        &payment.rail_account,
        &payment.mode,
        payment.currency,
        payment.applied,
        payment.discount,
        payment.surcharge,
        payment.payer_mobile.as_ref(),
        payment.created_at,
        payment.reserved_until,
        payment.rail_reference.as_ref(),
        payment.taken,
        payment.refunds.refunded,
        payment.refunds.pending,
        payment.refunds.fee,
        payment.refunds.fee_tax,
    ];
    columns.extend(StateColumns::of(payment).row());
    columns.extend(row![payment.version, payment.came_in, payment.beside]);
    columns.extend(row![payment.means.channel.map(Channel::word), payment.means.drawn.to_text().as_ref()]);
    columns.extend(later_columns(payment));
    columns.extend(row![payment.answers.as_ref(), payment.token.as_ref().map(AttemptToken::bytes)]);
    columns
}

fn changed_row(payment: &Payment) -> Vec<Value> {
    let mut columns = row![
        payment.id,
        payment.version,
        payment.applied,
        payment.discount,
        payment.surcharge,
        payment.reserved_until,
        payment.rail_reference.as_ref(),
        payment.taken,
        payment.refunds.refunded,
        payment.refunds.pending,
        payment.refunds.fee,
        payment.refunds.fee_tax,
    ];
    columns.extend(StateColumns::of(payment).row());
    columns.extend(row![payment.came_in]);
    columns.extend(later_columns(payment));
    columns
}

fn later_columns(payment: &Payment) -> Vec<Value> {
    let decided = payment.decided;
    row![
        payment.gave_away.as_ref(),
        decided.map(|decided| decided.asked_discount),
        decided.map(|decided| decided.asked_surcharge),
        payment.refunds.excess,
    ]
}

/// The number of the state `Captured`.
pub(crate) const CAPTURED: i64 = 3;

/// The columns of a payment's state, from `state` to `asked`.
#[derive(Default)]
struct StateColumns {
    number: i64,
    at: Option<Timestamp>,
    captured_at: Option<Timestamp>,
    charges: Charges,
    hold_reason: Option<HoldReason>,
    failure: Option<String>,
    is_foreign: bool,
    decision: Option<HoldDecision>,
    asked: Option<Minor>,
}

impl StateColumns {
    fn of(payment: &Payment) -> Self {
        let columns = Self::of_state(&payment.state);
        let decided = payment.decided;
        Self {
            hold_reason: columns.hold_reason.or(decided.map(|decided| decided.reason)),
            is_foreign: payment.is_foreign,
            decision: decided.map(|decided| decided.decision),
            asked: decided.map(|decided| decided.asked),
            ..columns
        }
    }

    /// What was decided, where the reason and the amount stand beside it.
    fn decided(&self) -> Option<Decided> {
        Some(Decided {
            decision: self.decision?,
            reason: self.hold_reason?,
            asked: self.asked?,
            asked_discount: Minor::ZERO,
            asked_surcharge: Minor::ZERO,
        })
    }

    fn of_state(state: &PaymentState) -> Self {
        match state {
            PaymentState::Started => Self { number: 1, ..Self::default() },
            PaymentState::Pending => Self { number: 2, ..Self::default() },
            PaymentState::Captured { at, charges } => {
                Self { number: CAPTURED, at: Some(*at), charges: *charges, ..Self::default() }
            }
            PaymentState::Failed { at, reason } => {
                Self { number: 4, at: Some(*at), failure: Some(reason.clone()), ..Self::default() }
            }
            PaymentState::Held { at, reason } => {
                Self { number: 5, at: Some(*at), hold_reason: Some(*reason), ..Self::default() }
            }
            PaymentState::Reversed { at, captured_at, held, charges } => Self {
                number: 6,
                at: Some(*at),
                captured_at: *captured_at,
                charges: *charges,
                hold_reason: *held,
                ..Self::default()
            },
        }
    }

    fn state(self) -> Option<PaymentState> {
        if self.decision.is_some() != self.decided().is_some() {
            return None;
        }
        // Money that was applied is not held any more: its reason is only remembered.
        let held = self.hold_reason.filter(|_| self.decision != Some(HoldDecision::Apply));
        match (self.number, self.at, held, self.failure) {
            (1, None, None, None) => Some(PaymentState::Started),
            (2, None, None, None) => Some(PaymentState::Pending),
            (CAPTURED, Some(at), None, None) => Some(PaymentState::Captured { at, charges: self.charges }),
            (4, Some(at), None, Some(reason)) => Some(PaymentState::Failed { at, reason }),
            (5, Some(at), Some(reason), None) => Some(PaymentState::Held { at, reason }),
            (6, Some(at), held, None) => Some(PaymentState::Reversed {
                at,
                captured_at: self.captured_at,
                held,
                charges: self.charges,
            }),
            _ => None,
        }
    }

    fn row(&self) -> Vec<Value> {
        row![
            self.number,
            self.at,
            self.captured_at,
            self.charges.fee,
            self.charges.fee_tax,
            self.charges.net,
            self.hold_reason.map(Coded::number),
            self.failure.as_ref(),
            self.is_foreign,
            self.decision.map(Coded::number),
            self.asked,
        ]
    }

    fn read(row: &mut Row) -> Result<Self, Fault> {
        Ok(Self {
            number: row.int()?,
            at: row.opt_time()?,
            captured_at: row.opt_time()?,
            charges: Charges { fee: row.minor()?, fee_tax: row.minor()?, net: row.minor()? },
            hold_reason: opt_coded(row)?,
            failure: row.opt_text()?,
            is_foreign: row.flag()?,
            decision: opt_coded(row)?,
            asked: row.opt_minor()?,
        })
    }
}
