//! The merchant file of the contract, its defaults, and every mistake.

use std::collections::BTreeSet;

use kadi_domain::amount::Minor;
use kadi_domain::fee::FeeRule;
use kadi_domain::merchant::{Environment, Feature, Limit};
use kadi_domain::reference::Dialect;
use kadi_domain::seal::{Keyring, NumberedKey};
use kadi_domain::secret::Secret;

use crate::files::merchant::{MerchantEntry, parse_merchants};

/// Every key of CONTRACT.md, "Merchants, templates".
const CONTRACT: &str = include_str!("merchant.toml");

fn one(text: &str) -> MerchantEntry {
    let mut entries = parse_merchants(text).unwrap();
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

fn reasons(text: &str) -> Vec<String> {
    parse_merchants(text).unwrap_err().iter().map(ToString::to_string).collect()
}

/// Settings and credentials on lines of their own, secrets shown.
fn accounts(entry: &MerchantEntry) -> Vec<String> {
    let mut lines = Vec::new();
    for account in &entry.accounts {
        let dialect = account.dialect.0;
        for setting in &account.settings {
            let mark = if setting.identifies { " identifies" } else { "" };
            lines.push(format!("{dialect} {} = {}{mark}", setting.name, setting.value));
        }
        for credential in &account.credentials {
            assert_eq!(credential.dialect, account.dialect);
            let guard = if credential.is_bearer { "bearer" } else { "sealed" };
            let (slot, label) = (&credential.slot, &credential.label);
            lines.push(format!("{dialect} {guard} {slot} [{label}] {:?}", credential.secret.expose()));
        }
    }
    lines
}

#[test]
fn every_key_of_the_contract_is_taken() {
    let entry = one(CONTRACT);
    assert_eq!((entry.id.as_str(), entry.name.as_str(), entry.active), ("demo", "Demo Traders", true));
    assert_eq!(entry.environment, Environment::Test);
    assert_eq!(entry.vpa.as_deref(), Some("demo@kadi"));
    assert_eq!(entry.gstin.as_deref(), Some("29ABCDE1234F1Z5"));
    assert_eq!(entry.state_code.as_deref(), Some("29"));
    assert_eq!(entry.address.as_deref(), Some("12 MG Road\nBengaluru 560001"));
    assert_eq!(entry.features, BTreeSet::from(Feature::ALL));
    assert_eq!(entry.redirect_hosts, ["shop.example"]);
    assert_eq!(entry.aggregator.as_deref(), Some("agg"));
    assert_eq!(entry.resellers, ["Dipend011"]);
    let rupees = |amount: i64| Minor::new(amount * 100);
    let limit = Limit { min: rupees(1), max: Some(rupees(100_000)), account_max: Some(rupees(500_000)) };
    assert_eq!(entry.limit, limit);
    assert_eq!(entry.fees, [default_fee()]);
    assert_eq!(entry.risk.amount_max, Some(rupees(5_000)));
    assert_eq!((entry.risk.per_mobile_hour, entry.risk.per_link_hour), (Some(5), Some(50)));
    assert_eq!(entry.risk.blocked_mobiles[0].expose(), "9000000001");
    assert_eq!(entry.risk.blocked_emails[0].expose(), "thief@bank.example");
}

#[test]
fn every_dialect_gives_its_settings_and_credentials() {
    let expected = [
        "0 webhook_url = https://shop.example/k",
        "0 bearer api_key [] \"kadi_test_1\"",
        "0 sealed webhook_secret [] \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"",
        "1 mid = KADIDEMO000000000001 identifies",
        "1 webhook_url = https://shop.example/p",
        "1 sealed key [C11] \"0123456789abcdef\"",
        "2 merch_id = 446442 identifies",
        "2 return_url = https://shop.example/r",
        "2 callback_url = https://shop.example/c",
        "2 strict = false",
        "2 sealed password [] \"Test@123\"",
        "2 sealed request_hash_key [] \"rq\"",
        "2 sealed response_hash_key [] \"rs\"",
        "2 sealed encryption [] \"k1\\ns1\\nk2\\ns2\"",
        "3 webhook_url = http://127.0.0.1:9/ps",
        "3 bearer token [] \"token-one\"",
        "3 bearer token [] \"token-two\"",
        "4 access_key = access_key_1 identifies",
        "4 webhook_url = https://shop.example/n",
        "4 sealed access_secret [access_key_1] \"access_secret_1\"",
    ];
    assert_eq!(accounts(&one(CONTRACT)), expected);
}

fn default_fee() -> FeeRule {
    FeeRule::plain("*".into(), "*".into(), 100, Minor::ZERO, 1_800)
}

#[test]
fn id_and_name_suffice() {
    let entry = one("[[merchant]]\nid = \"a\"\nname = \"अ\"\n");
    assert!(
        entry.active && entry.accounts.is_empty() && entry.vpa.is_none() && entry.redirect_hosts.is_empty()
    );
    assert_eq!(entry.environment, Environment::Test);
    assert_eq!(entry.features, BTreeSet::from(Feature::ALL));
    assert_eq!(entry.limit, Limit { min: Minor::new(100), max: None, account_max: None });
    assert_eq!(entry.fees, [default_fee()]);
    assert_eq!((entry.risk.amount_max, entry.risk.per_mobile_hour), (None, None));
}

#[test]
fn several_merchants_and_singular_and_plural_keys() {
    let text = "[[merchant]]\nid = \"a\"\nname = \"A\"\nactive = false\n\
                environment = \"live\"\nfeature = []\nfee = []\n\
                [merchant.native]\napi_keys = [\"kadi_live_1\", \"kadi_live_2\"]\n\
                webhook_secrets = [\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"]\n\
                [[merchant]]\nid = \"b\"\nname = \"B\"\npaysharp = { token = \"token-one\" }\n\
                paytm = { mid = \"M1\", keys = [{ key = \"0123456789abcdef\" }] }\n";
    let entries = parse_merchants(text).unwrap();
    assert_eq!((entries[0].active, entries[0].environment), (false, Environment::Live));
    assert!(entries[0].features.is_empty() && entries[0].fees.is_empty());
    let expected = [
        "0 bearer api_key [] \"kadi_live_1\"",
        "0 bearer api_key [] \"kadi_live_2\"",
        "0 sealed webhook_secret [] \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"",
    ];
    assert_eq!(accounts(&entries[0]), expected);
    let expected =
        ["1 mid = M1 identifies", "1 sealed key [] \"0123456789abcdef\"", "3 bearer token [] \"token-one\""];
    assert_eq!(accounts(&entries[1]), expected);
}

