//! Options, variables' values and the file.

use std::net::SocketAddr;
use std::path::Path;

use clap::Parser as _;
use kadi_store::Location;
use tempfile::TempDir;

use crate::cli::{Cli, Command};
use crate::config::fault::SettingFault;
use crate::config::{Places, Settings, default_public_url};

/// A folder with this text as `kadi.toml`.
fn folder_with(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("kadi.toml"), config).unwrap();
    folder
}

fn settings(line: &str, folder: &Path) -> Result<Settings, SettingFault> {
    let config = folder.join("kadi.toml");
    let words = line.split(' ').chain(["--config", config.to_str().unwrap()]);
    let cli = Cli::try_parse_from(std::iter::once("kadi").chain(words)).unwrap();
    match cli.command {
        Command::Dev(arguments) => Settings::for_dev(&cli.folders, &arguments),
        Command::Serve(arguments) => Settings::for_serve(&cli.folders, &arguments),
        Command::Merchant(_)
        | Command::Template(_)
        | Command::Verify(_)
        | Command::Bench(_)
        | Command::Backup { .. }
        | Command::Restore { .. } => panic!("{line} has no settings"),
    }
}

fn reason(line: &str, config: &str) -> String {
    let folder = folder_with(config);
    let fault = settings(line, folder.path()).unwrap_err().to_string();
    fault.replace(&format!("{}/", folder.path().display()), "")
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// With the embedded database in the data folder.
fn places(data: &str, keys: &str) -> Places {
    let database = Location::sqlite(Path::new(data).join("kadi.db"));
    Places { data: data.into(), database, keys: keys.into() }
}

#[test]
fn a_database_elsewhere_is_named_by_option_or_file_and_its_password_never_shown() {
    let folder = folder_with("data = \"d\"\ndatabase_url = \"postgres://u:geheim@localhost/file\"\n");
    let database = |line| settings(line, folder.path()).unwrap().places.database;
    assert!(format!("{:?}", database("dev")).contains("postgres://localhost/file"));
    let option = database("dev --database-url postgres://u@localhost/option");
    assert!(format!("{option:?}").contains("postgres://localhost/option"));
    assert!(settings("dev", folder.path()).unwrap().places.embedded().is_none());
    let refusal = reason("dev --database-url mysql://u:geheim@localhost/x", "");
    assert_eq!(refusal, "--database-url (KADI_DATABASE_URL): it must begin with postgres://");
}

#[test]
fn nothing_said_means_the_defaults_of_the_contract() {
    let folder = folder_with("");
    let dev = settings("dev", folder.path()).unwrap();
    assert_eq!(dev.listen, address("127.0.0.1:8080"));
    assert_eq!(dev.admin_listen, address("127.0.0.1:8081"));
    assert_eq!(dev.public_url, None);
    assert_eq!(dev.places, places("./kadi-data", "./kadi-data/keys.toml"));
    assert!(dev.sandbox && dev.smtp.is_none());
    assert_eq!(dev.setup(), kadi_domain::moment::Setup::sandbox());
}

#[test]
fn the_file_counts_where_no_option_was_given() {
    let folder = folder_with(
        "listen = \"10.0.0.1:80\"\nadmin_listen = \"127.0.0.1:9000\"\n\
         public_url = \"https://pay.shop.example/\"\n\
         sandbox = true\ndata = \"d\"\nkeys = \"/k/keys.toml\"\n\
         [limits]\nreservation_minutes = 5\n",
    );
    let serve = settings("serve", folder.path()).unwrap();
    assert_eq!((serve.listen, serve.admin_listen), (address("10.0.0.1:80"), address("127.0.0.1:9000")));
    assert_eq!(serve.public_url.as_deref(), Some("https://pay.shop.example"));
    assert_eq!(serve.places, places(folder.path().join("d").to_str().unwrap(), "/k/keys.toml"));
    assert_eq!(serve.setup().reservation_ms, 300_000);
}

#[test]
fn an_option_counts_before_the_file() {
    let folder = folder_with(
        "listen = \"10.0.0.1:80\"\npublic_url = \"https://a.example\"\nsandbox = false\ndata = \"d\"\n",
    );
    let line = "serve --sandbox --listen 127.0.0.1:0 --public-url http://b.example:81 --data e";
    let serve = settings(line, folder.path()).unwrap();
    assert_eq!((serve.listen, serve.admin_listen), (address("127.0.0.1:0"), address("127.0.0.1:0")));
    assert_eq!(serve.public_url.as_deref(), Some("http://b.example:81"));
    assert_eq!(serve.places, places("e", "e/keys.toml"));
}

#[test]
fn a_mail_server_is_read_with_its_password() {
    let folder = folder_with(
        "[smtp]\nhost = \"127.0.0.1\"\nport = 2525\nfrom = \"Shop <pay@shop.example>\"\ntls = \"none\"\n\
         username = \"u\"\npassword_file = \"secret\"\n",
    );
    std::fs::write(folder.path().join("secret"), "hunter2\n").unwrap();
    let dev = settings("dev", folder.path()).unwrap();
    let smtp = dev.smtp.unwrap();
    assert_eq!((smtp.host.as_str(), smtp.port), ("127.0.0.1", 2_525));
    assert!(!format!("{smtp:?}").contains("hunter2"));
}

#[test]
fn the_usual_port_follows_from_the_protection() {
    for (tls, port) in [("none", 25), ("starttls", 587), ("tls", 465)] {
        let folder =
            folder_with(&format!("[smtp]\nhost = \"localhost\"\nfrom = \"a@b.example\"\ntls = \"{tls}\"\n"));
        assert_eq!(settings("dev", folder.path()).unwrap().smtp.unwrap().port, port, "{tls}");
    }
}

#[test]
fn every_bad_setting_of_the_file_is_named_with_its_line_and_reason() {
    let smtp =
        |line: &str| format!("[smtp]\nhost = \"h.example\"\nfrom = \"a@b.example\"\ntls = \"tls\"\n{line}\n");
    let table = [
        ("listne = \"x\"".to_owned(), "kadi.toml, line 1, listne: unknown key"),
        (
            "\nlisten = 8080".to_owned(),
            "kadi.toml, line 2, listen: invalid type: integer `8080`, expected a string",
        ),
        (
            "listen = \"localhost:80\"".to_owned(),
            "kadi.toml, line 1, listen: is not an IP address with a port",
        ),
        (
            "admin_listen = \"80\"".to_owned(),
            "kadi.toml, line 1, admin_listen: is not an IP address with a port",
        ),
        ("admin_listen = \"127.0.0.1:8080\"".to_owned(), "admin_listen: is the same as listen"),
        (
            "listen = \"127.0.0.1:65535\"".to_owned(),
            "admin_listen: has no default, for no port follows 65535",
        ),
        (
            "public_url = \"pay.shop.example\"".to_owned(),
            "kadi.toml, line 1, public_url: is not a web address",
        ),
        ("public_url = \"ftp://pay.shop.example\"".to_owned(), "public_url: is neither http nor https"),
        ("public_url = \"https://pay.shop.example/kadi\"".to_owned(), "public_url: has a path"),
        ("public_url = \"https://pay.shop.example?a\"".to_owned(), "public_url: has a path, a query"),
        ("public_url = \"https://a@pay.shop.example\"".to_owned(), "public_url: names a user"),
        ("sandbox = \"yes\"".to_owned(), "line 1, sandbox: invalid type: text, expected a boolean"),
        ("trusted_proxies = [\"10.0.0.0/8\"]".to_owned(), "line 1, trusted_proxies: not served yet"),
        ("a = 1\na = 2".to_owned(), "kadi.toml, line 2: duplicate key"),
        ("database_url = \"mysql://x\"".to_owned(), "line 1, database_url: it must begin with postgres://"),
        ("sandbox = true\n[sms]\nkey = 1".to_owned(), "line 2, sms: not served yet"),
        ("[whatsapp]".to_owned(), "whatsapp: not served yet"),
        ("[retention]".to_owned(), "retention: not served yet"),
        ("[rails]".to_owned(), "rails: not served yet"),
        ("[risk]\nper_link_hour = 0".to_owned(), "line 2, risk.per_link_hour: is less than 1"),
        ("[risk]\nper_mobile_hour = 1001".to_owned(), "line 2, risk.per_mobile_hour: is more than 1000"),
        ("[risk]\namount_max = 5".to_owned(), "line 2, risk.amount_max: invalid type"),
        ("[risk]\nblocked_mobiles = [\"12\"]".to_owned(), "risk.blocked_mobiles: is not an Indian mobile"),
        ("[risk]\nblocked = []".to_owned(), "line 2, risk.blocked: unknown key"),
        (
            "[limits]\nreservation_minutes = 0".to_owned(),
            "line 2, limits.reservation_minutes: is not between 1",
        ),
        (
            "[limits]\nreservation_minutes = 1441".to_owned(),
            "limits.reservation_minutes: is not between 1 minute",
        ),
        ("[limits]\nreservations = 1".to_owned(), "line 2, limits.reservations: unknown key"),
        ("[smtp]\nhost = \"h.example\"".to_owned(), "line 1, smtp: missing field `from`"),
        (smtp("prot = 25"), "line 5, smtp.prot: unknown key"),
        (smtp("port = 65536"), "line 5, smtp.port: invalid value"),
        (smtp("username = \"u\""), "kadi.toml, line 1: smtp: username and password_file are needed together"),
        (smtp("username = \"u\"\npassword_file = \"absent\""), "line 6, smtp.password_file: No such file"),
        (smtp("").replace("\"tls\"", "\"ssl\""), "line 4, smtp.tls: is not one of none, starttls, tls"),
        (smtp("").replace("\"tls\"", "\"none\""), "is allowed to this machine only, not to h.example"),
        (smtp("").replace("a@b.example", "nobody"), "smtp: from is not an e-mail address"),
        (smtp("").replace("h.example", ""), "smtp: host is not the name or address of a server"),
    ];
    for (config, expected) in table {
        let reason = reason("dev", &config);
        assert!(reason.contains(expected), "{config}\ngave: {reason}\nexpected: {expected}");
    }
}

#[test]
fn every_bad_option_is_named_with_its_variable() {
    for (line, expected) in [
        ("serve --sandbox --listen x", "--listen (KADI_LISTEN): is not an IP address with a port"),
        ("serve --sandbox --admin-listen x", "--admin-listen (KADI_ADMIN_LISTEN): is not an IP address"),
        ("serve --sandbox --public-url x", "--public-url (KADI_PUBLIC_URL): is not a web address"),
        ("serve --sandbox=false", "--sandbox (KADI_SANDBOX): no payment rail is set up"),
        ("serve", "sandbox: no payment rail is set up"),
    ] {
        let reason = reason(line, "");
        assert!(reason.starts_with(expected), "{line}: {reason}");
    }
    assert!(reason("serve", "\nsandbox = false").starts_with("kadi.toml, line 2, sandbox: no payment rail"));
    assert!(reason("dev", "sandbox = false").ends_with("line 1, sandbox: kadi dev is always a sandbox"));
}

#[test]
fn a_password_is_one_line() {
    for bad in ["", "\n", "two\nlines\n", "a\u{0}b"] {
        let folder = folder_with(
            "[smtp]\nhost = \"h.example\"\nfrom = \"a@b.example\"\ntls = \"tls\"\n\
             username = \"u\"\npassword_file = \"p\"",
        );
        std::fs::write(folder.path().join("p"), bad).unwrap();
        let fault = settings("dev", folder.path()).unwrap_err().to_string();
        assert!(
            fault.ends_with("line 6, smtp.password_file: does not hold one line with a password"),
            "{fault}"
        );
    }
}

#[test]
fn a_named_file_that_is_absent_is_no_empty_file() {
    let folder = tempfile::tempdir().unwrap();
    let fault = settings("dev", folder.path()).unwrap_err().to_string();
    assert!(fault.contains("kadi.toml: No such file"), "{fault}");
}

#[test]
fn the_default_public_address_can_be_opened_on_this_machine() {
    for (bound, url) in [
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("[::]:80", "http://[::1]:80"),
        ("10.0.0.1:80", "http://10.0.0.1:80"),
    ] {
        assert_eq!(default_public_url(address(bound)), url);
    }
}
