//! Turning the domain's values into stored ones.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::time::Timestamp;

use crate::sql::Value;

macro_rules! int_from {
    ($($from:ty => $get:expr),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                let get: fn($from) -> i64 = $get;
                Self::Int(get(value))
            }
        }
    )+};
}

int_from! {
    i64 => |number| number,
    u8 => i64::from,
    u32 => i64::from,
    bool => i64::from,
    Minor => Minor::get,
    Timestamp => Timestamp::ms,
    kadi_domain::id::MerchantId => kadi_domain::id::MerchantId::get,
    kadi_domain::id::CredentialId => kadi_domain::id::CredentialId::get,
    kadi_domain::id::LinkId => kadi_domain::id::LinkId::get,
    kadi_domain::id::CustomerId => kadi_domain::id::CustomerId::get,
    kadi_domain::id::ObligationId => kadi_domain::id::ObligationId::get,
    kadi_domain::id::PaymentId => kadi_domain::id::PaymentId::get,
    kadi_domain::id::RefundId => kadi_domain::id::RefundId::get,
    kadi_domain::id::BookingId => kadi_domain::id::BookingId::get,
    kadi_domain::id::EventId => kadi_domain::id::EventId::get,
    kadi_domain::id::MessageId => kadi_domain::id::MessageId::get,
    kadi_domain::id::DeliveryId => kadi_domain::id::DeliveryId::get,
    kadi_domain::id::TemplateId => kadi_domain::id::TemplateId::get,
    kadi_domain::id::SealId => kadi_domain::id::SealId::get,
    kadi_domain::reference::Dialect => |dialect| i64::from(dialect.0),
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl From<&Vec<u8>> for Value {
    fn from(value: &Vec<u8>) -> Self {
        Self::Bytes(value.clone())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(value: &[u8; N]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl From<Currency> for Value {
    fn from(value: Currency) -> Self {
        Self::Text(value.code().to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row of values from anything that turns into one.
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$($crate::sql::Value::from($value)),*] };
}
pub(crate) use row;
