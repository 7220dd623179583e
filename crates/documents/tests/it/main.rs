//! What messages say and what scanners read.

#[cfg(test)]
mod message;
#[cfg(test)]
mod plain_words;
#[cfg(test)]
mod qr;
mod receipt;
