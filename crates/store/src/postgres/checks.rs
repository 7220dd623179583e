//! The server's settings that Kadi's promises rest on, read before the first use.

use crate::trouble::Trouble;

/// The oldest server that is known to do what Kadi asks: 14.
const VERSION_MIN: i64 = 140_000;

/// What a server reports of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresFound {
    /// `server_version_num`, as 150018 for 15.18.
    pub version: i64,
    /// `synchronous_commit` of this connection.
    pub synchronous_commit: String,
    /// `fsync`.
    pub fsync: String,
    /// `full_page_writes`.
    pub full_page_writes: String,
    /// `server_encoding`.
    pub server_encoding: String,
    /// Is the server a standby, which can only be read?
    pub is_standby: bool,
}

/// Refuses settings under which an acknowledged commit could be lost or a text could not be stored. Each
/// refusal names the setting.
pub fn check_postgres(found: &PostgresFound) -> Result<(), Trouble> {
    let refuse = |what: String| Err(Trouble::Down(what));
    if found.version < VERSION_MIN {
        return refuse(format!("PostgreSQL {} is older than 14", found.version / 10_000));
    }
    if !["on", "remote_apply"].contains(&found.synchronous_commit.as_str()) {
        return refuse(format!("synchronous_commit is {}, not on or remote_apply", found.synchronous_commit));
    }
    for (name, value) in [("fsync", &found.fsync), ("full_page_writes", &found.full_page_writes)] {
        if value != "on" {
            return refuse(format!("{name} is {value}, not on"));
        }
    }
    if found.server_encoding != "UTF8" {
        return refuse(format!("server_encoding is {}, not UTF8", found.server_encoding));
    }
    if found.is_standby {
        return refuse("the server is a standby: give the primary's address".to_owned());
    }
    Ok(())
}
