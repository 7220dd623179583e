//! Who may pay, and what a payer has to show before the page takes a payment.

/// What stands between a payer and the payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Gate<'a> {
    /// Nothing: anybody may pay.
    #[default]
    Open,
    /// Nothing any more: the payer has proven to hold the link's mobile.
    Proven {
        /// The number, all but its last digits hidden.
        mobile: &'a str,
    },
    /// The payer's mobile number is asked for.
    Mobile {
        /// What was typed before was no mobile number.
        is_malformed: bool,
    },
    /// The one-time code is asked for.
    Code {
        /// What is wrong with the code that was typed before.
        fault: Option<CodeFault>,
    },
}

/// Why a one-time code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFault {
    /// It is another one.
    Wrong,
    /// None can be taken any more: a new one is needed.
    Over,
}

impl Gate<'_> {
    /// Whether a payment may be made.
    pub(crate) const fn is_passed(&self) -> bool {
        matches!(self, Self::Open | Self::Proven { .. })
    }

    /// Whether the page shows a mistake of the payer.
    pub(crate) const fn is_faulty(&self) -> bool {
        matches!(self, Self::Mobile { is_malformed: true } | Self::Code { fault: Some(_) })
    }
}
