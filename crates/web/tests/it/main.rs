//! The tests of the payer's pages.

#[cfg(test)]
mod amounts;
#[cfg(test)]
mod escaping;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod language;
#[cfg(test)]
mod markup;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod size;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod states;
#[cfg(test)]
mod sums;
#[cfg(test)]
mod times;
