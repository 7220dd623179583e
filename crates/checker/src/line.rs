//! What stands in the journal: what was going to be asked, what was answered, what was heard.

use serde::{Deserialize, Serialize};

/// The number of something that was asked; a link bears the number by which it was asked for.
pub(crate) type Op = u64;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Line {
    /// The first line: where the merchant's endpoint listens.
    Begin { endpoint: String },
    /// Durable before the request goes out.
    Intent { op: Op, at_ms: i64, ask: Ask },
    /// The answer; a request without one may have been carried out.
    Answer { op: Op, at_ms: i64, word: Word },
    /// Durable before the endpoint says 2xx.
    Heard { at_ms: i64, told: Told },
    /// A link that nobody had acknowledged was found after a restart: from then on it must be there.
    Found { link: Op, id: String, code: String },
    /// It was looked for after a restart, and was not there: from then on it must not be.
    Missed { link: Op },
    /// The server was killed.
    Killed { at_ms: i64, phase: String },
}

/// What is asked of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// Make the link that bears this request's number.
    Make(Wish),
    /// Pay a link.
    Pay { link: Op, attempt: Pay },
    /// Decide a waiting payment.
    Settle { link: Op, payment: String, taken: bool },
    /// Cancel a link.
    Cancel { link: Op },
    /// Open a link's page as a payer does.
    Open { link: Op },
    /// Read a link.
    Look { link: Op },
    /// Repeat a request of the own API with its idempotency key.
    Again { of: Op },
}

impl Ask {
    /// The link that this request, which bears the number `op`, is about.
    pub(crate) const fn link(&self, op: Op) -> Op {
        match self {
            Self::Make(_) => op,
            Self::Pay { link, .. }
            | Self::Settle { link, .. }
            | Self::Cancel { link }
            | Self::Open { link }
            | Self::Look { link } => *link,
            Self::Again { of } => *of,
        }
    }
}

/// A link that is wished for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wish {
    /// Whose: the place in the list of merchants.
    pub(crate) merchant: usize,
    pub(crate) door: Door,
    /// In minor units; none where the payer chooses.
    pub(crate) amount: Option<i64>,
    /// Paid any number of times, or once.
    pub(crate) reusable: bool,
    /// Sent by text message at once.
    pub(crate) send: bool,
    /// What is wrong with the request, so that it must be refused.
    pub(crate) flaw: Option<Flaw>,
}

/// By which interface a link is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Door {
    /// `/v1`, with an idempotency key and a reference.
    Own,
    /// A vendor's, with a signed body and a callback address.
    Signed,
}

/// Why a request must be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Flaw {
    /// It bears the reference of this link, which is there.
    ReferenceOf(Op),
    /// Its amount is below every minimum.
    Amount,
}

/// One attempt to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pay {
    pub(crate) route: Route,
    pub(crate) story: Story,
    /// In minor units.
    pub(crate) amount: i64,
}

/// How a payer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Route {
    /// By the sandbox's side door, which answers with the payment.
    Side,
    /// By the form of the page, which leads to the payment's page.
    Form,
}

/// What the rail was told to do: its truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Story {
    Success,
    Failure,
    Pending,
    PendingThenSuccess,
    PendingThenFailure,
    LateSuccess,
    DuplicateNotice,
    ReorderedNotices,
    Contradiction,
    TimeoutBeforeCapture,
    TimeoutAfterCapture,
    Reversal,
}

impl Story {
    /// Its word in requests.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Pending => "pending",
            Self::PendingThenSuccess => "pending_then_success",
            Self::PendingThenFailure => "pending_then_failure",
            Self::LateSuccess => "late_success",
            Self::DuplicateNotice => "duplicate_notice",
            Self::ReorderedNotices => "reordered_notices",
            Self::Contradiction => "contradiction",
            Self::TimeoutBeforeCapture => "timeout_before_capture",
            Self::TimeoutAfterCapture => "timeout_after_capture",
            Self::Reversal => "reversal",
        }
    }
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Word {
    /// The link was made.
    Made(Made),
    /// A payment as it stood right after the call.
    Paid(Payment),
    /// The form led to the page of a payment.
    Led,
    /// The waiting payment was decided; how it stood then.
    Settled { state: String },
    /// The link was cancelled; a fingerprint of the body.
    Cancelled { print: u64 },
    /// The page was shown.
    Opened,
    /// The link was read.
    Looked { opened: bool },
    /// Refused, so that nothing was done.
    Refused { status: u16, code: String },
    /// An error after which it may have been done.
    Unsure { status: u16 },
}

/// What an answer says about a new link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) code: String,
    /// A fingerprint of the whole body, where a replay must give the same.
    pub(crate) print: Option<u64>,
}

/// What an answer or a read says about a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) id: String,
    pub(crate) state: String,
    /// In minor units.
    pub(crate) amount: i64,
    /// The rail's reference of the money.
    pub(crate) rail_reference: Option<String>,
}

/// What the merchant's endpoint was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Told {
    /// A webhook of the own API.
    Event { id: String, kind: String, about: String, state: String },
    /// A form about a payment.
    Form { payment: String, status: String },
}
