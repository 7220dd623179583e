//! `sendEmail`, `sendSms`, `sendWhatsApp`: what was asked for, and what of it can be done.

use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::moment::Setup;
use kadi_engine::domain::secret::Pii;
use serde::Serialize;

use super::codes::{CHANNEL_MISSING, No};
use super::members::flag;
use crate::shared::fields::Fields;
use crate::shared::text::indian_mobile;

/// The three switches; answers repeat them as they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Send {
    send_email: bool,
    send_sms: bool,
    send_whats_app: bool,
}

impl Send {
    /// Reads the switches.
    pub(super) fn read(body: &Fields<'_>) -> Result<Self, No> {
        Ok(Self {
            send_email: flag(body, "sendEmail")?,
            send_sms: flag(body, "sendSms")?,
            send_whats_app: flag(body, "sendWhatsApp")?,
        })
    }

    /// Is any of them on?
    pub(super) const fn is_any(self) -> bool {
        self.send_email || self.send_sms || self.send_whats_app
    }

    /// The channels that were asked for and have a contact: an e-mail address, a mobile number. The others
    /// are passed over without an error (DECISIONS.md).
    pub(super) fn channels(self, contact: &Contact) -> Vec<ChannelKind> {
        let has_mobile = contact.mobile.as_ref().map(Pii::expose).is_some_and(|m| indian_mobile(m).is_some());
        let is_possible = |channel| match channel {
            ChannelKind::Email => contact.email.is_some(),
            ChannelKind::Sms | ChannelKind::WhatsApp => has_mobile,
        };
        self.asked().map(|(channel, _)| channel).filter(|channel| is_possible(*channel)).collect()
    }

    /// What an answer adds where nobody could carry a channel that was asked for; none in the sandbox.
    pub(super) fn not_set_up(self, setup: &Setup) -> Option<String> {
        let missing = self.asked().filter(|(channel, _)| !setup.has(*channel));
        let names: Vec<_> = missing.map(|(_, name)| name).collect();
        (!names.is_empty()).then(|| format!("{}: {CHANNEL_MISSING}", names.join(", ")))
    }

    fn asked(self) -> impl Iterator<Item = (ChannelKind, &'static str)> {
        let all = [
            (self.send_email, ChannelKind::Email, "sendEmail"),
            (self.send_sms, ChannelKind::Sms, "sendSms"),
            (self.send_whats_app, ChannelKind::WhatsApp, "sendWhatsApp"),
        ];
        all.into_iter().filter(|(is_asked, ..)| *is_asked).map(|(_, channel, name)| (channel, name))
    }
}
