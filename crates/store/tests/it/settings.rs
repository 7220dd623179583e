//! Every setting under which a promise would not hold is refused by its name.

use kadi_store::{Found, Trouble, check};

fn good() -> Found {
    Found {
        version: 3_051_003,
        journal_mode: "wal".into(),
        synchronous: 2,
        page_size: 4_096,
        wal_autocheckpoint: 0,
        application_id: 0,
    }
}

#[test]
fn the_right_settings_pass() {
    assert_eq!(check(&good()), Ok(()));
    assert_eq!(check(&Found { version: 3_054_000, ..good() }), Ok(()));
}

#[test]
fn every_wrong_setting_is_named() {
    let table = [
        (Found { version: 3_051_002, ..good() }, "SQLite 3051002"),
        (Found { journal_mode: "delete".into(), ..good() }, "journal_mode is delete"),
        (Found { synchronous: 1, ..good() }, "synchronous is 1"),
        (Found { synchronous: 0, ..good() }, "synchronous is 0"),
        (Found { page_size: 1_024, ..good() }, "page_size is 1024"),
        (Found { wal_autocheckpoint: 1_000, ..good() }, "wal_autocheckpoint is 1000"),
    ];
    for (found, name) in table {
        let refusal = check(&found);
        assert!(matches!(&refusal, Err(Trouble::Down(what)) if what.starts_with(name)), "{refusal:?}");
    }
}
