//! What a durable write costs on this disk, without any database.

use std::fs::OpenOptions;
use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::time::Instant;

use crate::latency::{Latency, Quantiles};

const WRITES: usize = 500;
const BYTES: usize = 4_096;

/// How long it takes to overwrite 4 KiB of a file and wait for the disk (fdatasync).
pub(crate) fn sync_cost(folder: &Path) -> Result<Quantiles, String> {
    let path = folder.join("sync");
    let run = || -> std::io::Result<Vec<std::time::Duration>> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&path)?;
        let mut times = Vec::new();
        for turn in 0..=WRITES {
            file.rewind()?;
            file.write_all(&vec![u8::try_from(turn % 251).unwrap_or_default(); BYTES])?;
            let begun = Instant::now();
            file.sync_data()?;
            times.push(begun.elapsed());
        }
        std::fs::remove_file(&path)?;
        Ok(times)
    };
    let times = run().map_err(|error| format!("{}: {error}", path.display()))?;
    let mut latency = Latency::new()?;
    // The first one makes the file.
    times.into_iter().skip(1).for_each(|time| latency.record(time));
    Ok(latency.quantiles())
}
