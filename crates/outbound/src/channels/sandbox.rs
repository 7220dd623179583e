//! The channels of the sandbox: every message counts as accepted, and can be read at `/sandbox/messages`.

use kadi_engine::domain::message::ChannelKind;
use kadi_engine::ports::{Answer, Channel, Outgoing, SendFault};

/// A channel without a provider.
#[derive(Clone, Copy, Debug)]
pub struct SandboxChannel(pub ChannelKind);

impl Channel for SandboxChannel {
    fn kind(&self) -> ChannelKind {
        self.0
    }

    fn send(&self, message: Outgoing) -> Answer<'_, Result<String, SendFault>> {
        Box::pin(async move { Ok(format!("sandbox-{}", message.message_id)) })
    }
}
