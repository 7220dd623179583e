//! By what a link may be paid, and by what a payment is paid: its modes, and how much of each sub-wallet.

use crate::amount::{AMOUNT_MAX, Minor};
use crate::mode::{Channel, Mode, Modes, Open};
use crate::refusal::{Fault, Refusal, Stop};

/// Money of sub-wallets, in the order of the wallet's channels, each at most once.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SubWallets(Vec<(Channel, Minor)>);

impl SubWallets {
    /// Sums by the words of sub-wallets; none where a word is unknown or stands twice, or a sum is negative
    /// or above [`AMOUNT_MAX`].
    pub fn of<'w>(sums: impl IntoIterator<Item = (&'w str, Minor)>) -> Option<Self> {
        let mut found = Vec::new();
        for (word, sum) in sums {
            let channel = Mode::Wallet.channel(word)?;
            let is_known = found.iter().any(|(other, _)| *other == channel);
            if is_known || sum < Minor::ZERO || sum > AMOUNT_MAX {
                return None;
            }
            found.push((channel, sum));
        }
        let place = |channel: Channel| Mode::Wallet.channels().position(|other| other == channel);
        found.sort_by_key(|(channel, _)| place(*channel));
        Some(Self(found))
    }

    /// Is there none?
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each with its sum, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Channel, Minor)> {
        self.0.iter().copied()
    }

    /// As one text, such as `FOOD=200,GIFT=5000` in minor units; none where there is none.
    pub fn to_text(&self) -> Option<String> {
        let all = self.0.iter().map(|(channel, sum)| format!("{}={}", channel.word(), sum.get()));
        (!self.is_empty()).then(|| all.collect::<Vec<_>>().join(","))
    }

    /// Reads what [`Self::to_text`] has written.
    pub fn parse(text: &str) -> Option<Self> {
        let one = |item: &'_ str| {
            let (word, sum) = item.split_once('=')?;
            Some((Mode::Wallet.channel(word)?.word(), Minor::new(sum.parse().ok()?)))
        };
        Self::of(text.split(',').map(one).collect::<Option<Vec<_>>>()?)
    }

    /// Takes `amount` out of those of `channels`, one after the other in order, of each as much as its cap
    /// allows; refused where all together do not allow it.
    fn draw(&self, amount: Minor, may_use: impl Fn(Channel) -> bool) -> Result<Self, Stop> {
        let (mut left, mut drawn) = (amount, Vec::new());
        for (channel, cap) in self.iter().filter(|(channel, _)| may_use(*channel)) {
            let part = left.min(cap);
            if part.is_positive() {
                drawn.push((channel, part));
                left = left.minus(part)?;
            }
        }
        if left.is_positive() { Err(Refusal::ModeNotAllowed.into()) } else { Ok(Self(drawn)) }
    }
}

/// By what a link may be paid.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Ways {
    /// Its modes with their channels.
    pub modes: Modes,
    /// The most that one payment may take of each sub-wallet. Where there is any, a wallet pays from these
    /// alone.
    pub caps: SubWallets,
}

/// By what a payer wants to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The mode.
    pub mode: Mode,
    /// One of its channels, if the payer named one.
    pub channel: Option<Channel>,
}

impl From<Mode> for Choice {
    fn from(mode: Mode) -> Self {
        Self { mode, channel: None }
    }
}

/// By what a payment is paid, beside its mode.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Means {
    /// The channel, where one was chosen.
    pub channel: Option<Channel>,
    /// What it takes of each sub-wallet, where the link caps them.
    pub drawn: SubWallets,
}

impl Ways {
    /// By what a payment of `charged` (what the rail is to take) is paid. Refused where the rails lack the
    /// mode, or the link does not take it, its channel, or so much of its sub-wallets.
    pub fn means(&self, of_rails: &[Mode], choice: Choice, charged: Minor) -> Result<Means, Stop> {
        if !of_rails.contains(&choice.mode) {
            return Err(Refusal::ModeNotAllowed.into());
        }
        let channel = self.modes.choose(choice.mode, choice.channel)?;
        if choice.mode != Mode::Wallet || self.caps.is_empty() {
            return Ok(Means { channel, drawn: SubWallets::default() });
        }
        let open = self.modes.open(Mode::Wallet);
        let is_open = |channel| match &open {
            Open::Nothing => false,
            Open::Only(left) => left.contains(&channel),
            Open::Whole => true,
        };
        let may_use = |other| choice.channel.map_or_else(|| is_open(other), |chosen| chosen == other);
        Ok(Means { channel: choice.channel, drawn: self.caps.draw(charged, may_use)? })
    }

    /// The modes in which `charged`, where it is known, can be paid, with the channels that the payer may
    /// choose from.
    pub fn offered(
        &self,
        of_rails: &[Mode],
        charged: impl Fn(Mode) -> Result<Option<Minor>, Fault>,
    ) -> Result<Vec<(Mode, Vec<Channel>)>, Fault> {
        let mut offered = Vec::new();
        for mode in of_rails.iter().copied() {
            let charged = charged(mode)?;
            let pays =
                |channel| match self.means(of_rails, Choice { mode, channel }, charged.unwrap_or_default()) {
                    Ok(_) => Ok(true),
                    Err(Stop::Refused(_)) => Ok(false),
                    Err(Stop::Broken(fault)) => Err(fault),
                };
            if pays(None)? {
                let mut channels = Vec::new();
                for channel in mode.channels() {
                    if pays(Some(channel))? && self.has(mode, channel) {
                        channels.push(channel);
                    }
                }
                offered.push((mode, channels));
            }
        }
        Ok(offered)
    }

