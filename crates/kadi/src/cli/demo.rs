//! What `kadi dev` prints: every credential of the demo merchant, a first link to open, a call to begin with.

use serde_json::{Map, Value};

/// The demo merchant and its first link.
///
/// None of these types has `Debug`: they hold secrets in plain text, to be shown once.
pub(crate) struct Demo {
    /// The address of this server.
    pub(crate) base_url: String,
    /// The merchant file's `id`.
    pub(crate) merchant: String,
    /// The accounts of the dialects that are served, in the order in which they are shown.
    pub(crate) accounts: Vec<DemoAccount>,
    /// The first link.
    pub(crate) link: DemoLink,
}

/// What a program needs to use one dialect.
#[derive(Clone)]
pub(crate) struct DemoAccount {
    /// The dialect's key of the merchant file.
    pub(crate) dialect: &'static str,
    /// Name and value in the order in which they are shown.
    pub(crate) credentials: Vec<(&'static str, String)>,
}

/// A link to open.
#[derive(Clone, Debug)]
pub(crate) struct DemoLink {
    /// Its public code.
    pub(crate) code: String,
    /// The address of its page.
    pub(crate) url: String,
}

/// The object of `kadi dev --json`, on one line.
pub(crate) fn json(demo: &Demo) -> String {
    let mut object = members(&demo.accounts);
    object.insert("base_url".to_owned(), Value::String(demo.base_url.clone()));
    object.insert("merchant".to_owned(), Value::String(demo.merchant.clone()));
    let link = serde_json::json!({ "code": demo.link.code, "url": demo.link.url });
    object.insert("link".to_owned(), link);
    Value::Object(object).to_string()
}

/// The object of `kadi merchant create --json`, on one line.
pub(crate) fn merchant_json(merchant: &str, accounts: &[DemoAccount]) -> String {
    let mut object = members(accounts);
    object.insert("merchant".to_owned(), Value::String(merchant.to_owned()));
    Value::Object(object).to_string()
}

/// One member for each dialect.
fn members(accounts: &[DemoAccount]) -> Map<String, Value> {
    let credentials = |account: &DemoAccount| {
        let pairs = account.credentials.iter();
        Value::Object(pairs.map(|(name, value)| ((*name).to_owned(), Value::String(value.clone()))).collect())
    };
    accounts.iter().map(|account| (account.dialect.to_owned(), credentials(account))).collect()
}

/// What [`json`] says, for people. `qr` is the first link's code as drawn for a terminal; `curl` the call of
/// [`curl`].
pub(crate) fn human(demo: &Demo, qr: &str, curl: &str) -> String {
    let merchant = merchant_text(&demo.merchant, &demo.accounts);
    format!(
        "{merchant}\nA first link to pay, here or with a phone that reaches this machine:\n{}\n\n\
         {qr}\nYour own link:\n\n{curl}\n",
        demo.link.url
    )
}

/// What [`merchant_json`] says, for people.
pub(crate) fn merchant_text(merchant: &str, accounts: &[DemoAccount]) -> String {
    let mut out = format!("Merchant: {merchant}\n");
    for account in accounts {
        out.push_str(&format!("\n  {}\n", account.dialect));
        let width = account.credentials.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in &account.credentials {
            out.push_str(&format!("    {name:width$}  {value}\n"));
        }
    }
    out
}

/// A call that makes a link through Kadi's own API.
pub(crate) fn curl(base_url: &str, api_key: &str) -> String {
    format!(
        "curl -sS {base_url}/v1/links \\\n  -H 'Authorization: Bearer {api_key}' \\\n  \
         -H 'Content-Type: application/json' \\\n  \
         -d '{{\"kind\":\"fixed\",\"amount\":49900,\"currency\":\"INR\",\"name\":\"Course fees\"}}'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Demo {
        Demo {
            base_url: "http://127.0.0.1:8080".to_owned(),
            merchant: "demo".to_owned(),
            accounts: vec![
                DemoAccount {
                    dialect: "alpha",
                    credentials: vec![("mid", "KADI1".to_owned()), ("client_id", "C11".to_owned())],
                },
                DemoAccount { dialect: "native", credentials: vec![("api_key", "kadi_test_x".to_owned())] },
            ],
            link: DemoLink { code: "abc".to_owned(), url: "http://127.0.0.1:8080/p/abc".to_owned() },
        }
    }

    #[test]
    fn the_object_has_a_member_for_each_dialect() {
        let expected = serde_json::json!({
            "base_url": "http://127.0.0.1:8080",
            "merchant": "demo",
            "alpha": {"mid": "KADI1", "client_id": "C11"},
            "native": {"api_key": "kadi_test_x"},
            "link": {"code": "abc", "url": "http://127.0.0.1:8080/p/abc"},
        });
        let printed = json(&demo());
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), expected);
        assert!(!printed.contains('\n'));
    }

    #[test]
    fn a_new_merchant_is_told_in_the_same_form() {
        let accounts = demo().accounts;
        let printed: Value = serde_json::from_str(&merchant_json("demo", &accounts)).unwrap();
        let whole: Value = serde_json::from_str(&json(&demo())).unwrap();
        for member in ["merchant", "alpha", "native"] {
            assert_eq!(printed[member], whole[member]);
        }
        assert_eq!(printed.as_object().unwrap().len(), 3);
        assert!(human(&demo(), "", "").starts_with(&merchant_text("demo", &accounts)));
    }

    #[test]
    fn people_see_every_credential_the_link_its_code_and_a_call() {
        let call = curl("http://127.0.0.1:8080", "kadi_test_x");
        let printed = human(&demo(), "█▀▄\n", &call);
        for part in
            ["demo", "  alpha\n    mid        KADI1\n    client_id  C11\n", "    api_key  kadi_test_x\n"]
        {
            assert!(printed.contains(part), "{part} in {printed}");
        }
        for part in ["\nhttp://127.0.0.1:8080/p/abc\n", "█▀▄\n", "Bearer kadi_test_x", "/v1/links"] {
            assert!(printed.contains(part), "{part} in {printed}");
        }
    }
}
