//! Sending messages.

use kadi_engine::command::Failure;
use kadi_engine::commands::send_message::{RecordSending, Sending};
use kadi_engine::domain::id::MessageId;
use kadi_engine::domain::job::Job;
use kadi_engine::domain::message::{ChannelKind, MessageState};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::ports::{Outgoing, SendFault};
use url::{Host, Url};

use super::Worker;
use crate::messages::Written;

impl Worker {
    /// Hands a message to its provider and records the provider's word.
    pub(super) async fn send(&self, job: &Job) -> Result<(), Failure> {
        let id = MessageId::new(job.key.subject);
        let door = self.door.clone();
        let query = move |reader: &mut kadi_engine::Reader| {
            let message = reader.message(id)?;
            message.map(|message| Written::gather(reader, &door, message)).transpose()
        };
        let written = self.door.engine.query(query).await?;
        let written = written.ok_or_else(|| Failure::Broken(Fault::new("a message is missing")))?;
        let sending = self.hand_over(&written).await?;
        let first_of = written.first_of();
        let command = RecordSending { merchant_id: job.merchant_id, message_id: id, first_of, sending };
        self.door.engine.submit(command).await
    }

    async fn hand_over(&self, written: &Written) -> Result<Sending, Failure> {
        let message = &written.message;
        if let MessageState::Sent { reference, .. } = &message.state {
            return Ok(Sending::Accepted(reference.clone()));
        }
        if let Some(reason) = written.is_outdated(self.door.engine.now()) {
            return Ok(Sending::Refused(reason.to_owned()));
        }
        let channel = self.channels.iter().find(|channel| channel.kind() == message.channel);
        let (Some(channel), Some(to)) = (channel, written.to()) else {
            return Ok(Sending::Refused("no such channel or contact".to_owned()));
        };
        let texts = written.texts(&self.door).map_err(Failure::Broken)?;
        let code = self.door.code(written.link.id).map_err(Failure::Broken)?;
        let outgoing = Outgoing {
            message_id: format!("m{}.{code}@{}", message.id.get(), self.mail_host()),
            to: to.clone(),
            to_name: written.contact.name.clone(),
            subject: texts.subject,
            text: if message.channel == ChannelKind::Email { texts.text } else { texts.sms },
            html: texts.html,
            created_at: message.created_at,
        };
        let word = channel.send(outgoing).await;
        if let Err(fault) = &word {
            tracing::warn!(message = message.id.get(), ?fault, "a message was not accepted");
        }
        Ok(match word {
            Ok(reference) => Sending::Accepted(reference),
            Err(SendFault::Refused(reason)) => Sending::Refused(reason),
            Err(SendFault::Later(reason) | SendFault::Unknown(reason)) => Sending::Later(reason),
        })
    }

    /// The host of message ids: that of the public address, where it is a name.
    fn mail_host(&self) -> String {
        let url = Url::parse(&self.door.public_url).ok();
        match url.as_ref().and_then(Url::host) {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => "kadi.localhost".to_owned(),
        }
    }
}
