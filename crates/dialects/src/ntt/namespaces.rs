//! The numbers by which stored rows tell NTT DATA's references and bodies apart; never changed.

use kadi_engine::domain::reference::Namespace;

use super::settings::DIALECT;

/// `merchantTxnId`, once for ever per merchant.
pub(super) const MERCHANT_TXN_ID: Namespace = Namespace { dialect: DIALECT, kind: 1 };
