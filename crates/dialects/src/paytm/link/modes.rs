//! `enablePaymentMode` and `disablePaymentMode`: the vendor's words for payment modes and their channels.

use kadi_engine::domain::mode::{Channel, Listed, Mode, Modes};

use crate::paytm::codes::No;
use crate::shared::fields::{Fields, Wrong};

const ENABLE: &str = "enablePaymentMode";
const DISABLE: &str = "disablePaymentMode";
const ITEMS_MAX: usize = 20;
const CHANNELS_MAX: usize = 50;
const WORD_CHARS_MAX: usize = 64;

/// The list of a link; refused where both are there, where one names what is unknown, and where it leaves
/// none of the modes of the rails.
pub(super) fn read(body: &Fields<'_>, of_rails: &[Mode]) -> Result<Modes, No> {
    let listed = |name| body.has_content(name).then(|| list(body, name)).transpose();
    let (name, modes) = match (listed(ENABLE)?, body.has_content(DISABLE)) {
        (Some(_), true) => return Err(No::field(&format!("{ENABLE} and {DISABLE}"))),
        (Some(only), false) => (ENABLE, Modes::Only(only)),
        (None, _) => match listed(DISABLE)? {
            Some(refused) => (DISABLE, Modes::AllBut(refused)),
            None => return Ok(Modes::All),
        },
    };
    if modes.check(of_rails).is_err() { Err(No::field(name)) } else { Ok(modes) }
}

fn list(body: &Fields<'_>, name: &str) -> Result<Vec<Listed>, Wrong> {
    let items = body.list_or_one(name)?;
    if items.len() > ITEMS_MAX {
        return Err(body.wrong(name));
    }
    items.into_iter().enumerate().map(|(at, raw)| listed(&body.item(name, at, raw)?)).collect()
}

fn listed(item: &Fields<'_>) -> Result<Listed, Wrong> {
    let word = item.text("mode", WORD_CHARS_MAX)?.unwrap_or_default();
    let mode = mode(&word).ok_or_else(|| item.wrong("mode"))?;
    let words = item.list_or_one("channels")?;
    if words.len() > CHANNELS_MAX {
        return Err(item.wrong("channels"));
    }
    let read = |raw: &str| channel(mode, &serde_json::from_str::<String>(raw).ok()?);
    let channels = words.into_iter().map(read).collect::<Option<_>>();
    Ok(Listed { mode, channels: channels.ok_or_else(|| item.wrong("channels"))? })
}

/// The vendor's words, short as in callbacks and long as in its other calls.
fn mode(word: &str) -> Option<Mode> {
    match word {
        "UPI" => Some(Mode::Upi),
        "CC" | "CREDIT_CARD" => Some(Mode::CreditCard),
        "DC" | "DEBIT_CARD" => Some(Mode::DebitCard),
        "NB" | "NET_BANKING" => Some(Mode::NetBanking),
        "PPI" | "BALANCE" => Some(Mode::Wallet),
        "EMI" => Some(Mode::Emi),
        _ => None,
    }
}

fn channel(mode: Mode, word: &str) -> Option<Channel> {
    let own = match (mode, word) {
        (Mode::Upi, "UPI") => "COLLECT",
        (Mode::Upi, "UPIPUSH" | "UPIPUSHEXPRESS") => "INTENT",
        (Mode::Upi, _) => return None,
        (Mode::CreditCard | Mode::DebitCard, "MASTER") => "MASTERCARD",
        (Mode::NetBanking, "NKMB") => "KOTAK",
        (Mode::CreditCard | Mode::DebitCard | Mode::NetBanking | Mode::Wallet | Mode::Emi, word) => word,
    };
    mode.channel(own)
}
