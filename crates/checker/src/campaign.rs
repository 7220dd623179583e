//! A campaign: lives of the server, each ended by a kill, and a comparison after each start.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::arguments::Arguments;
use crate::attempts::World;
use crate::command::say;
use crate::desk::{Desk, Site, now_ms};
use crate::endpoint::Endpoint;
use crate::hand::Hand;
use crate::inspection::{Findings, compare, index, list_since, sample};
use crate::journal::Journal;
use crate::killer::{Killer, Phase};
use crate::line::{Line, Op};
use crate::merchants;
use crate::migration::kill_first_start;
use crate::model::Model;
use crate::random::Random;
use crate::reports::{Report, Tally, compare_all, settle, wait_for_tellings};
use crate::sender::Target;
use crate::server::{Binary, Server};
use crate::unanswered::{probe, resolve, target};

/// Connections under load.
const HANDS: usize = 48;
/// Links of earlier lives that each hand may use.
const INHERITED: usize = 2;
/// Links of earlier lives that are compared, repeated or opened after each start.
const SAMPLE: usize = 40;
/// Of a hundred kills, so many are first starts, later starts, checkpoints and jobs; the rest is load.
const SHARES: [(Phase, u64); 4] =
    [(Phase::Migration, 15), (Phase::StartUp, 20), (Phase::Checkpoint, 10), (Phase::Jobs, 15)];
/// Each life under load is to see from a quarter to seven quarters of its share.
const QUARTERS: u64 = 4;

/// A campaign under way.
pub(crate) struct Campaign<'a> {
    arguments: &'a Arguments,
    binary: Binary,
    desk: Arc<Desk>,
    endpoint: Arc<Endpoint>,
    random: Random,
    tally: Tally,
    /// The number at which the last comparison stopped.
    first: Op,
    /// How long the last start took.
    usual: Duration,
    server: Option<Server>,
}

impl<'a> Campaign<'a> {
    /// Runs a campaign to its end, or to the first fault.
    pub(crate) fn run(
        arguments: &'a Arguments,
        kills: u64,
        changes: u64,
        seed: Option<u64>,
    ) -> Result<Report, String> {
        let began = Instant::now();
        let seed = seed.unwrap_or_else(|| std::hash::RandomState::new().build_hasher().finish() % 1_000_000);
        let mut campaign = Self::new(arguments, seed)?;
        say(&format!("{kills} kills, {changes} acknowledged changes, seed {seed}\n"));
        campaign.lives(kills, changes)?;
        let last = campaign.finish()?;
        campaign.tally.elapsed = began.elapsed();
        let model = campaign.desk.model();
        let table = campaign.tally.table(&model, &last);
        let mut faults = model.faults.clone();
        faults.extend(last.faults);
        let is_short = campaign.tally.kills() < kills || model.counts.changes() < changes;
        if faults.is_empty() && is_short {
            faults.push("not as many kills and changes as were asked for".to_owned());
        }
        Ok(Report { table, faults })
    }

    fn new(arguments: &'a Arguments, seed: u64) -> Result<Self, String> {
        let told = |error: std::io::Error| format!("{}: {error}", arguments.folder.display());
        fs::create_dir(&arguments.folder).map_err(told)?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(told)?;
        let address = listener.local_addr().map_err(told)?.to_string();
        let begin = Line::Begin { endpoint: address.clone() };
        let journal = Journal::create(&arguments.folder.join("journal"))?;
        journal.write(std::slice::from_ref(&begin))?;
        let desk = Arc::new(Desk::new(Some(journal), Model::of(&[begin])));
        let endpoint = Arc::new(Endpoint::default());
        endpoint.serve(listener, &desk);
        let log = arguments.folder.join("server.log");
        let binary = Binary { kadi: arguments.kadi.clone(), store: arguments.store("main"), log };
        let tally = Tally { kills: BTreeMap::new(), seed, ..Tally::default() };
        let mut campaign = Self {
            arguments,
            binary,
            desk,
            endpoint,
            random: Random::new(seed),
            tally,
            first: 0,
            usual: Duration::ZERO,
            server: None,
        };
        campaign.import(&address)?;
        Ok(campaign)
    }

