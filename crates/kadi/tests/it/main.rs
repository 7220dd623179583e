//! Kadi from outside: the built binary, real clients, a real browser, a real mail server.

#[cfg(test)]
mod harness;

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod books;
mod browser;
#[cfg(test)]
mod callbacks;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod native_idempotency;
#[cfg(test)]
mod native_links;
#[cfg(test)]
mod paytm_codes;
#[cfg(test)]
mod paytm_create;
#[cfg(test)]
mod paytm_expiry;
#[cfg(test)]
mod paytm_invoice;
#[cfg(test)]
mod paytm_order;
#[cfg(test)]
mod paytm_refused;
#[cfg(test)]
mod paytm_texts;
#[cfg(test)]
mod paytm_transport;
#[cfg(test)]
mod peers_alone;
#[cfg(test)]
mod sandbox_pay;
#[cfg(test)]
mod webhooks;
