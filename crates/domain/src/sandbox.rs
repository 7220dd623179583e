//! What the sandbox rail remembers: its own truth about each payment, and the story that it tells.

use crate::amount::{Currency, Minor};
use crate::id::{MerchantId, PaymentId, RefundId};
use crate::mode::Mode;
use crate::script::{After, Said, Script, Step};
use crate::time::{MINUTE_MS, Timestamp};

/// The payment modes of the sandbox rail. Instalments come with offers.
pub const MODES: [Mode; 5] = [Mode::Upi, Mode::CreditCard, Mode::DebitCard, Mode::NetBanking, Mode::Wallet];

/// What the sandbox rail does with a payment (CONTRACT.md, "Sandbox").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    /// Taken at once.
    Success,
    /// Refused at once.
    Failure,
    /// Waits until it is settled by hand.
    Pending,
    /// Waits, and is taken 60 s later.
    PendingThenSuccess,
    /// Waits, and is refused 60 s later.
    PendingThenFailure,
    /// No answer; a success notice after the reservation ended.
    LateSuccess,
    /// Taken, and told twice more.
    DuplicateNotice,
    /// Taken, and then told to be pending.
    ReorderedNotices,
    /// Taken, and then told to have failed.
    Contradiction,
    /// No answer; a later check says failure.
    TimeoutBeforeCapture,
    /// No answer; a later check says success.
    TimeoutAfterCapture,
    /// Taken, and taken back 60 s later.
    Reversal,
}

impl Story {
    /// Every story with its word.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::Success, "success"),
        (Self::Failure, "failure"),
        (Self::Pending, "pending"),
        (Self::PendingThenSuccess, "pending_then_success"),
        (Self::PendingThenFailure, "pending_then_failure"),
        (Self::LateSuccess, "late_success"),
        (Self::DuplicateNotice, "duplicate_notice"),
        (Self::ReorderedNotices, "reordered_notices"),
        (Self::Contradiction, "contradiction"),
        (Self::TimeoutBeforeCapture, "timeout_before_capture"),
        (Self::TimeoutAfterCapture, "timeout_after_capture"),
        (Self::Reversal, "reversal"),
    ];

    /// The word of requests.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(story, _)| *story == self).map_or("", |(_, word)| word)
    }

    /// The story with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w)| *w == word).map(|(story, _)| *story)
    }

    /// What the call that starts the payment answers; none for no answer.
    pub const fn answer(self) -> Option<ChargeWord> {
        match self {
            Self::Success
            | Self::DuplicateNotice
            | Self::ReorderedNotices
            | Self::Contradiction
            | Self::Reversal => Some(ChargeWord::Succeeded),
            Self::Failure => Some(ChargeWord::Failed),
            Self::Pending | Self::PendingThenSuccess | Self::PendingThenFailure => Some(ChargeWord::Pending),
            Self::LateSuccess | Self::TimeoutBeforeCapture | Self::TimeoutAfterCapture => None,
        }
    }

    const fn notices(self) -> &'static [Step] {
        const START: After = After::Start(0);
        const MINUTE: After = After::Start(MINUTE_MS);
        match self {
            Self::Success
            | Self::Failure
            | Self::Pending
            | Self::TimeoutBeforeCapture
            | Self::TimeoutAfterCapture => &[],
            Self::PendingThenSuccess => const { &[Step::notice(MINUTE, ChargeWord::Succeeded)] },
            Self::PendingThenFailure => const { &[Step::notice(MINUTE, ChargeWord::Failed)] },
            Self::LateSuccess => {
                const { &[Step::notice(After::Reservation(MINUTE_MS), ChargeWord::Succeeded)] }
            }
            Self::DuplicateNotice => const { &[Step::notice(START, ChargeWord::Succeeded); 2] },
            Self::ReorderedNotices => const { &[Step::notice(START, ChargeWord::Pending)] },
            Self::Contradiction => const { &[Step::notice(START, ChargeWord::Failed)] },
            Self::Reversal => const { &[Step::notice(MINUTE, ChargeWord::Reversed)] },
        }
    }
}

/// What the sandbox rail does with a payment: a story that has a name in every installation, or a tester's
/// script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plot {
    /// A story.
    Story(Story),
    /// A script.
    Script(Script),
}

impl From<Story> for Plot {
    fn from(story: Story) -> Self {
        Self::Story(story)
    }
}

impl Plot {
    /// What the call that starts the payment answers; none for no answer.
    pub const fn answer(&self) -> Option<ChargeWord> {
        match self {
            Self::Story(story) => story.answer(),
            Self::Script(script) => script.answer,
        }
    }

    /// How refunds go unless a tester says otherwise.
    pub const fn refunds(&self) -> RefundStory {
        match self {
            Self::Story(_) => RefundStory::Success,
            Self::Script(script) => script.refunds,
        }
    }

    const fn steps(&self) -> &[Step] {
        match self {
            Self::Story(story) => story.notices(),
            Self::Script(script) => script.steps.as_slice(),
        }
    }
}

/// A word of the sandbox rail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargeWord {
    /// Waiting.
    Pending,
    /// Taken.
    Succeeded,
    /// Not taken.
    Failed,
    /// Taken back.
    Reversed,
}

impl ChargeWord {
    /// Every word with its text.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Pending, "pending"),
        (Self::Succeeded, "succeeded"),
        (Self::Failed, "failed"),
        (Self::Reversed, "reversed"),
    ];

    /// The text of notices and scripts.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(word, _)| *word == self).map_or("", |(_, text)| text)
    }

    /// The word with this text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, t)| *t == text).map(|(word, _)| *word)
    }
}

