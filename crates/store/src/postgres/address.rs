//! Where a PostgreSQL database is, as a `postgres://` address.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::errors::whole;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// After so long without an answer from the other machine the connection counts as lost.
const LOST_AFTER: Duration = Duration::from_secs(30);

/// Where a PostgreSQL database is. It may hold a password and is never shown whole.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresAddress {
    config: Box<Config>,
}

impl PostgresAddress {
    /// Reads `postgres://user:password@host:port/database?sslmode=…`. To another machine the connection is
    /// encrypted and its certificate is checked, unless `sslmode=disable` says otherwise. The error names
    /// what is wrong, never the password.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err("it must begin with postgres://".to_owned());
        }
        let mut config = Config::from_str(text).map_err(|error| whole(&error))?;
        if config.get_hosts().is_empty() {
            return Err("it names no host".to_owned());
        }
        if config.get_user().is_none() {
            return Err("it names no user".to_owned());
        }
        let is_here = config.get_hosts().iter().all(is_this_machine);
        if config.get_ssl_mode() == SslMode::Prefer && !is_here {
            config.ssl_mode(SslMode::Require);
        }
        config.application_name("kadi").connect_timeout(CONNECT_TIMEOUT);
        config.keepalives_idle(LOST_AFTER).tcp_user_timeout(LOST_AFTER);
        Ok(Self { config: Box::new(config) })
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        Host::Unix(_) => true,
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Without the password.
impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts: Vec<String> = self
            .config
            .get_hosts()
            .iter()
            .map(|host| match host {
                Host::Tcp(name) => name.clone(),
                Host::Unix(path) => path.display().to_string(),
            })
            .collect();
        let database = self.config.get_dbname().or_else(|| self.config.get_user()).unwrap_or_default();
        write!(f, "postgres://{}/{database}", hosts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(text: &str) -> SslMode {
        PostgresAddress::parse(text).unwrap().config.get_ssl_mode()
    }

    #[test]
    fn only_this_machine_may_be_spoken_to_in_the_clear_unasked() {
        assert_eq!(mode("postgres://u:p@localhost/d"), SslMode::Prefer);
        assert_eq!(mode("postgres://u:p@127.0.0.1:5433/d"), SslMode::Prefer);
        assert_eq!(mode("postgres://u@%2Frun%2Fpg/d"), SslMode::Prefer);
        assert_eq!(mode("postgres://u:p@db.example/d"), SslMode::Require);
        assert_eq!(mode("postgres://u:p@localhost,db.example/d"), SslMode::Require);
        assert_eq!(mode("postgres://u:p@10.0.0.1/d?sslmode=disable"), SslMode::Disable);
    }

    #[test]
    fn the_password_is_never_shown() {
        let address = PostgresAddress::parse("postgres://user:geheim@localhost/books").unwrap();
        assert_eq!(format!("{address:?} {address}"), "postgres://localhost/books postgres://localhost/books");
    }

    #[test]
    fn a_bad_address_is_refused_by_what_is_wrong() {
        for (text, why) in [
            ("mysql://u@localhost/d", "postgres://"),
            ("postgres:///d", "host"),
            ("postgres://localhost/d", "user"),
            ("postgres://u:geheim@localhost/d?sslmod=off", "sslmod"),
        ] {
            let refusal = PostgresAddress::parse(text).unwrap_err();
            assert!(refusal.contains(why), "{text}: {refusal}");
            assert!(!refusal.contains("geheim"), "{refusal}");
        }
    }
}
