//! The keys of a merchant's table that are not a dialect's, and their rules.

use std::collections::BTreeSet;

use kadi_dialects::file_fault::FileFault;
use kadi_dialects::shared::amount::parse_amount;
use kadi_dialects::shared::text::has_control_or_bidi;
use kadi_domain::amount::Minor;
use kadi_domain::fee::{FeeRule, may_surcharge};
use kadi_domain::merchant::{Environment, Feature, FeeBearer, Limit};
use kadi_domain::payment::HoldDecision;
use serde::Deserialize;
use toml::Spanned;

use super::risk::RiskKeys;

/// The longest merchant id.
const ID_CHARS_MAX: usize = 64;
/// The longest name, reseller or rail.
const NAME_CHARS_MAX: usize = 100;
/// The most lines of a postal address.
const ADDRESS_LINES_MAX: usize = 6;
/// The longest postal address, line breaks counted.
const ADDRESS_CHARS_MAX: usize = 300;
/// A whole in hundredths of a percent.
const WHOLE_BPS: i64 = 10_000;

pub(super) type Text = Spanned<String>;

/// A merchant's table without the dialects'.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MerchantKeys {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) active: Option<bool>,
    pub(super) environment: Option<Text>,
    pub(super) vpa: Option<Text>,
    pub(super) gstin: Option<Text>,
    pub(super) state_code: Option<Text>,
    pub(super) address: Option<Text>,
    pub(super) feature: Option<Vec<Text>>,
    #[serde(default)]
    pub(super) redirect_host: Vec<Text>,
    pub(super) aggregator: Option<Text>,
    #[serde(default)]
    pub(super) reseller: Vec<Text>,
    pub(super) limit: Option<LimitKeys>,
    pub(super) fee: Option<Vec<FeeKeys>>,
    pub(super) refund_fee_bearer: Option<Text>,
    pub(super) hold: Option<Text>,
    pub(super) receipts: Option<bool>,
    #[serde(default)]
    pub(super) risk: RiskKeys,
}

/// `limit`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitKeys {
    min: Option<Text>,
    max: Option<Text>,
    account_max: Option<Text>,
}

/// One of `fee`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeeKeys {
    rail: Option<Text>,
    mode: Option<Text>,
    bps: Spanned<i64>,
    flat: Option<Text>,
    min: Option<Text>,
    cap: Option<Text>,
    tax_bps: Option<Spanned<i64>>,
    surcharge_bps: Option<Spanned<i64>>,
    surcharge_flat: Option<Text>,
}

/// A text that keeps its rule.
pub(super) fn checked(
    key: &str,
    text: &Text,
    fits: impl Fn(&str) -> bool,
    rule: &str,
) -> Result<String, FileFault> {
    let value: &String = text.as_ref();
    if fits(value) { Ok(value.clone()) } else { Err(FileFault::new(text.span(), key, rule)) }
}

/// [`checked`] for a text that may be absent.
pub(super) fn checked_if_given(
    key: &str,
    text: Option<&Text>,
    fits: impl Fn(&str) -> bool,
    rule: &str,
) -> Result<Option<String>, FileFault> {
    text.map(|text| checked(key, text, fits, rule)).transpose()
}

/// [`checked`] for each text of a list.
pub(super) fn checked_all(
    key: &str,
    texts: &[Text],
    fits: impl Fn(&str) -> bool,
    rule: &str,
) -> Result<Vec<String>, FileFault> {
    texts.iter().map(|text| checked(key, text, &fits, rule)).collect()
}

/// A merchant's id.
pub(super) fn id(key: &str, text: &Text) -> Result<String, FileFault> {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = |text: &str| (1..=ID_CHARS_MAX).contains(&text.len()) && text.bytes().all(letter);
    checked(key, text, fits, "has 1 to 64 of the characters a-z, 0-9 and -")
}

/// What [`is_name`] asks for, in words.
pub(super) const NAME_RULE: &str =
    "has 1 to 100 characters, not only spaces, no control or direction characters";

/// Words for people: 1 to 100 characters on one line.
pub(super) fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= NAME_CHARS_MAX && !has_control_or_bidi(text)
}

