//! The numbers by which stored rows tell Paytm's references and bodies apart; never changed.

use kadi_engine::domain::reference::Namespace;

use super::settings::DIALECT;

/// `invoiceId`, once for ever per merchant.
pub(super) const INVOICE_ID: Namespace = Namespace { dialect: DIALECT, kind: 1 };

/// `merchantOrderId` of a payment request, once for ever per merchant.
pub(super) const MERCHANT_ORDER_ID: Namespace = Namespace { dialect: DIALECT, kind: 2 };

/// The form post to `statusCallbackUrl`.
pub(super) const STATUS_FORM: u8 = 1;

/// The JSON post to the merchant's `webhook_url`.
pub(super) const WEBHOOK: u8 = 2;
