//! `PATCH /api/v3/payment-link`: a merchant's program changes a link (specs, part 4).

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::commands::update_link::UpdateLink;
use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::edit::Edit;
use kadi_engine::domain::link::{LinkText, LinkWord, TextKind};
use kadi_engine::domain::time::Timestamp;

use super::answer::answer;
use super::caller::authenticate;
use super::codes::{CANNOT_BE_UPDATED, No, fixed};
use super::items;
use super::members::{LINE_CHARS_MAX, PROSE_CHARS_MAX, future, object_text, open, total_amount};
use super::request::NOT_BUILT_V3;
use super::show::Shown;
use super::status::Status;
use super::user::User;
use super::whole::{Name, Whole, find};
use crate::door::Door;
use crate::shared::body::read_body;
use crate::shared::fields::Fields;

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
    let wished = Wished::read(door, &body)?;
    if whole.status(door) != Status::Created {
        wished.check_opened(&whole)?;
    }
    let edit = wished.edit();
    let texts = edit.texts.clone();
    let (merchant_id, link_id) = (whole.link.merchant_id, whole.link.id);
    let changed = door.engine.submit(UpdateLink { merchant_id, link_id, wished: edit }).await;
    let link = changed.map_err(No::of_update)?;
    let whole = Whole { link: *link, ..whole }.with(texts);
    Ok(Shown::of(door, &caller.key, &whole)?)
}

/// What is to be changed; what is absent or empty stays as it is.
struct Wished {
    amount: Option<Minor>,
    expires_at: Option<Timestamp>,
    /// Texts that may be changed while the link is only made.
    made: Vec<(&'static str, LinkText)>,
    /// Texts that may be changed as long as it may be paid.
    open: Vec<LinkText>,
}

impl Wished {
    fn read(door: &Door, body: &Fields<'_>) -> Result<Self, No> {
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
        let is_other = |(_, text): &&(&str, LinkText)| whole.text(text.kind) != Some(text.value.as_str());
        self.made.iter().find(is_other).map_or(Ok(()), |(name, _)| Err(fixed(name)))
    }

    fn edit(self) -> Edit {
        let texts = self.made.into_iter().map(|(_, text)| text).chain(self.open).collect();
        Edit { amount: self.amount, max_payments: None, expires_at: self.expires_at, texts }
    }
}

/// Refuses by name what a link keeps for ever, unless it is so already.
fn check_fixed(body: &Fields<'_>, whole: &Whole) -> Result<(), No> {
    let same = [
        ("invoice_id", whole.invoice_id.as_deref()),
        ("currency", Some(whole.link.currency.code())),
        ("description", Some(whole.link.description.as_str())),
        ("callback_url", whole.text(TextKind::BrowserCallbackUrl)),
    ];
    for (name, value) in same {
        if body.filled(name, usize::MAX)?.is_some_and(|sent| value != Some(sent.as_str())) {
            return Err(fixed(name));
        }
    }
    if let Some(user) = body.object("user")? {
        for (name, value) in User::of(&whole.contact, &whole.texts).members() {
            let sent = user.filled(name, LINE_CHARS_MAX)?;
            if sent.is_some_and(|sent| value != Some(sent.as_str())) {
                return Err(fixed(&format!("user.{name}")));
            }
        }
    }
    let asked = ["notification_scheduled_at"].iter().chain(&NOT_BUILT_V3).find(|name| body.has_content(name));
    asked.map_or(Ok(()), |name| Err(fixed(name)))
}
