//! Risk rules under a crowd: a link and a mobile number pay as often in an hour as they may, never more, and
//! who is blocked does not.

use kadi_domain::amount::Minor;
use kadi_domain::attempt::Attempt;
use kadi_domain::create::{Extras, NewLink};
use kadi_domain::customer::Contact;
use kadi_domain::edit::Edit;
use kadi_domain::link::Link;
use kadi_domain::merchant::{Merchant, Risk};
use kadi_domain::mode::{Listed, Mode, Modes};
use kadi_domain::moment::Setup;
use kadi_domain::payment::Payment;
use kadi_domain::refusal::Refusal;
use kadi_domain::risk::PaceKey;
use kadi_domain::secret::Pii;
use kadi_domain::ways::{SubWallets, Ways};
use kadi_engine::command::Failure;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::commands::update_link::UpdateLink;

use crate::gate::{hold, queued};
use crate::rail::attempt;
use crate::world::{World, import, keys, many, merchant, once};

const THIEF: &str = "9000000001";
const ASHA: &str = "9000000002";

fn blind(kind: &str, contact: &str) -> [u8; 32] {
    keys().blind(kind, contact).unwrap()
}

async fn with_rules(risk: Risk) -> World {
    let world = World::new().await;
    import(&world.engine, Merchant { risk, ..merchant("demo") }).await;
    world
}

fn contact(mobile: Option<&str>, email: Option<&str>) -> Contact {
    Contact { mobile: mobile.map(Pii::new), email: email.map(Pii::new), ..Contact::default() }
}

fn start(link: &Link, mobile: Option<&str>) -> StartPayment {
    let attempt = Attempt { payer_mobile: mobile.map(Pii::new), ..attempt() };
    StartPayment { merchant_id: link.merchant_id, link_id: link.id, attempt }
}

async fn pays(world: &World, link: &Link, mobile: Option<&str>) -> Result<Payment, Failure> {
    world.engine.submit(start(link, mobile)).await.map(Once::either)
}

async fn made(world: &World, new: NewLink) -> Result<(), Failure> {
    let command = CreateLink { merchant_id: world.merchant, new, idempotency: None };
    world.engine.submit(command).await.map(|_| ())
}

fn refused<T>() -> Result<T, Failure> {
    Err(Failure::Refused(Refusal::RiskRefused))
}

/// How many of these find their way; all others meet a risk rule.
async fn rush(world: &World, starts: Vec<StartPayment>) -> usize {
    let held = hold(&world.engine);
    let calls: Vec<_> = starts.into_iter().map(|start| queued(&world.engine, start)).collect();
    held.open().await;
    let mut count = 0;
    for call in calls {
        match call.await {
            Ok(_) => count += 1,
            end @ Err(_) => assert_eq!(end.map(|_| ()), refused()),
        }
    }
    count
}

#[tokio::test]
async fn a_crowd_on_one_link_is_let_through_as_often_as_the_hour_allows() {
    let world = with_rules(Risk { per_link_hour: Some(7), ..Risk::none() }).await;
    let (link, other) = (world.link(many(None)).await, world.link(many(None)).await);
    let crowd = |link: &Link, count| (0..count).map(|_| start(link, None)).collect::<Vec<_>>();
    assert_eq!(rush(&world, crowd(&link, 400)).await, 7);
    assert_eq!(rush(&world, crowd(&link, 50)).await, 0);
    assert_eq!(rush(&world, crowd(&other, 50)).await, 7, "each link by itself");
    world.pass(30).await;
    assert_eq!(rush(&world, crowd(&link, 5)).await, 0);
    world.pass(30).await;
    assert_eq!(rush(&world, crowd(&link, 50)).await, 7, "an hour later");
    assert_eq!(world.stored(link.id).await.sums.reserved_count, 14, "who was refused reserves nothing");
}

#[tokio::test]
async fn a_number_pays_as_often_as_the_hour_allows_on_all_links_together() {
    let world = with_rules(Risk { per_mobile_hour: Some(5), ..Risk::none() }).await;
    let mut links = Vec::new();
    for _ in 0..20 {
        links.push(world.link(many(None)).await);
    }
    let all = |mobile| (0..200).map(|at| start(&links[at % 20], mobile)).collect::<Vec<_>>();
    assert_eq!(rush(&world, all(Some(THIEF))).await, 5);
    assert_eq!(rush(&world, all(Some(ASHA))).await, 5, "each number by itself");
    assert_eq!(rush(&world, all(None)).await, 200, "who is not known is not counted");
    world.pass(59).await;
    assert_eq!(pays(&world, &links[0], Some(ASHA)).await.map(|_| ()), refused());
    world.pass(1).await;
    assert_eq!(rush(&world, all(Some(ASHA))).await, 5);
}

#[tokio::test]
async fn a_customers_number_counts_where_the_payer_gives_none_and_at_the_next_link() {
    let world = with_rules(Risk { per_mobile_hour: Some(2), ..Risk::none() }).await;
    let to_asha = || NewLink { contact: contact(Some(ASHA), None), ..many(None) };
    let link = world.link(to_asha()).await;
    pays(&world, &link, None).await.unwrap();
    pays(&world, &link, Some(THIEF)).await.unwrap();
    assert_eq!(made(&world, to_asha()).await, Ok(()), "one of two");
    pays(&world, &link, None).await.unwrap();
    assert_eq!(pays(&world, &link, None).await.map(|_| ()), refused());
    assert_eq!(made(&world, to_asha()).await, refused());
    pays(&world, &link, Some(THIEF)).await.unwrap();
    world.pass(60).await;
    assert_eq!(made(&world, to_asha()).await, Ok(()));
}

