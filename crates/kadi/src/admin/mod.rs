//! Administration: the same requests are carried out in this process or, through its socket, by a running
//! server.

mod carry_out;
mod socket;

pub(crate) use carry_out::{carry_out, import_merchants, import_templates};
pub(crate) use socket::{ask, listen};

use serde::{Deserialize, Serialize};

/// The socket's name in the data folder.
pub(crate) const SOCKET: &str = "admin.sock";

/// What can be asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "request")]
pub(crate) enum AdminRequest {
    /// Import this merchant file.
    ImportMerchants { text: String },
    /// Make a merchant of this name.
    CreateMerchant { name: String, json: bool },
    /// List merchants and credentials.
    ListMerchants,
    /// Revoke a credential.
    RevokeCredential { merchant: String, credential: i64 },
    /// Import this template file.
    ImportTemplates { text: String },
    /// List templates.
    ListTemplates,
}

/// What is printed: the text on standard output, or the complaint.
pub(crate) type AdminAnswer = Result<String, String>;
