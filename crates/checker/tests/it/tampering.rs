//! Who checks the checker: what is taken away behind everybody's back is reported.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rusqlite::Connection;

use crate::harness::{End, Place, copy, turn};

const SMALL: [&str; 6] = ["--kills", "10", "--changes", "2500", "--seed", "1"];

/// The commonest status, which is that of links that wait to be paid.
const ACTIVE: &str = "(SELECT status FROM link GROUP BY status ORDER BY count(*) DESC LIMIT 1)";

fn assert_seen(end: &End, words: &str) {
    assert!(!end.success && end.said.contains(words), "not reported: {words}\n{}", end.said);
}

#[test]
fn what_is_taken_out_of_the_database_is_missed() {
    let _turn = turn();
    let place = Place::sqlite();
    let run = place.run(&SMALL);
    assert!(run.success, "{}\n{}", run.said, place.log());
    copy(&place.path("main"), &place.path("whole"));
    let untouched = place.check(&[]);
    assert!(untouched.success, "{}", untouched.said);
    let changes = [
        ("DELETE FROM link WHERE id = (SELECT max(id) FROM link)", "is not there"),
        ("DELETE FROM payment WHERE id = (SELECT max(id) FROM payment)", "do not fit"),
        ("UPDATE link SET captured = captured - 1 WHERE captured > 0", "add up to"),
        ("UPDATE link SET amount = amount + 1 WHERE amount > 0", "its amount was"),
        ("DELETE FROM link_reference WHERE value = 'R3'", "its reference was"),
    ];
    let back = format!("UPDATE link SET status = {ACTIVE}, ended_at = NULL WHERE captured = 0");
    for (sql, words) in changes.into_iter().chain([(back.as_str(), "must be cancelled")]) {
        fs::remove_dir_all(place.path("main")).unwrap();
        copy(&place.path("whole"), &place.path("main"));
        let database = Connection::open(place.path("main/kadi.db")).unwrap();
        database.pragma_update(None, "foreign_keys", false).unwrap();
        assert!(database.execute(sql, []).unwrap() > 0, "{sql} changed nothing");
        database.close().unwrap();
        assert_seen(&place.check(&[]), words);
    }
}

#[test]
fn an_older_copy_in_the_databases_place_is_reported_and_is_right_up_to_its_time() {
    let _turn = turn();
    let place = Place::sqlite();
    let [main, old, hook, when] = ["main", "old", "hook", "when"].map(|name| place.path(name));
    let (main_text, old_text, when_text) = (main.display(), old.display(), when.display());
    let script = format!(
        "#!/bin/sh\ncase $1 in\n\
         5) cp -a {main_text} {old_text}; date +%s%3N > {when_text};;\n\
         8) rm -r {main_text}; cp -a {old_text} {main_text};;\nesac\n"
    );
    fs::write(&hook, script).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o700)).unwrap();
    let run = place.run(&[SMALL.as_slice(), &["--hook", hook.to_str().unwrap()]].concat());
    assert_seen(&run, "it was acknowledged, and is not there");
    fs::remove_dir_all(&main).unwrap();
    copy(&old, &main);
    assert_seen(&place.check(&[]), "it was acknowledged, and is not there");
    let when = fs::read_to_string(&when).unwrap();
    let until_then = place.check(&["--until-ms", when.trim()]);
    assert!(until_then.success, "{}", until_then.said);
}
