//! The payment modes of the page: those by which the link can be paid now, with what each costs on top.

use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::fee::{FeeRule, closest, may_surcharge, surcharge};
use kadi_engine::domain::mode::{Channel, Mode as By, Open};
use kadi_engine::domain::refusal::{Fault, Stop};
use kadi_engine::domain::ways::Choice;

use super::shown::Shown;
use crate::{Mode, Surcharge};

/// The modes to choose from, with what each costs on top of `asked` or, where the payer types the amount, of
/// anything. A mode whose surcharge the law forbids is not offered.
pub(super) fn offered<'a>(
    shown: &'a Shown,
    asked: Option<Minor>,
    rail: &str,
    of_rails: &[By],
) -> Result<Vec<Mode<'a>>, Fault> {
    let fees = &shown.payee.fees;
    let rule = |mode: By| closest(fees, rail, mode.word()).filter(|rule| rule.has_surcharge());
    let lawful: Vec<By> =
        of_rails.iter().copied().filter(|mode| rule(*mode).is_none() || may_surcharge(mode.word())).collect();
    let on_top = |mode: By, amount| surcharge(fees, rail, mode.word(), amount).map_err(unlawful);
    let charged = |mode| asked.map(|amount| amount.plus(on_top(mode, amount)?)).transpose();
    let ways = &shown.page.link.ways;
    let show = |(mode, channels): (By, Vec<Channel>)| {
        let surcharge = match (rule(mode), asked) {
            (None, _) => Surcharge::None,
            (Some(rule), None) => rate(shown, rule),
            (Some(_), Some(amount)) => {
                let extra = on_top(mode, amount)?;
                Surcharge::Exactly(shown.money(extra), shown.money(amount.plus(extra)?))
            }
        };
        let is_chosen = is_chosen(mode);
        let is_partly_open = matches!(ways.modes.open(mode), Open::Only(_));
        let words: Vec<&str> = channels.into_iter().map(Channel::word).collect();
        let (channels, only) = match (is_chosen, is_partly_open) {
            (true, _) => (words, Vec::new()),
            (false, true) => (Vec::new(), words),
            (false, false) => (Vec::new(), Vec::new()),
        };
        Ok(Mode { word: mode.word(), channels, only, surcharge })
    };
    ways.offered(&lawful, charged)?.into_iter().map(show).collect()
}

/// Does the payer choose the channel on the page, before the rail's own page knows the payer's means?
const fn is_chosen(mode: By) -> bool {
    match mode {
        By::NetBanking | By::Wallet => true,
        By::Upi | By::CreditCard | By::DebitCard | By::Emi => false,
    }
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

/// What a form names; UPI where it names no mode, and none for what no rail knows. `bank` and `sub_wallet`
/// count only for their own modes.
pub(super) fn chosen(mode: Option<&str>, bank: Option<&str>, sub_wallet: Option<&str>) -> Option<Choice> {
    let mode = mode.map_or(Some(By::Upi), By::parse)?;
    let word = match mode {
        By::NetBanking => bank,
        By::Wallet => sub_wallet,
        By::Upi | By::CreditCard | By::DebitCard | By::Emi => None,
    };
    match word.filter(|word| !word.is_empty()) {
        None => Some(mode.into()),
        Some(word) => mode.channel(word).map(|channel| Choice { mode, channel: Some(channel) }),
    }
}
