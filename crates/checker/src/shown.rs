//! The bodies of the own API, as far as the checker reads them.

use serde::Deserialize;

use crate::line::{Op, Payment};

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct ShownLink {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) amount: Option<i64>,
    pub(crate) amount_captured: i64,
    pub(crate) status: String,
    pub(crate) sent_at: Option<String>,
    pub(crate) opened_at: Option<String>,
    pub(crate) reusable: bool,
    pub(crate) references: Vec<ShownReference>,
}

/// A reference of a link.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct ShownReference {
    pub(crate) value: String,
}

/// A page of a list.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Page<T> {
    pub(crate) data: Vec<T>,
    pub(crate) next: Option<String>,
}

/// A page of payments.
pub(crate) type Payments = Page<Payment>;

/// A problem's code.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Problem {
    pub(crate) code: String,
}

/// The name that a link of this number bears.
pub(crate) fn name_of(op: Op) -> String {
    format!("Op {op}")
}

/// The reference that a link of this number bears, where its interface has references.
pub(crate) fn reference_of(op: Op) -> String {
    format!("R{op}")
}

impl ShownLink {
    /// The number in the link's name.
    pub(crate) fn op(&self) -> Option<Op> {
        self.name.strip_prefix("Op ").and_then(|number| number.parse().ok())
    }
}
