//! The settings of a run: option before variable before file before default, each checked.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use kadi_domain::moment::Setup;
use kadi_domain::time::MINUTE_MS;
use kadi_engine::pace::Pace;
use kadi_outbound::channels::smtp::SmtpSettings;
use kadi_store::{Location, PostgresAddress};
use toml::Spanned;

use super::address::{DEFAULT_PORT, default_admin_address, listen_address, public_url};
use super::fault::{Given, Origin, SettingFault};
use super::file::ConfigFile;
use super::smtp::smtp;
use crate::cli::{DevArguments, Folders, ServeArguments};
use crate::files::RiskEntry;

const DEFAULT_DATA: &str = "./kadi-data";
const KEYS_FILE: &str = "keys.toml";
/// An embedded database, in the data folder.
pub(crate) const DATABASE_FILE: &str = "kadi.db";
/// A started payment that reserved for longer than a day would be a pending one.
const RESERVATION_MINUTES: std::ops::RangeInclusive<i64> = 1..=1_440;

/// Where the data and the keys lie: all that administration needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    /// The folder of the keys; of the database and the administration socket too, where it is embedded.
    pub(crate) data: PathBuf,
    /// The database.
    pub(crate) database: Location,
    /// The file of the keys.
    pub(crate) keys: PathBuf,
}

/// A server's settings.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) places: Places,
    /// For payers and merchants' programs. Port 0: any free one.
    pub(crate) listen: SocketAddr,
    /// For health and metrics. Port 0: any free one.
    pub(crate) admin_listen: SocketAddr,
    /// Scheme and host, without a final slash; none: see [`super::default_public_url`].
    pub(crate) public_url: Option<String>,
    /// The practice rail may be used.
    pub(crate) sandbox: bool,
    /// The mail server.
    pub(crate) smtp: Option<SmtpSettings>,
    /// How long a started payment reserves its amount, in milliseconds.
    pub(crate) reservation_ms: i64,
    /// The platform's risk rules.
    pub(crate) risk: RiskEntry,
    /// How the engine batches; other than the default only in a measurement.
    pub(crate) pace: Pace,
}

impl Places {
    /// For administration commands. The file's other keys are read, so that a mistake in it is not passed
    /// over.
    pub(crate) fn find(folders: &Folders) -> Result<Self, SettingFault> {
        Self::from_file(folders, &config_file(folders)?)
    }

    fn from_file(folders: &Folders, file: &ConfigFile) -> Result<Self, SettingFault> {
        let in_file = |path: &Option<PathBuf>| path.as_ref().map(|path| file.beside(path));
        let data = folders.data.clone().or_else(|| in_file(&file.keys.data)).unwrap_or(DEFAULT_DATA.into());
        let keys = folders.keys.clone().or_else(|| in_file(&file.keys.keys));
        let keys = keys.unwrap_or_else(|| data.join(KEYS_FILE));
        let (option, in_file) = (folders.database_url.as_ref(), file.keys.database_url.as_ref());
        let address = chosen("database_url", option, in_file, file, PostgresAddress::parse)?;
        let database = address.map_or_else(|| Location::sqlite(data.join(DATABASE_FILE)), Location::Postgres);
        Ok(Self { data, database, keys })
    }

    /// The file of an embedded database.
    pub(crate) fn embedded(&self) -> Option<&Path> {
        match &self.database {
            Location::Sqlite(sqlite) => Some(&sqlite.file),
            Location::Postgres(_) => None,
        }
    }
}

