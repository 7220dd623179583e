//! Proofs of the domain's rules from outside: money, links, payments, the ledger and the sandbox's stories.

#[cfg(test)]
mod acts;
#[cfg(test)]
mod amounts;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod books;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod contradictions;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod fees;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod holds;
#[cfg(test)]
mod invoices;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod link;
#[cfg(test)]
mod obligations;
#[cfg(test)]
mod one_time_codes;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod permutations;
#[cfg(test)]
mod refund_orders;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod refunds_in_excess;
#[cfg(test)]
mod resend;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod scripts;
#[cfg(test)]
mod searches;
#[cfg(test)]
mod settle;
#[cfg(test)]
mod size;
#[cfg(test)]
mod split;
#[cfg(test)]
mod split_parts;
#[cfg(test)]
mod split_refund_model;
#[cfg(test)]
mod split_refunds;
#[cfg(test)]
mod start;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod taps;
#[cfg(test)]
mod taxes;
#[cfg(test)]
mod too_much;
#[cfg(test)]
mod view;
#[cfg(test)]
mod world;
