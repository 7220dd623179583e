//! Payment modes: by what a payer pays, the channels of each, and which of them a link takes.

use crate::refusal::Refusal;

/// By what a payer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// UPI.
    Upi,
    /// A credit card.
    CreditCard,
    /// A debit card.
    DebitCard,
    /// Net banking.
    NetBanking,
    /// A wallet (prepaid payment instrument).
    Wallet,
    /// Instalments of a bank.
    Emi,
}

/// One way within a mode: how UPI asks, a card scheme, a bank, a sub-wallet. Each mode has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(&'static str);

impl Channel {
    /// Its word in rows, forms and answers.
    pub const fn word(self) -> &'static str {
        self.0
    }
}

impl Mode {
    /// Every mode with its word in rows, forms, answers and fee tables.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Upi, "UPI"),
        (Self::CreditCard, "CC"),
        (Self::DebitCard, "DC"),
        (Self::NetBanking, "NB"),
        (Self::Wallet, "PPI"),
        (Self::Emi, "EMI"),
    ];

    /// The word of rows, forms, answers and fee tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Upi => "UPI",
            Self::CreditCard => "CC",
            Self::DebitCard => "DC",
            Self::NetBanking => "NB",
            Self::Wallet => "PPI",
            Self::Emi => "EMI",
        }
    }

    /// The mode with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w)| *w == word).map(|(mode, _)| *mode)
    }

    /// The words of its channels, in the order in which they are offered and a wallet's are emptied.
    const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Upi => &["COLLECT", "INTENT"],
            Self::CreditCard => &["VISA", "MASTERCARD", "AMEX", "DINERS", "RUPAY"],
            Self::DebitCard => &["VISA", "MASTERCARD", "MAESTRO", "RUPAY"],
            Self::NetBanking => &["AXIS", "HDFC", "ICICI", "KOTAK", "PNB", "SBI", "YES"],
            Self::Wallet => &[
                "FOOD",
                "GIFT",
                "MULTI_PURPOSE_GIFT",
                "TOLL",
                "CLOSED_LOOP_WALLET",
                "CLOSED_LOOP_SUB_WALLET",
                "FUEL",
                "INTERNATIONAL_FUNDS_TRANSFER",
                "CASHBACK",
                "GIFT_VOUCHER",
                "COMMUNICATION",
            ],
            Self::Emi => &[],
        }
    }

    /// Its channels in order.
    pub fn channels(self) -> impl Iterator<Item = Channel> {
        self.words().iter().map(|word| Channel(word))
    }

    /// Its channel with this word.
    pub fn channel(self, word: &str) -> Option<Channel> {
        self.channels().find(|channel| channel.0 == word)
    }
}

/// A mode in a list of a link, with the channels that are meant; without any all of them are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The mode.
    pub mode: Mode,
    /// Its channels.
    pub channels: Vec<Channel>,
}

/// Which modes and channels a link takes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Modes {
    /// All that its rail has.
    #[default]
    All,
    /// Only these.
    Only(Vec<Listed>),
    /// All but these.
    AllBut(Vec<Listed>),
}

/// What a link takes of a mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// Nothing.
    Nothing,
    /// Only these channels, in the mode's order; at least one.
    Only(Vec<Channel>),
    /// All of it.
    Whole,
}

impl Modes {
    /// What the link takes of a mode.
    pub fn open(&self, mode: Mode) -> Open {
        let (list, is_refusal) = match self {
            Self::All => return Open::Whole,
            Self::Only(list) => (list, false),
            Self::AllBut(list) => (list, true),
        };
        let named = || list.iter().filter(|listed| listed.mode == mode);
        let is_whole = named().any(|listed| listed.channels.is_empty());
        match (named().next().is_some(), is_whole) {
            (false, _) if is_refusal => Open::Whole,
            (false, _) => Open::Nothing,
            (true, true) if is_refusal => Open::Nothing,
            (true, true) => Open::Whole,
            (true, false) => {
                let is_named = |channel| named().any(|listed| listed.channels.contains(&channel));
                let left: Vec<_> =
                    mode.channels().filter(|channel| is_named(*channel) != is_refusal).collect();
                if left.is_empty() {
                    Open::Nothing
                } else if left.len() == mode.words().len() {
                    Open::Whole
                } else {
                    Open::Only(left)
                }
            }
        }
    }

    /// The channel by which a payer pays who named this one or none: the named one if it may be used; without
    /// one the first that may, where only some may.
    pub fn choose(&self, mode: Mode, named: Option<Channel>) -> Result<Option<Channel>, Refusal> {
        match (self.open(mode), named) {
            (Open::Nothing, _) => Err(Refusal::ModeNotAllowed),
            (Open::Whole, named) => Ok(named),
            (Open::Only(left), None) => Ok(left.first().copied()),
            (Open::Only(left), Some(named)) if left.contains(&named) => Ok(Some(named)),
            (Open::Only(_), Some(_)) => Err(Refusal::ModeNotAllowed),
        }
    }

    /// Refuses a list that leaves none of the modes that the rails have.
    pub fn check(&self, of_rails: &[Mode]) -> Result<(), Refusal> {
        let is_left = of_rails.iter().any(|mode| self.open(*mode) != Open::Nothing);
        if is_left { Ok(()) } else { Err(Refusal::ModesInvalid) }
    }

    /// The list as one text, such as `+UPI:INTENT|CC` or `-NB`; none where there is no list.
    pub fn to_text(&self) -> Option<String> {
        let (sign, list) = match self {
            Self::All => return None,
            Self::Only(list) => ('+', list),
            Self::AllBut(list) => ('-', list),
        };
        let one = |listed: &Listed| {
            let channels: Vec<_> = listed.channels.iter().map(|channel| channel.0).collect();
            let colon = if channels.is_empty() { "" } else { ":" };
            format!("{}{colon}{}", listed.mode.word(), channels.join(","))
        };
        Some(format!("{sign}{}", list.iter().map(one).collect::<Vec<_>>().join("|")))
    }

