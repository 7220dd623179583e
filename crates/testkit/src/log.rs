//! What was done to the files of a disk, in order.

/// One change of the disk, or one promise that it made. A file keeps its number for its whole life; a file
/// that is made again under the same name is another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A name came to be, or was found with these bytes, which are safe.
    Create {
        /// The file.
        file: usize,
        /// Its name in the folder.
        name: String,
        /// What it held.
        bytes: Vec<u8>,
    },
    /// Bytes were written.
    Write {
        /// The file.
        file: usize,
        /// Where the first of them stands.
        at: usize,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// The file was cut off, or made longer with zeros.
    Truncate {
        /// The file.
        file: usize,
        /// How many bytes it has now.
        size: usize,
    },
    /// All that was done to the file before is safe from now on.
    Sync {
        /// The file.
        file: usize,
        /// And so are the names of the folder.
        folder: bool,
    },
    /// A sync failed: what was done to the file since the last one may be safe, may be lost, now or later.
    SyncFailed {
        /// The file.
        file: usize,
    },
    /// A name was taken away.
    Delete {
        /// The name.
        name: String,
        /// Names of the folder are safe from now on, this one's absence included.
        folder: bool,
    },
}
