//! From the bodies of Kadi's own API to the engine's terms, with every limit checked at the door.

use kadi_engine::domain::amount::{Currency, Minor};
use kadi_engine::domain::create::{Expiry, Extras, NewLink, Use};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::delivery::{EventSet, Subscription};
use kadi_engine::domain::link::{Line, LineTax, LinkKind, LinkText, TextKind};
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::parts::{Instalment, PartRules};
use kadi_engine::domain::reference::Namespace;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::split::{NewShare, Share};
use kadi_engine::domain::time::Timestamp;

use super::problem::Problem;
use super::settings::DIALECT;
use super::time::read_time;
use super::wire::{
    CustomerBody, InstalmentBody, Kind, LineBody, NewLinkBody, PartRulesBody, SendBy, ShareBody,
};
use crate::shared::text::{has_control_or_bidi, indian_mobile, is_email};
use crate::shared::web_address::parse_web_address;

/// The merchant's `reference` of a link.
pub(super) const REFERENCE: Namespace = Namespace { dialect: DIALECT, kind: 1 };
/// The webhook body; see `callback.rs`.
const WEBHOOK: u8 = 1;

const LINES_MAX: usize = 50;
const TAXES_MAX: usize = 10;
/// The largest amount, in minor units: exact as a JSON number everywhere.
const AMOUNT_MAX: i64 = kadi_engine::domain::amount::AMOUNT_MAX.get();
const UNITS_MAX: i64 = 1_000_000_000;

/// Reads a new link.
pub(super) fn new_link(body: NewLinkBody, is_sandbox: bool) -> Result<NewLink, Problem> {
    let currency = match &body.currency {
        None => Currency::INR,
        Some(code) => {
            Currency::parse(code).ok_or_else(|| Problem::invalid("currency: not an ISO 4217 code"))?
        }
    };
    let kind = match body.kind {
        Kind::Fixed => LinkKind::Fixed,
        Kind::Open => LinkKind::Open,
        Kind::Invoice => LinkKind::Invoice,
    };
    if kind != LinkKind::Invoice && !body.lines.is_empty() {
        return Err(Problem::invalid("lines: only an invoice has lines"));
    }
    let amount = match (kind, body.amount) {
        (LinkKind::Open, None) => None,
        (LinkKind::Open, Some(_)) => return Err(Problem::amount_invalid("amount: the payer chooses it")),
        (LinkKind::Fixed | LinkKind::Invoice, None) => {
            return Err(Problem::amount_invalid("amount: is needed"));
        }
        (LinkKind::Fixed | LinkKind::Invoice, Some(amount)) => Some(minor("amount", amount, 1)?),
    };
    let (uses, plan) = match (body.parts, body.part_rules) {
        (Some(false) | None, None) => (uses(body.reusable, body.max_payments)?, Vec::new()),
        (wanted, rules) => parts(wanted, rules, body.reusable, body.max_payments)?,
    };
    let contact = contact(body.customer.unwrap_or_default())?;
    let send = channels(&body.send, &contact)?;
    let texts = texts(
        [
            (TextKind::SuccessUrl, "success_url", body.success_url),
            (TextKind::FailureUrl, "failure_url", body.failure_url),
        ],
        [
            (TextKind::SuccessMessage, "success_message", body.success_message),
            (TextKind::Notes, "notes", body.notes),
        ],
        is_sandbox,
    )?;
    let obligation = obligation(body.obligation, amount, uses)?;
    let reference = body.reference.map(|value| text("reference", value, 1, 100)).transpose()?;
    Ok(NewLink {
        origin: DIALECT,
        kind,
        currency,
        amount,
        uses,
        name: text("name", body.name, 1, 100)?,
        description: body
            .description
            .map(|value| text("description", value, 0, 500))
            .transpose()?
            .unwrap_or_default(),
        expiry: body.expires_at.as_deref().map(expiry).transpose()?.map_or(Expiry::Never, Expiry::At),
        contact,
        send,
        lines: lines(body.lines)?,
        texts,
        references: reference.map(|value| (REFERENCE, value)).into_iter().collect(),
        subscriptions: vec![Subscription {
            dialect: DIALECT,
            form: WEBHOOK,
            url: None,
            events: EventSet::all(),
        }],
        extras: Extras { split: shares(body.split)?, plan, obligation, ..Extras::default() },
    })
}

