//! Risk rules: what the merchant and the platform refuse at a link's making and at each payment. The stricter
//! of the two counts. Contacts are blind indexes, never plain text.

use std::collections::{BTreeMap, BTreeSet};

use crate::amount::{Currency, Minor};
use crate::customer::Contact;
use crate::id::{LinkId, MerchantId};
use crate::merchant::{Merchant, Risk};
use crate::moment::{Moment, Setup};
use crate::payment::Payment;
use crate::refusal::{Fault, Refusal, Stop};
use crate::seal::Keyring;
use crate::secret::Pii;
use crate::shelf::{Shelf, put};
use crate::time::{HOUR_MS, Timestamp};
use crate::view::View;
use crate::work::Puts;

/// Velocity is counted over so long, sliding on the Kadi clock: what began exactly so long ago counts no
/// more.
const WINDOW_MS: i64 = HOUR_MS;

/// A mobile number at a merchant, by its blind index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaceKey {
    /// The merchant.
    pub merchant_id: MerchantId,
    /// The blind index of the number.
    pub mobile: [u8; 32],
}

impl PaceKey {
    /// The key of a number of ten digits.
    pub fn of(merchant_id: MerchantId, mobile: &Pii, keys: &Keyring) -> Result<Self, Fault> {
        Ok(Self { merchant_id, mobile: keys.blind("mobile", mobile.expose())? })
    }
}

/// When the payments of a mobile number at a merchant began, as far as they may still count. Kept only while
/// a rule counts them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Whose.
    pub key: PaceKey,
    /// When, in order.
    pub times: Vec<Timestamp>,
    /// Counts the row's changes.
    pub version: i64,
}

impl Pace {
    /// With one more payment that begins now, and without those that count no more.
    fn with(&self, now: Timestamp) -> Self {
        let counts = |at: &&Timestamp| is_within(**at, now);
        let times = self.times.iter().filter(counts).copied().chain([now]).collect();
        Self { times, ..*self }
    }
}

/// The contacts of a link's customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Indexes {
    /// The blind index of the mobile number.
    pub mobile: Option<[u8; 32]>,
    /// The blind index of the e-mail address.
    pub email: Option<[u8; 32]>,
}

impl Indexes {
    /// The indexes of a contact.
    fn of(contact: &Contact, keys: &Keyring) -> Result<Self, Fault> {
        let mobile = contact.mobile.as_ref().map(|mobile| keys.blind("mobile", mobile.expose()));
        let email = contact.email.as_ref().map(|email| keys.blind("email", &email.expose().to_lowercase()));
        Ok(Self { mobile: mobile.transpose()?, email: email.transpose()? })
    }
}

/// What a batch must know to apply risk rules.
#[derive(Debug, Default)]
pub struct RiskNeeds {
    /// Links that are paid, with their merchants: the contacts of their customers, the pace of these, and
    /// when the links' payments began.
    pub links: BTreeMap<LinkId, MerchantId>,
    /// Numbers that pay or are asked to.
    pub paces: BTreeSet<PaceKey>,
    /// How often the platform lets a number and a link pay in an hour.
    pub platform: Rates,
}

/// How often a number and a link may pay in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Rates {
    /// A mobile number, at one merchant.
    pub per_mobile: Option<i64>,
    /// A link.
    pub per_link: Option<i64>,
}

impl Rates {
    /// The rates of some rules.
    pub const fn of(risk: &Risk) -> Self {
        Self { per_mobile: risk.per_mobile_hour, per_link: risk.per_link_hour }
    }

    /// The stricter of two.
    pub fn and(self, other: Self) -> Self {
        let lower = |one: Option<i64>, two: Option<i64>| one.into_iter().chain(two).min();
        Self {
            per_mobile: lower(self.per_mobile, other.per_mobile),
            per_link: lower(self.per_link, other.per_link),
        }
    }
}

/// What a batch knows for risk rules. Paces and times are there only where a rate counts them.
#[derive(Debug, Default)]
pub struct RiskView {
    /// The contacts of the customers of links.
    pub contacts: Shelf<LinkId, Indexes>,
    /// Paces.
    pub paces: Shelf<PaceKey, Pace>,
    /// When the newest payments of links began, in order, as many as their rate counts.
    pub begun: Shelf<LinkId, Vec<Timestamp>>,
}

impl RiskView {
    /// Takes over what a decision of the batch began.
    pub(crate) fn apply(&mut self, payments: &[Payment], paces: Puts<Pace>) {
        for payment in payments {
            if let Ok(Some(times)) = self.begun.get(&payment.link_id) {
                let times = times.iter().copied().chain([payment.created_at]).collect();
                self.begun.load(payment.link_id, Some(times));
            }
        }
        put(&mut self.paces, paces, |pace| pace.key);
    }
}

/// Refuses an amount above what the merchant's or the platform's rules let through. They are in rupees: other
/// currencies have none.
pub fn check_amount(
    merchant: &Merchant,
    setup: &Setup,
    amount: Minor,
    currency: Currency,
) -> Result<(), Refusal> {
    let is_above = |risk: &Risk| risk.amount_max.is_some_and(|max| amount > max);
    if currency == Currency::INR && (is_above(&merchant.risk) || is_above(&setup.risk)) {
        return Err(Refusal::RiskRefused);
    }
    Ok(())
}

