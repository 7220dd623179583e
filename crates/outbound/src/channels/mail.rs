//! E-mail as the engine's channel.

use kadi_engine::domain::message::ChannelKind;
use kadi_engine::ports::{Answer, Channel, Outgoing, SendFault};

use super::smtp::{Email, SendFault as SmtpFault, SmtpChannel};

/// The mail server of the configuration.
pub struct MailChannel(pub SmtpChannel);

impl Channel for MailChannel {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Email
    }

    fn send(&self, message: Outgoing) -> Answer<'_, Result<String, SendFault>> {
        Box::pin(async move {
            let email = Email {
                to: message.to.expose().to_owned(),
                to_name: message.to_name.map(|name| name.expose().to_owned()),
                subject: message.subject,
                text: message.text,
                html: message.html,
                message_id: message.message_id,
                date_s: message.created_at.seconds(),
                reply_to: None,
                headers: Vec::new(),
            };
            match self.0.send(&email).await {
                Ok(accepted) => Ok(accepted.provider_reference),
                Err(fault) => Err(match &fault {
                    SmtpFault::Refused { .. } => SendFault::Refused(fault.to_string()),
                    SmtpFault::Later { .. } => SendFault::Later(fault.to_string()),
                    SmtpFault::Unknown { .. } => SendFault::Unknown(fault.to_string()),
                }),
            }
        })
    }
}