#[tokio::test]
async fn who_is_blocked_is_neither_asked_nor_paid_by() {
    let world = World::new().await;
    let new = |mobile, email| NewLink { contact: contact(mobile, email), ..many(None) };
    let (to_thief, to_mail) =
        (world.link(new(Some(THIEF), None)).await, world.link(new(None, Some("Thief@Bank.example"))).await);
    let free = world.link(new(Some(ASHA), Some("asha@shop.example"))).await;
    let risk = Risk {
        blocked_mobiles: vec![blind("mobile", THIEF)],
        blocked_emails: vec![blind("email", "thief@bank.example")],
        ..Risk::none()
    };
    import(&world.engine, Merchant { risk, ..merchant("demo") }).await;
    assert_eq!(made(&world, new(Some(THIEF), None)).await, refused());
    assert_eq!(made(&world, new(None, Some("THIEF@bank.example"))).await, refused());
    assert_eq!(made(&world, new(Some(ASHA), Some("asha@shop.example"))).await, Ok(()));
    for link in [&to_thief, &to_mail] {
        assert_eq!(pays(&world, link, None).await.map(|_| ()), refused());
        assert_eq!(pays(&world, link, Some(ASHA)).await.map(|_| ()), refused());
    }
    assert_eq!(pays(&world, &free, Some(THIEF)).await.map(|_| ()), refused());
    pays(&world, &free, None).await.unwrap();
}

#[tokio::test]
async fn the_platforms_rules_hold_for_every_merchant() {
    let risk = Risk {
        amount_max: Some(Minor::new(999)),
        per_link_hour: Some(1),
        blocked_mobiles: vec![blind("mobile", THIEF)],
        ..Risk::none()
    };
    let world = World::with_setup(Setup { risk, ..Setup::sandbox() }).await;
    assert_eq!(made(&world, once()).await, refused(), "1,000 is above 999");
    let small = NewLink { amount: Some(Minor::new(999)), ..many(None) };
    assert_eq!(
        made(&world, NewLink { contact: contact(Some(THIEF), None), ..small.clone() }).await,
        refused()
    );
    let link = world.link(small).await;
    let wished = Edit { amount: Some(Minor::new(1_000)), ..Edit::default() };
    let raised = UpdateLink { merchant_id: link.merchant_id, link_id: link.id, wished };
    assert_eq!(world.engine.submit(raised).await.map(|_| ()), refused(), "raised above 999");
    pays(&world, &link, None).await.unwrap();
    assert_eq!(pays(&world, &link, None).await.map(|_| ()), refused());
}

#[tokio::test]
async fn an_amount_above_a_later_rule_is_not_paid() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let risk = Risk { amount_max: Some(Minor::new(999)), ..Risk::none() };
    import(&world.engine, Merchant { risk, ..merchant("demo") }).await;
    assert_eq!(pays(&world, &link, None).await.map(|_| ()), refused());
    assert_eq!(world.stored(link.id).await.sums.reserved_count, 0);
}

#[tokio::test]
async fn a_mode_that_the_link_refuses_starts_no_payment() {
    let world = World::new().await;
    let modes = Modes::Only(vec![Listed { mode: Mode::Upi, channels: Vec::new() }]);
    let extras = Extras { ways: Ways { modes, ..Ways::default() }, ..Extras::default() };
    let link = world.link(NewLink { extras, ..once() }).await;
    let mut by_card = start(&link, None);
    by_card.attempt.by = Mode::CreditCard.into();
    let end = world.engine.submit(by_card).await;
    assert_eq!(end, Err(Failure::Refused(Refusal::ModeNotAllowed)));
    assert_eq!(world.stored(link.id).await.sums.reserved_count, 0);
    assert_eq!(pays(&world, &link, None).await.unwrap().mode, "UPI");
    let only_emi = Modes::Only(vec![Listed { mode: Mode::Emi, channels: Vec::new() }]);
    let extras = Extras { ways: Ways { modes: only_emi, ..Ways::default() }, ..Extras::default() };
    let end = made(&world, NewLink { extras, ..once() }).await;
    assert_eq!(end, Err(Failure::Refused(Refusal::ModesInvalid)), "no rail has it");
}

#[tokio::test]
async fn a_wallet_pays_from_capped_sub_wallets_and_that_stands_in_its_payment() {
    let world = World::new().await;
    let caps = SubWallets::parse("FOOD=700,GIFT=400").unwrap();
    let to_pay = |amount| {
        let extras = Extras { ways: Ways { caps: caps.clone(), ..Ways::default() }, ..Extras::default() };
        NewLink { extras, amount: Some(Minor::new(amount)), ..once() }
    };
    let (fits, too_much) = (world.link(to_pay(1_000)).await, world.link(to_pay(1_101)).await);
    let by_wallet = |link: &Link| {
        let mut start = start(link, None);
        start.attempt.by = Mode::Wallet.into();
        start
    };
    let end = world.engine.submit(by_wallet(&too_much)).await;
    assert_eq!(end, Err(Failure::Refused(Refusal::ModeNotAllowed)));
    let paid = world.engine.submit(by_wallet(&fits)).await.unwrap().either();
    let stored = world.payment(paid.id).await;
    assert_eq!(stored.means.drawn.to_text().as_deref(), Some("FOOD=700,GIFT=300"));
    assert_eq!(world.stored(fits.id).await.ways.caps, caps);
    assert_eq!(pays(&world, &too_much, None).await.unwrap().mode, "UPI", "by UPI there is no cap");
}

#[test]
fn a_pace_is_of_one_merchant() {
    let key = |id| PaceKey::of(kadi_domain::id::MerchantId::new(id), &Pii::new(ASHA), &keys()).unwrap();
    assert_ne!(key(1), key(2));
    assert_eq!(key(1).mobile, key(2).mobile);
}
