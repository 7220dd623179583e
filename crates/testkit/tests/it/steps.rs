//! The steps of the scripted run: each becomes commands, from what its link looks like by then.

use std::future::Future;

use kadi_domain::attempt::Attempt;
use kadi_domain::create::NewLink;
use kadi_domain::delivery::DeliveryState;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::link::Link;
use kadi_domain::mode::Mode;
use kadi_domain::payment::{Payment, PaymentState};
use kadi_domain::rail::{Report, Taken};
use kadi_domain::sandbox::{ChargeWord, Story};
use kadi_domain::secret::Pii;
use kadi_domain::time::HOUR_MS;
use kadi_engine::command::{Command, Failure};
use kadi_engine::commands::cancel_link::CancelLink;
use kadi_engine::commands::create_link::{CreateLink, Idempotency};
use kadi_engine::commands::deliver::{RecordDelivery, Verdict};
use kadi_engine::commands::end_reservation::KeepWaiting;
use kadi_engine::commands::expire_link::ExpireLink;
use kadi_engine::commands::lease_job::LeaseJob;
use kadi_engine::commands::open_link::OpenLink;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::return_job::ReturnJob;
use kadi_engine::commands::sandbox_charge::{OpenCharge, SettleCharge, TellNotice};
use kadi_engine::commands::send_message::{RecordSending, Sending};
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::engine::Engine;
use kadi_engine::ports::Start;

use crate::gate::{Call, queued};
use crate::world::Picture;

/// One thing that happens to a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Made, under an idempotency key; a second time nothing changes.
    Create,
    /// Its page is opened.
    Open,
    /// So many payers start at once, on a rail without a memory, or one on the sandbox rail with a story.
    Start(usize, Option<Story>),
    /// The sandbox rail is asked for the newest payment.
    Charge(Story),
    /// A rail's word about every payment that it fits.
    Hear(ChargeWord),
    /// The sandbox rail remembers that it sent a notice.
    Tell,
    /// A tester decides a waiting payment.
    Settle(ChargeWord),
    /// The rail had no word yet.
    KeepWaiting,
    /// The merchant cancels it.
    Cancel,
    /// Its time is over.
    Expire,
    /// A worker takes its first job of the kind.
    Lease(JobKind),
    /// A worker gives that job back.
    Return(JobKind),
    /// An endpoint's word about its first waiting delivery.
    Deliver(Verdict),
    /// A provider accepts its first queued message.
    Send,
    /// Nothing happens in this turn.
    Wait,
}

static DELAYS_MS: [i64; 2] = [60_000, 300_000];

/// The key under which a link is made, from its reference.
pub(crate) fn idempotency(reference: &str) -> Idempotency {
    let mut key_hash = [0; 32];
    for (place, byte) in key_hash.iter_mut().zip(reference.bytes()) {
        *place = byte;
    }
    Idempotency { key_hash, fingerprint: [5; 32] }
}

/// Submits what makes `new`.
pub(crate) fn create(engine: &Engine, merchant_id: MerchantId, reference: &str, new: NewLink) -> Call {
    submit(engine, CreateLink { merchant_id, new, idempotency: Some(idempotency(reference)) })
}

/// Submits the commands of a step for a link that looks like this.
pub(crate) fn take(engine: &Engine, step: Step, picture: &Picture) -> Vec<Call> {
    let Link { id: link_id, merchant_id, .. } = picture.link;
    match step {
        Step::Create | Step::Wait => Vec::new(),
        Step::Open => vec![submit(engine, OpenLink { merchant_id, link_id })],
        Step::Start(payers, story) => {
            let rail = if story.is_some() { "sandbox" } else { "test" };
            let start = || StartPayment { merchant_id, link_id, attempt: attempt(rail) };
            (0..payers).map(|_| submit(engine, start())).collect()
        }
        Step::Charge(story) => {
            let start = to_rail(picture.payments.first().unwrap());
            vec![submit(engine, OpenCharge { start, plot: story.into() })]
        }
        Step::Hear(word) => {
            let fits = |payment: &&Payment| match word {
                ChargeWord::Reversed => matches!(payment.state, PaymentState::Captured { .. }),
                ChargeWord::Pending | ChargeWord::Succeeded | ChargeWord::Failed => payment.state.is_open(),
            };
            let hear = |payment| submit(engine, RecordReport::answering(payment, report(payment, word)));
            picture.payments.iter().filter(fits).map(hear).collect()
        }
        Step::Tell => {
            let charge = picture.charges.first().unwrap();
            let (payment_id, told_before) = (charge.payment_id, charge.told);
            vec![submit(engine, TellNotice { merchant_id, payment_id, told_before })]
        }
        Step::Settle(word) => {
            let payment_id = picture.charges.first().unwrap().payment_id;
            vec![submit(engine, SettleCharge { merchant_id, payment_id, word })]
        }
        Step::KeepWaiting => {
            let payment_id = picture.payments.first().unwrap().id;
            vec![submit(engine, KeepWaiting { merchant_id, link_id, payment_id })]
        }
        Step::Cancel => {
            vec![submit(engine, CancelLink { merchant_id, link_id, idempotency: None, also: Vec::new() })]
        }
        Step::Expire => vec![submit(engine, ExpireLink { merchant_id, link_id })],
        Step::Lease(_) | Step::Return(_) | Step::Deliver(_) | Step::Send => {
            vec![job(engine, step, picture, merchant_id, link_id)]
        }
    }
}

