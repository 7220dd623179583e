//! What `/link/fetch` looks for (specs, part 4). Filters stand in `searchFilterRequestBody`, or beside it.

use kadi_engine::domain::customer::{email_index, mobile_index, name_index};
use kadi_engine::domain::seal::Keyring;
use kadi_engine::domain::search::{Clue, LinkFilter, LinkSearch};

use super::members::TEXT_CHARS_MAX;
use super::named::link_id;
use super::paging::{Paging, since, until};
use super::words::{kind_of, with_activity, with_link_status, with_payment_status};
use crate::paytm::codes::No;
use crate::paytm::namespaces::INVOICE_ID;
use crate::shared::fields::Fields;
use crate::shared::text::{indian_mobile, is_email};

const WORD_CHARS_MAX: usize = 16;

/// Reads the whole request.
pub(super) fn read(body: &Fields<'_>, keys: &Keyring) -> Result<(LinkSearch, Paging), No> {
    let mut search = LinkSearch { clues: Vec::new(), filter: LinkFilter::all(), skip: 0, limit: 0 };
    search.clues.extend(link_id(body)?.map(Clue::Id));
    search.clues.extend(body.line("merchantRequestId", 64)?.map(Clue::RequestId));
    let paging = Paging::read(body)?;
    (search.skip, search.limit) = (paging.skip(), paging.size);
    if let Some(within) = body.object("searchFilterRequestBody")? {
        search.clues.extend(link_id(&within)?.map(Clue::Id));
        search.clues.extend(within.line("merchantRequestId", 64)?.map(Clue::RequestId));
        narrow(&within, &mut search, keys)?;
    }
    narrow(body, &mut search, keys)?;
    kinds(body, &mut search.filter)?;
    Ok((search, paging))
}

/// Adds the filters that stand in this object to what is looked for.
fn narrow(within: &Fields<'_>, search: &mut LinkSearch, keys: &Keyring) -> Result<(), No> {
    let filter = &mut search.filter;
    filter.since = since(within, "fromDate")?.unwrap_or(filter.since).max(filter.since);
    filter.until = until(within, "toDate")?.unwrap_or(filter.until).min(filter.until);
    if let Some(status) = within.filled("linkStatus", WORD_CHARS_MAX)? {
        let words = with_link_status(&status.to_ascii_uppercase());
        if words.is_empty() {
            return Err(within.wrong("linkStatus").into());
        }
        filter.words.retain(|word| words.contains(word));
    }
    let invoice = within.number_or_text("invoiceId")?.filter(|id| !id.is_empty());
    search.clues.extend(invoice.map(|id| Clue::Reference(INVOICE_ID, id)));
    if let Some(name) = within.line("customerName", TEXT_CHARS_MAX)? {
        search.clues.push(Clue::Name(name_index(keys, &name)?));
    }
    for field in ["customerMobile", "customerPhone"] {
        if let Some(sent) = within.filled(field, TEXT_CHARS_MAX)? {
            let mobile = indian_mobile(&sent).ok_or_else(|| within.wrong(field))?;
            search.clues.push(Clue::Mobile(mobile_index(keys, &mobile)?));
        }
    }
    if let Some(email) = within.filled("customerEmail", TEXT_CHARS_MAX)? {
        if !is_email(&email) {
            return Err(within.wrong("customerEmail").into());
        }
        search.clues.push(Clue::Email(email_index(keys, &email)?));
    }
    if let Some(status) = within.filled("paymentStatus", WORD_CHARS_MAX)? {
        let standings = with_payment_status(&status.to_ascii_uppercase());
        if standings.is_empty() {
            return Err(within.wrong("paymentStatus").into());
        }
        filter.standings.retain(|standing| standings.contains(standing));
    }
    if let Some(is_active) = within.flag_or_text("isActive")? {
        let words = with_activity(is_active);
        filter.words.retain(|word| words.contains(word));
    }
    Ok(())
}

/// `linkTypeMultiple`: links of one of these types; an empty list asks for all.
fn kinds(body: &Fields<'_>, filter: &mut LinkFilter) -> Result<(), No> {
    const NAME: &str = "linkTypeMultiple";
    if !body.has_content(NAME) {
        return Ok(());
    }
    let mut kinds = Vec::new();
    for raw in body.list_or_one(NAME)? {
        let word: Option<String> = serde_json::from_str(raw).ok();
        let kind = word.and_then(|word| kind_of(&word));
        kinds.push(kind.ok_or_else(|| No::from(body.wrong(NAME)))?);
    }
    filter.kinds = kinds;
    Ok(())
}