/// A UPI address: NPCI's `name@handle`.
pub(super) fn is_vpa(text: &str) -> bool {
    let name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    text.split_once('@').is_some_and(|(user, handle)| {
        (1..=256).contains(&user.len())
            && user.bytes().all(name)
            && (2..=64).contains(&handle.len())
            && handle.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// The form of a GST identification number: state code, PAN, entity, `Z`, check character (CGST Rules, rule
/// 10).
pub(super) fn is_gstin(text: &str) -> bool {
    const FORM: &str = "00AAAAA0000AXZX";
    text.len() == FORM.len()
        && text.bytes().zip(FORM.bytes()).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'Z' => byte == b'Z',
            _ => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        })
}

/// The GST code of a state: two digits.
pub(super) fn is_state_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A postal address in lines; a line break at the end, which a text over several lines has, is none of it.
pub(super) fn address(text: Option<&Text>) -> Result<Option<String>, FileFault> {
    let rule = "has 1 to 6 lines, none of them empty, together at most 300 characters, no control or direction \
                characters";
    let whole = |text: &str| text.strip_suffix('\n').unwrap_or(text).to_owned();
    let is_line = |line: &str| !line.trim().is_empty() && !has_control_or_bidi(line);
    let fits = |text: &str| {
        let lines = whole(text);
        lines.split('\n').count() <= ADDRESS_LINES_MAX
            && lines.chars().count() <= ADDRESS_CHARS_MAX
            && lines.split('\n').all(is_line)
    };
    Ok(checked_if_given("address", text, fits, rule)?.map(|text| whole(&text)))
}

pub(super) fn environment(text: Option<&Text>) -> Result<Environment, FileFault> {
    match text.map(|text| (text, text.as_ref().as_str())) {
        None | Some((_, "test")) => Ok(Environment::Test),
        Some((_, "live")) => Ok(Environment::Live),
        Some((text, _)) => Err(FileFault::new(text.span(), "environment", "is neither test nor live")),
    }
}

pub(super) fn fee_bearer(text: Option<&Text>) -> Result<FeeBearer, FileFault> {
    let Some(text) = text else { return Ok(FeeBearer::default()) };
    let unknown = || FileFault::new(text.span(), "refund_fee_bearer", "is neither merchant nor platform");
    FeeBearer::parse(text.as_ref()).ok_or_else(unknown)
}

pub(super) fn hold_policy(text: Option<&Text>) -> Result<Option<HoldDecision>, FileFault> {
    match text.map(|text| (text, text.as_ref().as_str())) {
        None | Some((_, "ask")) => Ok(None),
        Some((text, word)) => {
            let unknown = || FileFault::new(text.span(), "hold", "is none of ask, apply, refund");
            HoldDecision::parse(word).ok_or_else(unknown).map(Some)
        }
    }
}

pub(super) fn features(texts: Option<&Vec<Text>>) -> Result<BTreeSet<Feature>, FileFault> {
    let Some(texts) = texts else { return Ok(Feature::ALL.into_iter().collect()) };
    let known = texts.iter().map(|text| {
        let words = Feature::ALL.map(Feature::word).join(", ");
        let unknown = || FileFault::new(text.span(), "feature", format!("is not one of {words}"));
        Feature::parse(text.as_ref()).ok_or_else(unknown)
    });
    known.collect()
}

/// Host names in the form in which web addresses are compared with them.
pub(super) fn hosts(texts: &[Text]) -> Result<Vec<String>, FileFault> {
    let host = |text: &Text| {
        let parsed = url::Host::parse(text.as_ref());
        let rule = |_| FileFault::new(text.span(), "redirect_host", "is not the name of a host");
        parsed.map(|host| host.to_string()).map_err(rule)
    };
    texts.iter().map(host).collect()
}

/// Rupees with at most two decimals, as text.
pub(super) fn amount(key: &str, text: &Text) -> Result<Minor, FileFault> {
    let parsed = parse_amount(text.as_ref());
    parsed.map(Minor::new).map_err(|fault| FileFault::new(text.span(), key, fault.to_string()))
}

pub(super) fn amount_if_given(key: &str, text: Option<&Text>) -> Result<Option<Minor>, FileFault> {
    text.map(|text| amount(key, text)).transpose()
}

pub(super) fn limit(keys: Option<&LimitKeys>) -> Result<Limit, FileFault> {
    let default = Limit { min: Minor::new(100), max: None, account_max: None };
    let Some(keys) = keys else { return Ok(default) };
    let min = amount_if_given("limit.min", keys.min.as_ref())?.unwrap_or(default.min);
    let max = amount_if_given("limit.max", keys.max.as_ref())?;
    let account_max = amount_if_given("limit.account_max", keys.account_max.as_ref())?;
    let order = [
        ("limit.min", keys.min.as_ref(), min.is_positive(), "is nothing"),
        ("limit.max", keys.max.as_ref(), max.is_none_or(|max| max >= min), "is less than limit.min"),
        (
            "limit.account_max",
            keys.account_max.as_ref(),
            account_max.is_none_or(|most| most >= max.unwrap_or(min)),
            "is less than limit.max or limit.min",
        ),
    ];
    match order
        .into_iter()
        .find_map(|(key, text, holds, rule)| text.filter(|_| !holds).map(|t| (key, t, rule)))
    {
        Some((key, text, rule)) => Err(FileFault::new(text.span(), key, rule)),
        None => Ok(Limit { min, max, account_max }),
    }
}

pub(super) fn fees(keys: Option<&Vec<FeeKeys>>) -> Result<Vec<FeeRule>, FileFault> {
    match keys {
        Some(rules) => rules.iter().map(|rule| fee(rule).map_err(|fault| fault.within("fee"))).collect(),
        None => Ok(vec![FeeRule::plain("*".to_owned(), "*".to_owned(), 100, Minor::ZERO, 1_800)]),
    }
}

fn fee(keys: &FeeKeys) -> Result<FeeRule, FileFault> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let fits = |text: &str| {
        text == "*" || (!text.is_empty() && text.len() <= NAME_CHARS_MAX && text.bytes().all(word))
    };
    let rule = "is neither * nor a word of letters, digits, _ and -";
    let share = |key: &str, value: &Spanned<i64>| match *value.as_ref() {
        bps if (0..=WHOLE_BPS).contains(&bps) => Ok(bps),
        _ => Err(FileFault::new(value.span(), key, "is not between 0 and 10000 (100 %)")),
    };
    let any = || "*".to_owned();
    let rule = FeeRule {
        rail: checked_if_given("rail", keys.rail.as_ref(), fits, rule)?.unwrap_or_else(any),
        mode: checked_if_given("mode", keys.mode.as_ref(), fits, rule)?.unwrap_or_else(any),
        bps: share("bps", &keys.bps)?,
        flat: amount_if_given("flat", keys.flat.as_ref())?.unwrap_or(Minor::ZERO),
        min: amount_if_given("min", keys.min.as_ref())?.unwrap_or(Minor::ZERO),
        cap: amount_if_given("cap", keys.cap.as_ref())?,
        tax_bps: keys.tax_bps.as_ref().map_or(Ok(1_800), |value| share("tax_bps", value))?,
        surcharge_bps: keys.surcharge_bps.as_ref().map_or(Ok(0), |value| share("surcharge_bps", value))?,
        surcharge_flat: amount_if_given("surcharge_flat", keys.surcharge_flat.as_ref())?
            .unwrap_or(Minor::ZERO),
    };
    if let (Some(cap), Some(text)) = (rule.cap, &keys.cap)
        && cap < rule.min
    {
        return Err(FileFault::new(text.span(), "cap", "is less than min"));
    }
    let surcharge = keys.surcharge_bps.as_ref().map(Spanned::span);
    let surcharge = surcharge.or(keys.surcharge_flat.as_ref().map(Spanned::span));
    if let Some(span) = surcharge.filter(|_| rule.has_surcharge() && !may_surcharge(&rule.mode)) {
        let law = "needs a mode that is neither UPI nor may be RuPay debit: the law forbids those surcharges";
        return Err(FileFault::new(span, "surcharge", law));
    }
    Ok(rule)
}
