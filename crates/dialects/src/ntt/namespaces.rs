//! The numbers by which stored rows tell NTT DATA's references and bodies apart; never changed.

use kadi_engine::domain::reference::Namespace;

use super::settings::DIALECT;

/// `merchantTxnId`, once for ever per merchant.
pub(super) const MERCHANT_TXN_ID: Namespace = Namespace { dialect: DIALECT, kind: 1 };
/// The callback about a payment's end.
pub(super) const CALLBACK: u8 = 1;
/// The answer to a create, posted once more.
pub(super) const POSTED_ANSWER: u8 = 2;
/// The report of a cancel whose signature had been seen on a resend.
pub(super) const CANCEL_REPORT: u8 = 4;
