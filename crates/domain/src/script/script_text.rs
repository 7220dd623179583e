//! A script as one line of a row, in which older lines are read too.

use crate::amount::Currency;
use crate::id::PaymentId;
use crate::sandbox::{ChargeWord, RefundStory};
use crate::script::{After, Said, Script, Step, Takes};

const NONE: &str = "none";

impl Script {
    /// The script as one line, which [`Script::parse`] reads.
    pub fn to_text(&self) -> String {
        let (takes, refunds) = (&self.takes, self.refunds.word());
        let (answer, check) = (named(self.answer), named(self.check));
        let mut text = format!("answer={answer} check={check} takes={} refunds={refunds}", takes.percent);
        if let Some(currency) = takes.currency {
            text.push_str(&format!(" currency={}", currency.code()));
        }
        if let Some(account) = &takes.account {
            text.push_str(&format!(" account={account}"));
        }
        if let Some(payment) = takes.reference_of {
            text.push_str(&format!(" reference_of={}", payment.get()));
        }
        for step in &self.steps {
            text.push_str(&step_text(step));
        }
        text
    }

    /// The script that was written so; none where it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ').peekable();
        let mut field = |name: &str| words.next()?.strip_prefix(name);
        let (answer, check) = (unnamed(field("answer=")?)?, unnamed(field("check=")?)?);
        let percent = field("takes=")?.parse().ok()?;
        let refunds = RefundStory::parse(field("refunds=")?)?;
        let mut further = |name: &str| {
            let value = words.peek().and_then(|word| word.strip_prefix(name));
            if value.is_some() {
                words.next();
            }
            value
        };
        let takes = Takes {
            percent,
            currency: optional(further("currency="), Currency::parse)?,
            account: further("account=").map(str::to_owned),
            reference_of: optional(further("reference_of="), |id| id.parse().ok().map(PaymentId::new))?,
        };
        let steps = words.map(parse_step).collect::<Option<Vec<_>>>()?;
        Some(Self { answer, check, takes, steps, refunds })
    }
}

/// None where there is a text that cannot be read.
fn optional<T>(text: Option<&str>, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    text.map_or(Some(None), |text| read(text).map(Some))
}

fn named(word: Option<ChargeWord>) -> &'static str {
    word.map_or(NONE, ChargeWord::word)
}

fn unnamed(text: &str) -> Option<Option<ChargeWord>> {
    if text == NONE { Some(None) } else { ChargeWord::parse(text).map(Some) }
}

fn step_text(step: &Step) -> String {
    let (from, ms) = match step.after {
        After::Start(ms) => ("start", ms),
        After::Reservation(ms) => ("reservation", ms),
    };
    let check = step.check.map_or("", ChargeWord::word);
    let (kind, word, reference, percent) = match step.says {
        None => ("", "", 0, None),
        Some(Said::Payment { word, reference, percent }) => ("payment", word.word(), reference, percent),
        Some(Said::Stray(word)) => ("stray", word.word(), 0, None),
        Some(Said::Refund(word)) => ("refund", word.word(), 0, None),
        Some(Said::Restart) => ("restart", "", 0, None),
    };
    let percent = percent.map_or_else(String::new, |percent| format!(":{percent}"));
    format!(" {from}:{ms}:{check}:{kind}:{word}:{reference}{percent}")
}

fn parse_step(text: &str) -> Option<Step> {
    let parts: Vec<&str> = text.split(':').collect();
    let (parts, percent) = match parts.as_slice() {
        [parts @ .., percent] if parts.len() == 6 => (parts, Some(percent.parse().ok()?)),
        parts => (parts, None),
    };
    let &[from, ms, check, kind, word, reference] = parts else { return None };
    let ms = ms.parse().ok()?;
    let after = match from {
        "start" => After::Start(ms),
        "reservation" => After::Reservation(ms),
        _ => return None,
    };
    let check = if check.is_empty() { None } else { Some(ChargeWord::parse(check)?) };
    let says = match (kind, percent) {
        ("", None) if word.is_empty() => None,
        ("payment", percent) => {
            let reference = reference.parse().ok()?;
            Some(Said::Payment { word: ChargeWord::parse(word)?, reference, percent })
        }
        ("stray", None) => Some(Said::Stray(ChargeWord::parse(word)?)),
        ("refund", None) => Some(Said::Refund(ChargeWord::parse(word)?)),
        ("restart", None) if word.is_empty() => Some(Said::Restart),
        _ => return None,
    };
    Some(Step { after, check, says })
}
