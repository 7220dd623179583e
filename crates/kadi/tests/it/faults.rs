//! A disk that is full, files that may only be read, a database that goes away: a defined answer, nothing
//! that was acknowledged is lost, and work goes on without a restart when the fault is gone.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::disk::{Disk, DiskFault};
use crate::harness::http::Call;
use crate::harness::load::{Load, all_links, not_now};
use crate::harness::outage::{nothing_is_written, wait_for_recovery};
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::server::{Server, Surroundings};
use crate::harness::shop::Shop;
use crate::harness::wait::wait_until;
use crate::paytm_call_codes::CALLS;

/// A server whose data folder lies on a disk that can fail.
fn server() -> (Server, Disk) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::below(&folder.path().join("data"));
    let surroundings = disk.surroundings();
    (Server::embedded(folder, surroundings), disk)
}

#[test]
fn a_full_disk_and_one_that_is_read_only_stop_those_who_write_and_nobody_else() {
    let (mut server, disk) = server();
    let paid = {
        let shop = Shop::open(&server, "faulty");
        let (open, paid) = (shop.link(&fixed()), shop.link(&fixed()));
        server.pay(text(&paid["code"]), "success");
        for (fault, reason) in [
            (DiskFault::Full, "database or disk is full"),
            (DiskFault::ReadOnly, "disk I/O error"),
            (DiskFault::NoSync, "disk I/O error"),
        ] {
            disk.fail(fault);
            // The first to meet a failing disk may hear that nobody knows, the others that nothing was done.
            not_now(&shop.post_json("/v1/links", &fixed()));
            nothing_is_written(&shop, text(&open["code"]), reason);
            assert_eq!(shop.show(&paid)["status"], "completed", "reads go on");
            assert_eq!(server.send(&Call::get(&format!("/p/{}", text(&open["code"])))).status, 200);
            disk.mend();
            wait_for_recovery(&server);
            shop.link(&fixed());
            shop.create(&shop.fixed()).ok();
        }
        assert_eq!(server.log().matches("the store does not answer").count(), 3, "once for each fault");
        assert_eq!(server.log().matches("the store answers again").count(), 3);
        paid
    };
    server.kill9();
    server.start_again();
    assert_eq!(Shop::credentials(&server, "faulty").show(&paid)["status"], "completed");
    server.verify();
}

/// The first to meet the failing disk may hear 502: nobody knows whether its link was made.
#[test]
pub(crate) fn a_full_disk_in_paytms_words() {
    let (server, disk) = server();
    let shop = Shop::open(&server, "wordy");
    disk.fail(DiskFault::Full);
    let first = shop.create(&shop.fixed());
    assert!(["501", "502"].contains(&first.code()), "{}", first.text);
    let refused = shop.create(&shop.fixed());
    let told = (refused.http, refused.code(), refused.message());
    assert_eq!(told, (503, "501", "Internal Server Error"), "{}", refused.text);
    assert_eq!(refused.value["body"]["resultInfo"]["resultStatus"], "FAILED");
    disk.mend();
    wait_for_recovery(&server);
    shop.create(&shop.fixed()).ok();
    server.verify();
}

#[test]
fn faults_under_load_lose_nothing_that_was_acknowledged() {
    let (mut server, disk) = server();
    let load = Load::default();
    {
        let shop = Shop::open(&server, "loaded");
        load.run(&shop, || {
            for fault in [DiskFault::Full, DiskFault::NoSync, DiskFault::ReadOnly, DiskFault::Full] {
                std::thread::sleep(Duration::from_millis(300));
                let before = load.deeds().len();
                disk.fail(fault);
                std::thread::sleep(Duration::from_millis(300));
                disk.mend();
                wait_for_recovery(&server);
                wait_until("work to go on", || load.deeds().len() > before + 10);
            }
        });
    }
    assert!(load.refused()["unavailable"] > 0, "{:?}", load.refused());
    server.kill9();
    server.start_again();
    let shop = Shop::credentials(&server, "loaded");
    // What a rail took while its word could not be recorded is asked for.
    server.advance(3_600);
    let links = all_links(&shop);
    for deed in load.deeds().iter() {
        let link = &links[text(&deed.link["id"])];
        let captured = if deed.is_payment { 100_000 } else { 0 };
        assert!(link["amount_captured"].as_i64() >= Some(captured), "{link}");
    }
    let booked = links.values().filter(|link| link["status"] == "completed").count();
    assert!(booked >= load.deeds().iter().filter(|deed| deed.is_payment).count());
    server.verify();
}

#[test]
fn a_limit_on_the_size_of_files_is_a_full_disk_and_not_the_end() {
    let server = Server::embedded(tempfile::tempdir().unwrap(), Surroundings::default());
    let shop = Shop::open(&server, "limited");
    let limit = |soft: &str| {
        let id = server.id().to_string();
        let done = Command::new("prlimit").args(["--pid", &id, &format!("--fsize={soft}:")]).status();
        assert!(done.unwrap().success());
    };
    limit(&std::fs::metadata(server.data().join("kadi.db-wal")).unwrap().len().to_string());
    not_now(&shop.post_json("/v1/links", &fixed()));
    problem(&shop.post_json("/v1/links", &fixed()), 503, "unavailable");
    limit("unlimited");
    wait_for_recovery(&server);
    shop.link(&fixed());
    server.verify();
}

