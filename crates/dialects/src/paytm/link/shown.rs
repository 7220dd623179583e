//! A link as answers show it, the same in every call.

use kadi_engine::domain::amount::Currency;
use kadi_engine::domain::link::{Link, LinkText, TextKind, text_of};
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;
use url::Url;

use super::words::{Words, link_type};
use crate::door::Door;
use crate::shared::ist::ist_text;
use crate::shared::js::JsAmount;

/// What every answer about a link says of it (specs, part 3, "Response body").
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkBody {
    link_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_request_id: Option<String>,
    link_type: &'static str,
    long_url: String,
    short_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<JsAmount>,
    /// Of links that are told whole, and of every amount that is not of rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    is_active: bool,
    ls_active: bool,
    link_status: &'static str,
    status: &'static str,
    expiry_date: String,
    created_date: String,
    merchant_html: String,
}

impl LinkBody {
    /// A link as it stands now; `request_id` is echoed.
    pub(super) fn of(door: &Door, link: &Link, request_id: Option<String>) -> Result<Self, Fault> {
        let code = door.code(link.id)?;
        let short_url = door.page_url_of(&code);
        let words = Words::of(link, door.engine.now());
        Ok(Self {
            link_id: link.id.get(),
            merchant_request_id: request_id,
            link_type: link_type(link.kind),
            long_url: long_url(door, &link.name, &code)?,
            merchant_html: format!("<a href=\"{short_url}\" target=\"_blank\" rel=\"noopener\">Pay now</a>"),
            short_url,
            amount: link.amount.map(|amount| JsAmount { minor: amount.get(), currency: link.currency }),
            currency: other_currency(link.currency),
            is_active: words.is_active,
            ls_active: words.is_active,
            link_status: words.link_status,
            status: words.status,
            expiry_date: link.expires_at.map(|end| date(end.ms())).transpose()?.unwrap_or_default(),
            created_date: date(link.created_at.ms())?,
        })
    }

    /// A link that was made just now: its `status` is told in the word of `linkStatus`.
    pub(super) const fn just_made(mut self) -> Self {
        self.status = self.link_status;
        self
    }
}

/// What is told of a link when it is looked up: with what it was made with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WholeLink {
    #[serde(flatten)]
    link: LinkBody,
    link_name: String,
    link_description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_payments_allowed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link_notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_unique_reference: Option<String>,
}

impl WholeLink {
    /// A link with its texts as it stands now. Where the call has no id of its own, that of the request which
    /// made the link is told.
    pub(super) fn of(
        door: &Door,
        link: &Link,
        texts: &[LinkText],
        request_id: Option<String>,
    ) -> Result<Self, Fault> {
        let text = |kind| text_of(texts, kind).map(str::to_owned);
        let body = LinkBody::of(door, link, request_id.or_else(|| text(TextKind::RequestId)))?;
        Ok(Self {
            link: LinkBody { currency: Some(link.currency.code().to_owned()), ..body },
            link_name: link.name.clone(),
            link_description: link.description.clone(),
            max_payments_allowed: link.max_payments,
            link_notes: text(TextKind::Notes),
            merchant_unique_reference: text(TextKind::MerchantReference),
        })
    }
}

/// The code of a currency, unless it is this API's own, the rupee: only links of other APIs have others.
pub(super) fn other_currency(currency: Currency) -> Option<String> {
    (currency != Currency::INR).then(|| currency.code().to_owned())
}

fn date(ms: i64) -> Result<String, Fault> {
    ist_text(ms).ok_or_else(|| Fault::new("a date outside the calendar"))
}

/// `/l/{linkName}/{code}`; links of other APIs may have any name.
fn long_url(door: &Door, name: &str, code: &str) -> Result<String, Fault> {
    let broken = || Fault::new("the public address takes no path");
    let mut path = Url::parse("https://kadi.invalid").map_err(|_| broken())?;
    // A segment of dots alone is a way up, not a name.
    let name = if name.trim_matches('.').is_empty() { "link" } else { name };
    path.path_segments_mut().map_err(|()| broken())?.extend(["l", name, code]);
    Ok(format!("{}{}", door.public_url, path.path()))
}
