//! The database knows the fingerprints of the keys, so that a start with other keys is refused.

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::Stop;
use kadi_domain::seal::Keyring;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// The name of the stored fingerprints.
pub const PRINTS_VALUE: &str = "key_prints";

/// Compares the ring's fingerprints with the stored ones and stores new ones; the reply names a key that
/// differs or is missing on the ring.
#[derive(Debug)]
pub struct MatchKeys;

impl Command for MatchKeys {
    type Reply = Result<(), String>;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: MerchantId::new(0), meets: 0 }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.values.insert(PRINTS_VALUE);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let stored = view.values.get(&PRINTS_VALUE)?.cloned().unwrap_or_default();
        if let Err(key) = fits(moment.keys, &stored) {
            return Ok(Decision::unchanged(Err(key)));
        }
        let ring = moment.keys.prints();
        let all: String = ring.iter().map(|(name, print)| format!("{name} {print}\n")).collect();
        let mut changes = Changes::default();
        if all != stored {
            changes.values.push((PRINTS_VALUE, all));
        }
        Ok(Decision { reply: Ok(()), changes })
    }
}

/// Are all keys whose fingerprints are `stored` on the ring? The name of one that is missing or differs.
pub fn fits(keys: &Keyring, stored: &str) -> Result<(), String> {
    for line in stored.lines() {
        let (name, print) = line.split_once(' ').unwrap_or((line, ""));
        let found = keys.prints().iter().find(|(key, _)| key == name);
        if found.is_none_or(|(_, key_print)| key_print != print) {
            return Err(name.to_owned());
        }
    }
    Ok(())
}
