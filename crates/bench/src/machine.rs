//! What the kernel tells of the machine, of processes and of threads (proc(5)).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The kernel counts processor time for users in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// Processor time of the whole machine since it started, over all cores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MachineCpu {
    /// Somebody computed.
    pub(crate) busy: Duration,
    /// The host of a virtual machine gave the core to others.
    pub(crate) steal: Duration,
}

/// The machine's processor time so far.
pub(crate) fn machine_cpu() -> Result<MachineCpu, String> {
    let text = read(Path::new("/proc/stat"))?;
    machine_cpu_of(&text).ok_or_else(|| "/proc/stat does not begin with the sum over all cores".to_owned())
}

/// user, nice, system, idle, iowait, irq, softirq, steal.
fn machine_cpu_of(text: &str) -> Option<MachineCpu> {
    let line = text.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u32> = line.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let &[user, nice, system, _, _, irq, softirq, steal, ..] = ticks.as_slice() else { return None };
    let busy = [user, nice, system, irq, softirq].into_iter().map(|ticks| TICK * ticks).sum();
    Some(MachineCpu { busy, steal: TICK * steal })
}

/// Processor time of a process with all its threads, also those that have ended.
pub(crate) fn process_cpu(id: u32) -> Result<Duration, String> {
    let text = read(Path::new(&format!("/proc/{id}/stat")))?;
    process_cpu_of(&text).ok_or_else(|| format!("/proc/{id}/stat cannot be read"))
}

/// Fields 14 and 15, counted from behind the name, which may hold anything.
fn process_cpu_of(text: &str) -> Option<Duration> {
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK * user + TICK * system)
}

/// Processor time of the living threads of a process, summed by name without its number.
pub(crate) fn threads_cpu(id: u32) -> Result<BTreeMap<String, Duration>, String> {
    let folder = format!("/proc/{id}/task");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{folder}: {error}"))?;
    let mut threads = BTreeMap::new();
    for entry in entries.filter_map(Result::ok) {
        // A thread may end between the two looks.
        let name = fs::read_to_string(entry.path().join("comm"));
        let time = fs::read_to_string(entry.path().join("schedstat"));
        if let (Ok(name), Ok(time)) = (name, time) {
            let name = name.trim().trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned();
            *threads.entry(name).or_default() += schedstat_of(&time).unwrap_or_default();
        }
    }
    Ok(threads)
}

fn schedstat_of(text: &str) -> Option<Duration> {
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Processor time of all processes with this name.
pub(crate) fn named_cpu(name: &str) -> Duration {
    let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let mut sum = Duration::ZERO;
    for process in processes {
        let stat = fs::read_to_string(process.path().join("stat")).unwrap_or_default();
        if stat.split_once('(').is_some_and(|(_, rest)| rest.starts_with(&format!("{name})"))) {
            sum += process_cpu_of(&stat).unwrap_or_default();
        }
    }
    sum
}

/// Resident memory of a process in KiB.
pub(crate) fn resident_kib(id: u32) -> Result<u64, String> {
    kib(id, "VmRSS:")
}

/// The most memory that a process ever had resident, in KiB.
pub(crate) fn peak_kib(id: u32) -> Result<u64, String> {
    kib(id, "VmHWM:")
}

fn kib(id: u32, name: &str) -> Result<u64, String> {
    let text = read(Path::new(&format!("/proc/{id}/status")))?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| format!("/proc/{id}/status does not tell {name}"))
}

/// The machine in one line: processor, cores, memory, kernel.
pub(crate) fn machine() -> String {
    let file = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let after = |text: String, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line.split_once(':').map_or(String::new(), |(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = after(file("/proc/meminfo"), "MemTotal");
    let memory_kib: u64 = memory.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
    let processor = after(file("/proc/cpuinfo"), "model name");
    let kernel = file("/proc/sys/kernel/osrelease");
    format!("{processor}, {cores} cores, {} GiB, Linux {}", memory_kib / 1_048_576, kernel.trim())
}

/// The kind of file system that holds a path.
pub(crate) fn file_system(path: &Path) -> String {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let holds = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (place, kind) = (words.next()?, words.next()?);
        path.starts_with(place).then(|| (place.len(), kind.to_owned()))
    });
    holds.max().map_or_else(|| "unknown".to_owned(), |(_, kind)| kind)
}

/// The revision of the source in the working folder, if git knows it, marked where files were changed.
pub(crate) fn revision() -> Option<String> {
    let output =
        Command::new("git").args(["describe", "--always", "--dirty", "--abbrev=10"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_time_is_read_by_position() {
        let text = "cpu  100 1 30 5000 40 2 3 7 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
        let found = machine_cpu_of(text).unwrap();
        assert_eq!(found.busy, Duration::from_millis(1_360));
        assert_eq!(found.steal, Duration::from_millis(70));
        assert_eq!(machine_cpu_of("cpu 1 2"), None);
    }

    #[test]
    fn a_name_with_blanks_and_brackets_does_not_shift_the_fields() {
        let text = "7 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 120 30 0 0";
        assert_eq!(process_cpu_of(text), Some(Duration::from_millis(1_500)));
    }

    #[test]
    fn this_process_is_seen_with_its_threads_and_memory() {
        let id = std::process::id();
        assert!(threads_cpu(id).unwrap().values().any(|time| !time.is_zero()));
        assert!(resident_kib(id).unwrap() > 1_000);
        process_cpu(id).unwrap();
        assert_ne!(file_system(Path::new("/proc/self")), "unknown");
    }
}
