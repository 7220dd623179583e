//! Telling a story step by step: each is asked of the engine and of the model, and both must say the same.

use std::collections::{BTreeMap, BTreeSet};

use kadi_domain::id::{DeliveryId, LinkId, MerchantId, MessageId, PaymentId, RefundId};
use kadi_domain::refusal::Refusal;
use kadi_engine::command::Failure;
use kadi_engine::commands::seal_books::SealBooks;
use kadi_engine::ports::Start;
use kadi_testkit::Chance;

use super::shop::import;
use crate::oracle::Link;
use crate::stage::Stage;
use crate::story::{Step, Story};
use crate::till::Till;

/// What went wrong.
pub(crate) type Wrong = String;

/// A link of the story.
pub(super) struct Told {
    pub(super) id: LinkId,
    pub(super) model: Link,
    pub(super) payments: Vec<PaymentId>,
    pub(super) refunds: Vec<RefundId>,
}

/// A story under way.
pub(super) struct Play<'s> {
    pub(super) stage: &'s mut Stage,
    pub(super) story: &'s Story,
    pub(super) merchant: MerchantId,
    pub(super) slug: String,
    pub(super) children: Vec<MerchantId>,
    pub(super) till: Till,
    pub(super) links: Vec<Told>,
    /// Every payment of the story: its link and its number there.
    pub(super) payments: Vec<(usize, usize)>,
    /// Every refund of the story: its link and its number there.
    pub(super) refunds: Vec<(usize, usize)>,
    pub(super) starts: BTreeMap<PaymentId, Start>,
    /// How many pages were shown, and which of them began a payment.
    pub(super) pages: u128,
    pub(super) forms: BTreeMap<PaymentId, u128>,
    /// Payments and refunds of which the rail has told a last word, and changed its mind since: it is for the
    /// rail to tell, and nobody asks.
    pub(super) owed: BTreeSet<(usize, usize)>,
    pub(super) owed_back: BTreeSet<(usize, usize)>,
    /// What endpoints and providers have taken.
    pub(super) delivered: BTreeSet<DeliveryId>,
    pub(super) sent: BTreeSet<MessageId>,
    /// Everybody outside is well.
    pub(super) is_ending: bool,
    /// Until when a dead worker has a job.
    pub(super) dead_until: i64,
    pub(super) chance: Chance,
    pub(super) began: i64,
    pub(super) log: Vec<String>,
    /// What the step under way was answered.
    pub(super) answers: Vec<String>,
}

/// Tells a story: its log, or what went wrong with the log until then.
pub(crate) async fn tell(stage: &mut Stage, story: &Story) -> Result<Vec<String>, (Wrong, Vec<String>)> {
    let number = stage.begin(story.seed);
    let slug = format!("s{number}");
    let (merchant, children) = import(stage, story, &slug).await;
    let till = Till::default();
    till.memory().account.clone_from(&slug);
    let began = stage.engine.now().ms();
    let mut play = Play {
        stage,
        story,
        merchant,
        slug,
        children,
        till,
        links: Vec::new(),
        payments: Vec::new(),
        refunds: Vec::new(),
        starts: BTreeMap::new(),
        pages: 0,
        forms: BTreeMap::new(),
        owed: BTreeSet::new(),
        owed_back: BTreeSet::new(),
        delivered: BTreeSet::new(),
        sent: BTreeSet::new(),
        is_ending: false,
        dead_until: 0,
        chance: Chance::new(story.seed ^ 0x5eed),
        began,
        log: Vec::new(),
        answers: Vec::new(),
    };
    match play.through().await {
        Ok(()) => Ok(play.log),
        Err(wrong) => Err((wrong, play.log)),
    }
}