    /// The first start, and the merchants beside it.
    fn import(&mut self, endpoint: &str) -> Result<(), String> {
        self.start()?;
        let file = self.arguments.folder.join("merchants.toml");
        fs::write(&file, merchants::file(endpoint)).map_err(|error| error.to_string())?;
        self.binary.run(&["merchant".into(), "import".into(), file.into()])
    }

    fn start(&mut self) -> Result<Site<'_>, String> {
        let began = Instant::now();
        let server = self.binary.serve()?;
        self.usual = began.elapsed();
        let address = server.address;
        self.server = Some(server);
        self.desk.set_killed(false);
        Ok(Site { desk: &self.desk, address })
    }

    fn killed(&mut self, phase: Phase) -> Result<(), String> {
        *self.tally.kills.entry(phase).or_default() += 1;
        self.desk.write(&[Line::Killed { at_ms: now_ms(), phase: phase.name().to_owned() }])?;
        let Some(hook) = self.arguments.hook() else { return Ok(()) };
        let status = Command::new(hook).arg(self.tally.kills().to_string()).status();
        let status = status.map_err(|error| format!("{}: {error}", hook.display()))?;
        if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", hook.display())) }
    }

    fn lives(&mut self, kills: u64, changes: u64) -> Result<(), String> {
        let mut plan = Vec::new();
        for (phase, share) in SHARES {
            // Without the database's file nobody sees when a checkpoint runs.
            let is_seen = phase != Phase::Checkpoint || self.arguments.database("main").is_some();
            let phase = if is_seen { phase } else { Phase::Load };
            let count = (kills * share).div_ceil(100);
            plan.extend(std::iter::repeat_n(phase, usize::try_from(count).unwrap_or(0)));
        }
        let loads = usize::try_from(kills).unwrap_or(0).saturating_sub(plan.len()).max(1);
        plan.extend(std::iter::repeat_n(Phase::Load, loads));
        self.random.shuffle(&mut plan);
        // The last life works off what is missing.
        plan.sort_by_key(|phase| *phase == Phase::Migration);
        plan.push(Phase::Load);
        let usual_first = self.usual;
        let mut first = 0;
        let is_long = |phase: &Phase| matches!(phase, Phase::Load | Phase::Checkpoint | Phase::Jobs);
        for (at, phase) in plan.iter().enumerate() {
            match phase {
                Phase::Migration => {
                    first += 1;
                    self.first_start(first, usual_first)?;
                }
                Phase::StartUp => self.start_up()?,
                Phase::Load | Phase::Checkpoint | Phase::Jobs => {
                    let missing = changes.saturating_sub(self.desk.changes());
                    let left = plan.iter().skip(at).filter(|phase| is_long(phase)).count();
                    let share = missing / u64::try_from(left).unwrap_or(1).max(1);
                    let quarters = if left > 1 { 1 + self.random.below(2 * QUARTERS - 1) } else { QUARTERS };
                    self.life(*phase, (share * quarters / QUARTERS).max(1))?;
                }
            }
            if self.is_wrong() {
                return Ok(());
            }
        }
        // On a slow machine lives end by the clock.
        while self.desk.changes() < changes && !self.is_wrong() {
            self.life(Phase::Load, changes - self.desk.changes())?;
        }
        Ok(())
    }

    fn is_wrong(&self) -> bool {
        !self.desk.model().faults.is_empty()
    }

    /// A store of its own, whose first start is killed.
    fn first_start(&mut self, number: u64, usual: Duration) -> Result<(), String> {
        let name = format!("first{number}");
        let binary = Binary { store: self.arguments.store(&name), ..self.binary.clone() };
        let database = self.arguments.database(&name);
        kill_first_start(&binary, database.as_deref(), usual, &mut self.random)?;
        self.killed(Phase::Migration)
    }

    /// A start that does not become ready, or only just.
    fn start_up(&mut self) -> Result<(), String> {
        if let Some(server) = self.server.take() {
            self.desk.set_killed(true);
            server.kill()?;
        }
        let child = self.binary.spawn()?;
        let (usual, database) = (self.usual, self.arguments.database("main"));
        let killer = Killer { desk: &self.desk, endpoint: &self.endpoint, database };
        let phase = killer.kill_start(child, usual, &mut self.random)?;
        self.killed(phase)
    }

    /// Start, compare, load, kill; where the comparison finds something wrong, no more than that.
    fn life(&mut self, phase: Phase, changes: u64) -> Result<(), String> {
        let began = Instant::now();
        if self.server.is_none() {
            self.start()?;
            self.after_start()?;
            if self.is_wrong() {
                return Ok(());
            }
        }
        let compared = began.elapsed().saturating_sub(self.usual);
        let (began, before) = (Instant::now(), self.desk.changes());
        let address = self.server.as_ref().ok_or("no server")?.address;
        let (desk, endpoint) = (Arc::clone(&self.desk), Arc::clone(&self.endpoint));
        let site = Site { desk: &desk, address };
        let database = self.arguments.database("main");
        let killer = Killer { desk: &desk, endpoint: &endpoint, database };
        let mut heirs = self.heirs(site);
        let mut random = self.random.clone();
        let hit = std::thread::scope(|scope| {
            for _ in 0..HANDS {
                let inherited = heirs.split_off(heirs.len().saturating_sub(INHERITED));
                let hand = Hand::new(site, Random::new(random.next()), inherited);
                scope.spawn(move || hand.work());
            }
            let hit = killer.wait(phase, changes, &mut random);
            desk.set_killed(true);
            let killed = self.server.take().map_or(Ok(()), Server::kill);
            killed.and(hit)
        });
        self.random = random;
        self.endpoint.answer_after(0);
        let hit = hit?;
        say(&format!(
            "killed in {} after {} ms and {} changes; start {} ms, comparison {} ms\n",
            hit.name(),
            began.elapsed().as_millis(),
            self.desk.changes() - before,
            self.usual.as_millis(),
            compared.as_millis()
        ));
        self.killed(hit)
    }

    /// Links of earlier lives with which nothing was done.
    fn heirs(&mut self, site: Site<'_>) -> Vec<Target> {
        let ops = sample(&self.desk.model(), HANDS * INHERITED * 2, &mut self.random);
        let is_fresh = |op: &Op| self.desk.model().link(*op).is_some_and(crate::model::Link::is_fresh);
        ops.into_iter().filter(is_fresh).filter_map(|op| target(site, op)).collect()
    }

    /// Compares what the last life touched, and a sample of all before; asks again what had no answer.
    fn after_start(&mut self) -> Result<(), String> {
        let address = self.server.as_ref().ok_or("no server")?.address;
        let desk = Arc::clone(&self.desk);
        let site = Site { desk: &desk, address };
        let listed = list_since(site, self.first)?;
        let (shown, faults) = index(&desk.model(), listed);
        let mut ops = desk.model().take_dirty();
        let sampled = sample(&desk.model(), SAMPLE, &mut self.random);
        ops.extend(&sampled);
        let findings = compare(site, &ops, &shown, World::Moving)?;
        self.tally.compared += findings.compared;
        desk.model().faults.extend(findings.faults.into_iter().chain(faults));
        if self.is_wrong() {
            return Ok(());
        }
        resolve(site, &shown, &mut self.tally.fates)?;
        probe(site, sampled)?;
        self.first = desk.number();
        Ok(())
    }

    /// The last start: everything once more, unless something is wrong already.
    fn finish(&mut self) -> Result<Findings, String> {
        self.endpoint.refuse_nothing();
        if !self.is_wrong() {
            self.start()?;
            self.after_start()?;
        }
        if self.is_wrong() {
            return Ok(Findings::default());
        }
        let address = self.server.as_ref().ok_or("no server")?.address;
        let desk = Arc::clone(&self.desk);
        let site = Site { desk: &desk, address };
        let mut times = vec![Instant::now()];
        settle(site)?;
        times.push(Instant::now());
        let mut findings = compare_all(site, World::Settled)?;
        times.push(Instant::now());
        findings.faults.extend(wait_for_tellings(site, &findings.payments)?);
        times.push(Instant::now());
        if let Some(server) = self.server.take() {
            server.stop()?;
        }
        findings.faults.extend(self.binary.verify().err());
        times.push(Instant::now());
        let took = times.windows(2).filter_map(|pair| Some(pair.last()?.duration_since(*pair.first()?)));
        let took: Vec<String> = took.map(|took| took.as_millis().to_string()).collect();
        say(&format!("the end in ms: settled, compared, told, verified {}\n", took.join(", ")));
        Ok(findings)
    }
}
