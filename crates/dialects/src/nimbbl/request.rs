//! What the bodies of both creates ask for, read member by member.

use kadi_engine::domain::amount::{Currency, Minor};
use kadi_engine::domain::create::{Expiry, Extras, NewLink, Use};
use kadi_engine::domain::link::{LinkKind, LinkText, TextKind};
use kadi_engine::domain::message::{ChannelKind, Notice};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::{DAY_MS, Timestamp};

use super::callback::subscriptions;
use super::codes::No;
use super::items::{self, Item};
use super::members::{
    COUNTRY_CODE, LINE_CHARS_MAX, PROSE_CHARS_MAX, Payer, PayerName, currency, email, future, mobile,
    object_text, required, total_amount, web_address,
};
use super::namespaces::INVOICE_ID;
use super::settings::DIALECT;
use crate::shared::fields::{Fields, Wrong};

/// Links without an `expires_at` live so long (specs, part 3).
const DEFAULT_LIFE: Expiry = Expiry::After { ms: 90 * DAY_MS };

/// A request that passed every check but those of the engine.
pub(super) struct Asked {
    head: Head,
    payer: Payer,
    items: Vec<Item>,
    tail: Tail,
    /// Each channel that was asked for, with the member that asks for it.
    channels: Vec<(ChannelKind, &'static str)>,
    /// When they are to be used; at once where there is none.
    send_at: Option<Timestamp>,
}

/// What every body begins with.
struct Head {
    invoice_id: String,
    amount: Minor,
    expires_at: Option<Timestamp>,
}

/// What every body may end with.
struct Tail {
    description: String,
    texts: Vec<LinkText>,
}

/// When a request is read, and whether http to this machine is an address.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// Now.
    pub(super) now: Timestamp,
    /// In the sandbox it is.
    pub(super) is_sandbox: bool,
}

/// The switches of v3 bodies.
pub(super) const CHANNELS: [(ChannelKind, &str); 3] = [
    (ChannelKind::Sms, "send_sms"),
    (ChannelKind::Email, "send_email"),
    (ChannelKind::WhatsApp, "send_whatsapp"),
];
/// The switches of v2 bodies.
const CHANNELS_V2: [(ChannelKind, &str); 2] =
    [(ChannelKind::Sms, "notification_channel_sms"), (ChannelKind::Email, "notification_channel_email")];

/// Members of a v3 create whose meaning is not built: refused by name, never ignored.
pub(super) const NOT_BUILT_V3: [&str; 4] =
    ["reminder_frequency", "email_template_id", "sms_template_id", "bank_account"];
/// The same of a v2 create.
const NOT_BUILT_V2: [&str; 2] = ["sms_template_name", "email_template_name"];

impl Asked {
    /// The body of `POST /api/v3/payment-link` (specs, part 3).
    pub(super) fn v3(body: &Fields<'_>, reading: Reading) -> Result<Self, No> {
        let head = Head::read(body, reading)?;
        let user = body.object("user")?.ok_or_else(|| body.wrong("user"))?;
        let email = email(&user, "email")?.ok_or_else(|| user.wrong("email"))?;
        let first = required(&user, "first_name", LINE_CHARS_MAX)?;
        let last = user.line("last_name", LINE_CHARS_MAX)?;
        let country = user.filled("country_code", LINE_CHARS_MAX)?;
        if country.is_some_and(|code| code != COUNTRY_CODE && code != "91") {
            return Err(user.wrong("country_code").into());
        }
        let mobile = mobile(&user, "mobile_number")?;
        let payer = Payer { name: PayerName { first, last }, mobile, email: Some(email) };
        let items = items::read(body, "order_line_items", reading.is_sandbox)?;
        let tail = Tail::read(body, reading)?;
        let channels = switches(body, &CHANNELS)?;
        let send_at = send_at(body, reading.now, &head, channels.is_empty())?;
        refuse(body, &NOT_BUILT_V3)?;
        Ok(Self { head, payer, items, tail, channels, send_at })
    }

    /// The body of `POST /api/v2/payment-link` (specs, part 3b).
    pub(super) fn v2(body: &Fields<'_>, reading: Reading) -> Result<Self, No> {
        let head = Head::read(body, reading)?;
        let email = email(body, "payer_email_address")?;
        let first = required(body, "payer_first_name", LINE_CHARS_MAX)?;
        let last = body.line("payer_last_name", LINE_CHARS_MAX)?;
        let mobile = mobile(body, "payer_mobile_number")?;
        let payer = Payer { name: PayerName { first, last }, mobile, email };
        let items = items::read(body, "products", reading.is_sandbox)?;
        let tail = Tail::read(body, reading)?;
        let mut channels = switches(body, &CHANNELS_V2)?;
        if body.flag_or_text("generate_only")? == Some(true) {
            channels.clear();
        }
        refuse(body, &NOT_BUILT_V2)?;
        Ok(Self { head, payer, items, tail, channels, send_at: None })
    }

