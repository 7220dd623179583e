//! What is printed: one JSON object with stable keys, or a table for people.

use serde_json::{Map, Value, json};

use crate::figure::Milli;
use crate::rounds::Series;
use crate::server::Store;

/// Keys that are always there, null where nothing was measured.
const STABLE: [&str; 18] = [
    "machine",
    "quiet",
    "echo_rps",
    "create_rps",
    "create_ratio",
    "create_p50_ms",
    "create_p99_ms",
    "store_single_rps",
    "store_batch64_rps",
    "store_batch256_rps",
    "slow_sync_ratio",
    "page_ratio",
    "page_cached_ratio",
    "status_ratio",
    "rss_mb",
    "bytes_per_link",
    "flat_ratio_1m_rising",
    "flat_ratio_1m_random",
];

/// A run with less than one noisy measurement of so many is quiet.
const NOISY_PART: usize = 10;

/// All figures of a run.
#[derive(Clone, Debug)]
pub struct Report {
    figures: Map<String, Value>,
    series: Vec<Series>,
    faults: Vec<String>,
}

impl Report {
    /// Nothing has been measured yet.
    pub(crate) fn new() -> Self {
        let figures = STABLE.iter().map(|key| ((*key).to_owned(), Value::Null)).collect();
        Self { figures, series: Vec::new(), faults: Vec::new() }
    }

    /// Sets a figure.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.figures.insert(key.to_owned(), value.into());
    }

    /// Sets a figure of thousandths, or nothing.
    pub(crate) fn set_milli(&mut self, key: &str, value: Option<Milli>) {
        self.set(key, value.map_or(Value::Null, Milli::json));
    }

    /// Tells what could not be measured.
    pub(crate) fn fault(&mut self, what: &str) {
        self.faults.push(what.to_owned());
        self.set("faults", self.faults.clone());
    }

    /// All of it.
    pub(crate) fn faults(&self) -> String {
        self.faults.join("; ")
    }

    /// Is there nothing to print but what went wrong?
    pub(crate) fn has_failed(&self) -> bool {
        self.series.is_empty() && !self.faults.is_empty()
    }

    /// A figure that is a whole number, 0 where there is none.
    pub(crate) fn number(&self, key: &str) -> u64 {
        self.figures.get(key).and_then(Value::as_u64).unwrap_or(0)
    }

    /// Compares what came through HTTP with what the store takes by itself.
    pub(crate) fn compare_with_store(&mut self, store: &Store) {
        let [create, raw] = ["create_rps", "store_batch64_rps"].map(|key| self.number(&store.figure(key)));
        self.set_milli(&store.figure("create_to_store_ratio"), Milli::ratio(create, raw));
    }

    /// Counts the measurements beside which strangers were at work: quiet is a run with few of them.
    pub(crate) fn judge_quiet(&mut self) {
        let (noisy, all) = self
            .series
            .iter()
            .fold((0, 0), |(noisy, all), series| (noisy + series.row.noisy, all + series.row.rounds));
        self.set("noisy_rounds", noisy);
        self.set("measured_rounds", all);
        self.set("quiet", noisy * NOISY_PART <= all);
    }

    /// Adds measured rows.
    pub(crate) fn add(&mut self, series: Vec<Series>) {
        self.series.extend(series);
    }

    /// One line of JSON.
    pub fn json(&self) -> String {
        let mut object = self.figures.clone();
        object.insert("rows".to_owned(), self.series.iter().map(row_json).collect());
        format!("{}\n", Value::Object(object))
    }

    /// A table.
    pub fn text(&self) -> String {
        let mut text = String::from(HEADING);
        for series in &self.series {
            let row = &series.row;
            let [server, generator, postgres, strangers, steal] = row.cores;
            text.push_str(&format!(
                "{:<9} {:<43} {:>5} {:>8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8} {server:.4} {generator:.4} \
                 {postgres:.4} {strangers:.4} {steal:.4}\n",
                series.store,
                series.name,
                series.connections,
                row.rate,
                Milli(row.latency.p50_us),
                Milli(row.latency.p99_us),
                Milli(row.latency.p999_us),
                Milli(row.latency.max_us),
                row.cpu_us,
                row.batch.map_or_else(|| "-".to_owned(), |batch| batch.to_string()),
            ));
        }
        text.push('\n');
        for (name, value) in &self.figures {
            text.push_str(&format!("{name:<28} {value}\n"));
        }
        text
    }
}

/// The columns of the table: medians over the rounds; times over all answers.
const HEADING: &str = "store     what                                        conns  answers    p50 ms    p99 ms   p999 ms    max ms \
                       us/answer   batch  cores: server, generator, PostgreSQL, strangers, stolen\n";

fn row_json(series: &Series) -> Value {
    let row = &series.row;
    let [server, generator, postgres, strangers, steal] = row.cores;
    json!({
        "what": series.name,
        "store": series.store,
        "connections": series.connections,
        "rps": row.rate,
        "rps_min": row.rate_range.0,
        "rps_max": row.rate_range.1,
        "p50_ms": Milli(row.latency.p50_us).json(),
        "p99_ms": Milli(row.latency.p99_us).json(),
        "p999_ms": Milli(row.latency.p999_us).json(),
        "max_ms": Milli(row.latency.max_us).json(),
        "server_cores": server.json(),
        "generator_cores": generator.json(),
        "postgres_cores": postgres.json(),
        "strangers_cores": strangers.json(),
        "steal_cores": steal.json(),
        "server_cpu_us": row.cpu_us.json(),
        "threads_cpu_us": series.threads.iter().map(|(n, t)| (n.clone(), t.json())).collect::<Map<_, _>>(),
        "batch": row.batch.map(Milli::json),
        "asked": row.asked,
        "answered": row.good,
        "not_2xx": row.bad,
        "busy": row.busy,
        "wrong_bodies": row.wrong,
        "rounds": row.rounds,
        "noisy_rounds": row.noisy,
    })
}
