//! The files of a folder as bytes.

use std::collections::BTreeMap;
use std::path::Path;

/// The files of a folder, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Image {
    /// Names and contents.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Image {
    /// Writes the files into a folder that has none of these names.
    pub fn write_to(&self, folder: &Path) -> std::io::Result<()> {
        self.files.iter().try_for_each(|(name, bytes)| std::fs::write(folder.join(name), bytes))
    }
}