    /// Reads what [`Self::to_text`] has written.
    pub fn parse(text: &str) -> Option<Self> {
        let one = |item: &str| {
            let (mode, channels) = item.split_once(':').map_or((item, None), |(m, c)| (m, Some(c)));
            let mode = Mode::parse(mode)?;
            let words = channels.into_iter().flat_map(|channels| channels.split(','));
            let channels = words.map(|word| mode.channel(word)).collect::<Option<_>>()?;
            Some(Listed { mode, channels })
        };
        let list = |items: &str| items.split('|').map(one).collect::<Option<Vec<_>>>();
        match text.split_at_checked(1)? {
            ("+", items) => list(items).map(Self::Only),
            ("-", items) => list(items).map(Self::AllBut),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(mode: Mode, words: &[&str]) -> Listed {
        Listed { mode, channels: words.iter().map(|word| mode.channel(word).unwrap()).collect() }
    }

    fn words(open: Open) -> Vec<&'static str> {
        match open {
            Open::Nothing => vec!["-"],
            Open::Whole => vec!["*"],
            Open::Only(left) => left.into_iter().map(Channel::word).collect(),
        }
    }

    #[test]
    fn words_are_those_of_the_table() {
        for (mode, word) in Mode::ALL {
            assert_eq!((mode.word(), Mode::parse(word)), (word, Some(mode)));
        }
        assert_eq!(Mode::parse("upi"), None);
        assert_eq!(Mode::CreditCard.channel("SBI"), None);
    }

    #[test]
    fn only_the_listed_are_taken_and_of_them_only_the_named_channels() {
        let modes = Modes::Only(vec![
            listed(Mode::Upi, &["INTENT"]),
            listed(Mode::CreditCard, &[]),
            listed(Mode::NetBanking, &["SBI"]),
            listed(Mode::NetBanking, &["HDFC"]),
        ]);
        let open = |mode| words(modes.open(mode));
        assert_eq!(open(Mode::Upi), ["INTENT"]);
        assert_eq!(open(Mode::CreditCard), ["*"]);
        assert_eq!(open(Mode::NetBanking), ["HDFC", "SBI"]);
        assert_eq!(open(Mode::DebitCard), ["-"]);
        assert_eq!(words(Modes::Only(vec![]).open(Mode::Upi)), ["-"]);
    }

    #[test]
    fn all_but_the_listed_are_taken() {
        let modes = Modes::AllBut(vec![
            listed(Mode::Upi, &["INTENT"]),
            listed(Mode::CreditCard, &[]),
            listed(Mode::DebitCard, &["VISA", "MASTERCARD", "MAESTRO", "RUPAY"]),
        ]);
        let open = |mode| words(modes.open(mode));
        assert_eq!(open(Mode::Upi), ["COLLECT"]);
        assert_eq!((open(Mode::CreditCard), open(Mode::DebitCard)), (vec!["-"], vec!["-"]));
        assert_eq!((open(Mode::Wallet), open(Mode::Emi)), (vec!["*"], vec!["*"]));
    }

    #[test]
    fn a_payer_may_name_an_open_channel_and_is_given_one_where_only_some_are() {
        let modes = Modes::Only(vec![listed(Mode::NetBanking, &["SBI", "PNB"]), listed(Mode::Wallet, &[])]);
        let channel = |mode: Mode, word| mode.channel(word);
        let bank = |word| channel(Mode::NetBanking, word);
        assert_eq!(modes.choose(Mode::NetBanking, bank("SBI")), Ok(bank("SBI")));
        assert_eq!(modes.choose(Mode::NetBanking, None), Ok(bank("PNB")));
        assert_eq!(modes.choose(Mode::NetBanking, bank("HDFC")), Err(Refusal::ModeNotAllowed));
        assert_eq!(modes.choose(Mode::Upi, None), Err(Refusal::ModeNotAllowed));
        assert_eq!(modes.choose(Mode::Wallet, None), Ok(None));
    }

    #[test]
    fn a_list_must_leave_something_to_pay_by() {
        let rails = [Mode::Upi, Mode::Wallet];
        assert_eq!(Modes::All.check(&rails), Ok(()));
        assert_eq!(Modes::Only(vec![listed(Mode::Emi, &[])]).check(&rails), Err(Refusal::ModesInvalid));
        let both = vec![listed(Mode::Upi, &["COLLECT", "INTENT"]), listed(Mode::Wallet, &[])];
        assert_eq!(Modes::AllBut(both).check(&rails), Err(Refusal::ModesInvalid));
        assert_eq!(Modes::AllBut(vec![listed(Mode::Upi, &["INTENT"])]).check(&[Mode::Upi]), Ok(()));
    }

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let list = vec![listed(Mode::Upi, &["INTENT"]), listed(Mode::CreditCard, &[])];
        for (modes, text) in [
            (Modes::Only(list.clone()), Some("+UPI:INTENT|CC")),
            (Modes::AllBut(vec![listed(Mode::NetBanking, &["SBI", "PNB"])]), Some("-NB:SBI,PNB")),
            (Modes::All, None),
        ] {
            assert_eq!(modes.to_text().as_deref(), text);
            assert_eq!(text.map_or(Some(Modes::All), Modes::parse), Some(modes));
        }
        for broken in ["", "UPI", "+", "+UPI:", "+upi", "+UPI:SBI", "+UPI|", "*UPI", "₹"] {
            assert_eq!(Modes::parse(broken), None, "{broken:?}");
        }
    }
}
