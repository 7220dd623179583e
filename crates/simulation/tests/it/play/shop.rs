//! The merchants of a story.

use std::collections::BTreeSet;

use kadi_domain::amount::Minor;
use kadi_domain::fee::FeeRule;
use kadi_domain::id::MerchantId;
use kadi_domain::merchant::{Environment, Feature, FeeBearer, Limit, Merchant, Risk};
use kadi_domain::payment::HoldDecision;
use kadi_engine::commands::administer::ImportMerchants;

use crate::oracle::Fee;
use crate::stage::Stage;
use crate::story::{CHILDREN, Story};

/// The story's merchant and the children of its splits.
pub(super) async fn import(stage: &Stage, story: &Story, slug: &str) -> (MerchantId, Vec<MerchantId>) {
    let shop = &story.shop;
    let own = Merchant {
        fees: shop.fees.iter().map(rule).collect(),
        refund_fee_bearer: if shop.platform_bears { FeeBearer::Platform } else { FeeBearer::Merchant },
        receipts: shop.sends_receipts,
        hold_policy: shop.policy.map(|word| HoldDecision::parse(word).unwrap()),
        limit: Limit { min: Minor::new(shop.min), max: None, account_max: None },
        ..merchant(slug.to_owned(), None)
    };
    let child = |number: usize| merchant(format!("{slug}-{number}"), Some(slug.to_owned()));
    let all = std::iter::once(own).chain((0..CHILDREN).map(child));
    let files = all.map(|merchant| (merchant, BTreeSet::new(), Vec::new())).collect();
    let import = ImportMerchants::new(files, stage.engine.keys()).unwrap();
    let mut ids = stage.engine.submit(import).await.unwrap().into_iter().map(|imported| imported.merchant_id);
    (ids.next().unwrap(), ids.collect())
}

fn rule(fee: &Fee) -> FeeRule {
    FeeRule {
        rail: fee.rail.to_owned(),
        mode: fee.mode.to_owned(),
        bps: fee.bps,
        flat: Minor::new(fee.flat),
        min: Minor::new(fee.min),
        cap: fee.cap.map(Minor::new),
        tax_bps: fee.tax_bps,
        surcharge_bps: fee.surcharge_bps,
        surcharge_flat: Minor::new(fee.surcharge_flat),
    }
}

fn merchant(slug: String, aggregator: Option<String>) -> Merchant {
    Merchant {
        id: MerchantId::new(0),
        name: "Demo Traders".to_owned(),
        slug,
        active: true,
        environment: Environment::Test,
        vpa: None,
        gstin: None,
        state_code: None,
        address: None,
        features: Feature::ALL.into_iter().collect(),
        redirect_hosts: Vec::new(),
        aggregator,
        resellers: Vec::new(),
        limit: Limit { min: Minor::new(100), max: None, account_max: None },
        fees: Vec::new(),
        refund_fee_bearer: FeeBearer::default(),
        hold_policy: None,
        receipts: false,
        risk: Risk::default(),
        settings: Vec::new(),
        version: 0,
    }
}
