//! The addresses of a server: taken before anything is done, listened on when all is ready, and kept where a
//! story of the sandbox has the process start again.

use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use tokio::net::{TcpListener, TcpSocket};

use crate::config::Settings;

/// Where the process that started this one in its own place listened: two addresses.
const BEFORE: &str = "KADI_STARTED_AGAIN_AT";
/// Connections that wait to be accepted.
const BACKLOG: u32 = 1_024;

/// Kills this process and starts it again; returns only where that fails.
pub(crate) type Restart = Box<dyn Fn() + Send + Sync>;

/// Addresses that no other server has.
pub(crate) struct Addresses {
    public: TcpSocket,
    admin: TcpSocket,
}

impl Addresses {
    /// Takes the addresses of the settings; an error where another server listens on one.
    pub(crate) fn take(settings: &Settings) -> Result<Self, String> {
        let [public, admin] = before()?.unwrap_or([settings.listen, settings.admin_listen]);
        Ok(Self { public: bind(public)?, admin: bind(admin)? })
    }

    /// Begins to listen: for payers and merchants' programs, and for operators.
    pub(crate) fn listen(self) -> Result<[TcpListener; 2], String> {
        Ok([listen(self.public)?, listen(self.admin)?])
    }

    /// Where payers and merchants' programs come in.
    pub(crate) fn public(&self) -> Result<SocketAddr, String> {
        self.public.local_addr().map_err(|error| error.to_string())
    }

    /// What starts this process again at these addresses.
    pub(crate) fn restart(&self) -> Result<Restart, String> {
        let admin = self.admin.local_addr().map_err(|error| error.to_string())?;
        let addresses = format!("{} {admin}", self.public()?);
        Ok(Box::new(move || start_again(&addresses)))
    }
}

/// Has this process started itself again, with the options of its first start?
pub(crate) fn is_again() -> bool {
    std::env::var_os(BEFORE).is_some()
}

fn before() -> Result<Option<[SocketAddr; 2]>, String> {
    let Some(text) = std::env::var_os(BEFORE) else { return Ok(None) };
    let text = text.to_string_lossy();
    let read = |text: &str| {
        let (public, admin) = text.split_once(' ')?;
        Some([public.parse().ok()?, admin.parse().ok()?])
    };
    read(&text).map(Some).ok_or_else(|| format!("{BEFORE}: not two addresses: {text}"))
}

fn bind(address: SocketAddr) -> Result<TcpSocket, String> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    let bound = socket.and_then(|socket| {
        // Connections of an earlier server may still be ending.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(socket)
    });
    bound.map_err(|error| refused(&address.to_string(), &error))
}

fn listen(socket: TcpSocket) -> Result<TcpListener, String> {
    let address = socket.local_addr().map_or_else(|error| error.to_string(), |address| address.to_string());
    socket.listen(BACKLOG).map_err(|error| refused(&address, &error))
}

fn refused(address: &str, error: &std::io::Error) -> String {
    format!("{address} cannot be listened on: {error}")
}

/// Nothing of this process is left but its number, its options and the addresses: no thread, no connection,
/// no lock and nothing in memory. What it had not committed was never done.
fn start_again(addresses: &str) {
    tracing::info!("a story of the sandbox kills this process and starts it again");
    let error = match std::env::current_exe() {
        Ok(program) => {
            let options = std::env::args_os().skip(1);
            Command::new(program).args(options).env(BEFORE, addresses).exec()
        }
        Err(error) => error,
    };
    tracing::error!(%error, "the process could not start itself again");
}
