//! The numbers by which stored rows tell Nimbbl's references and bodies apart; never changed.

use kadi_engine::domain::reference::Namespace;

use super::settings::DIALECT;

/// `invoice_id` of a link.
pub(super) const INVOICE_ID: Namespace = Namespace { dialect: DIALECT, kind: 1 };
/// The webhook of a link.
pub(super) const WEBHOOK: u8 = 1;
/// The webhook that the messages of a new link wait for their time.
pub(super) const SCHEDULED_WEBHOOK: u8 = 2;