impl Settings {
    /// For `kadi dev`: always the sandbox.
    pub(crate) fn for_dev(folders: &Folders, arguments: &DevArguments) -> Result<Self, SettingFault> {
        let file = config_file(folders)?;
        if let Some(sandbox) = file.keys.sandbox.as_ref().filter(|sandbox| !sandbox.as_ref()) {
            let reason = "kadi dev is always a sandbox";
            return Err(SettingFault::bad(&file.given(sandbox).origin, "sandbox", reason));
        }
        let listen = match arguments.port {
            Some(port) => SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port),
            None => listen(None, &file)?,
        };
        let admin_listen = admin_listen(None, &file, listen)?;
        let public_url = public(None, &file)?;
        Self::whole(folders, &file, listen, admin_listen, public_url)
    }

    /// For `kadi serve`.
    pub(crate) fn for_serve(folders: &Folders, arguments: &ServeArguments) -> Result<Self, SettingFault> {
        let file = config_file(folders)?;
        let sandbox = arguments.sandbox.map(|value| Given { value, origin: Origin::Option });
        let sandbox = sandbox.or_else(|| file.keys.sandbox.as_ref().map(|value| file.given(value)));
        let sandbox = sandbox.unwrap_or(Given { value: false, origin: Origin::Default });
        if !sandbox.value {
            let reason = "no payment rail is set up: the practice rail is the only one of this version; \
                          start with --sandbox";
            return Err(SettingFault::bad(&sandbox.origin, "sandbox", reason));
        }
        let listen = listen(arguments.listen.as_ref(), &file)?;
        let admin_listen = admin_listen(arguments.admin_listen.as_ref(), &file, listen)?;
        let public_url = public(arguments.public_url.as_ref(), &file)?;
        Self::whole(folders, &file, listen, admin_listen, public_url)
    }

    /// What decisions need to know, without risk rules, which need keys. In the sandbox every channel counts
    /// as set up (CONTRACT.md).
    pub(crate) fn setup(&self) -> Setup {
        let sandbox = Setup::sandbox();
        Setup {
            sandbox: self.sandbox,
            email: self.sandbox || self.smtp.is_some(),
            sms: self.sandbox,
            whatsapp: self.sandbox,
            reservation_ms: self.reservation_ms,
            ..sandbox
        }
    }

    fn whole(
        folders: &Folders,
        file: &ConfigFile,
        listen: SocketAddr,
        admin_listen: SocketAddr,
        public_url: Option<String>,
    ) -> Result<Self, SettingFault> {
        Ok(Self {
            places: Places::from_file(folders, file)?,
            listen,
            admin_listen,
            public_url,
            // Both callers refuse to go on without it: no other rail exists yet.
            sandbox: true,
            smtp: smtp(file)?,
            reservation_ms: reservation_ms(file)?,
            risk: file.risk.clone(),
            pace: Pace::default(),
        })
    }
}

fn config_file(folders: &Folders) -> Result<ConfigFile, SettingFault> {
    folders.config.as_deref().map_or_else(|| Ok(ConfigFile::default()), ConfigFile::read)
}

/// The option, or else the file's value, read by `parse`.
fn chosen<T>(
    key: &str,
    option: Option<&String>,
    in_file: Option<&Spanned<String>>,
    file: &ConfigFile,
    parse: fn(&str) -> Result<T, String>,
) -> Result<Option<T>, SettingFault> {
    let option = option.map(|value| Given { value: value.clone(), origin: Origin::Option });
    let Some(given) = option.or_else(|| in_file.map(|value| file.given(value))) else { return Ok(None) };
    parse(&given.value).map(Some).map_err(|reason| SettingFault::bad(&given.origin, key, reason))
}

fn listen(option: Option<&String>, file: &ConfigFile) -> Result<SocketAddr, SettingFault> {
    let chosen = chosen("listen", option, file.keys.listen.as_ref(), file, listen_address)?;
    Ok(chosen.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), DEFAULT_PORT)))
}

fn admin_listen(
    option: Option<&String>,
    file: &ConfigFile,
    listen: SocketAddr,
) -> Result<SocketAddr, SettingFault> {
    let key = "admin_listen";
    match chosen(key, option, file.keys.admin_listen.as_ref(), file, listen_address)? {
        Some(address) if address == listen && address.port() != 0 => {
            Err(SettingFault::bad(&Origin::Default, key, "is the same as listen"))
        }
        Some(address) => Ok(address),
        None => {
            default_admin_address(listen).map_err(|reason| SettingFault::bad(&Origin::Default, key, reason))
        }
    }
}

fn public(option: Option<&String>, file: &ConfigFile) -> Result<Option<String>, SettingFault> {
    chosen("public_url", option, file.keys.public_url.as_ref(), file, public_url)
}

fn reservation_ms(file: &ConfigFile) -> Result<i64, SettingFault> {
    let Some(minutes) = &file.keys.limits.reservation_minutes else {
        return Ok(Setup::sandbox().reservation_ms);
    };
    let given = file.given(minutes);
    if RESERVATION_MINUTES.contains(&given.value) {
        Ok(given.value * MINUTE_MS)
    } else {
        let key = "limits.reservation_minutes";
        Err(SettingFault::bad(&given.origin, key, "is not between 1 minute and 1440 (a day)"))
    }
}