/// Refuses a new link of `amount` for `contact` by every rule. `pace` is that of the contact's number, where
/// a rate counts it.
pub fn check_new(
    merchant: &Merchant,
    amount: Option<Minor>,
    currency: Currency,
    contact: &Contact,
    pace: Option<&Pace>,
    moment: &Moment<'_>,
) -> Result<(), Stop> {
    if let Some(amount) = amount {
        check_amount(merchant, moment.setup, amount, currency)?;
    }
    let contact = Indexes::of(contact, moment.keys)?;
    check_blocked(merchant, moment.setup, contact.mobile, contact.email)?;
    let rate = Rates::of(&merchant.risk).and(Rates::of(&moment.setup.risk)).per_mobile;
    check_rate(rate, pace.map_or(&[], |pace| pace.times.as_slice()), moment.now)?;
    Ok(())
}

/// Refuses a payment that has just begun by every rule, and counts it where it may go on. The number that
/// counts is `given`, the payer's own, else that of the link's customer.
pub fn check_payment(
    merchant: &Merchant,
    payment: &Payment,
    given: Option<&Pii>,
    view: &View,
    moment: &Moment<'_>,
) -> Result<Puts<Pace>, Stop> {
    check_amount(merchant, moment.setup, payment.applied, payment.currency)?;
    let contacts = view.risk.contacts.get(&payment.link_id)?.copied().unwrap_or_default();
    let given = given.map(|mobile| PaceKey::of(merchant.id, mobile, moment.keys)).transpose()?;
    check_blocked(merchant, moment.setup, contacts.mobile, contacts.email)?;
    check_blocked(merchant, moment.setup, given.map(|key| key.mobile), None)?;
    let rates = Rates::of(&merchant.risk).and(Rates::of(&moment.setup.risk));
    if rates.per_link.is_some() {
        let begun = view.risk.begun.get(&payment.link_id)?;
        check_rate(rates.per_link, begun.map_or(&[], Vec::as_slice), moment.now)?;
    }
    let customer = contacts.mobile.map(|mobile| PaceKey { merchant_id: merchant.id, mobile });
    let mut paces = Puts::default();
    if let (Some(key), true) = (given.or(customer), rates.per_mobile.is_some()) {
        match view.risk.paces.get(&key)? {
            Some(pace) => {
                check_rate(rates.per_mobile, &pace.times, moment.now)?;
                paces.changed.push(pace.with(moment.now));
            }
            None => paces.new.push(Pace { key, times: vec![moment.now], version: 0 }),
        }
    }
    Ok(paces)
}

fn check_blocked(
    merchant: &Merchant,
    setup: &Setup,
    mobile: Option<[u8; 32]>,
    email: Option<[u8; 32]>,
) -> Result<(), Refusal> {
    let is_blocked = |risk: &Risk| {
        mobile.is_some_and(|mobile| risk.blocked_mobiles.contains(&mobile))
            || email.is_some_and(|email| risk.blocked_emails.contains(&email))
    };
    if is_blocked(&merchant.risk) || is_blocked(&setup.risk) { Err(Refusal::RiskRefused) } else { Ok(()) }
}

/// Refuses where as many as `rate` of `times` still count.
fn check_rate(rate: Option<i64>, times: &[Timestamp], now: Timestamp) -> Result<(), Refusal> {
    let count = times.iter().filter(|at| is_within(**at, now)).count();
    match rate {
        Some(rate) if i64::try_from(count).unwrap_or(i64::MAX) >= rate => Err(Refusal::RiskRefused),
        Some(_) | None => Ok(()),
    }
}

fn is_within(at: Timestamp, now: Timestamp) -> bool {
    at.plus_ms(WINDOW_MS) > now
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_ms(1_800_000_000_000 + minutes * 60_000)
    }

    #[test]
    fn an_hour_slides_and_ends_to_the_millisecond() {
        let times = [at(0), at(10)];
        assert_eq!(check_rate(Some(2), &times, at(59)), Err(Refusal::RiskRefused));
        assert_eq!(check_rate(Some(2), &times, at(60).plus_ms(-1)), Err(Refusal::RiskRefused));
        assert_eq!(check_rate(Some(2), &times, at(60)), Ok(()));
        assert_eq!(check_rate(Some(1), &times, at(60)), Err(Refusal::RiskRefused));
        assert_eq!(check_rate(Some(1), &times, at(70)), Ok(()));
        assert_eq!(check_rate(None, &times, at(11)), Ok(()));
    }

    #[test]
    fn a_pace_forgets_what_counts_no_more() {
        let key = PaceKey { merchant_id: MerchantId::new(7), mobile: [1; 32] };
        let pace = Pace { key, times: vec![at(0), at(10)], version: 3 };
        assert_eq!(pace.with(at(60)).times, [at(10), at(60)]);
        assert_eq!(pace.with(at(59)).times, [at(0), at(10), at(59)]);
    }

    #[test]
    fn the_stricter_rate_counts() {
        let rates = |per_mobile, per_link| Rates { per_mobile, per_link };
        assert_eq!(rates(Some(5), None).and(rates(Some(3), Some(9))), rates(Some(3), Some(9)));
        assert_eq!(rates(None, Some(4)).and(rates(None, Some(9))), rates(None, Some(4)));
    }
}
