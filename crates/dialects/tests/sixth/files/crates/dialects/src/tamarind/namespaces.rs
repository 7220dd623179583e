//! The numbers by which stored rows tell Tamarind's references and bodies apart; never changed.

use kadi_engine::domain::reference::Namespace;

use super::settings::DIALECT;

/// `basket` of a pod.
pub(super) const BASKET: Namespace = Namespace { dialect: DIALECT, kind: 1 };
/// What is told about a pod.
pub(super) const TOLD: u8 = 1;
