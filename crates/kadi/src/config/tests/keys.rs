//! The file of keys: made, read, refused.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::config::KeysFile;

const ONE: &str = "0101010101010101010101010101010101010101010101010101010101010101";

fn mode_of(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Writes a file that only its owner may read, and gives the reason why it is refused.
fn reason(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let fault = KeysFile::read(&path).unwrap_err().to_string();
    fault.replace(&format!("{}/", folder.path().display()), "")
}

/// A valid file in which every key is another repeated byte.
fn valid() -> String {
    let key = |digit: &str| digit.repeat(64);
    format!(
        "code = \"{ONE}\"\nblind = \"{}\"\nsandbox_token = \"kadi_sandbox_0123456789\"\n\
         [[seal]]\nid = 2\nkey = \"{}\"\n[[seal]]\nid = 1\nkey = \"{}\"\n[[books]]\nid = 1\nkey = \"{}\"\n",
        key("2"),
        key("3"),
        key("4"),
        key("5")
    )
}

#[test]
fn new_keys_are_the_owners_alone_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/data/keys.toml");
    let made = KeysFile::create(&path).unwrap();
    assert_eq!(mode_of(&path), 0o600);
    assert_eq!(mode_of(path.parent().unwrap()), 0o700);
    let read = KeysFile::read(&path).unwrap();
    assert_eq!(made.keyring().unwrap().prints(), read.keyring().unwrap().prints());
    assert_eq!(made.sandbox_token(), read.sandbox_token());
    let names: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(names.len(), 1, "no draft is left behind: {names:?}");
}

#[test]
fn two_installations_share_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let one = KeysFile::create(&folder.path().join("a.toml")).unwrap();
    let other = KeysFile::create(&folder.path().join("b.toml")).unwrap();
    let prints = other.keyring().unwrap().prints().to_vec();
    assert!(
        one.keyring()
            .unwrap()
            .prints()
            .iter()
            .all(|(_, print)| prints.iter().all(|(_, other)| print != other))
    );
    assert_ne!(one.sandbox_token(), other.sandbox_token());
}

#[test]
fn existing_keys_are_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    let first = KeysFile::create(&path).unwrap();
    let again = KeysFile::create(&path).unwrap();
    assert_eq!(first.keyring().unwrap().prints(), again.keyring().unwrap().prints());
}

#[test]
fn the_newest_key_comes_last_wherever_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    KeysFile::create(&path).unwrap();
    std::fs::write(&path, valid()).unwrap();
    let ring = KeysFile::read(&path).unwrap().keyring().unwrap();
    let names: Vec<_> = ring.prints().iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["code.0", "blind.0", "seal.1", "seal.2", "books.1"]);
}

#[test]
fn a_file_that_others_may_read_or_write_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    KeysFile::create(&path).unwrap();
    for mode in [0o640, 0o604, 0o644, 0o660, 0o620] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let fault = KeysFile::read(&path).unwrap_err().to_string();
        let expected =
            format!("{}: other users may read or change the keys (mode {mode:04o})", path.display());
        assert!(fault.starts_with(&expected), "{fault}");
    }
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
    assert!(KeysFile::read(&path).is_ok());
}

#[test]
fn every_bad_line_is_named_without_the_key() {
    let table = [
        (valid().replace("code =", "cod ="), "keys.toml, line 1, cod: unknown key"),
        (valid().replace(ONE, "01"), "keys.toml, line 1, code: is not a key of 64 hexadecimal digits"),
        (
            valid().replace(ONE, &"A".repeat(64)),
            "keys.toml, line 1, code: is not a key of 64 hexadecimal digits",
        ),
        (valid().replace(ONE, &"0".repeat(64)), "keys.toml, line 1, code: is no random key"),
        (valid().replace(ONE, &"2".repeat(64)), "keys.toml, line 2, blind: is the same as another key"),
        (valid().replace(&"5".repeat(64), &"3".repeat(64)), "line 12, books.key: is the same as another key"),
        (valid().replace("id = 2", "id = 1"), "keys.toml, line 8, seal.id: is 0 or stands twice"),
        (valid().replace("id = 2", "id = 0"), "keys.toml, line 5, seal.id: is 0 or stands twice"),
        (
            valid().replace("kadi_sandbox_0123456789", "short"),
            "keys.toml, line 3, sandbox_token: has fewer than 16",
        ),
        (valid().replace("[[books]]", "[[seal]]").replace("id = 1", "id = 7"), "missing field `books`"),
        ("seal = []\n".to_owned() + &valid().replace("[[seal]]", "[[other]]"), "other: unknown key"),
    ];
    for (text, expected) in table {
        let reason = reason(&text);
        assert!(reason.contains(expected), "{text}\ngave: {reason}\nexpected: {expected}");
        assert!(!reason.contains("22222222"), "{reason}");
    }
}

#[test]
fn a_list_without_keys_is_refused() {
    let head = valid().lines().take(3).collect::<Vec<_>>().join("\n");
    let text = format!("{head}\nseal = []\n[[books]]\nid = 1\nkey = \"{}\"\n", "5".repeat(64));
    assert_eq!(reason(&text), "keys.toml, line 4, seal: has no key");
}

#[test]
fn a_folder_or_an_absent_file_is_no_file_of_keys() {
    let folder = tempfile::tempdir().unwrap();
    assert!(KeysFile::read(folder.path()).unwrap_err().to_string().ends_with("is not a file of keys"));
    let absent = folder.path().join("keys.toml");
    assert!(KeysFile::read(&absent).unwrap_err().to_string().contains("keys.toml: No such file"));
}
