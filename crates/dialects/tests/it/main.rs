//! The dialects' tests.

#[cfg(test)]
mod amount;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod callers;
#[cfg(test)]
mod fees;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod ist;
#[cfg(test)]
mod js;
#[cfg(test)]
mod json;
#[cfg(test)]
mod native_answers;
#[cfg(test)]
mod native_invoices;
#[cfg(test)]
mod native_problems;
#[cfg(test)]
mod native_rules;
#[cfg(test)]
mod nimbbl_callers;
#[cfg(test)]
mod nimbbl_codes;
#[cfg(test)]
mod nimbbl_examples;
#[cfg(test)]
mod nimbbl_forgery;
#[cfg(test)]
mod nimbbl_links;
#[cfg(test)]
mod nimbbl_update;
#[cfg(test)]
mod nimbbl_vectors;
#[cfg(test)]
mod nimbbl_webhooks;
#[cfg(test)]
mod ntt_callbacks;
#[cfg(test)]
mod ntt_callers;
#[cfg(test)]
mod ntt_codes;
#[cfg(test)]
mod ntt_crypt;
#[cfg(test)]
mod ntt_examples;
#[cfg(test)]
mod ntt_forged_requests;
#[cfg(test)]
mod ntt_forgery;
#[cfg(test)]
mod ntt_forms;
#[cfg(test)]
mod ntt_members;
#[cfg(test)]
mod ntt_order;
#[cfg(test)]
mod ntt_sealed;
#[cfg(test)]
mod ntt_signatures;
#[cfg(test)]
mod ntt_vectors;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod paysharp_callers;
#[cfg(test)]
mod paysharp_codes;
#[cfg(test)]
mod paysharp_examples;
#[cfg(test)]
mod paysharp_order;
#[cfg(test)]
mod paysharp_resends;
#[cfg(test)]
mod paysharp_webhooks;
#[cfg(test)]
mod paytm_answers;
#[cfg(test)]
mod paytm_callbacks;
#[cfg(test)]
mod paytm_callers;
#[cfg(test)]
mod paytm_codes;
#[cfg(test)]
mod paytm_edits;
#[cfg(test)]
mod paytm_expire;
#[cfg(test)]
mod paytm_fetch;
#[cfg(test)]
mod paytm_forged_requests;
#[cfg(test)]
mod paytm_forgery;
#[cfg(test)]
mod paytm_links;
#[cfg(test)]
mod paytm_members;
#[cfg(test)]
mod paytm_order;
#[cfg(test)]
mod paytm_order_status;
#[cfg(test)]
mod paytm_requests;
#[cfg(test)]
mod paytm_resend;
#[cfg(test)]
mod paytm_sign;
#[cfg(test)]
mod paytm_splits;
#[cfg(test)]
mod paytm_transactions;
#[cfg(test)]
mod paytm_vectors;
#[cfg(test)]
mod robustness;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod splits;
#[cfg(test)]
mod support;
#[cfg(test)]
mod text;
#[cfg(test)]
mod web_address;
#[cfg(test)]
mod webhook;
