//! What messages say, what scanners read, and what independent tools read from invoices.

#[cfg(test)]
mod hostile_invoices;
#[cfg(test)]
mod invoice;
mod invoices;
#[cfg(test)]
mod message;
#[cfg(test)]
mod plain_words;
#[cfg(test)]
mod qr;
mod receipt;
#[cfg(test)]
mod sums_in_words;
