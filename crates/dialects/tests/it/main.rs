//! The dialects' tests.

#[cfg(test)]
mod amount;
#[cfg(test)]
mod ist;
#[cfg(test)]
mod js;
#[cfg(test)]
mod json;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod paytm_answers;
#[cfg(test)]
mod paytm_forgery;
#[cfg(test)]
mod paytm_sign;
#[cfg(test)]
mod paytm_vectors;
#[cfg(test)]
mod support;
#[cfg(test)]
mod text;
#[cfg(test)]
mod web_address;
#[cfg(test)]
mod webhook;
