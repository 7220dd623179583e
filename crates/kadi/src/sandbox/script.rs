//! A script as a tester writes it: JSON, every key known (`docs/sandbox-script.schema.json`).

use kadi_engine::domain::amount::Currency;
use kadi_engine::domain::id::PaymentId;
use kadi_engine::domain::sandbox::{ChargeWord, RefundStory};
use kadi_engine::domain::script::{After, Said, Script, Step, Takes};
use kadi_engine::domain::time::SECOND_MS;
use serde::Deserialize;

/// The most notices of one step.
const TIMES_MAX: u8 = 10;
/// A time in seconds above which no number of milliseconds is; the script's own limit lies far below.
const SECONDS_MAX: i64 = i64::MAX / SECOND_MS;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScriptBody {
    answer: String,
    check: Option<String>,
    takes_percent: Option<i64>,
    takes_currency: Option<String>,
    takes_account: Option<String>,
    takes_reference_of: Option<String>,
    #[serde(default)]
    steps: Vec<StepBody>,
    refunds: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepBody {
    at_s: Option<i64>,
    after_reservation_s: Option<i64>,
    check: Option<String>,
    notice: Option<String>,
    times: Option<u8>,
    reference: Option<i64>,
    percent: Option<i64>,
    stray: Option<String>,
    refund: Option<String>,
    restart: Option<bool>,
}

impl ScriptBody {
    /// The script; the reason where it is none, with the key.
    pub(super) fn read(self) -> Result<Script, String> {
        let answer = word_or_none("answer", &self.answer)?;
        let check = self.check.as_deref().map_or(Ok(answer), |word| word_or_none("check", word))?;
        let refunds = self.refunds.as_deref().unwrap_or("success");
        let mut steps = Vec::new();
        for (index, body) in self.steps.iter().enumerate() {
            steps.extend(body.read().map_err(|reason| format!("steps[{index}]: {reason}"))?);
        }
        let script = Script {
            answer,
            check,
            takes: self.takes()?,
            steps,
            refunds: RefundStory::parse(refunds)
                .ok_or_else(|| format!("refunds: no such story {refunds}"))?,
        };
        script.check().map(|()| script)
    }

    fn takes(&self) -> Result<Takes, String> {
        let currency = self.takes_currency.as_deref().map(|code| {
            Currency::parse(code).ok_or_else(|| format!("takes_currency: no ISO 4217 code: {code}"))
        });
        let reference_of = self.takes_reference_of.as_deref().map(|id| {
            let id = id.parse().map(PaymentId::new);
            id.map_err(|_| "takes_reference_of: not the id of a payment".to_owned())
        });
        Ok(Takes {
            percent: self.takes_percent.unwrap_or(100),
            currency: currency.transpose()?,
            account: self.takes_account.clone(),
            reference_of: reference_of.transpose()?,
        })
    }
}

impl StepBody {
    /// One step for each notice.
    fn read(&self) -> Result<Vec<Step>, String> {
        let after = match (self.at_s, self.after_reservation_s) {
            (Some(seconds), None) => After::Start(milliseconds(seconds)?),
            (None, Some(seconds)) => After::Reservation(milliseconds(seconds)?),
            (Some(_), Some(_)) | (None, None) => {
                return Err("either at_s or after_reservation_s".to_owned());
            }
        };
        let check = self.check.as_deref().map(|text| word("check", text)).transpose()?;
        let times = self.times.unwrap_or(1);
        let says = self.says()?;
        if !(1..=TIMES_MAX).contains(&times) {
            return Err(format!("times: from 1 to {TIMES_MAX}"));
        }
        Ok(vec![Step { after, check, says }; usize::from(times)])
    }

    fn says(&self) -> Result<Option<Said>, String> {
        let of_notice = self.reference.is_some() || self.percent.is_some();
        if self.notice.is_none() && (of_notice || self.times.is_some()) {
            return Err("times, reference and percent are of a notice".to_owned());
        }
        match (&self.notice, &self.stray, &self.refund, self.restart) {
            (None, None, None, None) => Ok(None),
            (Some(text), None, None, None) => {
                let (reference, percent) = (self.reference.unwrap_or(1), self.percent);
                Ok(Some(Said::Payment { word: word("notice", text)?, reference, percent }))
            }
            (None, Some(text), None, None) => Ok(Some(Said::Stray(word("stray", text)?))),
            (None, None, Some(text), None) => Ok(Some(Said::Refund(word("refund", text)?))),
            (None, None, None, Some(true)) => Ok(Some(Said::Restart)),
            (None, None, None, Some(false)) => Err("restart: true, or nothing".to_owned()),
            (Some(_) | None, Some(_) | None, Some(_) | None, Some(_) | None) => {
                Err("notice, stray, refund and restart are steps of their own".to_owned())
            }
        }
    }
}

fn milliseconds(seconds: i64) -> Result<i64, String> {
    let in_range = (0..=SECONDS_MAX).contains(&seconds);
    if in_range { Ok(seconds * SECOND_MS) } else { Err("a time from 0 to 30 days".to_owned()) }
}

fn word(key: &str, text: &str) -> Result<ChargeWord, String> {
    ChargeWord::parse(text).ok_or_else(|| {
        let words = ChargeWord::ALL.map(|(_, word)| word).join(", ");
        format!("{key}: none of {words}")
    })
}

fn word_or_none(key: &str, text: &str) -> Result<Option<ChargeWord>, String> {
    if text == "none" { Ok(None) } else { word(key, text).map(Some) }
}
