//! Sample records in which no two columns of a kind hold the same value, so that a swapped column shows.

use std::collections::BTreeSet;

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::attempt::AttemptToken;
use kadi_domain::credential::{Credential, Guard};
use kadi_domain::customer::Customer;
use kadi_domain::delivery::{Delivery, DeliveryState, EventSet, Subscription};
use kadi_domain::event::{Event, EventKind, LinkFacts};
use kadi_domain::fee::{Charges, FeeRule};
use kadi_domain::id::{
    CredentialId, CustomerId, DeliveryId, EventId, LinkId, MerchantId, MessageId, ObligationId, PaymentId,
    RefundId, TemplateId,
};
use kadi_domain::ledger::Chain;
use kadi_domain::link::{
    Line, LineTax, Link, LinkKind, LinkStatus, LinkText, LinkWord, Sums, Terms, TextKind,
};
use kadi_domain::merchant::{Environment, Feature, FeeBearer, Limit, Merchant, Risk, Setting};
use kadi_domain::message::{ChannelKind, Message, MessageState, Occasion};
use kadi_domain::mode::{Mode, Modes};
use kadi_domain::parts::{Instalment, PartRules};
use kadi_domain::payment::{HoldDecision, Payment, PaymentState, Refunds};
use kadi_domain::reference::{Dialect, Namespace, ReferenceKey};
use kadi_domain::refund::{Refund, RefundState};
use kadi_domain::split::{Part, Share, SplitRule};
use kadi_domain::split_refund::{SplitPart, SplitRefund};
use kadi_domain::template::{Field, FieldType, Template, TemplateKey, TemplateKind};
use kadi_domain::time::Timestamp;
use kadi_domain::ways::{Means, SubWallets, Ways};
use kadi_domain::work::Changes;

pub(crate) const MERCHANT: MerchantId = MerchantId::new(9);

pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

pub(crate) fn merchant(id: MerchantId) -> Merchant {
    let fee = |rail: &str, mode: &str, bps, flat, tax_bps| FeeRule {
        rail: rail.into(),
        mode: mode.into(),
        bps,
        flat: Minor::new(flat),
        min: Minor::new(flat + 1),
        cap: (flat > 0).then_some(Minor::new(flat + 90)),
        tax_bps,
        surcharge_bps: bps + 1,
        surcharge_flat: Minor::new(flat + 2),
    };
    let setting = |dialect, name: &str, value: String, identifies| Setting {
        dialect: Dialect(dialect),
        name: name.into(),
        value,
        identifies,
    };
    Merchant {
        id,
        slug: format!("shop-{}", id.get()),
        name: "Demo Traders".into(),
        active: true,
        environment: Environment::Live,
        vpa: Some("demo@kadi".into()),
        gstin: Some("29ABCDE1234F1Z5".into()),
        state_code: Some("29".into()),
        address: Some("12 MG Road, Bengaluru".into()),
        features: BTreeSet::from([Feature::Split, Feature::Upi]),
        redirect_hosts: vec!["z.example".into(), "a.example".into()],
        aggregator: Some("agg".into()),
        resellers: vec!["R2".into(), "R1".into()],
        limit: Limit { min: Minor::new(100), max: Some(Minor::new(200)), account_max: Some(Minor::new(300)) },
        fees: vec![fee("sandbox", "*", 200, 5, 1_800), fee("*", "UPI", 0, 0, 0)],
        refund_fee_bearer: FeeBearer::Platform,
        hold_policy: Some(HoldDecision::Refund),
        receipts: false,
        risk: Risk {
            amount_max: Some(Minor::new(400)),
            per_mobile_hour: Some(5),
            per_link_hour: Some(50),
            blocked_mobiles: vec![[3; 32], [1; 32]],
            blocked_emails: vec![[2; 32]],
        },
        settings: vec![
            setting(1, "webhook_url", "https://shop.example/hook".into(), false),
            setting(1, "mid", format!("MID{}", id.get()), true),
        ],
        version: 0,
    }
}

pub(crate) fn credential(id: i64) -> Credential {
    Credential {
        id: CredentialId::new(id),
        merchant_id: MERCHANT,
        dialect: Dialect(2),
        slot: "key".into(),
        label: "C11".into(),
        print: [u8::try_from(id).unwrap(); 32],
        guard: Guard::Sealed(vec![1, 2, 3]),
        created_at: at(11),
        revoked_at: None,
    }
}

pub(crate) fn template(id: i64, version: i64) -> Template {
    let field = |name: &str, field_type| Field {
        name: name.into(),
        label: format!("The {name}"),
        field_type,
        required: true,
        min_length: Some(2),
        max_length: Some(40),
        pattern: Some("[A-Z]+".into()),
        default: None,
    };
    Template {
        id: TemplateId::new(id),
        key: TemplateKey { merchant_id: MERCHANT, kind: TemplateKind::Form, number: "T001".into() },
        version,
        name: format!("Course fees {version}"),
        fields: vec![
            field("course", FieldType::Text),
            Field {
                default: Some("Evening".into()),
                required: false,
                ..field("batch", FieldType::Choice(vec!["Morning".into(), "Evening".into()]))
            },
            field("paid", FieldType::Amount),
        ],
        created_at: at(12),
    }
}

