//! One-time codes under a crowd: every try counts once, a right one is spent once, and the newest code is the
//! only one.

use std::collections::BTreeMap;

use kadi_domain::create::{Extras, NewLink};
use kadi_domain::customer::Contact;
use kadi_domain::id::LinkId;
use kadi_domain::link::Link;
use kadi_domain::message::{Message, Occasion};
use kadi_domain::one_time_code::{OneTimeCode, TO_NUMBER_MAX, TRIES_MAX, Tried, digits};
use kadi_domain::refusal::Refusal;
use kadi_domain::secret::{Pii, Secret};
use kadi_engine::command::{Command, Decision, Failure, Lane, Route};
use kadi_engine::commands::request_code::{RequestCode, request_code};
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::commands::try_code::TryCode;

use crate::gate::{hold, queued};
use crate::rail::attempt;
use crate::world::{World, many, once};

const CROWD: i64 = 1_000;
const MOBILE: &str = "9812345670";

fn bound(new: NewLink) -> NewLink {
    let contact = Contact { mobile: Some(Pii::new(MOBILE)), ..Contact::default() };
    NewLink { contact, extras: Extras { only_mobile: true, ..Extras::default() }, ..new }
}

fn ask(link: &Link) -> RequestCode {
    let (merchant_id, link_id) = (link.merchant_id, link.id);
    RequestCode { merchant_id, link_id, typed: Pii::new(MOBILE), is_capped: false }
}

fn type_in(link: &Link, code: &str) -> TryCode {
    let typed = Secret::new(code.to_owned());
    TryCode { merchant_id: link.merchant_id, link_id: link.id, typed }
}

/// What is stored of a link's codes.
#[derive(Debug)]
struct Look(LinkId);

impl Command for Look {
    type Reply = Option<OneTimeCode>;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: kadi_domain::id::MerchantId::new(0), meets: self.0.get() }
    }

    fn needs(&self, needs: &mut kadi_domain::work::Needs) {
        needs.links.insert(self.0);
        needs.codes.insert(self.0);
    }

    fn decide(
        &self,
        view: &kadi_domain::view::View,
        _: &mut kadi_domain::moment::Moment<'_>,
    ) -> Result<Decision<Self::Reply>, kadi_domain::refusal::Stop> {
        Ok(Decision::unchanged(view.codes.get(&self.0)?.cloned()))
    }
}

async fn stored(world: &World, link: &Link) -> OneTimeCode {
    world.engine.submit(Look(link.id)).await.unwrap().unwrap()
}

async fn code(world: &World, link: &Link) -> String {
    let code = stored(world, link).await;
    digits(world.engine.keys(), link.id, code.number, code.made_at).unwrap()
}

fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

async fn codes_sent(world: &World) -> Vec<Message> {
    let messages = world.read(|reader| reader.messages(None, 100_000)).await;
    messages.into_iter().filter(|message| matches!(message.occasion, Occasion::Code { .. })).collect()
}

/// How often each answer was given to a crowd that types at one moment.
async fn rush(world: &World, link: &Link, code: &str) -> BTreeMap<String, usize> {
    let held = hold(&world.engine);
    let calls: Vec<_> = (0..CROWD).map(|_| queued(&world.engine, type_in(link, code))).collect();
    held.open().await;
    let mut ends = BTreeMap::new();
    for call in calls {
        *ends.entry(format!("{:?}", call.await.unwrap())).or_default() += 1;
    }
    ends
}

#[tokio::test]
async fn of_a_thousand_wrong_codes_at_once_five_count() {
    let world = World::new().await;
    let link = world.link(bound(once())).await;
    assert!(world.engine.submit(ask(&link)).await.unwrap());
    let right = code(&world, &link).await;
    let ends = rush(&world, &link, &another(&right)).await;
    assert_eq!(ends, BTreeMap::from([("Over".to_owned(), 996), ("Wrong".to_owned(), 4)]));
    assert_eq!(stored(&world, &link).await.tries, TRIES_MAX);
    assert_eq!(world.engine.submit(type_in(&link, &right)).await, Ok(Tried::Over));
    let world = world.restarted();
    assert_eq!(world.engine.submit(type_in(&link, &right)).await, Ok(Tried::Over));
}

#[tokio::test]
async fn of_a_thousand_right_codes_at_once_one_proves() {
    let world = World::new().await;
    let link = world.link(bound(once())).await;
    world.engine.submit(ask(&link)).await.unwrap();
    let right = code(&world, &link).await;
    let ends = rush(&world, &link, &right).await;
    assert_eq!(ends, BTreeMap::from([("Over".to_owned(), 999), ("Proven".to_owned(), 1)]));
}

#[tokio::test]
async fn of_a_thousand_requests_at_once_five_are_granted_and_the_last_is_the_only_code() {
    let world = World::new().await;
    let link = world.link(bound(once())).await;
    let held = hold(&world.engine);
    let calls: Vec<_> = (0..CROWD).map(|_| queued(&world.engine, ask(&link))).collect();
    held.open().await;
    let mut granted = 0;
    for call in calls {
        granted += usize::from(call.await.unwrap());
    }
    let sent = codes_sent(&world).await;
    assert_eq!((granted, sent.len(), stored(&world, &link).await.number), (5, 5, 5));
    let old = sent.iter().find(|message| message.occasion == Occasion::Code { number: 4 }).unwrap();
    let old = digits(world.engine.keys(), link.id, 4, old.created_at).unwrap();
    assert_eq!(world.engine.submit(type_in(&link, &old)).await, Ok(Tried::Wrong));
    let right = code(&world, &link).await;
    assert_eq!(world.engine.submit(type_in(&link, &right)).await, Ok(Tried::Proven));
}

#[tokio::test]
async fn a_payment_is_refused_without_the_number_and_reserves_nothing() {
    let world = World::new().await;
    let link = world.link(bound(many(None))).await;
    let start = |mobile: Option<&str>| {
        let mut attempt = attempt();
        attempt.payer_mobile = mobile.map(Pii::new);
        StartPayment { merchant_id: link.merchant_id, link_id: link.id, attempt }
    };
    for mobile in [None, Some("9812345671")] {
        let refused = world.engine.submit(start(mobile)).await;
        assert_eq!(refused.unwrap_err(), Failure::Refused(Refusal::MobileRequired));
    }
    assert_eq!(world.stored(link.id).await.sums.reserved_count, 0);
    assert!(world.engine.submit(start(Some(MOBILE))).await.is_ok());
    let numberless = NewLink { contact: Contact::default(), ..bound(once()) };
    let command = kadi_engine::commands::create_link::CreateLink {
        merchant_id: world.merchant,
        new: numberless,
        idempotency: None,
    };
    assert_eq!(world.engine.submit(command).await, Err(Failure::Refused(Refusal::MobileRequired)));
}

#[tokio::test]
async fn outside_the_sandbox_a_number_gets_twenty_codes_a_day_from_all_links() {
    let world = World::live().await;
    let mut answers = Vec::new();
    for _ in 0..TO_NUMBER_MAX + 3 {
        let link = world.link(bound(once())).await;
        let asked = request_code(&world.engine, link.merchant_id, link.id, Pii::new(MOBILE)).await;
        answers.push(asked.unwrap());
    }
    assert!(answers.iter().all(|granted| *granted), "the answer tells nothing");
    let sent = i64::try_from(codes_sent(&world).await.len()).unwrap();
    assert_eq!(sent, TO_NUMBER_MAX);
}
