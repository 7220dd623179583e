//! The stories are tested too: bugs are planted in a copy of the tree, one at a time, and each must be caught
//! by the test that its file names.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// How many stories are told for each bug: a bug that is caught later than that is a bug of the stories.
const STORIES: &str = "1500";

/// A bug as its file tells it: what is wrong, `caught by:` with the arguments of `cargo test -p`, `in:` with
/// the file, and pairs of `take out:` and `put in:` with lines that stand in that file exactly once.
struct Bug {
    name: String,
    caught_by: Vec<String>,
    file: PathBuf,
    /// What is taken out, and what is put in its place.
    changes: Vec<(String, String)>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn bugs() -> Vec<Bug> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("planted");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Bug {
    let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
    let text = std::fs::read_to_string(file).unwrap();
    let mut parts = text.split("\ntake out:\n");
    let head = parts.next().unwrap();
    let field = |key: &str| head.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    let change = |part: &str| {
        let (old, new) = part.split_once("\nput in:\n").unwrap_or_else(|| panic!("{name}: what is put in?"));
        (old.to_owned(), new.trim_end_matches('\n').to_owned())
    };
    Bug {
        caught_by: field("caught by: ").split(' ').map(str::to_owned).collect(),
        file: PathBuf::from(field("in: ")),
        changes: parts.map(change).collect(),
        name,
    }
}

impl Bug {
    /// The file with the bug in it; what is wrong with the bug where it does not fit.
    fn planted_in(&self, text: &str) -> Result<String, String> {
        let mut text = text.to_owned();
        for (old, new) in &self.changes {
            let found = text.matches(old.as_str()).count();
            if found != 1 {
                return Err(format!("{}: {found} times in {}: {old:?}", self.name, self.file.display()));
            }
            text = text.replacen(old.as_str(), new, 1);
        }
        Ok(text)
    }
}

#[test]
fn every_planted_bug_still_fits_the_tree() {
    let bugs = bugs();
    assert!(bugs.len() >= 30, "only {} bugs", bugs.len());
    let fits = |bug: &Bug| bug.planted_in(&std::fs::read_to_string(root().join(&bug.file)).unwrap());
    let wrong: Vec<_> = bugs.iter().filter_map(|bug| fits(bug).err()).collect();
    assert!(wrong.is_empty(), "plant these anew, as the code is now:\n{}", wrong.join("\n"));
}

/// The long form: without `KADI_LONG` it is only seen that every bug fits. `KADI_BUG` names a single one.
#[test]
fn every_planted_bug_is_caught() {
    let single = std::env::var("KADI_BUG").ok();
    let is_long = std::env::var("KADI_LONG").is_ok_and(|value| value == "1");
    if single.is_none() && !is_long {
        return;
    }
    let tree = root().join("target/planted");
    copy_tree(&root(), &tree);
    let is_meant = |bug: &Bug| single.as_ref().is_none_or(|name| *name == bug.name);
    let bugs: Vec<_> = bugs().into_iter().filter(is_meant).collect();
    let mut tests: Vec<_> = bugs.iter().map(|bug| bug.caught_by.clone()).collect();
    tests.sort();
    tests.dedup();
    for test in tests {
        let clean = run(&tree, &test, false);
        assert!(clean.status.success(), "{test:?} fails without any bug:\n{}", told(&clean));
    }
    let wrong: Vec<_> = bugs.iter().filter_map(|bug| escape(&tree, bug)).collect();
    assert!(wrong.is_empty(), "{} of {} bugs:\n{}", wrong.len(), bugs.len(), wrong.join("\n"));
}

/// Plants a bug and takes it out again; how it escaped, if it did.
fn escape(tree: &Path, bug: &Bug) -> Option<String> {
    let file = tree.join(&bug.file);
    let clean = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, bug.planted_in(&clean).unwrap()).unwrap();
    let built = run(tree, &bug.caught_by, true);
    let tested = built.status.success().then(|| run(tree, &bug.caught_by, false));
    std::fs::write(&file, clean).unwrap();
    match tested {
        None => Some(format!("{} does not compile:\n{}", bug.name, told(&built))),
        Some(tested) if tested.status.success() => Some(format!("{} is not caught", bug.name)),
        Some(tested) => {
            let text = told(&tested);
            let first = text.lines().skip_while(|line| !line.contains("panicked at")).nth(1);
            println!("{}: {}", bug.name, first.unwrap_or("caught").chars().take(200).collect::<String>());
            None
        }
    }
}

/// Builds a test, or runs it.
fn run(tree: &Path, test: &[String], only_build: bool) -> Output {
    let split = test.iter().position(|word| word == "--").unwrap_or(test.len());
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--locked", "--offline", "-p"]).args(&test[..split]);
    if only_build {
        command.arg("--no-run");
    } else {
        command.args(&test[split..]);
    }
    // A folder of its own for what is built: cargo would take the copy's libraries for those of the tree.
    let command = command.current_dir(tree).env("CARGO_TARGET_DIR", root().join("target/planted-build"));
    let command = command.env("KADI_STORIES", STORIES).env_remove("KADI_LONG").env_remove("KADI_SEED");
    command.env_remove("KADI_BUG").env("RUST_BACKTRACE", "0").output().unwrap()
}

fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    [text(&output.stdout), text(&output.stderr)].concat()
}

/// Copies what is needed to build; what is the same already is left alone, so that it is not built again.
fn copy_tree(from: &Path, to: &Path) {
    for name in ["Cargo.toml", "Cargo.lock", "clippy.toml", "tests/postgres"] {
        copy(&from.join(name), &to.join(name));
    }
    copy_folder(&from.join("crates"), &to.join("crates"));
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = (entry.as_ref().unwrap().path(), entry.unwrap().file_name());
        if path.is_dir() { copy_folder(&path, &to.join(name)) } else { copy(&path, &to.join(name)) }
    }
    let stale = std::fs::read_dir(to).unwrap().map(|entry| entry.unwrap());
    for entry in stale.filter(|entry| !from.join(entry.file_name()).exists()) {
        let path = entry.path();
        if path.is_dir() {
            std::fs::remove_dir_all(path).unwrap()
        } else {
            std::fs::remove_file(path).unwrap()
        }
    }
}

fn copy(from: &Path, to: &Path) {
    let bytes = std::fs::read(from).unwrap();
    if std::fs::read(to).ok().as_ref() != Some(&bytes) {
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    }
}
