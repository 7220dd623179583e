//! The numbers by which stored rows tell Paysharp's bodies apart; never changed.

/// The webhook of a success.
pub(super) const WEBHOOK: u8 = 1;