#[test]
fn the_import_takes_blocked_contacts_as_blind_indexes() {
    let key = |byte: u8| Secret::new([byte; 32]);
    let numbered = |byte: u8| vec![NumberedKey { id: 1, key: key(byte) }];
    let ring = Keyring::new(&key(1), numbered(2), key(3), numbered(4)).unwrap();
    let (merchant, dialects, credentials) = one(CONTRACT).into_input(&ring).unwrap();
    assert_eq!(merchant.risk.blocked_mobiles, [ring.blind("mobile", "9000000001").unwrap()]);
    assert_eq!(merchant.risk.blocked_emails, [ring.blind("email", "thief@bank.example").unwrap()]);
    assert_eq!(merchant.slug, "demo");
    assert_eq!((merchant.settings.len(), credentials.len()), (10, 10));
    assert_eq!(dialects, (0..5).map(Dialect).collect());
}

#[test]
fn nothing_secret_is_printed() {
    let printed = format!("{:?}", one(CONTRACT));
    for secret in
        ["0123456789abcdef", "Test@123", "k1", "token-one", "access_secret_1", "kadi_test_1", "9000000001"]
    {
        assert!(!printed.contains(secret), "{secret}");
    }
}

/// Each line is line 4 of a file whose merchant is otherwise right.
fn check_lines(table: &[(&str, &str)]) {
    for (line, expected) in table {
        let reasons = reasons(&format!("[[merchant]]\nid = \"demo\"\nname = \"Demo\"\n{line}\n"));
        assert_eq!(reasons.len(), 1);
        let expected = format!("line 4, merchant.{expected}");
        assert!(reasons[0].starts_with(&expected), "{line}\ngave: {}\nexpected: {expected}", reasons[0]);
        for secret in ["hunter2", "short\"", "0123456789abcd"] {
            assert!(!reasons[0].contains(secret), "{}", reasons[0]);
        }
    }
}

