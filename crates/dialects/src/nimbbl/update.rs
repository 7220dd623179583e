//! `PATCH /api/v3/payment-link`: a merchant's program changes a link (specs, part 4).

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::commands::update_link::UpdateLink;
use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::edit::Edit;
use kadi_engine::domain::link::{LinkText, LinkWord, TextKind};
use kadi_engine::domain::time::Timestamp;

use super::answer::answer;
use super::caller::authenticate;
use super::codes::{CANNOT_BE_UPDATED, No, fixed};
use super::items;
use super::members::{LINE_CHARS_MAX, PROSE_CHARS_MAX, PayerName, future, object_text, open, total_amount};
use super::request::NOT_BUILT_V3;
use super::show::Shown;
use super::status::Status;
use super::user::User;
use super::whole::{Name, Whole, find, payer_names};
use crate::door::Door;
use crate::shared::body::read_body;
use crate::shared::fields::{Fields, Wrong};

/// Answers one call.
pub(super) async fn handle(State(door): State<Door>, request: Request) -> Response {
    answer(call(&door, request).await)
}

async fn call(door: &Door, request: Request) -> Result<Shown, No> {
    let caller = authenticate(door, request.headers()).await?;
    let bytes = read_body(request).await?;
    let _place = caller.admit(door).await?;
    let body = open(&bytes)?;
    let whole = find(door, caller.merchant().id, Name::read_to_change(door, &body)?).await?;
    if whole.link.word(door.engine.now()) != LinkWord::Active {
        return Err(CANNOT_BE_UPDATED.into());
    }
    check_fixed(&body, &whole)?;
    let wished = Wished::read(door, &body, &whole)?;
    if whole.status(door) != Status::Created {
        wished.check_opened(&whole)?;
    }
    let edit = wished.edit();
    let (texts, name) = (edit.texts.clone(), edit.payer_name.clone());
    let (merchant_id, link_id) = (whole.link.merchant_id, whole.link.id);
    let changed = door.engine.submit(UpdateLink { merchant_id, link_id, wished: edit }).await;
    let link = changed.map_err(No::of_update)?;
    let contact = Contact { name: name.or(whole.contact.name), ..whole.contact };
    let whole = Whole { link: *link, contact, ..whole }.with(texts);
    Ok(Shown::of(door, &caller.key, &whole)?)
}

/// What is to be changed; what is absent or empty stays as it is.
struct Wished {
    amount: Option<Minor>,
    expires_at: Option<Timestamp>,
    description: Option<String>,
    /// Who is asked to pay, where it is another name.
    payer: Option<OtherName>,
    /// Texts that may be changed while the link is only made.
    made: Vec<(&'static str, LinkText)>,
    /// Texts that may be changed as long as it may be paid.
    open: Vec<LinkText>,
}

impl Wished {
    fn read(door: &Door, body: &Fields<'_>, whole: &Whole) -> Result<Self, No> {
        let amount = body.has_content("total_amount").then(|| total_amount(body)).transpose()?;
        let expires_at = future(body, "expires_at", door.engine.now())?;
        let text = |kind, value| LinkText { kind, position: 0, value };
        let lines = items::read(body, "order_line_items", door.engine.setup().sandbox)?;
        let lines = items::text(&lines)?.map(|lines| ("order_line_items", lines));
        let name = "custom_attributes";
        let attributes = object_text(body, name)?.map(|value| (name, text(TextKind::Attributes, value)));
        let conditions = body.prose("terms_and_conditions", PROSE_CHARS_MAX)?;
        Ok(Self {
            amount,
            expires_at,
            description: body.prose("description", PROSE_CHARS_MAX)?,
            payer: other_name(body, whole)?,
            made: lines.into_iter().chain(attributes).collect(),
            open: conditions.map(|value| text(TextKind::Conditions, value)).into_iter().collect(),
        })
    }

    /// Refuses what may not be changed any more once the link was sent or opened. A client may send again
    /// what is so already.
    fn check_opened(&self, whole: &Whole) -> Result<(), No> {
        if self.amount.is_some_and(|amount| whole.link.amount != Some(amount)) {
            return Err(fixed("total_amount"));
        }
        if let Some(other) = &self.payer {
            return Err(fixed(other.member));
        }
        let is_other = |(_, text): &&(&str, LinkText)| whole.text(text.kind) != Some(text.value.as_str());
        self.made.iter().find(is_other).map_or(Ok(()), |(name, _)| Err(fixed(name)))
    }

    fn edit(self) -> Edit {
        let texts = self.made.into_iter().map(|(_, text)| text).chain(self.open);
        let name = self.payer.map(|other| other.name);
        Edit {
            amount: self.amount,
            max_payments: None,
            expires_at: self.expires_at,
            description: self.description,
            payer_name: name.as_ref().map(PayerName::whole),
            texts: texts.chain(name.and_then(|name| name.text())).collect(),
        }
    }
}

/// The wish that who is asked to pay has another name, and the member that wishes it.
struct OtherName {
    member: &'static str,
    name: PayerName,
}

/// First and last name with what the body says in their place, if that is not what they are. A link without
/// a name gets none.
fn other_name(body: &Fields<'_>, whole: &Whole) -> Result<Option<OtherName>, No> {
    let Some(user) = body.object("user")? else { return Ok(None) };
    let is = payer_names(&whole.contact, &whole.texts);
    let (is_first, is_last) = is.clone().unwrap_or_default();
    let first = sent_name(&user, "first_name")?.filter(|first| *first != is_first);
    let last = sent_name(&user, "last_name")?.filter(|last| *last != is_last);
    let member = match (&first, &last) {
        (None, None) => return Ok(None),
        (Some(_), _) => "user.first_name",
        (None, Some(_)) => "user.last_name",
    };
    if is.is_none() {
        return Err(fixed(member));
    }
    let last = last.or(Some(is_last).filter(|last| !last.is_empty()));
    Ok(Some(OtherName { member, name: PayerName { first: first.unwrap_or(is_first), last } }))
}

fn sent_name(user: &Fields<'_>, name: &str) -> Result<Option<String>, Wrong> {
    Ok(user.line(name, LINE_CHARS_MAX)?.filter(|line| !line.trim().is_empty()))
}

/// Refuses by name what a link keeps for ever, unless it is so already.
fn check_fixed(body: &Fields<'_>, whole: &Whole) -> Result<(), No> {
    let same = [
        ("invoice_id", whole.invoice_id.as_deref()),
        ("currency", Some(whole.link.currency.code())),
        ("callback_url", whole.text(TextKind::BrowserCallbackUrl)),
    ];
    for (name, value) in same {
        if body.filled(name, usize::MAX)?.is_some_and(|sent| value != Some(sent.as_str())) {
            return Err(fixed(name));
        }
    }
    if let Some(user) = body.object("user")? {
        for (name, value) in User::of(&whole.contact, &whole.texts).kept() {
            let sent = user.filled(name, LINE_CHARS_MAX)?;
            if sent.is_some_and(|sent| value != Some(sent.as_str())) {
                return Err(fixed(&format!("user.{name}")));
            }
        }
    }
    let asked = ["notification_scheduled_at"].iter().chain(&NOT_BUILT_V3).find(|name| body.has_content(name));
    asked.map_or(Ok(()), |name| Err(fixed(name)))
}
