//! What a decision is given instead of a clock, a random source and global settings.

use crate::id::{MerchantId, compose};
use crate::merchant::Risk;
use crate::message::ChannelKind;
use crate::mode::Mode;
use crate::refusal::Fault;
use crate::sandbox::MODES;
use crate::seal::Keyring;
use crate::time::{DAY_MS, MINUTE_MS, Timestamp};

/// Where new ids and random bytes come from; the engine hands them out, tests count and seed them.
pub trait Source {
    /// The next sequence number, never given before.
    fn sequence(&mut self) -> Result<i64, Fault>;
    /// Fills `bytes` with randomness.
    fn random(&mut self, bytes: &mut [u8]) -> Result<(), Fault>;
}

/// What this installation can do and allows, as far as decisions depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Sandbox mode: callbacks to loopback, caps per recipient off.
    pub sandbox: bool,
    /// E-mail can be sent.
    pub email: bool,
    /// SMS can be sent.
    pub sms: bool,
    /// WhatsApp messages can be sent.
    pub whatsapp: bool,
    /// How long a started payment reserves its amount, in milliseconds.
    pub reservation_ms: i64,
    /// How long a pending payment reserves its amount, in milliseconds.
    pub pending_ms: i64,
    /// How long after its start a payment without an outcome is asked for, in milliseconds.
    pub check_after_ms: i64,
    /// The payment modes of the rails, in the order in which they are offered.
    pub modes: &'static [Mode],
    /// The platform's risk rules, beside each merchant's own.
    pub risk: Risk,
}

impl Setup {
    /// The sandbox with every channel set up.
    pub const fn sandbox() -> Self {
        Self {
            sandbox: true,
            email: true,
            sms: true,
            whatsapp: true,
            reservation_ms: 15 * MINUTE_MS,
            pending_ms: 6 * DAY_MS,
            check_after_ms: MINUTE_MS,
            modes: &MODES,
            risk: Risk::none(),
        }
    }

    /// Is there a provider for this channel?
    pub const fn has(&self, channel: ChannelKind) -> bool {
        match channel {
            ChannelKind::Email => self.email,
            ChannelKind::Sms => self.sms,
            ChannelKind::WhatsApp => self.whatsapp,
        }
    }
}

/// The moment of a decision: one business time for the whole batch, and the sources of ids and randomness.
pub struct Moment<'a> {
    /// Business time (the Kadi clock), the same for every command of a batch.
    pub now: Timestamp,
    /// Real time, for leases.
    pub real_now: Timestamp,
    /// What this installation can do.
    pub setup: &'a Setup,
    /// Keys for codes, sealing and blind indexes.
    pub keys: &'a Keyring,
    source: &'a mut dyn Source,
}

impl<'a> Moment<'a> {
    /// A moment from its parts.
    pub fn new(
        now: Timestamp,
        real_now: Timestamp,
        setup: &'a Setup,
        keys: &'a Keyring,
        source: &'a mut dyn Source,
    ) -> Self {
        Self { now, real_now, setup, keys, source }
    }

    /// A new id in the merchant's shard.
    pub fn mint(&mut self, merchant: MerchantId) -> Result<i64, Fault> {
        compose(self.source.sequence()?, merchant)
    }

    /// A new id of a merchant, whose shard follows from itself.
    pub fn mint_merchant(&mut self) -> Result<MerchantId, Fault> {
        self.source.sequence().map(MerchantId::new)
    }

    /// Random bytes.
    pub fn random<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        self.source.random(&mut bytes)?;
        Ok(bytes)
    }

    /// A nonce for sealing.
    pub fn nonce(&mut self) -> Result<[u8; 12], Fault> {
        self.random()
    }
}
