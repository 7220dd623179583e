//! The merchants of a campaign: their credentials, and the file that `kadi merchant import` reads.

/// A merchant.
#[derive(Debug)]
pub(crate) struct Merchant {
    pub(crate) id: &'static str,
    pub(crate) api_key: &'static str,
    /// The account and the key of the signed dialect.
    pub(crate) account: &'static str,
    pub(crate) key: &'static [u8; 16],
    /// Has own webhooks, so that every step of its links is told.
    pub(crate) is_told: bool,
}

/// All of them; journals name them by their place.
pub(crate) const MERCHANTS: [Merchant; 3] = [
    Merchant {
        id: "first",
        api_key: "kadi_test_first0checker0first0checker0aa",
        account: "KADICHECKERFIRST0001",
        key: b"Ck#1firstChecker",
        is_told: false,
    },
    Merchant {
        id: "second",
        api_key: "kadi_test_second0checker0second0checker0",
        account: "KADICHECKERSECOND002",
        key: b"Ck#2secondChecke",
        is_told: false,
    },
    Merchant {
        id: "told",
        api_key: "kadi_test_told0checker0told0checker0told",
        account: "KADICHECKERTOLD00003",
        key: b"Ck#3toldChecker0",
        is_told: true,
    },
];

/// Where own webhooks are posted on the endpoint.
pub(crate) const WEBHOOK_PATH: &str = "/events";
/// Where forms about payments are posted.
pub(crate) const CALLBACK_PATH: &str = "/payments";

/// The merchant file; `endpoint` is `host:port`.
pub(crate) fn file(endpoint: &str) -> String {
    let mut text = String::new();
    for Merchant { id, api_key, account, key, is_told } in &MERCHANTS {
        let key = String::from_utf8_lossy(key.as_slice());
        let url = if *is_told {
            format!(", webhook_url = \"http://{endpoint}{WEBHOOK_PATH}\"")
        } else {
            String::new()
        };
        text.push_str(&format!(
            "[[merchant]]\nid = \"{id}\"\nname = \"Merchant {id}\"\n\
             paytm = {{ mid = \"{account}\", keys = [{{ client_id = \"C11\", key = \"{key}\" }}] }}\n\
             native = {{ api_key = \"{api_key}\", \
             webhook_secret = \"whsec_Y2hlY2tlcmNoZWNrZXJjaGVja2VyY2hlY2tlcg==\"{url} }}\n\n"
        ));
    }
    text
}
