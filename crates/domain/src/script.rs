//! A script of the sandbox rail: what it does with one payment, step by step, as a tester wrote it.

mod script_text;

use crate::amount::Currency;
use crate::id::PaymentId;
use crate::sandbox::{ChargeWord, RefundStory};
use crate::time::DAY_MS;

/// The most steps of a script.
pub const STEPS_MAX: usize = 32;
/// The longest time of a step, in milliseconds.
pub const AFTER_MS_MAX: i64 = 30 * DAY_MS;
/// The same of a time after the reservation, which may last six days: Kadi asks for 30 days in all.
pub const AFTER_RESERVATION_MS_MAX: i64 = 23 * DAY_MS;
/// The most that the rail takes, in percent of what it is asked for.
pub const TAKES_PERCENT_MAX: i64 = 1_000;
/// The longest name of an account, in characters.
pub const ACCOUNT_CHARS_MAX: usize = 64;
/// How many times the rail may take the money under references of their own.
pub const REFERENCES_MAX: i64 = 9;

/// What the sandbox rail does with one payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What the call that starts the payment answers; none for no answer.
    pub answer: Option<ChargeWord>,
    /// What a check says from the start on; none while the rail does not answer.
    pub check: Option<ChargeWord>,
    /// What the rail takes.
    pub takes: Takes,
    /// What follows, each step at its time and never before the one before.
    pub steps: Vec<Step>,
    /// How refunds of the payment go.
    pub refunds: RefundStory,
}

/// What the rail takes, measured by what it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Takes {
    /// How much, in percent of what it is asked for.
    pub percent: i64,
    /// In this currency; none for the right one.
    pub currency: Option<Currency>,
    /// For this account, a merchant's id or nobody's; none for the right one.
    pub account: Option<String>,
    /// Under the reference of this payment's money; none for one of its own.
    pub reference_of: Option<PaymentId>,
}

impl Default for Takes {
    fn default() -> Self {
        Self { percent: 100, currency: None, account: None, reference_of: None }
    }
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub after: After,
    /// What a check says from then on; none: as before.
    pub check: Option<ChargeWord>,
    /// What the rail tells unasked; none: nothing.
    pub says: Option<Said>,
}

/// A time of a script, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// After the rail was asked.
    Start(i64),
    /// After the payment's reservation ended.
    Reservation(i64),
}

/// What the rail tells unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A notice about the payment.
    Payment {
        /// What it says.
        word: ChargeWord,
        /// Under which of the rail's references, from 1.
        reference: i64,
        /// How much was taken under it, in percent of what the rail was asked for; none: as at first.
        percent: Option<i64>,
    },
    /// A notice about money of which no payment knows, as much as the payment's.
    Stray(ChargeWord),
    /// The rail decides the payment's newest refund, where it still can, and says so.
    Refund(ChargeWord),
    /// Kadi dies and starts again.
    Restart,
}

impl Step {
    /// A notice that says what a check says too, if that is so.
    pub(crate) const fn notice(after: After, word: ChargeWord) -> Self {
        Self { after, check: None, says: Some(Said::Payment { word, reference: 1, percent: None }) }
    }
}

