//! What the merchant's endpoint heard, and whether that is everything and nothing else.

use std::collections::{HashMap, HashSet};

use crate::line::{Payment, Told};

/// The endpoint's memory.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// The ids of events by what they are about and their kind.
    events: HashMap<(String, String), HashSet<String>>,
    /// What each event's id stands for.
    ids: HashMap<String, (String, String)>,
    /// The outcomes told by form, by payment.
    forms: HashMap<String, HashSet<String>>,
    posts: u64,
    forms_posted: u64,
    faults: Vec<String>,
}

impl Heard {
    /// Remembers a post.
    pub(crate) fn add(&mut self, told: &Told) {
        match told {
            Told::Event { id, kind, about, .. } => {
                self.posts += 1;
                let key = (about.clone(), kind.clone());
                let known = self.ids.entry(id.clone()).or_insert_with(|| key.clone());
                if *known != key {
                    self.faults.push(format!("event {id} is about {known:?} and about {key:?}"));
                }
                self.events.entry(key).or_default().insert(id.clone());
            }
            Told::Form { payment, status } => {
                self.forms_posted += 1;
                self.forms.entry(payment.clone()).or_default().insert(status.clone());
            }
        }
    }

    /// Posts of events, and how many of them were heard again.
    pub(crate) fn events(&self) -> (u64, u64) {
        (self.posts, self.posts.saturating_sub(u64::try_from(self.ids.len()).unwrap_or(0)))
    }

    /// Posts of forms, and how many of them were heard again.
    pub(crate) fn forms(&self) -> (u64, u64) {
        let known: usize = self.forms.values().map(HashSet::len).sum();
        (self.forms_posted, self.forms_posted.saturating_sub(u64::try_from(known).unwrap_or(0)))
    }

    /// Payments of which a capture was told.
    pub(crate) fn captures(&self) -> usize {
        self.events.keys().filter(|(_, kind)| kind == "payment.captured").count()
    }

    /// What was wrong with posts themselves.
    pub(crate) fn faults(&self) -> &[String] {
        &self.faults
    }

    /// What is missing or too much about one thing: `kinds` must each have been told, by one event.
    pub(crate) fn of(&self, about: &str, kinds: &[&str]) -> Vec<String> {
        let count =
            |kind: &str| self.events.get(&(about.to_owned(), kind.to_owned())).map_or(0, HashSet::len);
        let wrong = kinds.iter().filter(|kind| count(kind) != 1);
        wrong.map(|kind| format!("{kind} of {about} was told by {} events", count(kind))).collect()
    }

    /// Was this never told of it?
    pub(crate) fn never(&self, about: &str, kind: &str) -> bool {
        !self.events.contains_key(&(about.to_owned(), kind.to_owned()))
    }

    /// What is wrong with what was told of a link's payments.
    pub(crate) fn of_payments(&self, payments: &[Payment]) -> Vec<String> {
        let mut wrong = Vec::new();
        for payment in payments {
            let last = match payment.state.as_str() {
                "captured" => Some("payment.captured"),
                "failed" => Some("payment.failed"),
                "held" => Some("payment.held"),
                "reversed" => Some("payment.reversed"),
                _ => None,
            };
            wrong.extend(self.of(&payment.id, last.as_slice()));
            if payment.state != "captured"
                && payment.state != "reversed"
                && !self.never(&payment.id, "payment.captured")
            {
                wrong.push(format!("payment {} is {}, and its capture was told", payment.id, payment.state));
            }
        }
        wrong
    }

    /// What is wrong with what was told by form of a link's payments.
    pub(crate) fn of_forms(&self, payments: &[Payment]) -> Vec<String> {
        let mut wrong = Vec::new();
        for payment in payments {
            let (must, must_not) = match payment.state.as_str() {
                // A rail that was asked before the money reached it says that it failed, and takes it then.
                "captured" => ("TXN_SUCCESS", None),
                "failed" => ("TXN_FAILURE", Some("TXN_SUCCESS")),
                _ => continue,
            };
            let told = self.forms.get(&payment.id);
            if !told.is_some_and(|told| told.contains(must)) {
                wrong.push(format!("{must} of payment {} was not told by form", payment.id));
            }
            if must_not.is_some_and(|word| told.is_some_and(|told| told.contains(word))) {
                wrong.push(format!("payment {} is {}, and a form said otherwise", payment.id, payment.state));
            }
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, kind: &str, about: &str) -> Told {
        Told::Event {
            id: id.to_owned(),
            kind: kind.to_owned(),
            about: about.to_owned(),
            state: String::new(),
        }
    }

    fn captured(id: &str) -> Payment {
        let rail_reference = Some(format!("SBX{id}"));
        Payment { id: id.to_owned(), state: "captured".to_owned(), amount: 1, rail_reference }
    }

    #[test]
    fn a_capture_that_was_never_told_is_missed() {
        let mut heard = Heard::default();
        assert_eq!(heard.of_payments(&[captured("7")]).len(), 1);
        heard.add(&event("1", "payment.captured", "7"));
        heard.add(&event("1", "payment.captured", "7"));
        assert_eq!(heard.of_payments(&[captured("7")]), Vec::<String>::new());
        assert_eq!(heard.events(), (2, 1));
        heard.add(&event("2", "payment.captured", "7"));
        assert_eq!(heard.of_payments(&[captured("7")]).len(), 1, "two events for one capture");
    }

    #[test]
    fn a_capture_that_is_none_was_told_too_early() {
        let mut heard = Heard::default();
        heard.add(&event("1", "payment.captured", "7"));
        let failed = Payment { state: "failed".to_owned(), ..captured("7") };
        assert!(heard.of_payments(&[failed]).iter().any(|wrong| wrong.contains("capture was told")));
    }

    #[test]
    fn an_event_stands_for_one_thing() {
        let mut heard = Heard::default();
        heard.add(&event("1", "link.created", "7"));
        heard.add(&event("1", "link.created", "8"));
        assert_eq!(heard.faults().len(), 1);
    }

    #[test]
    fn forms_tell_the_outcome() {
        let mut heard = Heard::default();
        assert_eq!(heard.of_forms(&[captured("7")]).len(), 1);
        heard.add(&Told::Form { payment: "7".to_owned(), status: "TXN_SUCCESS".to_owned() });
        assert_eq!(heard.of_forms(&[captured("7")]), Vec::<String>::new());
    }
}