impl Play<'_> {
    async fn through(&mut self) -> Result<(), Wrong> {
        for step in &self.story.steps {
            let done = self.step(step).await;
            let at = self.now() - self.began;
            self.log.push(format!(
                "{at} {step:?} => {:?} {}",
                std::mem::take(&mut self.answers),
                self.summary()
            ));
            done.map_err(|wrong| format!("{step:?}: {wrong}"))?;
            self.stage.pass(1_000);
        }
        let done = self.end().await;
        let at = self.now() - self.began;
        self.log.push(format!("{at} the end => {:?} {}", std::mem::take(&mut self.answers), self.summary()));
        done.map_err(|wrong| format!("the end: {wrong}"))
    }

    async fn step(&mut self, step: &Step) -> Result<(), Wrong> {
        match step {
            Step::Make(terms) => self.make(terms).await,
            Step::MakeAgain { link, is_same } => self.make_again(*link, *is_same).await,
            Step::MakeUnderUsed { link } => self.make_under_used(*link).await,
            Step::Pay { link, mode, size, does, until } => self.pay(*link, mode, *size, *does, *until).await,
            Step::TapAgain { payment } => self.tap_again(*payment).await,
            Step::Crowd { link, size, does, taps } => self.crowd(*link, *size, does, *taps).await,
            Step::Turn { payment, is_good } => self.turn(*payment, *is_good),
            Step::Notice { payment, tells, times } => self.notice(*payment, *tells, *times).await,
            Step::Refund { payment, of, sizes, word, answers } => {
                self.refund(*payment, *of, sizes, (*word, *answers)).await
            }
            Step::TurnBack { refund, is_good } => self.turn_back(*refund, *is_good).await,
            Step::NoticeBack { refund, is_true } => self.notice_back(*refund, *is_true).await,
            Step::Decide { payment, what } => self.decide(*payment, what).await,
            Step::Cancel { link } => self.cancel(*link).await,
            Step::Open { link } => self.open(*link).await,
            Step::Resend { link, times } => self.resend(*link, *times).await,
            Step::Pass { ms } => self.pass(*ms).await,
            Step::Sleep { ms } => {
                self.stage.pass(*ms);
                self.work_due().await
            }
            Step::Rivals => self.rivals().await,
            Step::Die { is_done } => self.die(*is_done).await,
            Step::Deaf { is_deaf } => {
                self.till.memory().is_deaf = *is_deaf;
                Ok(())
            }
            Step::Seal => self.seal().await,
            Step::Restart => {
                self.stage.restart();
                (0..self.links.len()).try_for_each(|link| self.compare(link))
            }
        }
    }

    pub(super) async fn seal(&mut self) -> Result<(), Wrong> {
        let seal = SealBooks { merchant_id: self.merchant };
        let sealed =
            self.stage.engine.submit(seal).await.map_err(|failure| format!("no seal: {failure:?}"))?;
        self.answers.push(format!("{sealed} chains"));
        (0..self.links.len()).try_for_each(|link| self.compare(link))
    }

    pub(super) fn now(&self) -> i64 {
        self.stage.engine.now().ms()
    }

    /// The link with this number, if there is one.
    pub(super) fn link(&self, number: usize) -> Option<usize> {
        number.checked_rem(self.links.len())
    }

    pub(super) fn payment(&self, number: usize) -> Option<(usize, usize)> {
        let at = number.checked_rem(self.payments.len())?;
        self.payments.get(at).copied()
    }

    /// Both must say the same: what was answered where it was done.
    pub(super) fn agree<T, M>(
        &mut self,
        answered: Result<T, Failure>,
        expected: Result<M, &'static str>,
    ) -> Result<Option<(T, M)>, Wrong> {
        let word = match &answered {
            Ok(_) => "done".to_owned(),
            Err(Failure::Refused(refusal)) => name(refusal),
            Err(other) => format!("{other:?}"),
        };
        let wanted = expected.as_ref().err().map_or("done", |refusal| refusal);
        let is_right = word == wanted;
        self.answers.push(word.clone());
        if !is_right {
            return Err(format!("answered {word}, expected {wanted}"));
        }
        Ok(answered.ok().zip(expected.ok()))
    }
}

/// A refusal's name alone.
fn name(refusal: &Refusal) -> String {
    let text = format!("{refusal:?}");
    text.split(['(', ' ', '{']).next().unwrap().to_owned()
}
