//! The files that an operator writes: taken whole or refused with a line, and no secret is repeated.

use std::fs::{Permissions, write};
use std::os::unix::fs::PermissionsExt as _;

use kadi_domain::merchant::Feature;
use regex::Regex;
use tempfile::TempDir;

use super::secrets;
use crate::cli::{Folders, ServeArguments};
use crate::config::{KeysFile, Settings};
use crate::files::{ImportFault, parse_merchants, parse_templates};

/// The longest complaint about one mistake, in bytes.
const REASON_BYTES_MAX: usize = 4 * 1024;

/// Every fault names a line of the file.
fn judge(text: &str, faults: &[ImportFault]) {
    assert!(!faults.is_empty());
    let lines = 1 + text.bytes().filter(|byte| *byte == b'\n').count();
    for fault in faults {
        assert!((1..=lines).contains(&fault.line), "{fault}");
        assert!(!fault.reason.is_empty() && fault.reason.len() < REASON_BYTES_MAX, "{fault}");
    }
}

#[test]
fn merchant_file() {
    let (keys, _folder) = keys();
    kadi_fuzz::target!("merchant_file", 500, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let entries = match parse_merchants(text) {
            Ok(entries) => entries,
            Err(faults) => {
                judge(text, &faults);
                faults.iter().for_each(|fault| secrets::are_kept(text, &fault.to_string()));
                return;
            }
        };
        assert!(!entries.is_empty());
        for entry in entries {
            let limit = entry.limit;
            assert!(limit.min.is_positive() && limit.max.is_none_or(|max| max >= limit.min));
            assert!(limit.account_max.is_none_or(|most| most >= limit.max.unwrap_or(limit.min)));
            assert!(entry.fees.iter().all(|fee| (0..=10_000).contains(&fee.bps) && fee.flat.get() >= 0));
            assert!(entry.features.iter().all(|feature| Feature::parse(feature.word()) == Some(*feature)));
            let (blocked, accounts) = (entry.risk.blocked_mobiles.len(), entry.accounts.len());
            let (merchant, dialects, _) = entry.into_input(&keys.keyring().unwrap()).unwrap();
            assert_eq!((merchant.risk.blocked_mobiles.len(), dialects.len()), (blocked, accounts));
        }
    });
}

#[test]
fn template_file() {
    kadi_fuzz::target!("template_file", 500, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let templates = match parse_templates(text) {
            Ok(templates) => templates,
            Err(faults) => return judge(text, &faults),
        };
        assert!(!templates.is_empty());
        for field in templates.iter().flat_map(|template| &template.fields) {
            assert!(field.min_length.unwrap_or(0) <= field.max_length.unwrap_or(i64::MAX));
            let length = field.default.as_ref().map(|text| i64::try_from(text.chars().count()).unwrap());
            assert!(length.is_none_or(|length| length <= field.max_length.unwrap_or(i64::MAX)));
            let pattern =
                field.pattern.as_ref().map(|pattern| Regex::new(&format!("^(?:{pattern})$")).unwrap());
            if let (Some(pattern), Some(default)) = (pattern, &field.default) {
                assert!(pattern.is_match(default), "{default}");
            }
        }
    });
}

/// New keys, in a folder that goes with the test.
fn keys() -> (KeysFile, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (KeysFile::create(&folder.path().join("keys.toml")).unwrap(), folder)
}

#[test]
fn keys_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    write(&path, "").unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    kadi_fuzz::target!("keys_file", 300, |bytes: &[u8]| {
        write(&path, bytes).unwrap();
        match KeysFile::read(&path) {
            Ok(keys) => {
                let ring = keys.keyring().unwrap();
                let code = ring.code().encode(kadi_domain::id::LinkId::new(7)).unwrap();
                assert_eq!(ring.code().decode(&code), Some(kadi_domain::id::LinkId::new(7)));
                let names: std::collections::BTreeSet<_> = ring.prints().iter().collect();
                assert_eq!(names.len(), ring.prints().len());
                assert!(keys.sandbox_token().expose().len() >= 16);
            }
            Err(fault) => {
                let said = fault.to_string();
                assert!(said.len() < REASON_BYTES_MAX, "{said}");
                let text = String::from_utf8_lossy(bytes);
                secrets::are_kept(&text, &said);
                // Keys are long runs of hexadecimal digits.
                let digits = |c: char| !c.is_ascii_hexdigit();
                assert!(
                    said.split(digits).all(|run| run.len() < 32 || said.contains("unknown key")),
                    "{said}"
                );
            }
        }
    });
}

#[test]
fn configuration_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kadi.toml");
    write(folder.path().join("password"), "a mail password\n").unwrap();
    let folders = Folders { config: Some(path.clone()), ..Folders::default() };
    kadi_fuzz::target!("configuration_file", 300, |bytes: &[u8]| {
        write(&path, bytes).unwrap();
        let arguments =
            ServeArguments { listen: None, public_url: None, sandbox: Some(true), admin_listen: None };
        match Settings::for_serve(&folders, &arguments) {
            Ok(settings) => {
                assert!((60_000..=86_400_000).contains(&settings.reservation_ms));
                assert!(settings.listen != settings.admin_listen || settings.listen.port() == 0);
                if let Some(address) = &settings.public_url {
                    let url = url::Url::parse(address).unwrap();
                    assert!(url.has_host() && url.path() == "/" && !address.ends_with('/'), "{address}");
                    let page = url::Url::parse(&format!("{address}/p/0123456789abc")).unwrap();
                    assert_eq!((page.origin(), page.path()), (url.origin(), "/p/0123456789abc"));
                }
            }
            Err(fault) => {
                let said = fault.to_string();
                assert!(said.len() < REASON_BYTES_MAX && !said.contains("a mail password"), "{said}");
            }
        }
    });
}
