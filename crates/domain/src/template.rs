//! Templates of invoices and forms: versioned, so that a link keeps the version it was made with.

use crate::id::{MerchantId, TemplateId};
use crate::time::Timestamp;

/// What a template is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TemplateKind {
    /// An invoice drawn from fields.
    Invoice,
    /// A form that the payer fills in.
    Form,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// A date.
    Date,
    /// One of these words.
    Choice(Vec<String>),
    /// An e-mail address.
    Email,
    /// A mobile number.
    Mobile,
    /// An amount of money.
    Amount,
}

/// One field of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in requests.
    pub name: String,
    /// The words that people see.
    pub label: String,
    /// The type.
    pub field_type: FieldType,
    /// Must it be given?
    pub required: bool,
    /// The fewest characters.
    pub min_length: Option<i64>,
    /// The most characters.
    pub max_length: Option<i64>,
    /// A pattern that the whole value must match.
    pub pattern: Option<String>,
    /// The value where the field is absent.
    pub default: Option<String>,
}

/// A template's identity across its versions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateKey {
    /// Whose template it is.
    pub merchant_id: MerchantId,
    /// What it is for.
    pub kind: TemplateKind,
    /// The merchant's number for it.
    pub number: String,
}

/// One version of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The row of this version.
    pub id: TemplateId,
    /// Which template.
    pub key: TemplateKey,
    /// Counts from 1.
    pub version: i64,
    /// The name that people see.
    pub name: String,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// When this version came.
    pub created_at: Timestamp,
}
