//! `payInstrument`: what NTT DATA's merchants read about a payment, signed with their response key (specs,
//! part 6).

use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::invoice::invoice_number;
use kadi_engine::domain::link::TextKind;
use kadi_engine::domain::mode::{Channel, Mode};
use kadi_engine::domain::payment::{Payment, PaymentState};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::Timestamp;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::callback::merch_id;
use super::codes::{CANCELLED_INVOICE, Code, EXECUTED, REQUEST_FAILED};
use super::keys::live;
use super::settings::RESPONSE_HASH_KEY;
use super::shown::merchant_txn_id;
use super::sign::NttKey;
use crate::door::Door;
use crate::shared::amount::money_text;
use crate::shared::ist::ist_dashed_text;
use crate::telling::Telling;

/// What a cancel is reported with.
const SEEN_ON_A_RESEND: &str = "Cancelled Invoice: the signature of the cancel had been seen on a resend";
/// What a payment is told with whose money went back.
const REVERSED: &str = "Transaction was reversed";
/// JSON numbers are whole up to here in every program.
const WHOLE_MAX: u64 = 1 << 53;

/// All that is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PayInstrument<'a> {
    merch_details: MerchDetails<'a>,
    pay_details: PayDetails<'a>,
    pay_mode_specific_data: PayModeSpecificData<'a>,
    response_details: ResponseDetails<'a>,
    invoice_no: String,
    /// `udf1` to `udf5` as the create gave them.
    #[serde(skip_serializing_if = "Option::is_none")]
    extras: Option<Box<RawValue>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MerchDetails<'a> {
    merch_id: MerchId<'a>,
    merch_txn_id: &'a str,
    merch_txn_date: String,
}

/// A merchant id, which is a number for the vendor.
struct MerchId<'a>(&'a str);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PayDetails<'a> {
    atom_txn_id: i64,
    prod_details: [Product<'a>; 1],
    amount: Rupees,
    surcharge_amount: Rupees,
    total_amount: Rupees,
    cust_acc_no: Option<&'a str>,
    client_code: Option<&'a str>,
    txn_init_date: String,
    txn_complete_date: String,
    signature: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Product<'a> {
    prod_name: &'a str,
    prod_amount: Rupees,
}

/// An amount as a JSON number with two decimals.
#[derive(Clone, Copy)]
struct Rupees(Minor);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PayModeSpecificData<'a> {
    sub_channel: [&'a str; 1],
    bank_details: BankDetails<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_details: Option<CardDetails>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BankDetails<'a> {
    bank_txn_id: &'a str,
    ots_bank_id: Option<i64>,
    ots_bank_name: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CardDetails {
    card_scheme: &'static str,
    card_mask_number: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseDetails<'a> {
    status_code: &'static str,
    message: &'static str,
    description: &'a str,
}

/// What the parts of the payload follow from.
struct Told<'a> {
    outcome: ResponseDetails<'a>,
    atom_txn_id: i64,
    amount: Minor,
    surcharge: Minor,
    total: Minor,
    began_at: Timestamp,
    mode: PayModeSpecificData<'a>,
}

impl<'a> PayInstrument<'a> {
    /// The end of a payment.
    pub(super) fn of_payment(door: &Door, telling: &'a Telling) -> Result<Self, Fault> {
        let payment = telling.payment.as_ref().ok_or_else(|| Fault::new("a callback without a payment"))?;
        let told = Told {
            outcome: outcome(&payment.state)?,
            atom_txn_id: payment.id.get(),
            amount: payment.applied,
            surcharge: payment.surcharge,
            total: payment.charged()?,
            began_at: payment.created_at,
            mode: means(payment),
        };
        Self::of(door, telling, told)
    }

    /// A cancel whose signature had been seen on a resend: nothing was paid, and the code is not that of a
    /// cancel's answer, which other products of the vendor use for a success.
    pub(super) fn of_cancel(door: &Door, telling: &'a Telling) -> Result<Self, Fault> {
        let bank_details = BankDetails { bank_txn_id: "", ots_bank_id: None, ots_bank_name: "" };
        let told = Told {
            outcome: ResponseDetails {
                status_code: CANCELLED_INVOICE.code,
                message: "CANCELLED",
                description: SEEN_ON_A_RESEND,
            },
            atom_txn_id: 0,
            amount: telling.link.amount.unwrap_or(Minor::ZERO),
            surcharge: Minor::ZERO,
            total: Minor::ZERO,
            began_at: telling.event.at,
            mode: PayModeSpecificData { sub_channel: [""], bank_details, card_details: None },
        };
        Self::of(door, telling, told)
    }

    /// Without the merchant's own texts.
    pub(super) fn for_a_page(self) -> Self {
        Self { extras: None, ..self }
    }

