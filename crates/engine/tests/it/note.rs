//! A command that only writes down that it was carried out, and when among others.

use std::sync::{Arc, Mutex};

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::Stop;
use kadi_domain::view::View;
use kadi_domain::work::Needs;
use kadi_engine::command::{Command, Decision, Lane, Route};

/// The names of the notes in the order in which they were decided.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<&'static str>>>);

impl Log {
    pub(crate) fn note(&self, name: &'static str, lane: Lane, merchant: i64) -> Note {
        Note { name, lane, merchant: MerchantId::new(merchant), log: self.clone() }
    }

    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, name: &str) -> usize {
        self.names().into_iter().filter(|noted| *noted == name).count()
    }
}

pub(crate) struct Note {
    name: &'static str,
    lane: Lane,
    merchant: MerchantId,
    log: Log,
}

impl Command for Note {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: self.lane, merchant: self.merchant, meets: 0 }
    }

    fn needs(&self, _: &mut Needs) {}

    fn decide(&self, _: &View, _: &mut Moment<'_>) -> Result<Decision<()>, Stop> {
        self.log.0.lock().unwrap().push(self.name);
        Ok(Decision::unchanged(()))
    }
}
