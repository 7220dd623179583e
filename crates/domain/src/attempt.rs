//! The start of a payment: what a payer asks for, the token of the form in which it was asked, and the
//! reservation.

use crate::amount::Minor;
use crate::answers::seal_answers;
use crate::fee::surcharge;
use crate::fields::FieldValues;
use crate::id::PaymentId;
use crate::link::Link;
use crate::merchant::{Environment, Merchant};
use crate::moment::Moment;
use crate::payment::{Payment, PaymentState, Refunds};
use crate::refusal::{Refusal, Stop};
use crate::seal::Place;
use crate::secret::Pii;
use crate::ways::Choice;

/// What tells one shown form of a link's page from every other: random, and sent with the form. The same
/// token again is the same attempt, so that two taps are one payment. It counts for its link alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptToken([u8; 16]);

impl AttemptToken {
    /// The token of these random bytes.
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, as the store keeps them.
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// 32 hexadecimal digits, as the form has them.
    pub fn to_text(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }

    /// The token of such a text; none for any other.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = |c: u8| matches!(c, b'0'..=b'9' | b'a'..=b'f');
        let digits = Some(text).filter(|text| text.len() == 32 && text.bytes().all(is_hex))?;
        u128::from_str_radix(digits, 16).ok().map(|number| Self(number.to_be_bytes()))
    }
}

/// Who has a token is shown its payment, so no log may have one.
impl std::fmt::Debug for AttemptToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AttemptToken(…)")
    }
}

/// What a payer asks for.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The amount; none takes what the link asks for.
    pub amount: Option<Minor>,
    /// By what the payer wants to pay.
    pub by: Choice,
    /// The payer's mobile number, ten digits, if given; of a link that only one mobile may pay: proven.
    pub payer_mobile: Option<Pii>,
    /// The answers to the link's form.
    pub answers: Option<FieldValues>,
    /// The token of the page's form, if the payer had one.
    pub token: Option<AttemptToken>,
    /// The rail's name.
    pub rail: String,
    /// Does the rail only simulate?
    pub rail_is_sandbox: bool,
}

/// Starts a payment: checks the merchant, reserves the amount on the link and records the attempt.
pub fn start(
    link: Link,
    merchant: &Merchant,
    attempt: &Attempt,
    moment: &mut Moment<'_>,
) -> Result<(Link, Payment), Stop> {
    merchant.check_active()?;
    link.check_payable(moment.now)?;
    if attempt.rail_is_sandbox && merchant.environment == Environment::Live {
        return Err(Refusal::RailNotAllowed.into());
    }
    if attempt.answers.as_ref().map(FieldValues::template_id) != link.terms.form {
        return Err(Refusal::FormInvalid.into());
    }
    let asked = link.default_amount()?;
    let amount = attempt.amount.or(asked).ok_or(Refusal::AmountRequired)?;
    if asked.is_none() {
        merchant.check_amount(amount, link.currency)?;
    }
    let link = link.reserve(amount, moment.now)?;
    let mode = attempt.by.mode.word();
    let surcharge = surcharge(&merchant.fees, &attempt.rail, mode, amount)?;
    let means = link.ways.means(moment.setup.modes, attempt.by, amount.plus(surcharge)?)?;
    let id = PaymentId::new(moment.mint(merchant.id)?);
    let payer_mobile = match &attempt.payer_mobile {
        None => None,
        Some(mobile) => {
            let nonce = moment.nonce()?;
            Some(moment.keys.seal(payer_mobile_place(id), nonce, mobile.expose().as_bytes())?)
        }
    };
    let answers = attempt.answers.as_ref().map(|answers| seal_answers(id, answers, moment)).transpose()?;
    let payment = Payment {
        id,
        link_id: link.id,
        merchant_id: merchant.id,
        rail: attempt.rail.clone(),
        rail_account: merchant.slug.clone(),
        mode: mode.to_owned(),
        means,
        currency: link.currency,
        applied: amount,
        discount: Minor::ZERO,
        surcharge,
        payer_mobile,
        answers,
        token: attempt.token,
        created_at: moment.now,
        reserved_until: Some(moment.now.plus_ms(moment.setup.reservation_ms)),
        rail_reference: None,
        gave_away: None,
        taken: None,
        is_foreign: false,
        came_in: None,
        beside: None,
        decided: None,
        refunds: Refunds::default(),
        state: PaymentState::Started,
        version: 0,
    };
    Ok((link, payment))
}

/// Where a payer's sealed mobile number stands.
pub const fn payer_mobile_place(id: PaymentId) -> Place {
    Place { table: "payment", row: id.get(), column: "payer_mobile" }
}
