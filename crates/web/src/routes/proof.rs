//! The cookie by which a browser shows that its payer has proven to hold the link's mobile.

use axum::http::{HeaderMap, HeaderValue, header};
use kadi_engine::command::Failure;
use kadi_engine::domain::payer::{PROOF_MS, is_proof, proof};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::SECOND_MS;

use super::Pages;
use super::shown::Shown;
use crate::Gate;

/// Browsers send it to this link's addresses only; the proof itself counts for no other link either.
const COOKIE: &str = "kadi_payer";
/// The digits at the end that are shown of a number.
const SHOWN_DIGITS: usize = 4;

/// Who pays.
pub(super) enum Payer {
    /// Anybody.
    Anyone,
    /// Somebody who has proven to hold this number, the only one that may pay.
    Proven(Pii),
    /// Somebody who has not.
    Unproven,
}

impl Payer {
    /// Who sends this request.
    pub(super) fn of(pages: &Pages, shown: &Shown, headers: &HeaderMap) -> Result<Self, Failure> {
        let link = &shown.page.link;
        if !link.terms.only_mobile {
            return Ok(Self::Anyone);
        }
        let (keys, now) = (pages.engine.keys(), pages.engine.now());
        for text in cookies(headers) {
            if is_proof(keys, link.id, text, now).map_err(Failure::Broken)? {
                let contact = shown.page.payer.as_ref().map(|payer| payer.open(keys)).transpose();
                let mobile = contact.map_err(Failure::Broken)?.and_then(|contact| contact.mobile);
                return Ok(mobile.map_or(Self::Unproven, Self::Proven));
            }
        }
        Ok(Self::Unproven)
    }

    /// What stands before the payment; `mask` is this payer's.
    pub(super) const fn gate<'a>(&self, mask: Option<&'a str>) -> Gate<'a> {
        match (self, mask) {
            (Self::Anyone, _) => Gate::Open,
            (Self::Proven(_), Some(mobile)) => Gate::Proven { mobile },
            (Self::Proven(_), None) | (Self::Unproven, _) => Gate::Mobile { is_malformed: false },
        }
    }

    /// The proven number.
    pub(super) fn mobile(self) -> Option<Pii> {
        if let Self::Proven(mobile) = self { Some(mobile) } else { None }
    }

    /// The proven number with all but its last digits hidden.
    pub(super) fn mask(&self) -> Option<String> {
        let Self::Proven(mobile) = self else { return None };
        let hidden = mobile.expose().chars().count().saturating_sub(SHOWN_DIGITS);
        Some("•".repeat(hidden) + &mobile.expose().chars().skip(hidden).collect::<String>())
    }
}

/// What browsers sent under the cookie's name.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// The header that gives a browser its proof; `code` is the link's.
pub(super) fn set_cookie(pages: &Pages, shown: &Shown, code: &str) -> Result<HeaderValue, Fault> {
    let text = proof(pages.engine.keys(), shown.page.link.id, pages.engine.now())?;
    let secure = if pages.is_https { "; Secure" } else { "" };
    let seconds = PROOF_MS / SECOND_MS;
    let cookie =
        format!("{COOKIE}={text}; Path=/p/{code}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&cookie).map_err(|_| Fault::new("a cookie that is no header"))
}
