//! Which language a page is written in, and how the payer's wish for one is read.

/// A language that every page exists in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Indian English.
    English,
    /// Hindi in Devanagari, digits 0 to 9.
    Hindi,
}

/// How many entries of an `Accept-Language` header are looked at; browsers send fewer than ten.
const LANGUAGE_RANGES_MAX: usize = 32;

/// The weight of a language range that names none, in thousandths (RFC 9110, section 12.4.2).
const FULL_WEIGHT: u16 = 1_000;

impl Lang {
    /// The payer's language: `?lang=` where it names one of ours, else the best of `Accept-Language`, else
    /// English.
    ///
    /// `query` is the value of the `lang` parameter, `header` the whole `Accept-Language` header. Weights and
    /// `*` follow RFC 9110, section 12.5.4; of equal weights the earlier wins; an entry that cannot be read
    /// is skipped.
    pub fn choose(query: Option<&str>, header: Option<&str>) -> Self {
        query.and_then(Self::from_tag).or_else(|| header.and_then(Self::preferred)).unwrap_or(Self::English)
    }

    /// The language's BCP 47 tag, for the `lang` attribute and the `lang` parameter.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Hindi => "hi",
        }
    }

    /// The language that the switch on a page leads to.
    pub const fn other(self) -> Self {
        match self {
            Self::English => Self::Hindi,
            Self::Hindi => Self::English,
        }
    }

    /// Reads `hi`, `HI` or `hi-Deva-IN`; none for languages that no page exists in.
    fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split('-').next()?;
        [Self::English, Self::Hindi].into_iter().find(|lang| primary.eq_ignore_ascii_case(lang.tag()))
    }

    fn preferred(header: &str) -> Option<Self> {
        let mut english = None;
        let mut hindi = None;
        let mut any = None;
        for (place, range) in header.split(',').take(LANGUAGE_RANGES_MAX).enumerate() {
            let Some((tag, weight)) = read_range(range) else { continue };
            let slot = match Self::from_tag(tag) {
                Some(Self::English) => &mut english,
                Some(Self::Hindi) => &mut hindi,
                None if tag == "*" => &mut any,
                None => continue,
            };
            let wish = (weight, std::cmp::Reverse(place));
            *slot = (*slot).max(Some(wish));
        }
        // `*` stands for every language that the header does not name.
        let english = english.or(any);
        let hindi = hindi.or(any);
        let wanted = |wish: Option<(u16, std::cmp::Reverse<usize>)>| wish.filter(|(weight, _)| *weight > 0);
        match (wanted(english), wanted(hindi)) {
            (None, None) => None,
            (english, hindi) if hindi > english => Some(Self::Hindi),
            _ => Some(Self::English),
        }
    }
}

/// One entry such as `hi-IN;q=0.8`: its tag and its weight in thousandths.
fn read_range(range: &str) -> Option<(&str, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let tag = parts.next().filter(|tag| !tag.is_empty())?;
    let mut weight = FULL_WEIGHT;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") {
            weight = read_weight(value.trim())?;
        }
    }
    Some((tag, weight))
}

/// A quality value (`0`, `0.85`, `1.000`) in thousandths.
fn read_weight(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(FULL_WEIGHT),
        _ => None,
    }
}