pub(crate) fn customer(id: i64) -> Customer {
    let low = u8::try_from(id % 251).unwrap();
    Customer {
        id: CustomerId::new(id),
        merchant_id: MERCHANT,
        name: Some(vec![1]),
        mobile: Some(vec![2]),
        email: Some(vec![3]),
        external_id: None,
        name_index: Some(vec![low.wrapping_add(2); 32]),
        mobile_index: Some(vec![low; 32]),
        email_index: Some(vec![low.wrapping_add(1); 32]),
    }
}

pub(crate) fn link(id: i64) -> Link {
    Link {
        id: LinkId::new(id),
        merchant_id: MERCHANT,
        origin: Dialect(3),
        kind: LinkKind::Invoice,
        currency: Currency::INR,
        amount: Some(Minor::new(1_000)),
        due: Some(Minor::new(2_000)),
        max_payments: Some(7),
        one_order: false,
        terms: Terms {
            split_count: 3,
            parts: Some(PartRules { min_first: Some(Minor::new(31)), min: Some(Minor::new(32)) }),
            plan_count: 2,
            has_email: true,
            obligation: Some(ObligationId::new(78)),
            only_mobile: true,
            form: Some(TemplateId::new(79)),
            invoice: Some(TemplateId::new(80)),
        },
        ways: Ways {
            modes: Modes::parse("-NB:SBI,PNB|EMI").unwrap(),
            caps: SubWallets::parse("FOOD=33,GIFT=34").unwrap(),
        },
        name: "Fees".into(),
        description: "शुल्क".into(),
        customer_id: Some(CustomerId::new(77)),
        created_at: at(21),
        expires_at: Some(at(22)),
        status: LinkStatus::Active,
        sent_at: Some(at(23)),
        opened_at: None,
        sums: Sums::default(),
        resent_count: 0,
        edit_count: 0,
        event_count: 1,
        chain: Chain::default(),
        version: 0,
    }
}

/// The link with every changing column changed.
pub(crate) fn changed_link(id: i64) -> Link {
    Link {
        status: LinkStatus::Cancelled { at: at(31) },
        sent_at: Some(at(32)),
        opened_at: Some(at(33)),
        sums: Sums {
            captured: Minor::new(101),
            refunded: Minor::new(60),
            refund_pending: Minor::new(41),
            held: Minor::new(103),
            reserved: Minor::new(104),
            captured_count: 1,
            reserved_count: 2,
            attempted: Minor::new(310),
        },
        resent_count: 2,
        edit_count: 4,
        amount: Some(Minor::new(1_001)),
        due: Some(Minor::new(2_001)),
        max_payments: Some(8),
        expires_at: Some(at(34)),
        event_count: 3,
        chain: Chain { count: 4, head: [5; 32] },
        ..link(id)
    }
}

pub(crate) fn lines() -> Vec<Line> {
    let tax = |name: &str, amount| LineTax { name: name.into(), amount: Minor::new(amount) };
    vec![
        Line {
            name: "Tea".into(),
            code: Some("T".into()),
            units: 2,
            unit_amount: Minor::new(300),
            taxes: vec![tax("SGST", 10), tax("CGST", 11)],
        },
        Line { name: "Cup".into(), code: None, units: 1, unit_amount: Minor::new(358), taxes: vec![] },
    ]
}

pub(crate) fn texts() -> Vec<LinkText> {
    let text = |kind, position, value: &str| LinkText { kind, position, value: value.into() };
    vec![
        text(TextKind::Notes, 0, "private"),
        text(TextKind::Extend, 1, "one"),
        text(TextKind::Extend, 2, "two"),
        text(TextKind::ResellerId, 0, "R1"),
    ]
}

pub(crate) fn subscriptions() -> Vec<Subscription> {
    let all = EventSet::all();
    vec![
        Subscription { dialect: Dialect(1), form: 2, url: Some("https://a.example".into()), events: all },
        Subscription {
            dialect: Dialect(0),
            form: 3,
            url: None,
            events: EventSet::of(&[EventKind::PaymentCaptured]),
        },
    ]
}

pub(crate) fn split() -> Vec<SplitRule> {
    vec![
        SplitRule { child_id: MerchantId::new(8), share: Share::Percent(1_250), bears_fee: false },
        SplitRule { child_id: MERCHANT, share: Share::Amount(Minor::new(55)), bears_fee: true },
    ]
}

