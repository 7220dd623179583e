//! `kadi backup` beside a loaded server, and `kadi restore`: what was acknowledged before is in it, nothing
//! is half there, and a server goes on from it without giving anything a name that somebody knows already.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::http::{Call, Message};
use crate::harness::load::{Deed, Load, all_links};
use crate::harness::own_api::{fixed, text};
use crate::harness::server::{Server, Surroundings, kadi};
use crate::harness::shop::{Shop, WEBHOOK_PATH};
use crate::harness::wait::wait_for;

const BACKUPS: usize = 10;

fn embedded() -> Server {
    Server::embedded(tempfile::tempdir().unwrap(), Surroundings::default())
}

/// Runs a command on this data folder.
fn run(data: &Path, arguments: &[&str]) -> Output {
    kadi().args(arguments).arg("--data").arg(data).output().expect("kadi runs")
}

/// What a command said; panics unless it succeeded.
fn said(output: Output) -> String {
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
    out
}

/// The complaint of a command that failed.
fn complaint(output: Output) -> String {
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A new data folder with the keys of this server, filled from a backup.
fn restored(server: &Server, file: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::copy(server.data().join("keys.toml"), data.join("keys.toml")).unwrap();
    let told = said(run(&data, &["restore", file.to_str().unwrap()]));
    assert!(told.contains("the keys in") && told.contains("fit"), "{told}");
    folder
}

/// A backup, and the time around its making.
struct Made {
    file: PathBuf,
    began: Instant,
    ended: Instant,
}

/// Backups of a loaded server at moments that nobody chose.
fn backups(server: &Server, shelf: &Path) -> Vec<Made> {
    let mut made = Vec::new();
    for number in 0..BACKUPS {
        let random = RandomState::new().hash_one(number);
        std::thread::sleep(Duration::from_millis(50 + random % 300));
        let file = shelf.join(format!("backup-{number}"));
        let began = Instant::now();
        server.kadi_ok(&["backup", file.to_str().unwrap()]);
        made.push(Made { file, began, ended: Instant::now() });
    }
    made
}

/// A backup holds what was acknowledged before it began, and nothing that was asked for after it ended.
fn holds(made: &Made, links: &BTreeMap<String, Value>, deeds: &[Deed]) {
    for deed in deeds {
        let (id, link) = (text(&deed.link["id"]), links.get(text(&deed.link["id"])));
        let is_in = match (link, deed.is_payment) {
            (Some(link), true) => link["status"] == "completed" && link["amount_captured"] == 100_000,
            (Some(link), false) => link["code"] == deed.link["code"],
            (None, _) => false,
        };
        assert!(is_in || deed.answered >= made.began, "{id} was acknowledged before: {link:?}");
        assert!(!is_in || deed.began <= made.ended, "{id} was asked for after the backup: {link:?}");
    }
}

#[test]
fn backups_of_a_loaded_server_are_restored_whole() {
    let (server, shelf, load) = (embedded(), tempfile::tempdir().unwrap(), Load::default());
    let shop = Shop::open(&server, "busy");
    let made = load.run(&shop, || backups(&server, shelf.path()));
    server.verify();
    let deeds = load.deeds().clone();
    assert!(load.refused().is_empty() && deeds.len() > BACKUPS, "{:?}", load.refused());
    let newest = deeds.iter().map(|deed| text(&deed.link["id"]).parse::<i64>().unwrap()).max();
    let mut sizes = Vec::new();
    for made in &made {
        let folder = restored(&server, &made.file);
        said(run(&folder.path().join("data"), &["verify"]));
        let server = Server::embedded(folder, Surroundings::default());
        let shop = Shop::credentials(&server, "busy");
        let links = all_links(&shop);
        holds(made, &links, &deeds);
        for link in links.values().take(3) {
            assert_eq!(shop.show(link), *link);
            let page = server.send(&Call::get(&format!("/p/{}", text(&link["code"]))));
            assert_eq!(page.status, 200, "{}", page.text());
        }
        let new = shop.link(&fixed());
        assert!(text(&new["id"]).parse().ok() > newest, "an id above all that anybody knows");
        server.pay(text(&new["code"]), "success");
        server.verify();
        sizes.push(links.len());
    }
    assert!(sizes.windows(2).all(|pair| pair[0] < pair[1]), "the server went on meanwhile: {sizes:?}");
}

#[test]
fn a_backup_names_its_instant_and_the_keys_and_replaces_nothing() {
    let server = embedded();
    let file = server.data().with_file_name("b");
    let told = server.kadi_ok(&["backup", file.to_str().unwrap()]);
    let keys = server.data().join("keys.toml");
    assert!(told.contains(keys.to_str().unwrap()) && told.contains("answered before 20"), "{told}");
    let again = complaint(server.kadi(&["backup", file.to_str().unwrap()]));
    assert!(again.contains("exists already"), "{again}");
    let nowhere = complaint(run(&server.data().with_file_name("empty"), &["backup", "/tmp/never"]));
    assert!(nowhere.contains("unable to open database file"), "{nowhere}");
    assert!(!server.data().with_file_name("empty").exists() && !Path::new("/tmp/never").exists());
}

#[test]
fn a_restore_changes_nothing_where_it_does_not_fit() {
    let (server, other) = (embedded(), embedded());
    let file = server.data().with_file_name("b");
    let name = file.to_str().unwrap();
    server.kadi_ok(&["backup", name]);
    let in_use = complaint(server.kadi(&["restore", name]));
    assert!(in_use.contains("another Kadi uses the data folder"), "{in_use}");
    let home = tempfile::tempdir().unwrap();
    std::fs::copy(other.data().join("keys.toml"), home.path().join("keys.toml")).unwrap();
    let other_keys = complaint(run(home.path(), &["restore", name]));
    assert!(other_keys.contains("does not fit the backup: key code.0 is missing"), "{other_keys}");
    assert!(!home.path().join("kadi.db").exists());
    std::fs::remove_file(home.path().join("keys.toml")).unwrap();
    let no_keys = said(run(home.path(), &["restore", name]));
    assert!(no_keys.contains("put the keys of this database at"), "{no_keys}");
    let again = complaint(run(home.path(), &["restore", name]));
    assert!(again.contains("kadi.db is there"), "{again}");
    let start = complaint(run(home.path(), &["serve", "--sandbox", "--listen", "127.0.0.1:0"]));
    assert!(start.contains("the keys of this database are missing"), "{start}");
    assert!(server.data().join("kadi.db").exists());
}

/// The next webhook to arrive, whose sender waits for an answer that does not come.
fn next_post(endpoint: &TcpListener) -> (Message, TcpStream) {
    let stream = wait_for("a webhook", || endpoint.accept().ok()).0;
    stream.set_nonblocking(false).unwrap();
    let post = Message::read(&mut BufReader::new(&stream), false, false).expect("the webhook");
    (post, stream)
}

#[test]
fn what_was_under_way_at_the_instant_is_done_again_under_its_old_name() {
    let mut server = embedded();
    let endpoint = TcpListener::bind("127.0.0.1:0").unwrap();
    endpoint.set_nonblocking(true).unwrap();
    let url = format!("http://{}{WEBHOOK_PATH}", endpoint.local_addr().unwrap());
    Shop::open_with_webhook(&server, "slow", &url).link(&fixed());
    let (first, _waiting) = next_post(&endpoint);
    let file = server.data().with_file_name("b");
    server.kadi_ok(&["backup", file.to_str().unwrap()]);
    server.kill9();
    let _again = Server::embedded(restored(&server, &file), Surroundings::default());
    let (second, _waiting) = next_post(&endpoint);
    assert!(first.header("webhook-id").is_some());
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
}