#[test]
fn every_mistake_is_named_with_its_line_key_and_reason() {
    check_lines(&[
        ("nmae = \"x\"", "nmae: unknown key"),
        ("active = \"yes\"", "active: invalid type: text, expected a boolean"),
        ("environment = \"prod\"", "environment: is neither test nor live"),
        ("vpa = \"demo\"", "vpa: is not a UPI address"),
        ("gstin = \"29abcde1234f1z5\"", "gstin: is not of the form"),
        ("state_code = \"KA\"", "state_code: is not two digits"),
        ("address = \"\"", "address: has 1 to 6 lines"),
        ("address = \"\\n\"", "address: has 1 to 6 lines"),
        ("address = \"1 MG Road\\n \\nBengaluru\"", "address: has 1 to 6 lines, none of them empty"),
        ("address = \"1\\n2\\n3\\n4\\n5\\n6\\n7\"", "address: has 1 to 6 lines"),
        ("address = \"1 MG Road\\t2\"", "address: has 1 to 6 lines"),
        ("address = \"1 MG Road\\r\\nBengaluru\"", "address: has 1 to 6 lines"),
        ("address = \"1 \\u202eMG Road\"", "address: has 1 to 6 lines"),
        (
            "feature = [\"upi\", \"upii\"]",
            "feature: is not one of upi, payment_request, forms, split, partial",
        ),
        ("redirect_host = [\"https://shop.example\"]", "redirect_host: is not the name of a host"),
        ("redirect_host = [\"shop.example/x\"]", "redirect_host: is not the name of a host"),
        ("aggregator = \"A\"", "aggregator: has 1 to 64 of the characters"),
        ("aggregator = \"demo\"", "aggregator: is the merchant itself"),
        ("reseller = [\"\"]", "reseller: has 1 to 100 characters"),
        ("limit = { min = \"0.00\" }", "limit.min: is nothing"),
        ("limit = { min = 1.00 }", "limit.min: invalid type: floating point"),
        ("limit = { min = \"1.005\" }", "limit.min: the amount has more than two decimals"),
        ("limit = { min = \"1e2\" }", "limit.min: the amount is not a plain decimal number"),
        ("limit = { max = \"0.50\" }", "limit.max: is less than limit.min"),
        ("limit = { max = \"9\", account_max = \"8\" }", "limit.account_max: is less than limit.max"),
        ("limit = { least = \"1\" }", "limit.least: unknown key"),
        ("fee = [{ mode = \"UPI\" }]", "fee: missing field `bps`"),
        ("fee = [{ bps = 10001 }]", "fee.bps: is not between 0 and 10000"),
        ("fee = [{ bps = 1, tax_bps = -1 }]", "fee.tax_bps: is not between 0 and 10000"),
        ("fee = [{ bps = 1, flat = \"-1\" }]", "fee.flat: the amount is negative"),
        ("fee = [{ bps = 1, min = \"2\", cap = \"1.99\" }]", "fee.cap: is less than min"),
        ("fee = [{ bps = 1, mode = \"UPI\", surcharge_bps = 1 }]", "fee.surcharge: needs a mode that is"),
        ("fee = [{ bps = 1, mode = \"DC\", surcharge_flat = \"1\" }]", "fee.surcharge: needs a mode that is"),
        ("fee = [{ bps = 1, surcharge_flat = \"1\" }]", "fee.surcharge: needs a mode that is"),
        ("fee = [{ bps = 1, mode = \"CC\", surcharge_bps = 10001 }]", "fee.surcharge_bps: is not between"),
        ("fee = [{ bps = 1, mode = \"\" }]", "fee.mode: is neither * nor a word"),
        ("risk = { per_mobile_hour = 0 }", "risk.per_mobile_hour: is less than 1"),
        ("risk = { blocked_mobiles = [\"12\"] }", "risk.blocked_mobiles: is not an Indian mobile number"),
        ("risk = { blocked_emails = [\"x\"] }", "risk.blocked_emails: is not an e-mail address"),
    ]);
}

