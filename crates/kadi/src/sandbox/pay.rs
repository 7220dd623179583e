//! Paying without a payer, and settling what waits.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use kadi_dialects::native::{PaymentBody, Problem, rule_text, show_payment};
use kadi_dialects::shared::text::indian_mobile;
use kadi_engine::Reader;
use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::attempt::Attempt;
use kadi_engine::domain::fields::FieldValues;
use kadi_engine::domain::id::{MerchantId, PaymentId};
use kadi_engine::domain::mode::Mode;
use kadi_engine::domain::refusal::Refusal;
use kadi_engine::domain::sandbox::ChargeWord;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::template::Template;
use kadi_engine::domain::ways::Choice;
use kadi_engine::pay::Pay;
use kadi_engine::ports::Rail as _;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::router::{OutcomeBody, json};
use super::script::ScriptBody;
use super::stories;
use crate::worker::Worker;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PayBody {
    outcome: Option<String>,
    script: Option<ScriptBody>,
    amount: Option<String>,
    mode: Option<String>,
    channel: Option<String>,
    payer_mobile: Option<String>,
    #[serde(default)]
    form: Map<String, Value>,
}

/// `POST /sandbox/pay/{code}`: the payment right after the call.
pub(super) async fn pay(
    State(worker): State<Arc<Worker>>,
    Path(code): Path<String>,
    request: Request,
) -> Result<Json<PaymentBody>, Problem> {
    let body: PayBody = json(request).await?;
    let (choice, another) = choice(body.outcome, body.script)?;
    let engine = &worker.door.engine;
    let link_id = worker.door.link_of(&code).ok_or_else(Problem::not_found)?;
    let link = engine.query(move |reader| reader.link(link_id)).await?.ok_or_else(Problem::not_found)?;
    if let Some(another) = another {
        has_money(&worker, link.merchant_id, another).await?;
    }
    let by = by(body.mode.as_deref(), body.channel.as_deref()).ok_or(Refusal::ModeNotAllowed)?;
    let page = engine.link_page(link_id).await?.ok_or_else(Problem::not_found)?;
    let answers = answers(page.form.as_ref(), &body.form)?;
    let payer_mobile = body.payer_mobile.map(|text| {
        let mobile =
            indian_mobile(&text).ok_or_else(|| Problem::invalid("payer_mobile: not an Indian mobile number"));
        mobile.map(Pii::new)
    });
    let amount = body.amount.map(|text| {
        let amount = Minor::parse_typed(&text, link.currency.exponent());
        amount.ok_or_else(|| Problem::amount_invalid("not an amount of the link's currency"))
    });
    let attempt = Attempt {
        amount: amount.transpose()?,
        by,
        payer_mobile: payer_mobile.transpose()?,
        answers,
        // A tester who calls twice means it.
        token: None,
        rail: worker.rail.name().to_owned(),
        rail_is_sandbox: worker.rail.is_sandbox(),
    };
    let pay = Pay { merchant_id: link.merchant_id, link_id, attempt, choice };
    let payment = kadi_engine::pay::pay(engine, &worker.rail, pay).await?;
    Ok(Json(show_payment(&payment)?))
}

/// By what is to be paid: UPI unless said; none for what no rail knows.
fn by(mode: Option<&str>, channel: Option<&str>) -> Option<Choice> {
    let mode = mode.map_or(Some(Mode::Upi), |word| Mode::parse(&word.to_ascii_uppercase()))?;
    let channel = channel.map(|word| mode.channel(&word.to_ascii_uppercase()));
    Some(Choice { mode, channel: channel.map_or(Some(None), |found| found.map(Some))? })
}

/// The answers to a link's form; texts, and numbers as they were written.
fn answers(form: Option<&Template>, given: &Map<String, Value>) -> Result<Option<FieldValues>, Problem> {
    let Some(form) = form else {
        let is_empty = given.is_empty();
        return is_empty.then_some(None).ok_or_else(|| Problem::form_invalid("the link has no form"));
    };
    let mut texts = BTreeMap::new();
    for (name, value) in given {
        if !form.fields.iter().any(|field| field.name == *name) {
            return Err(Problem::form_invalid(format!("{name}: the form has no such field")));
        }
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                return Err(Problem::form_invalid(format!("{name}: not a text")));
            }
        };
        texts.insert(name.clone(), text);
    }
    form.fill(&texts).map(Some).map_err(|broken| {
        let rules = broken.iter().map(|(name, rule)| format!("{name}: {}", rule_text(*rule)));
        Problem::form_invalid(rules.collect::<Vec<_>>().join("; "))
    })
}

/// What the rail is to do, a story by name or a script; and whose money it is to name.
fn choice(
    outcome: Option<String>,
    script: Option<ScriptBody>,
) -> Result<(String, Option<PaymentId>), Problem> {
    match (outcome, script) {
        (Some(name), None) => {
            let text = stories::choice(&name)?;
            Ok((text.ok_or_else(|| Problem::invalid("outcome: no such story"))?, None))
        }
        (None, Some(body)) => {
            let script = body.read().map_err(|reason| Problem::invalid(format!("script: {reason}")))?;
            Ok((script.to_text(), script.takes.reference_of))
        }
        (Some(_), Some(_)) | (None, None) => Err(Problem::invalid("either outcome or script")),
    }
}

/// Refuses to name the money of a payment that has none of its own at this rail, or is another merchant's: it
/// would be money of its own.
async fn has_money(worker: &Worker, merchant: MerchantId, id: PaymentId) -> Result<(), Problem> {
    let query = move |reader: &mut Reader| Ok((reader.payment(id)?, reader.charge(id)?));
    let (payment, charge) = worker.door.engine.query(query).await?;
    let own = charge.map(|charge| charge.reference());
    match payment.filter(|payment| payment.merchant_id == merchant && payment.rail_reference.is_some()) {
        Some(payment) if payment.rail_reference == own => Ok(()),
        Some(_) | None => Err(Problem::invalid(
            "script: takes_reference_of: no payment of the merchant with money of its own",
        )),
    }
}

/// `POST /sandbox/payments/{id}/settle`: the payment after the rail's notice.
pub(super) async fn settle(
    State(worker): State<Arc<Worker>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<PaymentBody>, Problem> {
    let body: OutcomeBody = json(request).await?;
    let word = match body.outcome.as_str() {
        "success" => ChargeWord::Succeeded,
        "failure" => ChargeWord::Failed,
        _ => return Err(Problem::invalid("outcome: success or failure")),
    };
    let id = PaymentId::new(id.parse().map_err(|_| Problem::not_found())?);
    let payment = worker.door.engine.query(move |reader| reader.payment(id)).await?;
    let payment = payment.ok_or_else(Problem::not_found)?;
    let notice = worker.rail.settle(payment.merchant_id, id, word).await?;
    let payment = worker.hear(&notice).await?;
    Ok(Json(show_payment(&payment)?))
}