/// What the sandbox rail remembers of one payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The payment, which is the rail's key too.
    pub payment_id: PaymentId,
    /// On whose behalf.
    pub merchant_id: MerchantId,
    /// The account that receives the money.
    pub account: String,
    /// The currency.
    pub currency: Currency,
    /// How much the rail was asked to take.
    pub amount: Minor,
    /// What it does.
    pub plot: Plot,
    /// When the rail was asked.
    pub opened_at: Timestamp,
    /// When the payment's reservation ends.
    pub reserved_until: Timestamp,
    /// How many steps of the plot are done.
    pub told: i64,
    /// What a person decided for a waiting payment.
    pub settled: Option<ChargeWord>,
    /// The story that its next refunds will tell.
    pub refund_story: RefundStory,
}

impl Charge {
    /// What a check at `now` says; none while the rail does not answer.
    pub fn truth(&self, now: Timestamp) -> Option<ChargeWord> {
        if let Some(word) = self.settled {
            return Some(word);
        }
        match &self.plot {
            Plot::Story(story) => self.story_truth(*story, now),
            Plot::Script(script) => {
                let past = self.steps().take_while(|(due, _)| *due <= now);
                past.fold(script.check, |truth, (_, step)| step.check.or(truth))
            }
        }
    }

    fn story_truth(&self, story: Story, now: Timestamp) -> Option<ChargeWord> {
        match story {
            Story::TimeoutBeforeCapture => return Some(ChargeWord::Failed),
            Story::TimeoutAfterCapture | Story::Contradiction | Story::ReorderedNotices => {
                return Some(ChargeWord::Succeeded);
            }
            Story::Success
            | Story::Failure
            | Story::Pending
            | Story::PendingThenSuccess
            | Story::PendingThenFailure
            | Story::LateSuccess
            | Story::DuplicateNotice
            | Story::Reversal => {}
        }
        let told = self.steps().take_while(|(due, _)| *due <= now).last();
        let word = told.and_then(|(_, step)| match step.says {
            Some(Said::Payment { word, .. }) => Some(word),
            Some(Said::Stray(_) | Said::Refund(_) | Said::Restart) | None => None,
        });
        word.or(story.answer())
    }

    /// When the next step is due and what it is, if one is left.
    pub fn next_step(&self) -> Option<(Timestamp, Step)> {
        self.steps().nth(usize::try_from(self.told).ok()?)
    }

    /// Every step with the time at which it is due.
    fn steps(&self) -> impl Iterator<Item = (Timestamp, Step)> {
        self.plot.steps().iter().scan(self.opened_at, |last, step| {
            let due = match step.after {
                After::Start(ms) => self.opened_at.plus_ms(ms),
                After::Reservation(ms) => self.reserved_until.plus_ms(ms),
            };
            *last = due.max(*last);
            Some((*last, *step))
        })
    }
}

/// What the sandbox rail does with a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RefundStory {
    /// Done at once.
    #[default]
    Success,
    /// Refused at once.
    Failure,
    /// Waits until it is settled by hand.
    Pending,
    /// No answer; a later check says failure.
    TimeoutBefore,
    /// No answer; a later check says success.
    TimeoutAfter,
}

impl RefundStory {
    /// Every story with its word.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Success, "success"),
        (Self::Failure, "failure"),
        (Self::Pending, "pending"),
        (Self::TimeoutBefore, "timeout_before_refund"),
        (Self::TimeoutAfter, "timeout_after_refund"),
    ];

    /// The word of requests.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(story, _)| *story == self).map_or("", |(_, word)| word)
    }

    /// The story with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w)| *w == word).map(|(story, _)| *story)
    }

    /// What the call that asks for the refund answers; none for no answer.
    pub const fn answer(self) -> Option<ChargeWord> {
        match self {
            Self::Success => Some(ChargeWord::Succeeded),
            Self::Failure => Some(ChargeWord::Failed),
            Self::Pending => Some(ChargeWord::Pending),
            Self::TimeoutBefore | Self::TimeoutAfter => None,
        }
    }
}

/// What the sandbox rail remembers of one refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payback {
    /// The refund, which is the rail's key too.
    pub refund_id: RefundId,
    /// The payment whose money goes back.
    pub payment_id: PaymentId,
    /// On whose behalf.
    pub merchant_id: MerchantId,
    /// How much.
    pub amount: Minor,
    /// The story.
    pub story: RefundStory,
    /// What a person decided.
    pub settled: Option<ChargeWord>,
}

impl Payback {
    /// The rail's reference of the refund.
    pub fn reference(&self) -> String {
        format!("SBXR{}", self.refund_id.get())
    }

    /// What a check says.
    pub fn truth(&self) -> ChargeWord {
        self.settled.unwrap_or(match self.story {
            RefundStory::Success | RefundStory::TimeoutAfter => ChargeWord::Succeeded,
            RefundStory::Failure | RefundStory::TimeoutBefore => ChargeWord::Failed,
            RefundStory::Pending => ChargeWord::Pending,
        })
    }

    /// May a person decide so? A refund that waits ends in any way; one that succeeded may come back.
    pub fn may_end(&self, word: ChargeWord) -> bool {
        match self.truth() {
            ChargeWord::Pending => word != ChargeWord::Pending,
            ChargeWord::Succeeded => word == ChargeWord::Reversed,
            ChargeWord::Failed | ChargeWord::Reversed => false,
        }
    }
}
