//! What the scripted run works with: keys, merchants, and the links that they ask for.

use std::collections::BTreeSet;

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::create::{Expiry, Extras, NewLink, Use};
use kadi_domain::customer::Contact;
use kadi_domain::delivery::{EventSet, Subscription};
use kadi_domain::fee::FeeRule;
use kadi_domain::id::MerchantId;
use kadi_domain::link::{Line, LineTax, LinkKind, LinkText, TextKind};
use kadi_domain::merchant::{Environment, FeeBearer, Limit, Merchant, Risk};
use kadi_domain::message::ChannelKind;
use kadi_domain::reference::{Dialect, Namespace};
use kadi_domain::seal::{Keyring, NumberedKey};
use kadi_domain::secret::{Pii, Secret};

pub(crate) const ORDERS: Namespace = Namespace { dialect: Dialect::NATIVE, kind: 1 };

/// The slugs of the merchants.
pub(crate) const MERCHANTS: [&str; 2] = ["asha", "balu"];

pub(crate) fn keys() -> Keyring {
    let key = |id| NumberedKey { id, key: Secret::new([9; 32]) };
    Keyring::new(&Secret::new([1; 32]), vec![key(1)], Secret::new([2; 32]), vec![key(1)]).unwrap()
}

pub(crate) fn merchant(slug: &str) -> Merchant {
    let fee = FeeRule::plain("*".into(), "*".into(), 150, Minor::new(3), 1_800);
    Merchant {
        id: MerchantId::new(0),
        slug: slug.into(),
        name: "Demo Traders".into(),
        active: true,
        environment: Environment::Test,
        vpa: None,
        gstin: None,
        state_code: None,
        address: None,
        features: BTreeSet::new(),
        redirect_hosts: Vec::new(),
        aggregator: None,
        resellers: Vec::new(),
        limit: Limit { min: Minor::new(100), max: None, account_max: None },
        fees: vec![fee],
        refund_fee_bearer: FeeBearer::default(),
        hold_policy: None,
        receipts: true,
        risk: Risk::default(),
        settings: Vec::new(),
        version: 0,
    }
}

/// One obligation of 1,000 under this reference.
pub(crate) fn plain(reference: &str) -> NewLink {
    NewLink {
        origin: Dialect::NATIVE,
        kind: LinkKind::Fixed,
        currency: Currency::INR,
        amount: Some(Minor::new(1_000)),
        uses: Use::Once,
        name: "Fees".into(),
        description: "For the month".into(),
        expiry: Expiry::Never,
        contact: Contact::default(),
        send: Vec::new(),
        lines: Vec::new(),
        texts: Vec::new(),
        references: vec![(ORDERS, reference.to_owned())],
        subscriptions: Vec::new(),
        extras: Extras::default(),
    }
}

/// The same, and every event of it is told to an endpoint.
pub(crate) fn told(reference: &str) -> NewLink {
    let url = Some("https://shop.example/hook".to_owned());
    let subscription = Subscription { dialect: Dialect::NATIVE, form: 1, url, events: EventSet::all() };
    NewLink { subscriptions: vec![subscription], ..plain(reference) }
}

/// An invoice of two lines, sent to a customer by e-mail and SMS, with texts, and told to an endpoint.
pub(crate) fn invoice(reference: &str) -> NewLink {
    let line = |name: &str, units, price| Line {
        name: name.into(),
        code: Some("9983".into()),
        units,
        unit_amount: Minor::new(price),
        taxes: vec![LineTax { name: "GST".into(), amount: Minor::new(price / 10) }],
    };
    let text = |kind, value: &str| LinkText { kind, position: 0, value: value.into() };
    NewLink {
        kind: LinkKind::Invoice,
        amount: Some(Minor::new(2_200)),
        contact: Contact {
            name: Some(Pii::new("Meera")),
            mobile: Some(Pii::new("9876543210")),
            email: Some(Pii::new("meera@example.com")),
            external_id: Some(Pii::new("C-17")),
        },
        send: vec![ChannelKind::Email, ChannelKind::Sms],
        lines: vec![line("Rice", 5, 200), line("Tea", 2, 500)],
        texts: vec![text(TextKind::Notes, "deliver after noon"), text(TextKind::OrderId, "O-9")],
        ..told(reference)
    }
}

/// 1,000 for each payment, any number of them.
pub(crate) fn crowd(reference: &str) -> NewLink {
    NewLink { uses: Use::Many { max_payments: None }, ..plain(reference) }
}

/// One order of 1,000.
pub(crate) fn one_order(reference: &str) -> NewLink {
    NewLink { uses: Use::OneOrder, ..told(reference) }
}
