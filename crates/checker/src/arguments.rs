//! The checker's command line.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Stands in the store's options for the name of a store: `main` for the one that is kept, others for the
/// first starts that are killed.
const PLACE: &str = "{store}";

/// How it is used.
pub(crate) const USAGE: &str = "\
usage: kadi-checker run --kadi FILE --folder DIR [--kills N] [--changes N] [--seed N]
                        [--database FILE] [--hook FILE] -- STORE
       kadi-checker check --kadi FILE --folder DIR [--until-ms N] -- STORE

run    drives load, kills the server again and again, and checks every answer after each start
check  compares a store with the journal of an earlier run; with --until-ms only what was answered by then

--kadi FILE      the server's binary
--folder DIR     holds the journal and the server's log; for `run` it must not exist
--kills N        how often the server is killed (100)
--changes N      acknowledged changes to reach (2,000 for each kill)
--seed N         repeats the choices of an earlier run, as far as timing lets it
--database FILE  the file that only checkpoints change, to find their moments (SQLite)
--hook FILE      a program that is run after each kill, with the number of kills so far
STORE            the server's options that name its store, in which {store} stands for the store's name:
                 `main` for the one that is kept, `first1` and so on for first starts that are killed
";

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) task: Task,
    pub(crate) kadi: PathBuf,
    pub(crate) folder: PathBuf,
    store: Vec<String>,
    database: Option<String>,
    hook: Option<PathBuf>,
}

/// The two tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Run { kills: u64, changes: u64, seed: Option<u64> },
    Check { until_ms: Option<i64> },
}

const KILLS: u64 = 100;
const CHANGES_PER_KILL: u64 = 2_000;

impl Arguments {
    /// Reads the words after the program's name.
    pub(crate) fn parse(words: &[String]) -> Result<Self, String> {
        let (task, rest) = words.split_first().ok_or("no task was given")?;
        let cut = rest.iter().position(|word| word == "--").ok_or("the store's options are missing: -- …")?;
        let (options, store) = rest.split_at(cut);
        let store = store.iter().skip(1).cloned().collect();
        let mut given = HashMap::new();
        for pair in options.chunks(2) {
            match pair {
                [name, value] => drop(given.insert(name.as_str(), value.as_str())),
                _ => return Err(format!("{pair:?}: a value is missing")),
            }
        }
        let kadi = PathBuf::from(given.remove("--kadi").ok_or("--kadi is missing")?);
        let folder = PathBuf::from(given.remove("--folder").ok_or("--folder is missing")?);
        let (mut database, mut hook) = (None, None);
        let task = match task.as_str() {
            "run" => {
                let kills = number(given.remove("--kills"))?.unwrap_or(KILLS);
                let changes = number(given.remove("--changes"))?;
                let seed = number(given.remove("--seed"))?;
                database = given.remove("--database").map(str::to_owned);
                hook = given.remove("--hook").map(PathBuf::from);
                Task::Run { kills, changes: changes.unwrap_or(kills * CHANGES_PER_KILL), seed }
            }
            "check" => Task::Check { until_ms: number(given.remove("--until-ms"))? },
            _ => return Err(format!("{task}: no such task")),
        };
        match given.into_keys().next() {
            None => Ok(Self { task, kadi, folder, store, database, hook }),
            Some(unknown) => Err(format!("{unknown}: no such option")),
        }
    }

    /// What is run after each kill.
    pub(crate) fn hook(&self) -> Option<&Path> {
        self.hook.as_deref()
    }

    /// The options of the store of this name.
    pub(crate) fn store(&self, name: &str) -> Vec<String> {
        self.store.iter().map(|word| word.replace(PLACE, name)).collect()
    }

    /// The file of the store of this name that only checkpoints change.
    pub(crate) fn database(&self, name: &str) -> Option<PathBuf> {
        self.database.as_ref().map(|file| PathBuf::from(file.replace(PLACE, name)))
    }
}

fn number<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, String> {
    text.map(|text| text.parse().map_err(|_| format!("{text}: not a number"))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        Arguments::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_run_has_defaults_and_names_each_store() {
        let run = parse("run --kadi k --folder f --database d/{store}/x -- --data d/{store}").unwrap();
        assert_eq!(run.task, Task::Run { kills: 100, changes: 200_000, seed: None });
        assert_eq!(run.store("first2"), ["--data", "d/first2"]);
        assert_eq!(run.database("main"), Some(PathBuf::from("d/main/x")));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in [
            "",
            "run",
            "walk --kadi k --folder f --",
            "run --kadi k --",
            "run --kadi k --folder f",
            "run --kadi k --folder f --kills many --",
            "run --kadi k --folder f --colour red --",
            "run --kadi k --folder f --kills --",
            "check --kadi k --folder f --kills 3 --",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
