//! What is printed: one JSON object with stable keys, or a table for people.

use serde_json::{Map, Value, json};

use crate::figure::Milli;
use crate::rounds::Series;

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

/// All figures of a run.
#[derive(Clone, Debug)]
pub struct Report {
    figures: Map<String, Value>,
    series: Vec<Series>,
}

impl Report {
    /// Nothing has been measured yet.
    pub(crate) fn new() -> Self {
        let figures = STABLE.iter().map(|key| ((*key).to_owned(), Value::Null)).collect();
        Self { figures, series: Vec::new() }
    }

    /// Sets a figure.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.figures.insert(key.to_owned(), value.into());
    }

    /// Sets a figure of thousandths, or nothing.
    pub(crate) fn set_milli(&mut self, key: &str, value: Option<Milli>) {
        self.set(key, value.map_or(Value::Null, Milli::json));
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
        let mut text = String::new();
        for (name, value) in &self.figures {
            text.push_str(&format!("{name}: {value}\n"));
        }
        text
    }
}

fn row_json(series: &Series) -> Value {
    let row = &series.row;
    let [server, generator, postgres, strangers, steal] = row.cores;
    json!({
        "what": series.name,
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
        "batch": row.batch.map(Milli::json),
        "asked": row.asked,
        "answered": row.good,
        "not_2xx": row.bad,
        "wrong_bodies": row.wrong,
        "rounds": row.rounds,
        "noisy_rounds": row.noisy,
    })
}
