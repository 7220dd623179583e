//! Random stories through the engine and an embedded store, each step held against a small model; and bugs
//! planted on purpose, by which the stories themselves are tested.

#[cfg(test)]
mod gate;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod play;
#[cfg(test)]
mod shrink;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod story;
#[cfg(test)]
mod till;
