//! What a payer answered to the fields of a form, kept sealed with the payment.

use crate::fields::{FieldValues, open_values};
use crate::id::PaymentId;
use crate::moment::Moment;
use crate::refusal::Fault;
use crate::seal::{Keyring, Place};
use crate::template::Template;

/// Seals answers for the row of their payment.
pub(crate) fn seal_answers(
    payment: PaymentId,
    answers: &FieldValues,
    moment: &mut Moment<'_>,
) -> Result<Vec<u8>, Fault> {
    answers.seal(place(payment), moment.nonce()?, moment.keys)
}

/// Sealed answers in plain text: the name of each field, and its answer.
pub fn open_answers(
    payment: PaymentId,
    sealed: &[u8],
    form: &Template,
    keys: &Keyring,
) -> Result<Vec<(String, String)>, Fault> {
    let values = open_values(place(payment), sealed, form, keys)?;
    let named = form.fields.iter().zip(values);
    Ok(named.map(|(field, value)| (field.name.clone(), value.expose().to_owned())).collect())
}

const fn place(payment: PaymentId) -> Place {
    Place { table: "payment", row: payment.get(), column: "answers" }
}
