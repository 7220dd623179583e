//! The merchants of the benchmark and the requests of their programs: every one signed, every one with a
//! reference of its own.

use kadi_dialects::paytm::sign::{PaytmKey, salt_from};
use kadi_dialects::shared::ist::ist_text;
use kadi_domain::time::DAY_MS;
use kadi_engine::clock::KadiClock;

use crate::requests::Requests;

/// Their merchant file; the first one is measured unless said otherwise. The keys are published, and only
/// ever open a sandbox in a temporary folder.
pub(crate) const MERCHANT_FILE: &str = r#"
[[merchant]]
id = "bench"
name = "Bench Traders"
paytm = { mid = "KADIBENCH00000000001", keys = [{ client_id = "C11", key = "0123456789abcdef" }] }
native = { api_key = "kadi_test_bench0000000000000000000000000001" }

[[merchant]]
id = "small"
name = "Small Shop"
paytm = { mid = "KADIBENCH00000000002", keys = [{ client_id = "C11", key = "0123456789abcdef" }] }

[[merchant]]
id = "bulk"
name = "Bulk Mailers"
paytm = { mid = "KADIBENCH00000000003", keys = [{ client_id = "C11", key = "0123456789abcdef" }] }
"#;

/// The `mid`s of that file.
pub(crate) const BENCH_MID: &str = "KADIBENCH00000000001";
pub(crate) const SMALL_MID: &str = "KADIBENCH00000000002";
pub(crate) const BULK_MID: &str = "KADIBENCH00000000003";

/// The address of the call that is measured.
pub(crate) const CREATE_PATH: &str = "/paytm/link/create";
/// What stands in the answer to a link that was made.
pub(crate) const MADE: &str = "\"resultStatus\":\"SUCCESS\"";
/// The header line of a caller of Kadi's own API.
pub(crate) const AUTHORIZATION: &str =
    "Authorization: Bearer kadi_test_bench0000000000000000000000000001\r\n";

const KEY: &str = "0123456789abcdef";
/// Links live for so long.
const LIFE_DAYS: i64 = 30;

/// The order in which references come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Each greater than the one before, as invoice numbers are.
    Rising,
    /// In no order at all, as random order ids are.
    Random,
}

impl Order {
    /// The reference with this number: no other number gives the same one.
    pub(crate) fn reference(self, number: u64) -> String {
        match self {
            Self::Rising => format!("INV-{number:012}"),
            Self::Random => format!("{:016x}", scattered(number)),
        }
    }
}

/// Who is asked to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Customer {
    /// The request names nobody.
    Nobody,
    /// It names a person with mobile number and e-mail address, who is not written to.
    Named,
    /// The same, and that person gets an SMS.
    Written,
}

/// A permutation of the numbers of 64 bits (the finalizer of splitmix64), so that nothing comes twice.
pub(crate) const fn scattered(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The program that asks for links.
pub(crate) struct Shop {
    mid: &'static str,
    key: PaytmKey,
    timestamp: String,
    expiry: String,
    next: u64,
}

impl Shop {
    /// A merchant's program whose links live for 30 days from now on.
    pub(crate) fn new(mid: &'static str) -> Result<Self, String> {
        let now = KadiClock::new(0).now();
        let expiry = ist_text(now.plus_ms(LIFE_DAYS * DAY_MS).ms()).ok_or("a date outside the calendar")?;
        let key = PaytmKey::new(KEY).map_err(|fault| fault.to_string())?;
        let timestamp = now.seconds().to_string();
        Ok(Self { mid, key, timestamp, expiry, next: 1 })
    }

    /// So many signed requests, none of which was ever made before, for this address.
    pub(crate) fn creates(&mut self, path: &str, customer: Customer, count: usize) -> Requests {
        let mut requests = Requests::once();
        for _ in 0..count {
            let text = self.create(customer);
            requests.add_post(path, &text);
        }
        requests
    }

    fn create(&mut self, customer: Customer) -> String {
        let number = self.next;
        self.next += 1;
        let contact = match customer {
            Customer::Nobody => String::new(),
            Customer::Named | Customer::Written => format!(
                ",\"customerContact\":{{\"customerName\":\"Asha Rao\",\"customerMobile\":\"9{:09}\",\
                 \"customerEmail\":\"asha{number}@shop.example\"}}",
                number % 1_000_000_000
            ),
        };
        let body = format!(
            "{{\"mid\":\"{}\",\"linkType\":\"INVOICE\",\"linkName\":\"Order {number}\",\
             \"linkDescription\":\"Two books and a map\",\"amount\":\"{}.{:02}\",\"invoiceId\":\"{}\",\
             \"expiryDate\":\"{}\",\"merchantRequestId\":\"req-{number}\",\"sendSms\":{},\
             \"sendEmail\":false{contact}}}",
            self.mid,
            100 + number % 900,
            number % 100,
            Order::Rising.reference(number),
            self.expiry,
            customer == Customer::Written,
        );
        let [.., a, b, c, d] = scattered(number).to_be_bytes();
        let signature = self.key.sign(&body, salt_from([a, b, c, d]));
        format!(
            "{{\"head\":{{\"tokenType\":\"AES\",\"timestamp\":\"{}\",\"clientId\":\"C11\",\
             \"version\":\"v1\",\"channelId\":\"WEB\",\"signature\":\"{signature}\"}},\"body\":{body}}}",
            self.timestamp
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_requests_are_alike_and_each_is_signed() {
        let mut shop = Shop::new(BENCH_MID).unwrap();
        let texts: BTreeSet<String> = (0..100).map(|_| shop.create(Customer::Named)).collect();
        assert_eq!(texts.len(), 100);
        let key = PaytmKey::new(KEY).unwrap();
        for text in &texts {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            let (_, body) = text.split_once("\"body\":").unwrap();
            let body = body.strip_suffix('}').unwrap();
            assert!(key.verify(body, value["head"]["signature"].as_str().unwrap()), "{text}");
        }
    }

    #[test]
    fn references_rise_or_scatter_and_never_meet() {
        let rising: Vec<_> = (0..1_000).map(|number| Order::Rising.reference(number)).collect();
        assert!(rising.is_sorted());
        let random: Vec<_> = (0..1_000).map(|number| Order::Random.reference(number)).collect();
        assert!(!random.is_sorted());
        assert_eq!(random.iter().collect::<BTreeSet<_>>().len(), 1_000);
    }
}