/// What the merchant calls the obligation of a link that is paid once.
fn obligation(name: Option<String>, amount: Option<Minor>, uses: Use) -> Result<Option<String>, Problem> {
    if name.is_some() && (uses != Use::Once || amount.is_none()) {
        return Err(Problem::invalid("obligation: only a link of an amount that is paid once is for one"));
    }
    name.map(|name| text("obligation", name, 1, 100)).transpose()
}

/// How a link is paid in parts, and its plan.
fn parts(
    wanted: Option<bool>,
    rules: Option<PartRulesBody>,
    reusable: Option<bool>,
    max_payments: Option<i64>,
) -> Result<(Use, Vec<Instalment>), Problem> {
    if wanted == Some(false) {
        return Err(Problem::invalid("part_rules: the link is not paid in parts"));
    }
    if reusable == Some(true) || max_payments.is_some() {
        return Err(Problem::invalid("parts: a link in parts is one obligation; use part_rules.max"));
    }
    let body = rules.unwrap_or_default();
    if body.max.is_some_and(|max| !(1..=UNITS_MAX).contains(&max)) {
        return Err(Problem::invalid(format!("part_rules.max: must be between 1 and {UNITS_MAX}")));
    }
    let least = |name: &str, amount: Option<i64>| amount.map(|amount| minor(name, amount, 1)).transpose();
    let rules = PartRules {
        min_first: least("part_rules.min_first", body.min_first)?,
        min: least("part_rules.min", body.min)?,
    };
    let plan = body.plan.iter().map(instalment).collect::<Result<_, _>>()?;
    Ok((Use::Parts { max_payments: body.max, rules }, plan))
}

fn instalment(body: &InstalmentBody) -> Result<Instalment, Problem> {
    let due = || Problem::invalid("part_rules.plan: due is not an RFC 3339 time");
    Ok(Instalment {
        amount: minor("part_rules.plan.amount", body.amount, 1)?,
        due_at: read_time(&body.due).ok_or_else(due)?,
    })
}

fn shares(bodies: Vec<ShareBody>) -> Result<Vec<NewShare>, Problem> {
    bodies.into_iter().map(share).collect()
}

fn share(body: ShareBody) -> Result<NewShare, Problem> {
    let share = match (body.amount, body.percent) {
        (Some(amount), None) => Share::Amount(minor("split.amount", amount, 1)?),
        (None, Some(percent)) => {
            let bps =
                Minor::parse_typed(&percent, 2).map(Minor::get).filter(|bps| (1..=10_000).contains(bps));
            let rule = || Problem::invalid("split.percent: must be between 0.01 and 100");
            Share::Percent(bps.ok_or_else(rule)?)
        }
        (Some(_), Some(_)) | (None, None) => {
            return Err(Problem::invalid("split: each share is an amount or a percentage"));
        }
    };
    Ok(NewShare { child: body.merchant, share, bears_fee: body.bears_fee })
}

