//! The body of `/link/create`, read member by member in the order of the vendor's table (specs, part 3).

use kadi_engine::domain::amount::{Currency, Minor};
use kadi_engine::domain::create::{NewLink, Use};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::{Line, LinkKind, LinkText, TextKind, lines_total};
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::{DAY_MS, Timestamp};

use super::{items, splits};

use crate::paytm::callback::status_subscription;
use crate::paytm::codes::{
    AMOUNT_BELOW_ONE, DESCRIPTION_CHARACTERS, DESCRIPTION_LENGTH, EXPIRY_INVALID, EXPIRY_TOO_LATE,
    FIXED_AMOUNT_MISSING, FORMS_NOT_ALLOWED, INVOICE_AMOUNT_MISSING, INVOICE_EMAIL, INVOICE_EXPIRY_MISSING,
    INVOICE_ID_MISSING, INVOICE_PHONE, LINK_NAME_BLANK, LINK_NAME_CHARACTERS, LINK_NAME_EMPTY, No, RISK,
    SUM_MISMATCH,
};
use crate::paytm::namespaces::INVOICE_ID;
use crate::paytm::settings::DIALECT;
use crate::shared::amount::{AmountFault, parse_amount};
use crate::shared::fields::{Fields, Wrong};
use crate::shared::ist::{calendar_days_ist, parse_ist};
use crate::shared::text::{has_control_or_bidi, indian_mobile, is_email};
use crate::shared::web_address::parse_web_address;

/// FIXED and GENERIC links without an expiry live so long.
const DEFAULT_LIFE_MS: i64 = 90 * DAY_MS;
const LIFE_DAYS_MAX: i64 = 365;
const SMALLEST: Minor = Minor::new(100);
const PAYMENTS_MAX: i64 = 1_000_000_000;
/// The longest text where the vendor's page gives no length.
const TEXT_CHARS_MAX: usize = 254;

/// A request that passed every check that needs no look-up.
#[derive(Debug)]
pub(super) struct Request {
    /// The link it asks for.
    pub(super) new: NewLink,
    /// `merchantRequestId`, echoed.
    pub(super) request_id: Option<String>,
    /// The children of a split, in list order.
    pub(super) children: Vec<String>,
}

/// Where checks stop for a look-up: what stands before and after `splitSettlementInfo` in the table.
pub(super) struct Draft<'a> {
    body: &'a Fields<'a>,
    request: Request,
    is_sandbox: bool,
}

/// Reads everything up to and with `resellerId`, and the children of a split.
pub(super) fn read<'a>(
    body: &'a Fields<'a>,
    merchant: &Merchant,
    now: Timestamp,
    is_sandbox: bool,
) -> Result<Draft<'a>, No> {
    let request_id = body.text("merchantRequestId", 64)?;
    let name = link_name(body)?;
    let description = description(body)?;
    let kind = link_type(body)?;
    let amount = amount(body, kind, merchant)?;
    let send = channels(body)?;
    let contact = contact(body)?;
    let mut texts = Vec::new();
    let mut put =
        |kind, value: Option<String>| texts.extend(value.map(|value| LinkText { kind, position: 0, value }));
    let status_url = web_address(body, "statusCallbackUrl", is_sandbox)?;
    let max_payments = max_payments(body)?;
    if body.has_content("templateId") {
        return Err(FORMS_NOT_ALLOWED.into());
    }
    put(TextKind::RequestId, request_id.clone());
    put(TextKind::Notes, body.filled("linkNotes", 254)?);
    let invoice_id = invoice_id(body, kind)?;
    let expires_at = expiry(body, kind, now)?;
    put(TextKind::InvoicePhone, invoice_phone(body)?);
    put(TextKind::InvoiceEmail, invoice_email(body)?);
    let lines = lines(body, kind, amount)?;
    refuse_true(body, "partialPayment")?;
    refuse_true(body, "bindLinkIdMobile")?;
    put(TextKind::ResellerId, reseller(body, merchant)?);
    let children = splits::read(body)?;
    let new = NewLink {
        origin: DIALECT,
        kind,
        currency: Currency::INR,
        amount,
        uses: if kind == LinkKind::Invoice { Use::Once } else { Use::Many { max_payments } },
        name,
        description,
        expires_at: Some(expires_at),
        contact,
        send,
        lines,
        texts,
        references: invoice_id.map(|id| (INVOICE_ID, id)).into_iter().collect(),
        subscriptions: status_url.map(status_subscription).into_iter().collect(),
    };
    Ok(Draft { body, request: Request { new, request_id, children }, is_sandbox })
}

