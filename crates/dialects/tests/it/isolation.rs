//! Whose is it: every call, from its right request, by nobody, by a name that no merchant has, and by another
//! merchant. The same is walked through the built server for the vendors that are served today
//! (`crates/kadi/tests/it/isolation.rs`); a new dialect is walked here as soon as its row stands.

use kadi_dialects::table::DIALECTS;
use kadi_domain::template::TemplateKind;
use kadi_engine::commands::administer::ImportMerchants;

use crate::bad_input::is_yes;
use crate::samples::{Known, Sample, furnished};
use crate::support::answer::Answer;
use crate::support::merchants::{merchant, with_keys};
use crate::support::shop::Shop;

/// Whose callers show who they are in the body, or ask for a token first: only walked from outside.
const FROM_OUTSIDE: [&str; 2] = ["paytm", "nimbbl"];
/// Whose vendor says of a missing credential what it does not say of a wrong one, all of it with HTTP 200.
const WORD_FOR_NONE: [&str; 1] = ["ntt"];
/// What everybody is told.
const PUBLIC: [&str; 1] = ["/openapi.json"];
const STRANGER: &str = "stranger";
/// No merchant has it.
const UNKNOWN: &str = "nobody";

/// A call under one prefix.
struct Asked<'a> {
    shop: &'a Shop,
    name: String,
    prefix: &'static str,
    sample: &'static Sample,
    dialect: &'static str,
}

impl Asked<'_> {
    /// Address and body.
    fn asks(&self, known: &Known) -> (String, String) {
        (format!("{}{}", self.prefix, self.sample.path(known)), self.sample.body_text(known))
    }

    fn by(&self, who: Option<&str>, known: &Known) -> Answer {
        let (address, body) = self.asks(known);
        self.shop.send(self.sample.request_of(who, &address, &body))
    }

    fn keeps_to_its_owner(&self, known: &Known, absent: &Known) {
        let name = &self.name;
        let said = |who, known| {
            let answer = self.by(who, known);
            (answer.status, answer.text)
        };
        let denied = self.by(Some(UNKNOWN), known);
        assert!(!is_yes(&denied), "{name}: {}", denied.text);
        let (denied, unsigned) = ((denied.status, denied.text), said(None, known));
        if WORD_FOR_NONE.contains(&self.dialect) {
            assert_ne!(unsigned, denied, "{name}");
        } else {
            assert_eq!(denied.0, 401, "{name}: {}", denied.1);
            assert_eq!(unsigned, denied, "{name}: no credential and a wrong one");
        }
        assert_eq!(said(None, absent), unsigned, "{name}: nothing shows without credentials");
        assert_eq!(said(Some(UNKNOWN), absent), denied, "{name}: nothing shows before that");
        let answer = self.by(Some(STRANGER), known);
        if self.asks(known) == self.asks(absent) {
            assert!(is_yes(&answer), "{name}: {}", answer.text);
            for id in known.ids() {
                assert!(!answer.text.contains(id), "{name}: {}", answer.text);
            }
        } else {
            assert!(!is_yes(&answer), "{name}: {}", answer.text);
            let found = (answer.status, answer.text);
            assert_eq!(said(Some(STRANGER), absent), found, "{name}: not yours is not there");
        }
    }
}

fn all(shop: &Shop) -> Vec<Asked<'_>> {
    let mut all = Vec::new();
    for row in DIALECTS.iter().filter(|row| !FROM_OUTSIDE.contains(&row.name)) {
        for (method, path) in (row.routes)().addresses().iter().filter(|(_, path)| !PUBLIC.contains(path)) {
            let sample = Sample::find(row.name, method, path);
            all.extend(row.prefixes.iter().map(|prefix| {
                let name = format!("{} {method} {prefix}{path}", row.name);
                Asked { shop, name, prefix, sample, dialect: row.name }
            }));
        }
    }
    all
}

/// That the owner is answered is seen by `every_sample_is_right`.
#[test]
fn no_call_answers_for_a_merchant_but_to_that_merchant() {
    let (shop, known) = furnished();
    let stranger = vec![with_keys(merchant(STRANGER), &[])];
    shop.submit(ImportMerchants::new(stranger, shop.engine().keys()).unwrap());
    shop.template(STRANGER, TemplateKind::Invoice, "T001");
    let (owner, absent, all) = (known.merchant, known.absent(), all(&shop));
    let events = || shop.read(move |reader| Ok(format!("{:?}", reader.events_page(owner, None, 1_000)?)));
    let before = events();
    assert!(all.len() > 30, "{} calls", all.len());
    all.iter().for_each(|asked| asked.keeps_to_its_owner(&known, &absent));
    assert_eq!(events(), before, "nothing of the owner changed");
    assert!(shop.verify().is_clean());
}