type Named = (TextKind, &'static str, Option<String>);

/// Web addresses, and words for people, as texts of a link.
fn texts(addresses: [Named; 2], words: [Named; 2], is_sandbox: bool) -> Result<Vec<LinkText>, Problem> {
    let mut texts = Vec::new();
    for (kind, name, value) in addresses {
        let Some(value) = value else { continue };
        parse_web_address(&value, is_sandbox)
            .map_err(|fault| Problem::invalid(format!("{name}: {fault}")))?;
        texts.push(LinkText { kind, position: 0, value });
    }
    for (kind, name, value) in words {
        let Some(value) = value else { continue };
        texts.push(LinkText { kind, position: 0, value: text(name, value, 1, 254)? });
    }
    Ok(texts)
}

fn uses(reusable: Option<bool>, max_payments: Option<i64>) -> Result<Use, Problem> {
    match (reusable, max_payments) {
        (Some(false), Some(_)) => Err(Problem::invalid("max_payments: the link is not reusable")),
        (_, Some(max)) if !(1..=UNITS_MAX).contains(&max) => {
            Err(Problem::invalid(format!("max_payments: must be between 1 and {UNITS_MAX}")))
        }
        (_, Some(max)) => Ok(Use::Many { max_payments: Some(max) }),
        (Some(true), None) => Ok(Use::Many { max_payments: None }),
        (Some(false) | None, None) => Ok(Use::Once),
    }
}

fn contact(body: CustomerBody) -> Result<Contact, Problem> {
    let filled = |value: Option<String>| value.filter(|value| !value.is_empty());
    let name = filled(body.name).map(|value| text("customer.name", value, 1, 100)).transpose()?;
    let external_id = filled(body.id).map(|value| text("customer.id", value, 1, 64)).transpose()?;
    let mobile = filled(body.mobile)
        .map(|value| {
            indian_mobile(&value)
                .ok_or_else(|| Problem::invalid("customer.mobile: not an Indian mobile number"))
        })
        .transpose()?;
    let email = filled(body.email);
    if email.as_deref().is_some_and(|email| !is_email(email)) {
        return Err(Problem::invalid("customer.email: not an e-mail address"));
    }
    Ok(Contact {
        name: name.map(Pii::new),
        mobile: mobile.map(Pii::new),
        email: email.map(Pii::new),
        external_id: external_id.map(Pii::new),
    })
}

fn channels(send: &[SendBy], contact: &Contact) -> Result<Vec<ChannelKind>, Problem> {
    let mut channels = Vec::new();
    for by in send {
        let (channel, is_there) = match by {
            SendBy::Sms => (ChannelKind::Sms, contact.mobile.is_some()),
            SendBy::Email => (ChannelKind::Email, contact.email.is_some()),
        };
        if !is_there {
            return Err(Problem::invalid(format!(
                "send: the customer has no contact for {}",
                channel.word()
            )));
        }
        if !channels.contains(&channel) {
            channels.push(channel);
        }
    }
    Ok(channels)
}

fn lines(bodies: Vec<LineBody>) -> Result<Vec<Line>, Problem> {
    if bodies.len() > LINES_MAX {
        return Err(Problem::invalid("lines: at most 50"));
    }
    bodies.into_iter().map(line).collect()
}

fn line(body: LineBody) -> Result<Line, Problem> {
    if !(1..=UNITS_MAX).contains(&body.units) {
        return Err(Problem::invalid(format!("lines: units must be between 1 and {UNITS_MAX}")));
    }
    if body.taxes.len() > TAXES_MAX {
        return Err(Problem::invalid("lines: at most 10 taxes"));
    }
    let mut taxes = Vec::new();
    for tax in body.taxes {
        taxes.push(LineTax {
            name: text("tax name", tax.name, 1, 64)?,
            amount: minor("tax amount", tax.amount, 0)?,
        });
    }
    Ok(Line {
        name: text("line name", body.name, 1, 100)?,
        code: body.code.map(|code| text("line code", code, 1, 64)).transpose()?,
        units: body.units,
        unit_amount: minor("unit_amount", body.unit_amount, 0)?,
        taxes,
    })
}

fn minor(name: &str, amount: i64, min: i64) -> Result<Minor, Problem> {
    if (min..=AMOUNT_MAX).contains(&amount) {
        Ok(Minor::new(amount))
    } else {
        Err(Problem::amount_invalid(&format!("{name}: must be between {min} and {AMOUNT_MAX}")))
    }
}

fn text(name: &str, value: String, min: usize, max: usize) -> Result<String, Problem> {
    if has_control_or_bidi(&value) {
        return Err(Problem::invalid(format!("{name}: control and direction characters are not allowed")));
    }
    let length = value.chars().count();
    if !(min..=max).contains(&length) || (min > 0 && value.trim().is_empty()) {
        return Err(Problem::invalid(format!("{name}: must have {min} to {max} characters")));
    }
    Ok(value)
}

fn expiry(text: &str) -> Result<Timestamp, Problem> {
    read_time(text).ok_or_else(|| Problem::invalid("expires_at: not an RFC 3339 time"))
}