    fn of(door: &Door, telling: &'a Telling, told: Told<'a>) -> Result<Self, Fault> {
        let (link, txn_id) = (&telling.link, merchant_txn_id(&telling.references).unwrap_or_default());
        let attributes = telling.text(TextKind::Attributes).map(str::to_owned);
        let extras = attributes.map(RawValue::from_string).transpose();
        let [first] = told.mode.sub_channel;
        let parts = [
            merch_id(telling),
            &told.atom_txn_id.to_string(),
            txn_id,
            &money_text(told.total.get()),
            told.outcome.status_code,
            first,
            told.mode.bank_details.bank_txn_id,
        ];
        Ok(Self {
            merch_details: MerchDetails {
                merch_id: MerchId(merch_id(telling)),
                merch_txn_id: txn_id,
                merch_txn_date: date(link.created_at)?,
            },
            pay_details: PayDetails {
                atom_txn_id: told.atom_txn_id,
                prod_details: [Product { prod_name: &link.name, prod_amount: Rupees(told.amount) }],
                amount: Rupees(told.amount),
                surcharge_amount: Rupees(told.surcharge),
                total_amount: Rupees(told.total),
                cust_acc_no: None,
                client_code: None,
                txn_init_date: date(told.began_at)?,
                txn_complete_date: date(telling.event.at)?,
                signature: signature(door, telling, &parts)?,
            },
            pay_mode_specific_data: told.mode,
            response_details: told.outcome,
            invoice_no: invoice_number(link.id),
            extras: extras.map_err(|_| Fault::new("attributes that are no JSON"))?,
        })
    }
}

/// By the merchant's oldest live response key: while a new one is brought in, receivers still have the old
/// one. A merchant without one gets no signature, and can tell by nothing that Kadi wrote.
fn signature(door: &Door, telling: &Telling, parts: &[&str]) -> Result<String, Fault> {
    let own = live(&telling.credentials, telling.merchant.id, RESPONSE_HASH_KEY).next();
    let Some(credential) = own else { return Ok(String::new()) };
    Ok(NttKey::new(credential.open(door.engine.keys())?.expose())?.sign(parts))
}

/// What a payment's state is called, as far as the vendor has a word for it.
fn outcome(state: &PaymentState) -> Result<ResponseDetails<'_>, Fault> {
    let told =
        |code: Code, message, description| ResponseDetails { status_code: code.code, message, description };
    match state {
        PaymentState::Captured { .. } => Ok(told(EXECUTED, "SUCCESS", EXECUTED.text)),
        PaymentState::Failed { reason, .. } if reason.is_empty() => {
            Ok(told(REQUEST_FAILED, "FAILED", REQUEST_FAILED.text))
        }
        PaymentState::Failed { reason, .. } => Ok(told(REQUEST_FAILED, "FAILED", reason)),
        PaymentState::Reversed { .. } => Ok(told(REQUEST_FAILED, "FAILED", REVERSED)),
        // Money that is held, and an unknown end, are neither success nor failure.
        PaymentState::Started | PaymentState::Pending | PaymentState::Held { .. } => {
            Err(Fault::new("a callback about a payment that has not ended"))
        }
    }
}

/// By what was paid, in the vendor's words.
fn means(payment: &Payment) -> PayModeSpecificData<'_> {
    let mode = Mode::parse(&payment.mode);
    let sub_channel = match mode {
        Some(Mode::Upi) => "UP",
        Some(Mode::CreditCard) => "CC",
        Some(Mode::DebitCard) => "DC",
        Some(Mode::NetBanking) => "NB",
        Some(Mode::Wallet) => "MW",
        Some(Mode::Emi) => "EM",
        None => &payment.mode,
    };
    let channel = payment.means.channel.map_or("", Channel::word);
    let is_bank = mode == Some(Mode::NetBanking);
    let is_card = matches!(mode, Some(Mode::CreditCard | Mode::DebitCard));
    PayModeSpecificData {
        sub_channel: [sub_channel],
        bank_details: BankDetails {
            bank_txn_id: payment.reference().unwrap_or_default(),
            ots_bank_id: None,
            ots_bank_name: if is_bank { channel } else { "" },
        },
        card_details: is_card.then_some(CardDetails { card_scheme: channel, card_mask_number: "" }),
    }
}

fn date(at: Timestamp) -> Result<String, Fault> {
    ist_dashed_text(at.ms()).ok_or_else(|| Fault::new("a date outside the calendar"))
}

impl Serialize for MerchId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.parse::<u64>() {
            Ok(number) if number < WHOLE_MAX && number.to_string() == self.0 => {
                serializer.serialize_u64(number)
            }
            Ok(_) | Err(_) => serializer.serialize_str(self.0),
        }
    }
}

impl Serialize for Rupees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = RawValue::from_string(money_text(self.0.get())).map_err(S::Error::custom)?;
        number.serialize(serializer)
    }
}
