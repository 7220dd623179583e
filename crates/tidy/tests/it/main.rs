//! The house's rules as tests: each failure names the place and says what to do.

#[cfg(test)]
mod addresses;
#[cfg(test)]
mod crates;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod floors;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod licences;
#[cfg(test)]
mod manifests;
#[cfg(test)]
mod metadata;
#[cfg(test)]
mod names;
#[cfg(test)]
mod ratchet;
#[cfg(test)]
mod shape;
#[cfg(test)]
mod source;
#[cfg(test)]
mod tree;