#[test]
fn a_log_that_cannot_be_written_is_nobodys_trouble() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::below(&folder.path().join("data"));
    let mut surroundings = disk.surroundings();
    surroundings.log = Some("/dev/full".into());
    surroundings.variables.push(("KADI_LOG", "trace".into()));
    let server = Server::embedded(folder, surroundings);
    let shop = Shop::open(&server, "silent");
    let link = shop.link(&fixed());
    disk.fail(DiskFault::Full);
    not_now(&shop.post_json("/v1/links", &fixed()));
    disk.mend();
    wait_for_recovery(&server);
    server.pay(text(&link["code"]), "success");
    server.verify();
}

/// A server whose database is not in its place writes nothing, and tells no more than what it has in mind.
fn nothing_is_answered(shop: &Shop<'_>, link: &Value, reason: &str) {
    let server = shop.server;
    for answer in [
        shop.post_json("/v1/links", &fixed()),
        server.pay_with(text(&link["code"]), &json!({"outcome": "success"})),
        shop.get("/v1/links"),
        shop.get("/v1/events"),
    ] {
        not_now(&answer);
    }
    let (status, said) = server.readiness();
    assert!(status == 503 && said.contains(reason), "{status} {said}");
}

#[test]
fn a_data_folder_that_goes_away_is_missed_and_welcome_back() {
    let server = Server::embedded(tempfile::tempdir().unwrap(), Surroundings::default());
    let shop = Shop::open(&server, "away");
    let link = shop.link(&fixed());
    let away = server.data().with_file_name("away");
    for _ in 0..2 {
        std::fs::rename(server.data(), &away).unwrap();
        nothing_is_answered(&shop, &link, "kadi.db");
        std::fs::rename(&away, server.data()).unwrap();
        wait_for_recovery(&server);
        assert_eq!(shop.show(&link), link);
        shop.link(&fixed());
    }
    server.pay(text(&link["code"]), "success");
    server.verify();
}

/// Every call about a link, without the database in which the link stands.
#[test]
pub(crate) fn a_database_that_is_gone_in_the_words_of_paytms_calls() {
    let server = Server::embedded(tempfile::tempdir().unwrap(), Surroundings::default());
    let shop = Shop::open(&server, "worded");
    let link = shop.create(&shop.fixed()).ok()["linkId"].clone();
    let away = server.data().with_file_name("away");
    std::fs::rename(server.data(), &away).unwrap();
    for call in CALLS {
        let body = json!({"mid": shop.mid, "linkId": link, "sendSms": true,
            "notifyContact": {"customerMobile": "9000000001"}});
        let refused = shop.link_call(call, &body);
        let told = (refused.http, refused.code(), refused.message());
        assert_eq!(told, (503, "501", "Internal Server Error"), "{call}: {}", refused.text);
        assert_eq!(refused.value["body"]["resultInfo"]["resultStatus"], "FAILED", "{call}");
    }
    std::fs::rename(&away, server.data()).unwrap();
    wait_for_recovery(&server);
    shop.link_call("fetch", &json!({"mid": shop.mid, "linkId": link})).ok();
    server.verify();
}

/// Moves the database with what SQLite keeps beside it.
fn move_database(data: &Path, from: &str, to: &str) {
    for end in ["", "-wal", "-shm"] {
        std::fs::rename(data.join(format!("{from}{end}")), data.join(format!("{to}{end}"))).unwrap();
    }
}

#[test]
fn another_database_in_the_place_of_its_own_is_never_written_to() {
    let server = Server::embedded(tempfile::tempdir().unwrap(), Surroundings::default());
    let shop = Shop::open(&server, "replaced");
    let link = shop.link(&fixed());
    let other = Server::embedded(tempfile::tempdir().unwrap(), Surroundings::default());
    move_database(&server.data(), "kadi.db", "own.db");
    for end in ["", "-wal", "-shm"] {
        let name = format!("kadi.db{end}");
        std::fs::copy(other.data().join(&name), server.data().join(&name)).unwrap();
    }
    let before = std::fs::read(server.data().join("kadi.db-wal")).unwrap();
    nothing_is_answered(&shop, &link, "kadi.db is another file than the one in use");
    assert_eq!(std::fs::read(server.data().join("kadi.db-wal")).unwrap(), before);
    move_database(&server.data(), "kadi.db", "other.db");
    move_database(&server.data(), "own.db", "kadi.db");
    wait_for_recovery(&server);
    assert_eq!(shop.show(&link), link);
    server.verify();
}

#[test]
fn into_a_deleted_database_nothing_is_acknowledged() {
    for end in ["", "-wal", "-shm"] {
        let server = Server::embedded(tempfile::tempdir().unwrap(), Surroundings::default());
        let shop = Shop::open(&server, "deleted");
        let link = shop.link(&fixed());
        std::fs::remove_file(server.data().join(format!("kadi.db{end}"))).unwrap();
        not_now(&shop.post_json("/v1/links", &fixed()));
        if end.is_empty() {
            nothing_is_answered(&shop, &link, "kadi.db");
        }
        assert_eq!(server.send(&Call::get("/healthz")).status, 200);
    }
}