pub(crate) fn split_parts() -> Vec<SplitPart> {
    let part =
        |n: i64| Part { amount: Minor::new(100 * n), fee: Minor::new(20 * n), fee_tax: Minor::new(3 * n) };
    let child = |id, n| SplitPart { child_id: MerchantId::new(id), part: part(2 * n), back: part(n) };
    vec![child(9, 1), child(8, 2)]
}

pub(crate) fn split_refunds() -> Vec<SplitRefund> {
    split_parts().into_iter().map(|one| SplitRefund { child_id: one.child_id, part: one.back }).collect()
}

pub(crate) fn plan() -> Vec<Instalment> {
    let instalment = |amount, due| Instalment { amount: Minor::new(amount), due_at: at(due) };
    vec![instalment(900, 35), instalment(1_100, 36)]
}

pub(crate) fn reference(value: &str) -> ReferenceKey {
    let namespace = Namespace { dialect: Dialect(4), kind: 1 };
    ReferenceKey { merchant_id: MERCHANT, namespace, value: value.into() }
}

pub(crate) fn token(payment: i64) -> AttemptToken {
    AttemptToken::new(i128::from(payment).to_be_bytes())
}

pub(crate) fn payment(id: i64, link: i64) -> Payment {
    Payment {
        id: PaymentId::new(id),
        link_id: LinkId::new(link),
        merchant_id: MERCHANT,
        rail: "sandbox".into(),
        rail_account: "shop-9".into(),
        mode: "UPI".into(),
        means: Means { channel: Mode::Upi.channel("INTENT"), drawn: SubWallets::parse("TOLL=35").unwrap() },
        currency: Currency::INR,
        applied: Minor::new(501),
        discount: Minor::new(2),
        surcharge: Minor::new(3),
        payer_mobile: Some(vec![9, 9]),
        answers: Some(vec![8, 8]),
        token: Some(token(id)),
        created_at: at(41),
        reserved_until: Some(at(42)),
        rail_reference: None,
        gave_away: None,
        taken: None,
        is_foreign: true,
        came_in: Some(Currency::parse("USD").unwrap()),
        beside: Some(PaymentId::new(77)),
        decided: None,
        refunds: Refunds::default(),
        state: PaymentState::Started,
        version: 0,
    }
}

pub(crate) fn event(id: i64, link: i64, number: i64) -> Event {
    Event {
        id: EventId::new(id),
        merchant_id: MERCHANT,
        link_id: LinkId::new(link),
        number,
        kind: EventKind::LinkOpened,
        payment_id: None,
        refund_id: None,
        at: at(61),
        facts: LinkFacts {
            word: LinkWord::Expired,
            captured: Minor::new(62),
            refunded: Minor::new(63),
            sent_at: Some(at(64)),
            opened_at: Some(at(65)),
        },
    }
}

pub(crate) fn refund(id: i64, payment: i64, link: i64) -> Refund {
    Refund {
        id: RefundId::new(id),
        payment_id: PaymentId::new(payment),
        link_id: LinkId::new(link),
        merchant_id: MERCHANT,
        currency: Currency::INR,
        amount: Minor::new(60),
        shares: Charges { fee: Minor::new(7), fee_tax: Minor::new(2), net: Minor::new(51) },
        of: Some(MerchantId::new(8)),
        held: None,
        is_excess: false,
        created_at: at(66),
        rail_reference: None,
        state: RefundState::Pending,
        version: 0,
    }
}

pub(crate) fn message(id: i64, link: i64, customer: i64) -> Message {
    Message {
        id: MessageId::new(id),
        merchant_id: MERCHANT,
        link_id: LinkId::new(link),
        customer_id: CustomerId::new(customer),
        channel: ChannelKind::Sms,
        occasion: Occasion::Request { resend: 3 },
        created_at: at(71),
        state: MessageState::Queued,
    }
}

pub(crate) fn delivery(id: i64, link: i64, event: i64) -> Delivery {
    Delivery {
        id: DeliveryId::new(id),
        merchant_id: MERCHANT,
        link_id: LinkId::new(link),
        event_id: EventId::new(event),
        dialect: Dialect(5),
        form: 6,
        url: "https://hook.example".into(),
        created_at: at(81),
        attempts: 1,
        last_status: Some(503),
        last_answer: Some("busy".into()),
        state: DeliveryState::Waiting,
    }
}

/// A merchant and its links: what most other rows stand on.
pub(crate) fn ground(links: &[i64]) -> Changes {
    let mut changes = Changes::default();
    changes.merchants.new.push(merchant(MERCHANT));
    changes.links.new.extend(links.iter().map(|id| link(*id)));
    changes
}

/// Subscriptions for a link.
pub(crate) fn subscribed(link: i64) -> Changes {
    Changes { subscriptions: vec![(LinkId::new(link), subscriptions())], ..Changes::default() }
}