impl Draft<'_> {
    /// The children to be looked up before the rest is read.
    pub(super) fn children(&self) -> Vec<String> {
        self.request.children.clone()
    }

    /// Reads what stands behind `splitSettlementInfo`.
    pub(super) fn finish(self) -> Result<Request, No> {
        let Self { body, mut request, is_sandbox } = self;
        let texts = &mut request.new.texts;
        extend_info(body, texts)?;
        let mut put = |kind, value: Option<String>| {
            texts.extend(value.map(|value| LinkText { kind, position: 0, value }))
        };
        put(TextKind::SuccessMessage, body.filled("customPaymentSuccessMessage", 254)?);
        put(TextKind::SuccessUrl, web_address(body, "redirectionUrlSuccess", is_sandbox)?);
        put(TextKind::FailureUrl, web_address(body, "redirectionUrlFailure", is_sandbox)?);
        for name in NOT_BUILT {
            if body.has_content(name) {
                return Err(No::field(name));
            }
        }
        let order_id = body.filled("linkOrderId", 50)?;
        let is_order_id =
            |id: &str| id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if order_id.as_deref().is_some_and(|id| !is_order_id(id)) {
            return Err(No::field("linkOrderId"));
        }
        if order_id.is_some() || body.flag("singleTransactionOnly")? == Some(true) {
            request.new.uses = Use::OneOrder;
        }
        let first_order = body.filled("orderId", 50)?;
        put(TextKind::OrderId, order_id.or(first_order));
        put(TextKind::BrowserCallbackUrl, web_address(body, "callbackUrl", is_sandbox)?);
        put(TextKind::MerchantReference, body.filled("merchantUniqueReference", TEXT_CHARS_MAX)?);
        if body.filled("currency", 3)?.is_some_and(|currency| currency != "INR") {
            return Err(No::field("currency"));
        }
        Ok(request)
    }
}

/// Attributes whose time has not come: refused by name, never ignored.
const NOT_BUILT: [&str; 6] = [
    "simplifiedSubvention",
    "simplifiedPaymentOffers",
    "simplifiedUnifiedOffers",
    "unifiedOffersToken",
    "enablePaymentMode",
    "disablePaymentMode",
];