impl Script {
    /// Refuses what no rail does, and what leaves money with the rail of which nobody could know: the reason,
    /// in words for the tester.
    pub fn check(&self) -> Result<(), String> {
        use ChargeWord::{Failed, Reversed, Succeeded};
        if self.steps.len() > STEPS_MAX {
            return Err(format!("steps: more than {STEPS_MAX}"));
        }
        self.check_takes()?;
        if self.answer == Some(Reversed) || self.check == Some(Reversed) {
            return Err("a payment does not begin reversed".to_owned());
        }
        if self.answer == Some(Succeeded) && self.check != Some(Succeeded) {
            return Err("answer: money is taken only where check says succeeded".to_owned());
        }
        self.check_told()?;
        let mut truth = self.check;
        let mut failure_told = self.answer == Some(Failed) || truth == Some(Failed);
        for (index, step) in self.steps.iter().enumerate() {
            let refuse = |reason: &str| Err(format!("steps[{index}]: {reason}"));
            if step.check.is_none() && step.says.is_none() {
                return refuse("neither check, notice, stray, refund nor restart");
            }
            if !(0..=step.after.ms_max()).contains(&step.after.ms()) {
                return refuse("a time from 0 to 30 days, after the reservation to 23");
            }
            let next = step.check.or(truth);
            let word = match step.says {
                Some(Said::Payment { word, .. }) => Some(word),
                Some(Said::Stray(Failed | ChargeWord::Pending)) => {
                    return refuse("stray: succeeded or reversed, for it speaks of money");
                }
                Some(Said::Refund(ChargeWord::Pending)) => {
                    return refuse("refund: succeeded, failed or reversed; refunds says that one waits");
                }
                Some(Said::Stray(_) | Said::Refund(_) | Said::Restart) | None => None,
            };
            match (truth, next) {
                (Some(Succeeded), Some(Succeeded | Reversed)) | (Some(Reversed), Some(Reversed)) => {}
                (Some(Succeeded | Reversed), _) => {
                    return refuse("money that was taken only goes by reversed");
                }
                (_, Some(Reversed)) => return refuse("only money that was taken is reversed"),
                _ => {}
            }
            if next == Some(Reversed) && truth != next && word != Some(Reversed) {
                return refuse("a reversal comes with its notice");
            }
            if next == Some(Succeeded) && truth != next && failure_told && word != Some(Succeeded) {
                return refuse("a success after a failure comes with its notice: nobody asks any more");
            }
            match word {
                Some(Succeeded) if !matches!(next, Some(Succeeded | Reversed)) => {
                    return refuse("a notice of success where check does not say succeeded");
                }
                Some(Reversed) if next != Some(Reversed) => {
                    return refuse("a notice of a reversal where check does not say reversed");
                }
                _ => {}
            }
            failure_told |= next == Some(Failed) || word == Some(Failed);
            truth = next;
        }
        Ok(())
    }

    /// Refuses what no rail takes.
    fn check_takes(&self) -> Result<(), String> {
        check_percent("takes_percent", self.takes.percent)?;
        let is_account = |name: &String| {
            let is_plain =
                |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
            (1..=ACCOUNT_CHARS_MAX).contains(&name.len()) && name.chars().all(is_plain)
        };
        if !self.takes.account.as_ref().is_none_or(is_account) {
            let chars = "small letters, digits and hyphens";
            return Err(format!("takes_account: 1 to {ACCOUNT_CHARS_MAX} {chars}"));
        }
        Ok(())
    }

    /// Refuses money that is told under references in no order, and what nobody would be told of.
    fn check_told(&self) -> Result<(), String> {
        use ChargeWord::{Failed, Succeeded};
        let told = self.steps.iter().enumerate().filter_map(|(index, step)| match step.says {
            Some(Said::Payment { word, reference, percent }) => Some((index, word, reference, percent)),
            Some(Said::Stray(_) | Said::Refund(_) | Said::Restart) | None => None,
        });
        let mut first_told = self.answer == Some(Succeeded);
        for (index, word, reference, percent) in told {
            let refuse = |reason: &str| Err(format!("steps[{index}]: reference: {reason}"));
            if let Some(percent) = percent {
                check_percent(&format!("steps[{index}]: percent"), percent)?;
                if reference == 1 {
                    return refuse("percent is of one from 2; takes_percent is of the first money");
                }
            }
            if !(1..=REFERENCES_MAX).contains(&reference) || (reference > 1 && word != Succeeded) {
                return refuse("from 1 to 9, another than 1 only of a success");
            }
            if reference > 1 && !first_told {
                return refuse("the first money that is told has 1");
            }
            first_told |= word == Succeeded;
        }
        if self.answer == Some(Failed) && self.check == Some(Succeeded) && !first_told {
            return Err("answer: a failure that is none needs a notice of success: nobody asks".to_owned());
        }
        Ok(())
    }
}

impl After {
    const fn ms_max(self) -> i64 {
        match self {
            Self::Start(_) => AFTER_MS_MAX,
            Self::Reservation(_) => AFTER_RESERVATION_MS_MAX,
        }
    }

    const fn ms(self) -> i64 {
        match self {
            Self::Start(ms) | Self::Reservation(ms) => ms,
        }
    }
}

fn check_percent(key: &str, percent: i64) -> Result<(), String> {
    let in_range = (1..=TAKES_PERCENT_MAX).contains(&percent);
    if in_range { Ok(()) } else { Err(format!("{key}: from 1 to {TAKES_PERCENT_MAX}")) }
}
