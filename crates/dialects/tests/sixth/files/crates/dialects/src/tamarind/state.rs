//! Tamarind's words for how a pod is, two of which Kadi has no state for: `ripening`, while a message with it
//! lies unread, and `overripe`, in the last tenth of its time.

use kadi_engine::domain::event::LinkFacts;
use kadi_engine::domain::link::{Link, LinkWord};
use kadi_engine::domain::time::Timestamp;

/// The word.
pub(super) fn state(link: &Link, facts: &LinkFacts, now: Timestamp) -> &'static str {
    match facts.word {
        LinkWord::Completed => "eaten",
        LinkWord::Cancelled => "shaken",
        LinkWord::Expired => "rotten",
        LinkWord::Active if is_overripe(link.created_at, link.expires_at, now) => "overripe",
        LinkWord::Active if facts.opened_at.is_some() => "ripe",
        LinkWord::Active if facts.sent_at.is_some() => "ripening",
        LinkWord::Active => "green",
    }
}

/// Is at most a tenth of its time left?
fn is_overripe(born: Timestamp, end: Option<Timestamp>, now: Timestamp) -> bool {
    end.is_some_and(|end| {
        let (left, whole) = (end.ms().saturating_sub(now.ms()), end.ms().saturating_sub(born.ms()));
        left.saturating_mul(10) <= whole
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_tenth_is_overripe() {
        let at = Timestamp::from_ms;
        for (now, expected) in [(1_000, false), (1_899, false), (1_900, true), (2_000, true)] {
            assert_eq!(is_overripe(at(1_000), Some(at(2_000)), at(now)), expected, "{now}");
        }
        assert!(!is_overripe(at(1_000), None, at(i64::MAX)));
    }
}
