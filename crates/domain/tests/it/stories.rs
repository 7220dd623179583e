//! The sandbox rail's stories: what the call answers, which notices follow and when, and what a check says
//! over time.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::id::{MerchantId, PaymentId};
use kadi_domain::sandbox::ChargeWord::{self, Failed, Pending, Reversed, Succeeded};
use kadi_domain::sandbox::{Charge, RefundStory, Story};
use kadi_domain::script::Said;
use kadi_domain::time::{MINUTE_MS, SECOND_MS, Timestamp};

const OPENED: Timestamp = Timestamp::from_ms(1_000_000);

fn charge(story: Story) -> Charge {
    Charge {
        payment_id: PaymentId::new(5),
        merchant_id: MerchantId::new(7),
        account: "demo".into(),
        currency: Currency::INR,
        amount: Minor::new(1_000),
        plot: story.into(),
        opened_at: OPENED,
        reserved_until: OPENED.plus_ms(15 * MINUTE_MS),
        told: 0,
        settled: None,
        refund_story: RefundStory::default(),
    }
}

/// A story as CONTRACT.md tells it.
struct Told {
    story: Story,
    answer: Option<ChargeWord>,
    /// Seconds after the opening, and the word.
    notices: &'static [(i64, ChargeWord)],
    /// What a check says at once, after 61 seconds, and after 17 minutes (the reservation is over after 15).
    truth: [Option<ChargeWord>; 3],
}

const LATE_S: i64 = 16 * 60;

const TOLD: [Told; 12] = [
    Told { story: Story::Success, answer: Some(Succeeded), notices: &[], truth: [Some(Succeeded); 3] },
    Told { story: Story::Failure, answer: Some(Failed), notices: &[], truth: [Some(Failed); 3] },
    Told { story: Story::Pending, answer: Some(Pending), notices: &[], truth: [Some(Pending); 3] },
    Told {
        story: Story::PendingThenSuccess,
        answer: Some(Pending),
        notices: &[(60, Succeeded)],
        truth: [Some(Pending), Some(Succeeded), Some(Succeeded)],
    },
    Told {
        story: Story::PendingThenFailure,
        answer: Some(Pending),
        notices: &[(60, Failed)],
        truth: [Some(Pending), Some(Failed), Some(Failed)],
    },
    Told {
        story: Story::LateSuccess,
        answer: None,
        notices: &[(LATE_S, Succeeded)],
        truth: [None, None, Some(Succeeded)],
    },
    Told {
        story: Story::DuplicateNotice,
        answer: Some(Succeeded),
        notices: &[(0, Succeeded), (0, Succeeded)],
        truth: [Some(Succeeded); 3],
    },
    Told {
        story: Story::ReorderedNotices,
        answer: Some(Succeeded),
        notices: &[(0, Pending)],
        truth: [Some(Succeeded); 3],
    },
    Told {
        story: Story::Contradiction,
        answer: Some(Succeeded),
        notices: &[(0, Failed)],
        truth: [Some(Succeeded); 3],
    },
    Told { story: Story::TimeoutBeforeCapture, answer: None, notices: &[], truth: [Some(Failed); 3] },
    Told { story: Story::TimeoutAfterCapture, answer: None, notices: &[], truth: [Some(Succeeded); 3] },
    Told {
        story: Story::Reversal,
        answer: Some(Succeeded),
        notices: &[(60, Reversed)],
        truth: [Some(Succeeded), Some(Reversed), Some(Reversed)],
    },
];

#[test]
fn every_story_is_told_as_the_contract_says() {
    for Told { story, answer, notices, truth } in TOLD {
        assert_eq!(story.answer(), answer, "{story:?}");
        let mut charge = charge(story);
        for (second, word) in notices {
            let due = OPENED.plus_ms(second * SECOND_MS);
            let said = Some(Said::Payment { word: *word, reference: 1, percent: None });
            assert_eq!(charge.next_step().map(|(at, step)| (at, step.says)), Some((due, said)), "{story:?}");
            charge.told += 1;
        }
        assert_eq!(charge.next_step(), None, "{story:?}");
        let at = [0, 61, 17 * 60].map(|second| charge.truth(OPENED.plus_ms(second * SECOND_MS)));
        assert_eq!(at, truth, "{story:?}");
    }
}

#[test]
fn a_notice_never_says_other_than_a_check_would_but_where_the_story_is_about_that() {
    for Told { story, notices, .. } in TOLD {
        let is_liar = matches!(story, Story::ReorderedNotices | Story::Contradiction);
        for (second, word) in notices {
            let truth = charge(story).truth(OPENED.plus_ms(second * SECOND_MS));
            assert_eq!(truth == Some(*word), !is_liar, "{story:?}");
        }
    }
}

#[test]
fn what_a_tester_decides_is_the_truth_from_then_on() {
    for word in [Succeeded, Failed] {
        let settled = Charge { settled: Some(word), ..charge(Story::PendingThenSuccess) };
        for minutes in [0, 1, 60] {
            assert_eq!(settled.truth(OPENED.plus_ms(minutes * MINUTE_MS)), Some(word));
        }
    }
}

#[test]
fn every_story_has_a_word_of_its_own_and_stands_in_the_table() {
    let words: std::collections::BTreeSet<&str> = Story::ALL.iter().map(|(_, word)| *word).collect();
    assert_eq!(words.len(), TOLD.len());
    for (story, word) in Story::ALL {
        assert_eq!((Story::parse(word), story.word()), (Some(story), word));
        assert!(TOLD.iter().any(|told| told.story == story), "{word}");
    }
    assert_eq!(Story::parse("triumph"), None);
}