    /// The link, of a merchant who is told that its messages wait for their time, or is not.
    pub(super) fn link(&self, tells_scheduled: bool) -> Result<NewLink, Fault> {
        let Self { head, payer, items, tail, channels, send_at } = self;
        let mut texts = tail.texts.clone();
        texts.extend(payer.name.text());
        texts.extend(items::text(items)?);
        Ok(NewLink {
            origin: DIALECT,
            kind: LinkKind::Fixed,
            currency: Currency::INR,
            amount: Some(head.amount),
            uses: Use::Once,
            name: items.first().map_or(&head.invoice_id, |item| &item.title).clone(),
            description: tail.description.clone(),
            expiry: head.expires_at.map_or(DEFAULT_LIFE, Expiry::At),
            contact: payer.contact(),
            send: channels.iter().map(|(channel, _)| *channel).collect(),
            lines: Vec::new(),
            texts,
            references: vec![(INVOICE_ID, head.invoice_id.clone())],
            subscriptions: subscriptions(tells_scheduled && send_at.is_some()),
            extras: Extras { send_at: *send_at, ..Extras::default() },
        })
    }

    /// Whether and by which members channels were asked for that nobody could carry.
    pub(super) fn not_set_up(&self, notices: &[Notice]) -> Option<String> {
        let is_impossible = |channel| notices.contains(&Notice::Impossible(channel));
        let missing = self.channels.iter().filter(|(channel, _)| is_impossible(*channel));
        let names: Vec<_> = missing.map(|(_, name)| *name).collect();
        (!names.is_empty()).then(|| format!("{}: nothing was sent", names.join(", ")))
    }
}

impl Head {
    fn read(body: &Fields<'_>, reading: Reading) -> Result<Self, Wrong> {
        let invoice_id = required(body, "invoice_id", LINE_CHARS_MAX)?;
        let amount = total_amount(body)?;
        currency(body)?;
        Ok(Self { invoice_id, amount, expires_at: future(body, "expires_at", reading.now)? })
    }
}

impl Tail {
    fn read(body: &Fields<'_>, reading: Reading) -> Result<Self, Wrong> {
        let description = body.prose("description", PROSE_CHARS_MAX)?.unwrap_or_default();
        let mut texts = Vec::new();
        let mut put = |kind, value: Option<String>| {
            texts.extend(value.map(|value| LinkText { kind, position: 0, value }));
        };
        put(TextKind::Conditions, body.prose("terms_and_conditions", PROSE_CHARS_MAX)?);
        put(TextKind::BrowserCallbackUrl, web_address(body, "callback_url", reading.is_sandbox)?);
        put(TextKind::Attributes, object_text(body, "custom_attributes")?);
        Ok(Self { description, texts })
    }
}

/// `notification_scheduled_at`: while the link may be paid, and with something to send.
fn send_at(
    body: &Fields<'_>,
    now: Timestamp,
    head: &Head,
    is_silent: bool,
) -> Result<Option<Timestamp>, Wrong> {
    const NAME: &str = "notification_scheduled_at";
    let Some(at) = future(body, NAME, now)? else { return Ok(None) };
    let end = head.expires_at.or(DEFAULT_LIFE.end(now));
    let is_over = end.is_some_and(|end| at >= end);
    if is_over || is_silent { Err(body.wrong(NAME)) } else { Ok(Some(at)) }
}

/// The channels whose switches are on.
pub(super) fn switches(
    body: &Fields<'_>,
    all: &[(ChannelKind, &'static str)],
) -> Result<Vec<(ChannelKind, &'static str)>, Wrong> {
    let mut on = Vec::new();
    for (channel, name) in all {
        if body.flag_or_text(name)? == Some(true) {
            on.push((*channel, *name));
        }
    }
    Ok(on)
}

fn refuse(body: &Fields<'_>, not_built: &[&str]) -> Result<(), Wrong> {
    let asked = not_built.iter().find(|name| body.has_content(name));
    asked.map_or(Ok(()), |name| Err(body.wrong(name)))
}