/// The part of a worker.
fn job(engine: &Engine, step: Step, picture: &Picture, merchant_id: MerchantId, link_id: LinkId) -> Call {
    let first = |kind| picture.jobs.iter().find(|job| job.key.kind == kind).unwrap();
    match step {
        Step::Lease(kind) => {
            let (key, leased_until) = (first(kind).key, engine.real_now().plus_ms(HOUR_MS));
            submit(engine, LeaseJob { merchant_id, key, leased_until })
        }
        Step::Return(kind) => {
            let (key, leased_until) = (first(kind).key, first(kind).leased_until);
            submit(engine, ReturnJob { merchant_id, key, leased_until, delay_ms: 0 })
        }
        Step::Deliver(verdict) => {
            let is_waiting = |it: &&kadi_domain::delivery::Delivery| it.state == DeliveryState::Waiting;
            let delivery_id = picture.deliveries.iter().find(is_waiting).unwrap().id;
            let (status, delays_ms) = (Some(200), DELAYS_MS.as_slice());
            let answer = Some("ok".to_owned());
            submit(engine, RecordDelivery { merchant_id, delivery_id, verdict, status, answer, delays_ms })
        }
        Step::Send => {
            let key: JobKey = first(JobKind::SendMessage).key;
            let message_id = kadi_domain::id::MessageId::new(key.subject);
            let sending = Sending::Accepted("provider-1".into());
            submit(engine, RecordSending { merchant_id, message_id, first_of: None, sending })
        }
        Step::Create
        | Step::Open
        | Step::Start(..)
        | Step::Charge(_)
        | Step::Hear(_)
        | Step::Tell
        | Step::Settle(_)
        | Step::Cancel
        | Step::Expire
        | Step::KeepWaiting
        | Step::Wait => panic!("no part of a worker on {link_id:?}: {step:?}"),
    }
}

fn submit<C: Command>(engine: &Engine, command: C) -> Call {
    let engine = engine.clone();
    queued(done(async move { engine.submit(command).await }))
}

/// Whether it was carried out, without what was answered.
pub(crate) async fn done<T>(answer: impl Future<Output = Result<T, Failure>>) -> Result<(), Failure> {
    answer.await.map(|_| ())
}

fn attempt(rail: &str) -> Attempt {
    Attempt {
        amount: None,
        by: Mode::Upi.into(),
        payer_mobile: Some(Pii::new("9123456780")),
        answers: None,
        token: None,
        rail: rail.into(),
        rail_is_sandbox: true,
    }
}

fn to_rail(payment: &Payment) -> Start {
    Start {
        payment_id: payment.id,
        merchant_id: payment.merchant_id,
        account: payment.rail_account.clone(),
        charged: payment.charged().unwrap(),
        currency: payment.currency,
        mode: payment.mode.clone(),
        reserved_until: payment.reserved_until.unwrap(),
        choice: String::new(),
    }
}

fn report(payment: &Payment, word: ChargeWord) -> Report {
    let taken = Taken {
        reference: format!("SBX{}", payment.id.get()),
        charged: payment.charged().unwrap(),
        currency: payment.currency,
        payee: payment.rail_account.clone(),
    };
    match word {
        ChargeWord::Pending => Report::Pending,
        ChargeWord::Succeeded => Report::Succeeded(taken),
        ChargeWord::Failed => Report::Failed { reason: "declined".into() },
        ChargeWord::Reversed => Report::Reversed(taken),
    }
}
