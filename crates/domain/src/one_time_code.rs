//! One-time codes: how a payer proves to hold the one mobile number that may pay a link.
//!
//! Of a code nothing is stored. It is a keyed hash of its link, its number and its time (after RFC 4226),
//! under a key outside the database, so that it can be written into a message after a restart, and whoever
//! has the database has no codes.

use subtle::ConstantTimeEq;

use crate::customer::Customer;
use crate::follow_up::queue_message;
use crate::id::{LinkId, MerchantId};
use crate::link::Link;
use crate::merchant::Merchant;
use crate::message::{ChannelKind, Occasion};
use crate::moment::Moment;
use crate::payer::is_mobile_of;
use crate::refusal::{Fault, Refusal, Stop};
use crate::seal::Keyring;
use crate::secret::Pii;
use crate::time::{DAY_MS, MINUTE_MS, Timestamp};
use crate::work::Changes;

/// How many wrong tries a code survives less one: the last of them ends it.
pub const TRIES_MAX: i64 = 5;
/// How long a code may be used, in milliseconds.
pub const LIFE_MS: i64 = 10 * MINUTE_MS;
/// How many digits a code has.
pub const DIGITS: usize = 6;
/// How often a link's codes may be asked for: within ten minutes, and within a day. Whoever guesses has a
/// hundred tries a day at a million codes.
const WITHIN_LIFE: Limit = Limit { ms: LIFE_MS, count_max: 5 };
const WITHIN_DAY: Limit = Limit { ms: DAY_MS, count_max: 20 };
/// How many codes one number gets within a day, from all links together.
pub const TO_NUMBER_MAX: i64 = 20;
/// Within which time codes to one number are counted, in milliseconds.
pub const TO_NUMBER_MS: i64 = DAY_MS;

struct Limit {
    ms: i64,
    count_max: i64,
}

/// How many codes were asked for since a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Since when.
    pub since: Timestamp,
    /// How many.
    pub count: i64,
}

impl Asked {
    /// One more; none where the limit is reached.
    fn one_more(self, limit: &Limit, now: Timestamp) -> Option<Self> {
        if now >= self.since.plus_ms(limit.ms) {
            return Some(Self { since: now, count: 1 });
        }
        (self.count < limit.count_max).then_some(Self { count: self.count + 1, ..self })
    }
}

/// What is kept of a link's codes: all that is to be known of the newest, which made the others void.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimeCode {
    /// The link.
    pub link_id: LinkId,
    /// Whose link.
    pub merchant_id: MerchantId,
    /// Its number, from 1.
    pub number: i64,
    /// When it was asked for.
    pub made_at: Timestamp,
    /// It went to the link's mobile. Where another number was typed there is a code that nobody has, so that
    /// all that can be seen is the same.
    pub is_sent: bool,
    /// How many wrong codes were typed since.
    pub tries: i64,
    /// It was typed.
    pub is_spent: bool,
    /// What was asked for in the last ten minutes or longer ago.
    pub lately: Asked,
    /// What was asked for in the last day or longer ago.
    pub today: Asked,
}

/// What became of a code that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It was the code.
    Proven,
    /// It was not; another may be tried.
    Wrong,
    /// There is no code any more that could be tried.
    Over,
}

impl OneTimeCode {
    /// The next code of a link; none where its codes were asked for too often.
    fn next(earlier: Option<&Self>, link: &Link, is_sent: bool, now: Timestamp) -> Option<Self> {
        let nothing = Asked { since: now, count: 0 };
        let (number, lately, today) =
            earlier.map_or((0, nothing, nothing), |code| (code.number, code.lately, code.today));
        Some(Self {
            link_id: link.id,
            merchant_id: link.merchant_id,
            number: number + 1,
            made_at: now,
            is_sent,
            tries: 0,
            is_spent: false,
            lately: lately.one_more(&WITHIN_LIFE, now)?,
            today: today.one_more(&WITHIN_DAY, now)?,
        })
    }

    /// What a typed code does: a right one is spent, a wrong one counts.
    pub fn try_one(mut self, typed: &str, keys: &Keyring, now: Timestamp) -> Result<(Self, Tried), Fault> {
        if self.is_spent || self.tries >= TRIES_MAX || now >= self.made_at.plus_ms(LIFE_MS) {
            return Ok((self, Tried::Over));
        }
        let code = digits(keys, self.link_id, self.number, self.made_at)?;
        if bool::from(code.as_bytes().ct_eq(typed.as_bytes())) && self.is_sent {
            self.is_spent = true;
            return Ok((self, Tried::Proven));
        }
        self.tries += 1;
        let word = if self.tries < TRIES_MAX { Tried::Wrong } else { Tried::Over };
        Ok((self, word))
    }
}

/// The digits of a link's code of this number and time.
pub fn digits(keys: &Keyring, link: LinkId, number: i64, made_at: Timestamp) -> Result<String, Fault> {
    let hash = keys.blind("one-time code", &format!("{} {number} {}", link.get(), made_at.ms()))?;
    let large = hash.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    Ok(format!("{:0DIGITS$}", large % 1_000_000))
}

/// What a code is asked for with.
#[derive(Debug)]
pub struct Request<'a> {
    /// The link.
    pub link: &'a Link,
    /// Whose link.
    pub merchant: &'a Merchant,
    /// Whose mobile alone may pay it.
    pub customer: Option<&'a Customer>,
    /// The code before.
    pub earlier: Option<&'a OneTimeCode>,
    /// The number that was typed, ten digits.
    pub typed: &'a Pii,
    /// That number has had as many codes as it may.
    pub is_capped: bool,
}

/// Makes a new code and sends it if the number is the link's; the same changes but for the message where it
/// is not. None where too many were asked for.
pub fn request(asked: &Request<'_>, moment: &mut Moment<'_>) -> Result<Option<Changes>, Stop> {
    let Request { link, merchant, customer, earlier, typed, is_capped } = asked;
    merchant.check_active()?;
    link.check_payable(moment.now)?;
    if !link.terms.only_mobile {
        return Err(Fault::new("a code for a link that anybody may pay").into());
    }
    if !moment.setup.has(ChannelKind::Sms) {
        return Err(Refusal::ChannelMissing.into());
    }
    let is_sent = is_mobile_of(*customer, typed, moment.keys)? && !is_capped;
    let Some(code) = OneTimeCode::next(*earlier, link, is_sent, moment.now) else { return Ok(None) };
    let mut changes = Changes::default();
    if let (Some(customer), true) = (link.customer_id, is_sent) {
        let occasion = Occasion::Code { number: code.number };
        queue_message(link, customer, ChannelKind::Sms, (occasion, moment.now), &mut changes, moment)?;
    }
    match earlier {
        None => changes.codes.new.push(code),
        Some(_) => changes.codes.changed.push(code),
    }
    Ok(Some(changes))
}
