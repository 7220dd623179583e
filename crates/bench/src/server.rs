//! Kadi's server under measurement: its data folder, its merchant, its arguments.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use kadi_domain::id::MerchantId;
use kadi_store::{Location, PostgresAddress, Reader};

use crate::child::{Server, run};
use crate::shop::MERCHANT_FILE;
use crate::workbench::told;

const SQLITE: &str = "sqlite";
const DATABASE_FILE: &str = "kadi.db";
const LOG_FILE: &str = "kadi.db-wal";
/// How often a start is tried.
const STARTS_MAX: u32 = 5;
/// Where administration addresses are looked for.
const PORT_MIN: u16 = 20_000;
const PORTS: u16 = 10_000;
static NEXT_PORT: AtomicU16 = AtomicU16::new(0);

/// A store under measurement: what the server is told, beside what it is always told.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// The data folder.
    pub(crate) data: PathBuf,
    /// Further arguments, such as the address of a database.
    pub(crate) arguments: Vec<String>,
    /// Where the store itself is.
    pub(crate) location: Location,
}

/// Batches and commits that differ from the product's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slowed {
    /// The most commands of one commit.
    pub(crate) batch_max: usize,
    /// How much longer each commit takes.
    pub(crate) commit_delay: Duration,
}

/// A running server.
pub(crate) struct Kadi {
    /// The store's name.
    pub(crate) store: &'static str,
    /// The process.
    pub(crate) server: Server,
    /// Where it tells its numbers.
    pub(crate) admin: SocketAddr,
}

impl Store {
    /// An embedded store in a new folder.
    pub(crate) fn sqlite(folder: &Path, name: &str) -> Self {
        let data = folder.join(name);
        let location = Location::sqlite(data.join(DATABASE_FILE));
        Self { name: SQLITE, data, arguments: Vec::new(), location }
    }

    /// A PostgreSQL database that holds nothing yet, and a new folder for its keys.
    pub(crate) fn postgres(folder: &Path, url: &str) -> Result<Self, String> {
        let location = Location::Postgres(PostgresAddress::parse(url)?);
        kadi_store::migrate(&location).map_err(told)?;
        let store = Self {
            name: "postgres",
            data: folder.join("postgres"),
            arguments: vec!["--database-url".to_owned(), url.to_owned()],
            location,
        };
        let is_empty = store.links()? == 0 && store.merchant()?.is_none();
        if is_empty { Ok(store) } else { Err("the database is not empty; it would be filled".to_owned()) }
    }

    /// The name of a figure of this store in the report.
    pub(crate) fn figure(&self, key: &str) -> String {
        if self.name == SQLITE { key.to_owned() } else { format!("{}_{key}", self.name) }
    }

    /// The merchant, where there is one.
    pub(crate) fn merchant(&self) -> Result<Option<MerchantId>, String> {
        let merchants = Reader::open(&self.location).and_then(|reader| reader.merchants()).map_err(told)?;
        Ok(merchants.first().map(|merchant| merchant.id))
    }

    /// The size of its database file, where it is one, with what of it still stands in the log.
    pub(crate) fn bytes(&self) -> Option<u64> {
        let bytes = |name: &str| std::fs::metadata(self.data.join(name)).map(|file| file.len()).ok();
        bytes(DATABASE_FILE).map(|file| file + bytes(LOG_FILE).unwrap_or(0))
    }

    /// How many links it holds.
    pub(crate) fn links(&self) -> Result<u64, String> {
        let count = Reader::open(&self.location).and_then(|reader| reader.link_count()).map_err(told)?;
        u64::try_from(count).map_err(|_| "a negative number of links".to_owned())
    }

    /// Imports the merchant of the benchmark.
    pub(crate) fn import(&self, program: &Path) -> Result<(), String> {
        std::fs::create_dir_all(&self.data).map_err(|error| format!("{}: {error}", self.data.display()))?;
        let file = self.data.with_extension("toml");
        std::fs::write(&file, MERCHANT_FILE).map_err(|error| format!("{}: {error}", file.display()))?;
        let mut arguments = vec!["merchant".to_owned(), "import".to_owned(), file.display().to_string()];
        arguments.extend(self.place());
        run(program, &arguments)
    }

    /// Starts the server, the product's own or a slowed one.
    pub(crate) fn start(&self, program: &Path, slowed: Option<Slowed>) -> Result<Kadi, String> {
        let mut started = self.start_once(program, slowed);
        for _ in 1..STARTS_MAX {
            if started.is_ok() {
                break;
            }
            started = self.start_once(program, slowed);
        }
        started
    }

    fn start_once(&self, program: &Path, slowed: Option<Slowed>) -> Result<Kadi, String> {
        let admin = free_address()?;
        let mut arguments = match slowed {
            None => vec!["serve".to_owned()],
            Some(slowed) => {
                let delay_us = slowed.commit_delay.as_micros();
                let (batch, delay) = (format!("--batch-max={}", slowed.batch_max), delay_us.to_string());
                vec!["bench".to_owned(), "serve".to_owned(), batch, format!("--commit-delay-us={delay}")]
            }
        };
        arguments.extend(["--sandbox".to_owned(), "--listen=127.0.0.1:0".to_owned()]);
        arguments.push(format!("--admin-listen={admin}"));
        arguments.extend(self.place());
        let server = Server::start(program, &arguments, &self.data)?;
        Ok(Kadi { store: self.name, server, admin })
    }

    fn place(&self) -> Vec<String> {
        let mut arguments = vec!["--data".to_owned(), self.data.display().to_string()];
        arguments.extend(self.arguments.iter().cloned());
        arguments
    }
}

/// A loopback address that nobody listens on, outside the range from which the kernel gives out ports by
/// itself. Another process could take it in the meantime: then the start fails, and the next is tried.
fn free_address() -> Result<SocketAddr, String> {
    let process = u16::try_from(std::process::id() % u32::from(PORTS)).unwrap_or(0);
    for _ in 0..PORTS {
        let turn = NEXT_PORT.fetch_add(1, Ordering::Relaxed);
        let port = PORT_MIN + (process.wrapping_mul(7).wrapping_add(turn)) % PORTS;
        if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            return listener.local_addr().map_err(|error| error.to_string());
        }
    }
    Err("no port is free".to_owned())
}