fn link_name(body: &Fields<'_>) -> Result<String, No> {
    let name = body.text("linkName", 64)?.unwrap_or_default();
    if name.is_empty() {
        return Err(LINK_NAME_EMPTY.into());
    }
    if name.trim().is_empty() {
        return Err(LINK_NAME_BLANK.into());
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_');
    if name.chars().all(is_plain) { Ok(name) } else { Err(LINK_NAME_CHARACTERS.into()) }
}

fn description(body: &Fields<'_>) -> Result<String, No> {
    let description = body.text("linkDescription", usize::MAX)?.unwrap_or_default();
    if !(3..=30).contains(&description.chars().count()) || description.trim().is_empty() {
        return Err(DESCRIPTION_LENGTH.into());
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == ' ';
    if description.chars().all(is_plain) { Ok(description) } else { Err(DESCRIPTION_CHARACTERS.into()) }
}

fn link_type(body: &Fields<'_>) -> Result<LinkKind, No> {
    match body.text("linkType", 16)?.as_deref() {
        Some("FIXED") => Ok(LinkKind::Fixed),
        Some("GENERIC") => Ok(LinkKind::Open),
        Some("INVOICE") => Ok(LinkKind::Invoice),
        Some(_) | None => Err(No::field("linkType")),
    }
}

/// The amount; GENERIC links have none, whatever was sent.
fn amount(body: &Fields<'_>, kind: LinkKind, merchant: &Merchant) -> Result<Option<Minor>, No> {
    let missing = match kind {
        LinkKind::Open => return Ok(None),
        LinkKind::Fixed => FIXED_AMOUNT_MISSING,
        LinkKind::Invoice => INVOICE_AMOUNT_MISSING,
    };
    let lexeme = body.number_or_text("amount")?.filter(|lexeme| !lexeme.trim().is_empty()).ok_or(missing)?;
    let amount = match parse_amount(&lexeme) {
        Ok(minor) => Minor::new(minor),
        Err(AmountFault::Negative) => return Err(AMOUNT_BELOW_ONE.into()),
        Err(_) => return Err(No::field("amount")),
    };
    if amount < SMALLEST {
        return Err(AMOUNT_BELOW_ONE.into());
    }
    merchant.limit.check(amount)?;
    if merchant.risk.amount_max.is_some_and(|max| amount > max) {
        return Err(RISK.into());
    }
    Ok(Some(amount))
}

fn channels(body: &Fields<'_>) -> Result<Vec<ChannelKind>, Wrong> {
    let sms = body.flag("sendSms")?.unwrap_or(false).then_some(ChannelKind::Sms);
    let email = body.flag("sendEmail")?.unwrap_or(false).then_some(ChannelKind::Email);
    Ok(sms.into_iter().chain(email).collect())
}

fn contact(body: &Fields<'_>) -> Result<Contact, Wrong> {
    let Some(contact) = body.object("customerContact")? else { return Ok(Contact::default()) };
    let name = contact.filled("customerName", TEXT_CHARS_MAX)?;
    if name.as_deref().is_some_and(has_control_or_bidi) {
        return Err(contact.wrong("customerName"));
    }
    let email = contact.filled("customerEmail", TEXT_CHARS_MAX)?;
    if email.as_deref().is_some_and(|email| !is_email(email)) {
        return Err(contact.wrong("customerEmail"));
    }
    let mut mobile = None;
    for field in ["customerMobile", "customerPhone"] {
        if let Some(sent) = contact.filled(field, TEXT_CHARS_MAX)? {
            let ten_digits = indian_mobile(&sent).ok_or_else(|| contact.wrong(field))?;
            mobile = mobile.or(Some(ten_digits));
        }
    }
    let external_id = contact.filled("customerId", 64)?;
    Ok(Contact {
        name: name.map(Pii::new),
        mobile: mobile.map(Pii::new),
        email: email.map(Pii::new),
        external_id: external_id.map(Pii::new),
    })
}

fn max_payments(body: &Fields<'_>) -> Result<Option<i64>, Wrong> {
    let Some(lexeme) = body.number_or_text("maxPaymentsAllowed")?.filter(|lexeme| !lexeme.is_empty()) else {
        return Ok(None);
    };
    let is_digits = lexeme.bytes().all(|byte| byte.is_ascii_digit());
    let count = is_digits.then(|| lexeme.parse().ok()).flatten();
    let count = count.filter(|count| (1..=PAYMENTS_MAX).contains(count));
    count.map(Some).ok_or_else(|| body.wrong("maxPaymentsAllowed"))
}

/// Invoices have an id; links of other kinds do not, whatever was sent.
fn invoice_id(body: &Fields<'_>, kind: LinkKind) -> Result<Option<String>, No> {
    if kind != LinkKind::Invoice {
        return Ok(None);
    }
    let id =
        body.number_or_text("invoiceId")?.filter(|id| !id.trim().is_empty()).ok_or(INVOICE_ID_MISSING)?;
    if id.chars().count() > TEXT_CHARS_MAX || has_control_or_bidi(&id) {
        return Err(No::field("invoiceId"));
    }
    Ok(Some(id))
}

fn expiry(body: &Fields<'_>, kind: LinkKind, now: Timestamp) -> Result<Timestamp, No> {
    let Some(text) =
        body.text("expiryDate", TEXT_CHARS_MAX).map_err(|_| EXPIRY_INVALID)?.filter(|t| !t.is_empty())
    else {
        return match kind {
            LinkKind::Invoice => Err(INVOICE_EXPIRY_MISSING.into()),
            LinkKind::Fixed | LinkKind::Open => Ok(now.plus_ms(DEFAULT_LIFE_MS)),
        };
    };
    let end = parse_ist(&text).map_err(|_| EXPIRY_INVALID)?;
    if end <= now.ms() {
        return Err(EXPIRY_INVALID.into());
    }
    if calendar_days_ist(now.ms(), end) > LIFE_DAYS_MAX {
        return Err(EXPIRY_TOO_LATE.into());
    }
    Ok(Timestamp::from_ms(end))
}

fn invoice_phone(body: &Fields<'_>) -> Result<Option<String>, No> {
    let phone =
        body.number_or_text("invoicePhoneNo").map_err(|_| INVOICE_PHONE)?.filter(|phone| !phone.is_empty());
    let Some(phone) = phone else { return Ok(None) };
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = phone.chars().enumerate().all(|(at, c)| match c {
        '+' => at == 0,
        '-' | ' ' => at > 0,
        _ => c.is_ascii_digit(),
    });
    // Mobile numbers have ten digits, landlines with their area code too; a country code comes before.
    if is_plain && (10..=13).contains(&digits) && phone.len() <= 20 {
        Ok(Some(phone))
    } else {
        Err(INVOICE_PHONE.into())
    }
}

fn invoice_email(body: &Fields<'_>) -> Result<Option<String>, No> {
    let email = body
        .text("invoiceEmail", TEXT_CHARS_MAX)
        .map_err(|_| INVOICE_EMAIL)?
        .filter(|email| !email.is_empty());
    if email.as_deref().is_some_and(|email| !is_email(email)) { Err(INVOICE_EMAIL.into()) } else { Ok(email) }
}

fn lines(body: &Fields<'_>, kind: LinkKind, amount: Option<Minor>) -> Result<Vec<Line>, No> {
    let lines = items::read(body)?;
    if lines.is_empty() {
        return Ok(lines);
    }
    if kind == LinkKind::Open {
        // The payer chooses the amount, so no list of items can add up to it.
        return Err(No::field("invoiceDetails"));
    }
    match lines_total(&lines) {
        Ok(total) if Some(total) == amount => Ok(lines),
        Ok(_) | Err(_) => Err(SUM_MISMATCH.into()),
    }
}

fn refuse_true(body: &Fields<'_>, name: &str) -> Result<(), No> {
    if body.flag_or_text(name)? == Some(true) { Err(No::field(name)) } else { Ok(()) }
}

fn reseller(body: &Fields<'_>, merchant: &Merchant) -> Result<Option<String>, No> {
    let reseller = body.filled("resellerId", 64)?;
    match reseller {
        Some(id) if !merchant.resellers.contains(&id) => Err(No::field("resellerId")),
        Some(_) | None => Ok(reseller),
    }
}

/// `ref1` to `ref12`, as an object or as the JSON text of one.
fn extend_info(body: &Fields<'_>, texts: &mut Vec<LinkText>) -> Result<(), No> {
    let name = "extendInfo";
    if !body.has_content(name) {
        return Ok(());
    }
    let nested = match body.text(name, 16 * 1_024) {
        Ok(text) => text.unwrap_or_default(),
        Err(_) => body.raw(name).unwrap_or_default().to_owned(),
    };
    let map = Fields::parse(&nested).ok_or_else(|| No::field(name))?;
    for key in map.names() {
        let number =
            key.strip_prefix("ref").filter(|n| !n.starts_with('0')).and_then(|n| n.parse::<i64>().ok());
        let position = number.filter(|n| (1..=12).contains(n)).ok_or_else(|| No::field(name))?;
        let value = map.number_or_text(key).map_err(|_| No::field(name))?;
        if let Some(value) = value.filter(|value| value.chars().count() <= TEXT_CHARS_MAX) {
            texts.push(LinkText { kind: TextKind::Extend, position, value });
        } else if map.raw(key).is_some() {
            return Err(No::field(name));
        }
    }
    texts.sort_by_key(|text| (text.kind, text.position));
    Ok(())
}

fn web_address(body: &Fields<'_>, name: &str, is_sandbox: bool) -> Result<Option<String>, Wrong> {
    let Some(text) = body.filled(name, usize::MAX)? else { return Ok(None) };
    parse_web_address(&text, is_sandbox).map_err(|_| body.wrong(name))?;
    Ok(Some(text))
}
