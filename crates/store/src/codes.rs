//! The numbers that rows hold for the domain's enums. They are stored for ever: never change or reuse one.

use kadi_domain::event::EventKind;
use kadi_domain::job::JobKind;
use kadi_domain::link::{LinkKind, LinkWord, TextKind};
use kadi_domain::merchant::{Environment, FeeBearer};
use kadi_domain::message::ChannelKind;
use kadi_domain::payment::{HoldDecision, HoldReason};
use kadi_domain::refusal::Fault;
use kadi_domain::sandbox::{ChargeWord, RefundStory, Story};
use kadi_domain::template::TemplateKind;

use crate::row::Row;

/// An enum that rows hold as a small number.
pub(crate) trait Coded: Copy {
    /// The number.
    fn number(self) -> i64;

    /// The variant with this number.
    fn from_number(number: i64) -> Option<Self>;
}

/// The next cell must be the number of a variant.
pub(crate) fn coded<T: Coded>(row: &mut Row) -> Result<T, Fault> {
    let number = row.int()?;
    T::from_number(number).ok_or_else(|| row.fault("is no known code"))
}

/// The next cell must be the number of a variant or nothing.
pub(crate) fn opt_coded<T: Coded>(row: &mut Row) -> Result<Option<T>, Fault> {
    let Some(number) = row.opt_int()? else { return Ok(None) };
    T::from_number(number).map(Some).ok_or_else(|| row.fault("is no known code"))
}

macro_rules! codes {
    ($($kind:ident { $($variant:ident = $number:literal),+ $(,)? })+) => {$(
        impl Coded for $kind {
            fn number(self) -> i64 {
                match self { $(Self::$variant => $number),+ }
            }

            fn from_number(number: i64) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)+ _ => None }
            }
        }
    )+};
}

codes! {
    LinkKind { Fixed = 1, Open = 2, Invoice = 3 }
    LinkWord { Active = 1, Completed = 2, Cancelled = 3, Expired = 4 }
    TextKind {
        Notes = 1, SuccessMessage = 2, SuccessUrl = 3, FailureUrl = 4, BrowserCallbackUrl = 5, RequestId = 6,
        MerchantReference = 7, OrderId = 8, InvoicePhone = 9, InvoiceEmail = 10, Extend = 11, ResellerId = 12,
        PosId = 31, OrderDetails = 32, InvoiceDetails = 33, Comment = 34, GstInformation = 35,
        Conditions = 41, Attributes = 42, Items = 43, FirstNameChars = 44,
    }
    HoldDecision { Apply = 1, Refund = 2 }
    HoldReason { Late = 1, Over = 2, Duplicate = 3, Unmatched = 4, Mismatched = 5, Currency = 6 }
    EventKind {
        LinkCreated = 1, LinkSent = 2, LinkOpened = 3, LinkCompleted = 4, LinkCancelled = 5, LinkExpired = 6,
        PaymentCaptured = 7, PaymentFailed = 8, PaymentHeld = 9, PaymentReversed = 10,
        RefundSucceeded = 11, RefundFailed = 12, RefundReversed = 13,
    }
    JobKind {
        SendMessage = 1, Deliver = 2, CheckPayment = 3, ExpireLink = 4, RailNotice = 5, RefundPayment = 6,
        CloseLinks = 7,
    }
    Environment { Test = 1, Live = 2 }
    FeeBearer { Merchant = 1, Platform = 2 }
    ChannelKind { Email = 1, Sms = 2, WhatsApp = 3 }
    TemplateKind { Invoice = 1, Form = 2 }
    Story {
        Success = 1, Failure = 2, Pending = 3, PendingThenSuccess = 4, PendingThenFailure = 5,
        LateSuccess = 6,
        DuplicateNotice = 7, ReorderedNotices = 8, Contradiction = 9, TimeoutBeforeCapture = 10,
        TimeoutAfterCapture = 11, Reversal = 12,
    }
    RefundStory { Success = 1, Failure = 2, Pending = 3, TimeoutBefore = 4, TimeoutAfter = 5 }
    ChargeWord { Pending = 1, Succeeded = 2, Failed = 3, Reversed = 4 }
}
