//! Commands that go wrong in every way that a command can, each after it has made a whole link.

use std::sync::{Arc, Mutex};

use kadi_domain::amount::Minor;
use kadi_domain::create::{Made, Resolved, create};
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::moment::Moment;
use kadi_domain::reference::ReferenceKey;
use kadi_domain::refusal::Stop;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};
use kadi_engine::command::{Command, Decision, Lane, Route};

use crate::world::{ORDERS, once};

/// How the command goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Its link breaks a rule of the store.
    Poison,
    /// It writes one reference twice: a unique key that no further try can save.
    Conflict,
    /// It changes a link of a version that never was.
    Stale,
    /// It reads a link that it did not ask for.
    Unasked,
    /// It panics when it decides.
    PanicsInDecide,
    /// It panics when it names its needs, although it could decide with what its neighbours asked for.
    PanicsInNeeds,
}

impl Wrong {
    pub(crate) const ALL: [Self; 6] =
        [Self::Poison, Self::Conflict, Self::Stale, Self::Unasked, Self::PanicsInDecide, Self::PanicsInNeeds];
}

/// The links that bad commands made in vain.
#[derive(Clone, Default)]
pub(crate) struct Traces(Arc<Mutex<Vec<LinkId>>>);

impl Traces {
    pub(crate) fn ids(&self) -> Vec<LinkId> {
        self.0.lock().unwrap().clone()
    }
}

pub(crate) struct Bad {
    pub(crate) merchant: MerchantId,
    pub(crate) wrong: Wrong,
    pub(crate) traces: Traces,
}

impl Command for Bad {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: self.merchant, meets: 0 }
    }

    fn needs(&self, needs: &mut Needs) {
        assert_ne!(self.wrong, Wrong::PanicsInNeeds, "a deliberate panic");
        needs.merchants.insert(self.merchant);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<()>, Stop> {
        let merchant = view.merchant(self.merchant)?;
        let (Made { mut link, .. }, mut changes) =
            create(merchant, &once(), Resolved::default(), |_| Ok(false), moment)?;
        self.traces.0.lock().unwrap().push(link.id);
        match self.wrong {
            Wrong::Poison => {
                link.sums.captured = Minor::new(-1);
                changes.links.new = vec![link];
            }
            Wrong::Conflict => {
                let value = "twice".to_owned();
                let key = ReferenceKey { merchant_id: self.merchant, namespace: ORDERS, value };
                changes.references = vec![(key.clone(), link.id), (key, link.id)];
            }
            Wrong::Stale => {
                link.version = 5;
                let stale = Changes {
                    links: kadi_domain::work::Puts { new: vec![], changed: vec![link] },
                    ..changes
                };
                return Ok(Decision { reply: (), changes: stale });
            }
            Wrong::Unasked => {
                view.link(LinkId::new(link.id.get() + 1))?;
            }
            Wrong::PanicsInDecide => panic!("a deliberate panic"),
            Wrong::PanicsInNeeds => {}
        }
        Ok(Decision { reply: (), changes })
    }
}
