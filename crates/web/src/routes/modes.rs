//! The payment modes of the page: offered where some cost the payer more than others.

use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::fee::{FeeRule, closest, may_surcharge, surcharge};
use kadi_engine::domain::refusal::{Fault, Stop};
use kadi_engine::domain::sandbox::MODES;

use super::shown::Shown;
use crate::{Mode, Surcharge};

/// The mode of a payer who is not asked for one.
pub(super) const UNASKED: &str = "UPI";

/// The modes to choose from, with what each costs on top of `asked` or, where the payer types the amount, of
/// anything; none where all cost the same. A mode whose surcharge the law forbids is not offered.
pub(super) fn offered<'a>(
    shown: &'a Shown,
    asked: Option<Minor>,
    rail: &str,
) -> Result<Vec<Mode<'a>>, Fault> {
    let fees = &shown.payee.fees;
    let rule = |mode: &str| closest(fees, rail, mode).filter(|rule| rule.has_surcharge());
    if !MODES.iter().any(|mode| rule(mode).is_some()) {
        return Ok(Vec::new());
    }
    let allowed = MODES.into_iter().filter(|mode| rule(mode).is_none() || may_surcharge(mode));
    let modes = allowed.map(|word| {
        let surcharge = match (rule(word), asked) {
            (None, _) => Surcharge::None,
            (Some(rule), None) => rate(shown, rule),
            (Some(_), Some(amount)) => {
                let extra = surcharge(fees, rail, word, amount).map_err(unlawful)?;
                Surcharge::Exactly(shown.money(extra), shown.money(amount.plus(extra)?))
            }
        };
        Ok(Mode { word, surcharge })
    });
    modes.collect()
}

fn rate<'a>(shown: &'a Shown, rule: &FeeRule) -> Surcharge<'a> {
    Surcharge::Rate(rule.surcharge_bps, shown.money(rule.surcharge_flat))
}

fn unlawful(stop: Stop) -> Fault {
    match stop {
        Stop::Broken(fault) => fault,
        Stop::Refused(refusal) => Fault::new(format!("an offered payment mode is refused: {refusal:?}")),
    }
}

/// The mode that a form names; none for one that the rail does not have.
pub(super) fn chosen(named: Option<&str>) -> Option<&'static str> {
    let named = named.unwrap_or(UNASKED);
    MODES.into_iter().find(|mode| *mode == named)
}
