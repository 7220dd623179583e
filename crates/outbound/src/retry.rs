//! What an answer of a merchant's endpoint means for its delivery.

use kadi_engine::commands::deliver::Verdict;

use crate::http::{GuardRefusal, PostFault};

/// Judges an answer by its HTTP status: any 2xx is success, 410 parks, everything else (3xx too) is tried
/// again (DECISIONS.md, "Retries of callbacks and webhooks").
#[must_use]
pub const fn judge(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Accepted,
        410 => Verdict::Gone,
        _ => Verdict::Again,
    }
}

/// The most characters of an answer that are kept.
const KEPT_CHARS_MAX: usize = 500;

/// How an answer began, as it is kept with its delivery: one line of text, whatever the endpoint sent.
#[must_use]
pub fn first_words(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(KEPT_CHARS_MAX).collect()
}

/// Judges a call without an answer: what the guard refuses it would refuse again, all else may pass.
#[must_use]
pub const fn judge_fault(fault: &PostFault) -> Verdict {
    match fault {
        // A name may have led to an inner address by mistake, and be mended.
        PostFault::Refused(GuardRefusal::Address(_)) => Verdict::Again,
        PostFault::Refused(_) => Verdict::Gone,
        PostFault::Lookup(_)
        | PostFault::Connect(_)
        | PostFault::Tls(_)
        | PostFault::Timeout(_)
        | PostFault::Broken(_) => Verdict::Again,
    }
}
