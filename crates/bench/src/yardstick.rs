//! The yardstick on PostgreSQL: pgbench with the statements that a program written by hand would use.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use kadi_domain::id::{LinkId, MerchantId};
use kadi_engine::clock::KadiClock;

/// A script of this crate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script {
    name: &'static str,
    text: &'static str,
}

/// Makes links.
pub(crate) const CREATE: Script = Script { name: "create.sql", text: include_str!("../create.sql") };
/// Pays one link.
pub(crate) const PAY: Script = Script { name: "pay.sql", text: include_str!("../pay.sql") };

/// pgbench on one database.
pub(crate) struct Yardstick {
    url: String,
    folder: PathBuf,
    merchant: MerchantId,
    runs: u64,
}

impl Yardstick {
    /// Writes its scripts into `folder`. None where there is no pgbench.
    pub(crate) fn new(url: &str, folder: &Path, merchant: MerchantId) -> Result<Option<Self>, String> {
        let found =
            Command::new("pgbench").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        for script in [CREATE, PAY] {
            let file = folder.join(script.name);
            std::fs::write(&file, script.text).map_err(|error| format!("{}: {error}", file.display()))?;
        }
        Ok(Some(Self { url: url.to_owned(), folder: folder.to_owned(), merchant, runs: 0 }))
    }

    /// Runs a script with so many clients, and gives the rate at which it was carried out. `link` is the one
    /// that is paid.
    pub(crate) fn run(
        &mut self,
        script: Script,
        clients: usize,
        length: Duration,
        link: LinkId,
    ) -> Result<u64, String> {
        self.runs += 1;
        let variables = [
            ("n", "0".to_owned()),
            ("run", (RUNS_FROM + self.runs).to_string()),
            ("merchant", self.merchant.get().to_string()),
            ("link", link.get().to_string()),
            ("now", KadiClock::new(0).now().ms().to_string()),
        ];
        let mut command = Command::new("pgbench");
        command.args(["-n", "-M", "prepared", "-j", "2", "-f"]).arg(self.folder.join(script.name));
        command.args(["-c", &clients.to_string(), "-T", &length.as_secs().max(1).to_string()]);
        for (name, value) in variables {
            command.args(["-D", &format!("{name}={value}")]);
        }
        let output = command.arg(&self.url).stdin(Stdio::null()).output();
        let output = output.map_err(|error| format!("pgbench: {error}"))?;
        let (text, errors) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        match rate_of(&text) {
            Some(rate) if output.status.success() => Ok(rate),
            Some(_) | None => Err(format!("pgbench -f {}: {errors}", script.name)),
        }
    }
}

/// Ids of a run begin at so many times a hundred thousand million: far above those that Kadi gives out.
const RUNS_FROM: u64 = 20_000;

/// The whole part of `tps = 1234.5 (without initial connection time)`.
fn rate_of(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split(['.', ' ']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_what_pgbench_says() {
        let text = "transaction type: create.sql\nnumber of transactions actually processed: 10\n\
                    tps = 15873.019 (without initial connection time)\n";
        assert_eq!(rate_of(text), Some(15_873));
        assert_eq!(rate_of("pgbench: error"), None);
    }
}
