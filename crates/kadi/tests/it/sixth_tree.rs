//! A copy of this tree to which a sixth dialect is added as CONTRIBUTING.md says, and what is built from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The dialect's name, which is nobody's.
pub(crate) const NAME: &str = "tamarind";

/// What is not of the tree.
const FOREIGN: [&str; 5] = ["target", ".git", "node_modules", ".venv", "kadi-data"];
/// The crates that are built anew in the copy; what is built of all others is the same.
const CHANGED: [&str; 4] = ["kadi", "kadi-bench", "kadi-dialects", "kadi-tidy"];
/// What adding a dialect means: files, and rows that stand before lines that the tree has once.
const DATA: &str = "crates/dialects/tests/sixth";

/// The copy, with the dialect in it.
pub(crate) struct Tree {
    folder: PathBuf,
    build: PathBuf,
    /// The paths of the files that the tree has not or has otherwise.
    pub(crate) changed: BTreeSet<String>,
}

/// `target/debug` of the tree, or how its profile is called.
fn built() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_kadi")).parent().unwrap().to_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every file below a folder, by its path from there.
fn files(folder: &Path) -> BTreeSet<String> {
    let (mut found, mut folders) = (BTreeSet::new(), vec![folder.to_owned()]);
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name());
            match entry.file_type().unwrap() {
                kind if FOREIGN.iter().any(|it| name == *it) || kind.is_symlink() => {}
                kind if kind.is_dir() => folders.push(path),
                _ => drop(found.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned())),
            }
        }
    }
    found
}

/// What the dialect adds: whole files, and files of the tree with rows put in; by path.
fn added(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let new = root.join(DATA).join("files");
    let mut added: BTreeMap<_, _> =
        files(&new).into_iter().map(|path| (path.clone(), fs::read(new.join(&path)).unwrap())).collect();
    let rows = root.join(DATA).join("rows");
    for name in files(&rows) {
        let (path, text) = with_rows(root, &fs::read_to_string(rows.join(&name)).unwrap());
        assert!(added.insert(path, text.into_bytes()).is_none(), "{name}: two texts about one file");
    }
    added
}

/// The file that a text of rows names, with them.
fn with_rows(root: &Path, rows: &str) -> (String, String) {
    let mut parts = rows.split("\nbefore:\n");
    let path = parts.next().and_then(|head| head.strip_prefix("in: ")).expect("in: the file").to_owned();
    let mut text = fs::read_to_string(root.join(&path)).unwrap();
    for part in parts {
        let (before, row) = part.split_once("\nput in:\n").expect("what is put in");
        assert_eq!(text.matches(before).count(), 1, "{path} should hold this once: {before:?}");
        text = text.replacen(before, &format!("{}\n{before}", row.trim_end_matches('\n')), 1);
    }
    (path, text)
}

impl Tree {
    /// Copies the tree; what is the same already is left alone, so that it is not built again.
    pub(crate) fn with_the_sixth() -> Self {
        let root = root();
        let folder = root.join("target/sixth");
        let (tree, added) = (files(&root), added(&root));
        for path in &tree {
            let (from, to) = (root.join(path), folder.join(path));
            let bytes = added.get(path).cloned().unwrap_or_else(|| fs::read(&from).unwrap());
            if write(&to, &bytes) && !added.contains_key(path) {
                // As old as what was built from it.
                let age = fs::metadata(&from).unwrap().modified().unwrap();
                fs::File::options().append(true).open(&to).unwrap().set_modified(age).unwrap();
            }
        }
        for (path, bytes) in &added {
            write(&folder.join(path), bytes);
        }
        for stale in files(&folder).into_iter().filter(|it| !tree.contains(it) && !added.contains_key(it)) {
            fs::remove_file(folder.join(stale)).unwrap();
        }
        let changed = added.into_keys().collect();
        Self { build: root.join("target/sixth-build"), folder, changed }
    }

    /// The text of a file of the copy.
    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.folder.join(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"))
    }

    /// Is there such a file in the copy?
    pub(crate) fn has(&self, path: &str) -> bool {
        self.folder.join(path).exists()
    }

    /// The server with the dialect. Whatever else the tree has built is taken from there.
    pub(crate) fn server(&self) -> PathBuf {
        self.take_what_is_built();
        // The same selection as that of `./test`, so that the libraries of others have the same features.
        self.cargo(&["build", "--workspace", "--bin", "kadi", "--examples"]);
        self.build.join(built().file_name().unwrap()).join("kadi")
    }

    /// Runs cargo in the copy, which must succeed.
    pub(crate) fn cargo(&self, arguments: &[&str]) {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).args(["--locked", "--offline"]).current_dir(&self.folder);
        command.env("CARGO_TARGET_DIR", &self.build).env_remove("INSTA_SNAPSHOT_REFERENCES_FILE");
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let told = [text(&output.stdout), text(&output.stderr)].concat();
        assert!(output.status.success(), "cargo {arguments:?}\n{told}");
    }

    /// Links the libraries, and copies what cargo notes about them, of every crate that the dialect leaves as
    /// it is.
    fn take_what_is_built(&self) {
        let (from, to) = (built(), self.build.join(built().file_name().unwrap()));
        for notes in [".fingerprint", "build"] {
            for entry in fs::read_dir(from.join(notes)).unwrap().map(Result::unwrap) {
                let name = entry.file_name().into_string().unwrap();
                if !is_of_changed(&name) {
                    copy_folder(&entry.path(), &to.join(notes).join(name));
                }
            }
        }
        fs::create_dir_all(to.join("deps")).unwrap();
        for entry in fs::read_dir(from.join("deps")).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            let is_library = [".rlib", ".rmeta", ".so", ".d"].iter().any(|end| name.ends_with(end));
            if is_library && !is_of_changed(name.trim_start_matches("lib")) {
                let link = to.join("deps").join(name);
                let _ = fs::remove_file(&link); // of an earlier run, perhaps of an earlier library
                fs::hard_link(entry.path(), link).unwrap();
            }
        }
    }
}

/// Is it of a crate that the dialect changes, or of a test? Names end with a hash.
fn is_of_changed(name: &str) -> bool {
    let of = name.rsplit_once('-').map_or(name, |(of, _)| of).replace('_', "-");
    of == "it" || CHANGED.contains(&of.as_str())
}

/// Writes a file unless it is there already; did it?
fn write(to: &Path, bytes: &[u8]) -> bool {
    let is_new = fs::read(to).ok().as_deref() != Some(bytes);
    if is_new {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
    is_new
}

/// Copies a folder as it is, with the age of each file.
fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        let known = fs::metadata(&to).and_then(|it| it.modified()).ok();
        let is_same = |age| known == Some(age);
        if path.is_dir() {
            copy_folder(&path, &to);
        } else if !is_same(entry.metadata().unwrap().modified().unwrap()) {
            fs::copy(&path, &to).unwrap();
            let age = entry.metadata().unwrap().modified().unwrap();
            fs::File::options().write(true).open(&to).unwrap().set_modified(age).unwrap();
        }
    }
}
