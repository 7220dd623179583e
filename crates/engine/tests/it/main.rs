//! Proofs of the engine from outside: real batches on a real store, each in a folder of its own.

#[cfg(test)]
mod admission;
#[cfg(test)]
mod bad;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod contradictions;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod gate;
#[cfg(test)]
mod ids;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod lanes;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod links;
#[cfg(test)]
mod merchants;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod note;
#[cfg(test)]
mod obligations;
#[cfg(test)]
mod once;
#[cfg(test)]
mod one_time_codes;
#[cfg(test)]
mod paying;
#[cfg(test)]
mod rail;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod reservations;
#[cfg(test)]
mod risk;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod seals;
#[cfg(test)]
mod stopping;
#[cfg(test)]
mod taps;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod unmatched;
#[cfg(test)]
mod updates;
#[cfg(test)]
mod watches;
#[cfg(test)]
mod world;
