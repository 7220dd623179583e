//! Why Kadi does not start with these settings: where the bad one was given, which it is, what is wrong.

use std::path::{Path, PathBuf};

use kadi_dialects::file_fault::FileFault;

/// A value together with where it was given.
#[derive(Clone, Debug)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// Where a setting was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// As an option or its variable.
    Option,
    /// In the configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
    },
    /// Nowhere: it is the default.
    Default,
}

/// A setting with which Kadi does not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SettingFault {
    /// The file cannot be read at all.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A value is bad, unknown or missing.
    #[error("{}: {reason}", place(origin, key))]
    Bad {
        /// Where it was given.
        origin: Origin,
        /// The key of the file, or the option's name.
        key: String,
        /// The rule that it breaks.
        reason: String,
    },
}

impl SettingFault {
    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), reason: error.to_string() }
    }

    pub(crate) fn bad(origin: &Origin, key: &str, reason: impl Into<String>) -> Self {
        Self::Bad { origin: origin.clone(), key: key.to_owned(), reason: reason.into() }
    }

    pub(crate) fn in_file(path: &Path, text: &str, fault: &FileFault) -> Self {
        let origin = Origin::File { path: path.to_owned(), line: fault.line(text) };
        Self::bad(&origin, &fault.key, fault.reason.clone())
    }
}

fn place(origin: &Origin, key: &str) -> String {
    match origin {
        Origin::File { path, line } if key.is_empty() => format!("{}, line {line}", path.display()),
        Origin::File { path, line } => format!("{}, line {line}, {key}", path.display()),
        Origin::Option => {
            let (long, variable) = (key.replace('_', "-"), key.to_uppercase());
            format!("--{long} (KADI_{variable})")
        }
        Origin::Default => key.to_owned(),
    }
}