    /// Where sub-wallets have caps, the others are no choice.
    fn has(&self, mode: Mode, channel: Channel) -> bool {
        mode != Mode::Wallet || self.caps.is_empty() || self.caps.iter().any(|(capped, _)| capped == channel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mode::Listed;
    use crate::sandbox::MODES;

    fn caps(sums: &[(&str, i64)]) -> SubWallets {
        SubWallets::of(sums.iter().map(|(word, sum)| (*word, Minor::new(*sum)))).unwrap()
    }

    fn ways() -> Ways {
        Ways { caps: caps(&[("GIFT", 300), ("FOOD", 200), ("TOLL", 0)]), ..Ways::default() }
    }

    fn wallet(word: &str) -> Choice {
        Choice { mode: Mode::Wallet, channel: Mode::Wallet.channel(word) }
    }

    fn drawn(ways: &Ways, choice: Choice, charged: i64) -> Option<String> {
        let means = ways.means(&MODES, choice, Minor::new(charged));
        let refused = Err(Stop::Refused(Refusal::ModeNotAllowed));
        match means {
            Ok(means) => Some(means.drawn.to_text().unwrap_or_default()),
            Err(_) => {
                assert_eq!(means, refused);
                None
            }
        }
    }

    #[test]
    fn a_wallet_is_emptied_one_sub_wallet_after_the_other() {
        let ways = ways();
        let pays = |charged| drawn(&ways, Mode::Wallet.into(), charged);
        assert_eq!(pays(150).as_deref(), Some("FOOD=150"));
        assert_eq!(pays(200).as_deref(), Some("FOOD=200"));
        assert_eq!(pays(201).as_deref(), Some("FOOD=200,GIFT=1"));
        assert_eq!(pays(500).as_deref(), Some("FOOD=200,GIFT=300"));
        assert_eq!(pays(501), None);
    }

    #[test]
    fn a_chosen_sub_wallet_pays_alone_and_within_its_cap() {
        let ways = ways();
        assert_eq!(drawn(&ways, wallet("GIFT"), 300).as_deref(), Some("GIFT=300"));
        assert_eq!(drawn(&ways, wallet("GIFT"), 301), None);
        assert_eq!(drawn(&ways, wallet("FUEL"), 1), None);
        assert_eq!(drawn(&ways, Mode::Upi.into(), 900).as_deref(), Some(""), "caps are the wallet's alone");
        assert_eq!(drawn(&Ways::default(), wallet("FUEL"), 900).as_deref(), Some(""));
    }

    #[test]
    fn what_a_list_refuses_is_not_drawn_from() {
        let listed = Listed { mode: Mode::Wallet, channels: vec![Mode::Wallet.channel("FOOD").unwrap()] };
        let ways = Ways { modes: Modes::AllBut(vec![listed]), ..ways() };
        assert_eq!(drawn(&ways, Mode::Wallet.into(), 300).as_deref(), Some("GIFT=300"));
        assert_eq!(drawn(&ways, Mode::Wallet.into(), 301), None);
        assert_eq!(drawn(&ways, wallet("FOOD"), 100), None);
    }

    #[test]
    fn a_mode_that_the_rail_lacks_is_refused() {
        assert_eq!(drawn(&Ways::default(), Mode::Emi.into(), 1), None);
    }

    #[test]
    fn a_page_offers_what_can_pay() {
        let offered = |charged: Option<i64>| {
            let found = ways().offered(&MODES, |_| Ok(charged.map(Minor::new))).unwrap();
            let wallet = found.into_iter().find(|(mode, _)| *mode == Mode::Wallet);
            wallet.map(|(_, channels)| channels.into_iter().map(Channel::word).collect::<Vec<_>>())
        };
        assert_eq!(offered(Some(501)), None);
        assert_eq!(offered(Some(250)), Some(vec!["GIFT"]));
        assert_eq!(offered(Some(100)), Some(vec!["FOOD", "GIFT"]));
        assert_eq!(offered(None), Some(vec!["FOOD", "GIFT", "TOLL"]));
    }

    #[test]
    fn sums_are_read_as_they_were_written() {
        let sums = caps(&[("GIFT", 300), ("FOOD", 0)]);
        assert_eq!(sums.to_text().as_deref(), Some("FOOD=0,GIFT=300"));
        assert_eq!(SubWallets::parse("FOOD=0,GIFT=300"), Some(sums));
        assert_eq!(SubWallets::default().to_text(), None);
        for broken in ["", "FOOD", "FOOD=", "FOOD=-1", "MEAL=1", "FOOD=1,FOOD=2", "FOOD=1,"] {
            assert_eq!(SubWallets::parse(broken), None, "{broken:?}");
        }
    }
}
