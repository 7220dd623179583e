//! The templates and the words each of them chooses by what it shows.

use askama::Template;
use kadi_engine::domain::fields::Rule;

use crate::render::Shell;
use crate::texts::Message;
use crate::views::leaving::{Leaving, Returning};
use crate::views::notice::{Notice, NoticePage};
use crate::views::outcome::{Outcome, OutcomePage};
use crate::views::pay::{AmountFault, Asked, PayPage, Rail, Surcharge};
use crate::views::payer::{CodeFault, Gate};

#[derive(Template)]
#[template(path = "pay.html")]
pub(crate) struct PayTemplate<'a> {
    pub(crate) shell: Shell<'a>,
    pub(crate) view: &'a PayPage<'a>,
}

#[derive(Template)]
#[template(path = "outcome.html")]
pub(crate) struct OutcomeTemplate<'a> {
    pub(crate) shell: Shell<'a>,
    pub(crate) view: &'a OutcomePage<'a>,
}

#[derive(Template)]
#[template(path = "notice.html")]
pub(crate) struct NoticeTemplate<'a> {
    pub(crate) shell: Shell<'a>,
    pub(crate) view: &'a NoticePage<'a>,
}

#[derive(Template)]
#[template(path = "leaving.html")]
pub(crate) struct LeavingTemplate<'a> {
    pub(crate) shell: Shell<'a>,
    pub(crate) view: &'a Leaving<'a>,
}

#[derive(Template)]
#[template(path = "returning.html")]
pub(crate) struct ReturningTemplate<'a> {
    pub(crate) shell: Shell<'a>,
    pub(crate) view: &'a Returning<'a>,
}

/// The colour and the sign of a page: how things stand, at a glance.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Bad,
    Wait,
    Note,
}

impl Tone {
    /// The CSS class.
    fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Wait => "wait",
            Self::Note => "note",
        }
    }

    /// The sign inside the circle, as an SVG path on 48 by 48.
    fn path(self) -> &'static str {
        match self {
            Self::Good => "m15 25 6 6 12-13",
            Self::Bad => "m17 17 14 14m0-14L17 31",
            Self::Wait => "M24 13v11l7 5",
            Self::Note => "M24 13v14m0 7v.1",
        }
    }
}

impl OutcomeTemplate<'_> {
    fn heading(&self) -> &'static str {
        let t = &self.shell.t.outcome;
        match self.view.outcome {
            Outcome::Paid { .. } => t.paid,
            Outcome::Failed { .. } => t.failed.heading,
            Outcome::Pending => t.pending.heading,
            Outcome::Held => t.held.heading,
            Outcome::Reversed { .. } => t.reversed.heading,
        }
    }

    fn tone(&self) -> Tone {
        match self.view.outcome {
            Outcome::Paid { .. } => Tone::Good,
            Outcome::Failed { .. } => Tone::Bad,
            Outcome::Pending => Tone::Wait,
            Outcome::Held | Outcome::Reversed { .. } => Tone::Note,
        }
    }

    /// Whether the link can still be paid; none where the question does not arise.
    fn retry(&self) -> Option<bool> {
        match self.view.outcome {
            Outcome::Failed { retry } | Outcome::Reversed { retry } => Some(retry),
            Outcome::Paid { .. } | Outcome::Pending | Outcome::Held => None,
        }
    }

    fn is_paid(&self) -> bool {
        self.tone() == Tone::Good
    }

    fn is_pending(&self) -> bool {
        self.tone() == Tone::Wait
    }
}

impl NoticeTemplate<'_> {
    fn message(&self) -> &'static Message {
        let t = &self.shell.t.notice;
        match self.view.notice {
            Notice::Expired { .. } => &t.expired,
            Notice::Cancelled => &t.cancelled,
            Notice::Completed => &t.completed,
            Notice::PaidElsewhere => &t.paid_elsewhere,
            Notice::UsedUp => &t.used_up,
            Notice::Unknown => &t.unknown,
            Notice::NoPayments => &t.no_payments,
            Notice::Busy { .. } => &t.busy,
            Notice::Refused => &t.refused,
            Notice::TooMany { .. } => &t.too_many,
            Notice::Trouble { .. } => &t.trouble,
        }
    }

    fn tone(&self) -> Tone {
        match self.view.notice {
            Notice::Completed | Notice::PaidElsewhere => Tone::Good,
            Notice::Refused => Tone::Bad,
            Notice::Busy { .. } | Notice::TooMany { .. } | Notice::Expired { .. } => Tone::Wait,
            Notice::Cancelled
            | Notice::UsedUp
            | Notice::Unknown
            | Notice::NoPayments
            | Notice::Trouble { .. } => Tone::Note,
        }
    }

    /// When the link expired, in milliseconds since 1970, UTC.
    fn expired_at_ms(&self) -> Option<i64> {
        if let Notice::Expired { at_ms } = self.view.notice { Some(at_ms) } else { None }
    }

    fn is_used_up(&self) -> bool {
        self.view.notice == Notice::UsedUp
    }
}

impl ReturningTemplate<'_> {
    fn heading(&self) -> &'static str {
        let t = &self.shell.t.outcome;
        if self.view.paid { t.paid } else { t.failed.heading }
    }

    fn tone(&self) -> Tone {
        if self.view.paid { Tone::Good } else { Tone::Bad }
    }
}
