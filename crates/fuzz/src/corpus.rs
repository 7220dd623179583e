//! The inputs of a target that are kept with the source.

use std::fs;
use std::path::{Path, PathBuf};

/// Where the kept inputs of target `name` lie. The compiler's name of the source file begins at the
/// workspace's folder, which is one of those above the package's.
pub(crate) fn folder((package, file, name): (&str, &str, &str)) -> PathBuf {
    let above = Path::new(package).ancestors().map(|folder| folder.join(file)).find(|path| path.exists());
    let source = above.unwrap_or_else(|| file.into());
    source.with_file_name("__fuzz__").join(name).join("corpus")
}

/// The kept inputs, by the names of their files.
pub(crate) fn read(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| fs::read(path).ok()).collect()
}
