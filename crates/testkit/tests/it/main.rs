//! Proofs of the layer and, through it, that Kadi loses nothing when disks fail.

#[cfg(test)]
mod check;
#[cfg(test)]
mod cuts;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod gate;
#[cfg(test)]
mod layer;
#[cfg(test)]
mod power;
#[cfg(test)]
mod run;
#[cfg(test)]
mod script;
#[cfg(test)]
mod steps;
#[cfg(test)]
mod stock;
#[cfg(test)]
mod syncs;
#[cfg(test)]
mod work;
#[cfg(test)]
mod world;
