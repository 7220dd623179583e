//! A script as a tester writes it: JSON, every key known (`docs/sandbox-script.schema.json`).

use kadi_engine::domain::sandbox::{ChargeWord, RefundStory};
use kadi_engine::domain::script::{After, Said, Script, Step};
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
    refund: Option<String>,
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
            takes_percent: self.takes_percent.unwrap_or(100),
            steps,
            refunds: RefundStory::parse(refunds)
                .ok_or_else(|| format!("refunds: no such story {refunds}"))?,
        };
        script.check().map(|()| script)
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
        let says = match (&self.notice, &self.refund) {
            (Some(_), Some(_)) => return Err("notice and refund are two steps".to_owned()),
            (Some(text), None) => {
                let reference = self.reference.unwrap_or(1);
                Some(Said::Payment { word: word("notice", text)?, reference })
            }
            (None, _) if self.times.is_some() || self.reference.is_some() => {
                return Err("times and reference are of a notice".to_owned());
            }
            (None, Some(text)) => Some(Said::Refund(word("refund", text)?)),
            (None, None) => None,
        };
        if !(1..=TIMES_MAX).contains(&times) {
            return Err(format!("times: from 1 to {TIMES_MAX}"));
        }
        Ok(vec![Step { after, check, says }; usize::from(times)])
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