#[test]
fn every_mistake_in_a_dialects_table_is_named_too() {
    check_lines(&[
        ("paytm = { keys = [] }", "paytm: missing field `mid`"),
        ("paytm = { mid = \"\" }", "paytm.mid: a mid has 1 to 20 letters and digits"),
        ("paytm = { mid = \"ABCDEFGHIJKLMNOPQRSTU\" }", "paytm.mid: a mid has 1 to 20"),
        ("paytm = { mid = \"M-1\" }", "paytm.mid: a mid has 1 to 20"),
        ("paytm = { mid = \"M1\", keys = [{ key = \"short\" }] }", "paytm.keys.key: a key has exactly 16"),
        ("paytm = { mid = \"M1\", keys = [{ key = \"0123456789abcdé\" }] }", "paytm.keys.key: a key has"),
        ("paytm = { mid = \"M1\", keys = [{ key = 7 }] }", "paytm.keys.key: invalid type: integer"),
        ("paytm = { mid = \"M1\", key = \"0123456789abcdef\" }", "paytm.key: unknown key"),
        (
            "paytm = { mid = \"M1\", webhook_url = \"http://shop.example\" }",
            "paytm.webhook_url: the web address is not https",
        ),
        (
            "native = { webhook_url = \"https://a@shop.example\" }",
            "native.webhook_url: the web address has a user part",
        ),
        ("native = { webhook_secret = \"hunter2\" }", "native.webhook_secret: a webhook secret is whsec_"),
        ("native = { webhook_secret = \"whsec_c2hvcnQ=\" }", "native.webhook_secret: a webhook secret is"),
        ("native = { api_key = \"short\" }", "native.api_key: a bearer key has at least 8 characters"),
        ("native = { api_key = \"kadi test 1\" }", "native.api_key: a bearer key consists of ASCII"),
        ("native = { api_key = \"kadi_test_1\", api_keys = [] }", "native.api_keys: stands beside api_key"),
        (
            "native = { api_keys = [\"kadi_test_1\", \"kadi_test_1\"] }",
            "native.api_key: the same value stands twice",
        ),
        ("paysharp = { token = \"\" }", "paysharp.token: is empty"),
        ("nimbbl = { access_secret = \"x\" }", "nimbbl: missing field `access_key`"),
        ("nimbbl = { access_key = \"a b\" }", "nimbbl.access_key: 1 to 128 ASCII characters"),
        ("ntt = { merch_id = \"1\", password = \"a\\nb\" }", "ntt.password: holds a control character"),
        ("ntt = { merch_id = \"1\", strict = \"no\" }", "ntt.strict: invalid type: text, expected a boolean"),
        ("ntt = { merch_id = \"1\", encryption = { request_key = \"k\" } }", "ntt.encryption: missing field"),
        (
            "ntt = { merch_id = \"1\", encryption = { request_key = \"k\", request_salt = \"\", \
             response_key = \"k\", response_salt = \"s\" } }",
            "ntt.encryption.request_salt: is empty",
        ),
    ]);
}

#[test]
fn mistakes_of_the_whole_file() {
    let merchant = |id: &str, more: &str| format!("[[merchant]]\nid = \"{id}\"\nname = \"X\"\n{more}\n");
    let table = [
        (String::new(), "line 1: the file has no [[merchant]]"),
        ("merchant = []".to_owned(), "line 1: the file has no [[merchant]]"),
        ("[merchant]\nid = \"a\"".to_owned(), "line 1, merchant: is not a list; write [[merchant]]"),
        ("merchant = [1]".to_owned(), "line 1, merchant: is not a table"),
        ("[[merchants]]\nid = \"a\"".to_owned(), "line 1, merchants: unknown key"),
        ("[[merchant]]\nid = \"a\"".to_owned(), "line 1, merchant: missing field `name`"),
        ("[[merchant]]\nid = \"a".to_owned(), "line 2: "),
        (merchant("Demo", ""), "line 2, merchant.id: has 1 to 64 of the characters a-z, 0-9 and -"),
        (merchant("a", "") + &merchant("a", ""), "line 5, merchant: a stands twice in the file"),
        (
            merchant("a", "paytm = { mid = \"M1\" }") + &merchant("b", "paytm = { mid = \"M1\" }"),
            "line 5, merchant: b has the same mid as a",
        ),
        (
            merchant("a", "native = { api_key = \"kadi_test_1\" }")
                + &merchant("b", "native = { api_key = \"kadi_test_1\" }"),
            "line 5, merchant: b has the same api_key as a",
        ),
    ];
    for (text, expected) in table {
        let reasons = reasons(&text);
        assert!(reasons[0].starts_with(expected), "{text}\ngave: {}\nexpected: {expected}", reasons[0]);
    }
}

#[test]
fn each_merchant_tells_its_first_mistake() {
    let text = "[[merchant]]\nid = \"A\"\nname = \"\"\n\
                [[merchant]]\nid = \"b\"\nname = \"B\"\n[[merchant]]\nid = \"c\"\n";
    assert_eq!(
        reasons(text),
        [
            "line 2, merchant.id: has 1 to 64 of the characters a-z, 0-9 and -",
            "line 7, merchant: missing field `name`",
        ]
    );
}
