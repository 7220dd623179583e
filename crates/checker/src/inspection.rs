//! Reads what the server shows and compares it with what must be.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::attempts::{self, Attempt, World};
use crate::desk::Site;
use crate::http::{Connection, Message};
use crate::judge::judge;
use crate::line::{Op, Payment};
use crate::merchants::{MERCHANTS, Merchant};
use crate::model::{Link, Model};
use crate::random::Random;
use crate::sender::{merchant, read};
use crate::shown::{Page, Payments, ShownLink};

/// Connections that read at once.
const READERS: usize = 8;
/// Parts of a long list.
const CUTS: usize = 16;
/// How often a link whose jobs are under way is read again before it counts as wrong.
const TRIES: u32 = 6;
/// So many wrong links, and no more are read again.
const WRONG_MAX: usize = 20;
const PAUSE: Duration = Duration::from_millis(150);

/// What a comparison found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) faults: Vec<String>,
    /// Links compared.
    pub(crate) compared: u64,
    /// Payments that were read, by link.
    pub(crate) payments: HashMap<Op, Vec<Payment>>,
    /// Unanswered attempts that had begun, and those that had not.
    pub(crate) begun: u64,
    pub(crate) never_begun: u64,
}

/// Does work in so many threads, each with a connection of its own; the first error ends it.
pub(crate) fn each<T: Send, R: Send>(
    site: Site<'_>,
    tasks: Vec<T>,
    work: impl Fn(&mut Connection, T) -> Result<R, String> + Sync,
) -> Result<Vec<R>, String> {
    let (tasks, results) = (Mutex::new(tasks), Mutex::new(Vec::new()));
    let lock = "a reading thread panicked";
    let run = || -> Result<(), String> {
        let mut connection = Connection::new(site.address);
        loop {
            let Some(task) = tasks.lock().map_err(|_| lock)?.pop() else { return Ok(()) };
            let result = work(&mut connection, task)?;
            results.lock().map_err(|_| lock)?.push(result);
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..READERS).map(|_| scope.spawn(run)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| lock.to_owned())?)
    })?;
    results.into_inner().map_err(|_| lock.to_owned())
}

fn get(connection: &mut Connection, merchant: &Merchant, path: String) -> Result<Message, String> {
    let answer = connection.send(&read(merchant, path.clone()));
    answer.map_err(|error| format!("{path}: {error}"))
}

fn body<T: serde::de::DeserializeOwned>(answer: &Message) -> Result<T, String> {
    let text = || String::from_utf8_lossy(&answer.body).into_owned();
    if answer.status() != 200 {
        return Err(format!("a read was answered with {}: {}", answer.status(), text()));
    }
    serde_json::from_slice(&answer.body).map_err(|error| format!("{error}: {}", text()))
}

/// Part of a merchant's list, which goes from new to old.
struct Stretch {
    merchant: &'static Merchant,
    /// The link after which it begins; none for the newest.
    from: Option<String>,
    to: End,
}

/// Where a stretch ends.
enum End {
    /// With this link.
    With(String),
    /// With a page on which everything was asked for earlier than this.
    Before(Op),
    /// With the oldest link.
    Never,
}

impl End {
    fn is_on(&self, page: &[ShownLink]) -> bool {
        match self {
            Self::With(id) => page.iter().any(|link| link.id == *id),
            Self::Before(first) => page.iter().all(|link| link.op().is_some_and(|op| op < *first)),
            Self::Never => false,
        }
    }
}

fn walk(connection: &mut Connection, stretch: &Stretch) -> Result<Vec<ShownLink>, String> {
    let mut links = Vec::new();
    let mut after = stretch.from.clone();
    loop {
        let page = after.as_ref().map(|after| format!("&after={after}")).unwrap_or_default();
        let answer = get(connection, stretch.merchant, format!("/v1/links?limit=100{page}"))?;
        let Page { data, next } = body::<Page<ShownLink>>(&answer)?;
        let is_end = next.is_none() || stretch.to.is_on(&data);
        links.extend(data);
        if is_end {
            return Ok(links);
        }
        after = next;
    }
}

/// The links that were asked for since this number, and some older ones.
pub(crate) fn list_since(site: Site<'_>, first: Op) -> Result<Vec<ShownLink>, String> {
    let stretch = |merchant| Stretch { merchant, from: None, to: End::Before(first) };
    walk_all(site, MERCHANTS.iter().map(stretch).collect())
}

/// Every link of every merchant. Several readers share a list, which is cut at links that are known to be
/// there; where one of them is out of order, some links come twice, and none is left out.
pub(crate) fn list_all(site: Site<'_>) -> Result<Vec<ShownLink>, String> {
    let mut stretches = Vec::new();
    for (place, merchant) in MERCHANTS.iter().enumerate() {
        let mut from = None;
        for id in cuts(&site.desk.model(), place) {
            stretches.push(Stretch { merchant, from, to: End::With(id.clone()) });
            from = Some(id);
        }
        stretches.push(Stretch { merchant, from, to: End::Never });
    }
    walk_all(site, stretches)
}

fn walk_all(site: Site<'_>, stretches: Vec<Stretch>) -> Result<Vec<ShownLink>, String> {
    let parts = each(site, stretches, |connection, stretch| walk(connection, &stretch))?;
    Ok(parts.into_iter().flatten().collect())
}

/// Links that cut a merchant's list into about equal parts, from new to old.
fn cuts(model: &Model, merchant: usize) -> Vec<String> {
    let is_its = |link: &Link| link.wish.merchant == merchant;
    let mut made: Vec<(Op, &str)> = model
        .links()
        .filter(|(_, link)| is_its(link))
        .filter_map(|(op, link)| Some((op, link.made()?.id.as_str())))
        .collect();
    made.sort_unstable_by(|one, other| other.cmp(one));
    let step = (made.len() / CUTS).max(100);
    made.iter().skip(step).step_by(step).map(|(_, id)| (*id).to_owned()).collect()
}

/// The listed links by number; a link without one, twice or never asked for is a fault.
pub(crate) fn index(model: &Model, listed: Vec<ShownLink>) -> (HashMap<Op, ShownLink>, Vec<String>) {
    let (mut shown, mut faults) = (HashMap::new(), Vec::new());
    for link in listed {
        match link.op() {
            Some(op) if model.link(op).is_some() => {
                let id = link.id.clone();
                if let Some(twin) = shown.insert(op, link).filter(|twin| twin.id != id) {
                    faults.push(format!("link {op} is there twice, as {} and {id}", twin.id));
                }
            }
            Some(_) | None => faults.push(format!("{} ({:?}) was never asked for", link.id, link.name)),
        }
    }
    (shown, faults)
}

/// Compares these links. What `shown` lacks is read by itself.
pub(crate) fn compare(
    site: Site<'_>,
    ops: &[Op],
    shown: &HashMap<Op, ShownLink>,
    world: World,
) -> Result<Findings, String> {
    let known: Vec<(Op, Link)> = {
        let model = site.desk.model();
        ops.iter().filter_map(|op| Some((*op, model.link(*op)?.clone()))).collect()
    };
    let wrong_links = AtomicUsize::new(0);
    let results = each(site, known, |connection, (op, link)| {
        let mut seen = shown.get(&op).cloned();
        for attempt in 1.. {
            let made = seen.as_ref().map(|seen| &seen.id).or(link.made().map(|made| &made.id)).cloned();
            if seen.is_none() || attempt > 1 {
                seen = made.as_deref().map(|id| find(connection, &link, id)).transpose()?.flatten();
            }
            let payments = match &seen {
                Some(seen) if link.was_tried() => payments(connection, &link, &seen.id)?,
                Some(_) | None => Vec::new(),
            };
            let wrong = judge(op, &link, seen.as_ref(), &payments, world);
            let is_certain = attempt >= TRIES || wrong_links.load(Ordering::Relaxed) >= WRONG_MAX;
            if wrong.is_empty() || is_certain {
                wrong_links.fetch_add(usize::from(!wrong.is_empty()), Ordering::Relaxed);
                return Ok((op, link, payments, wrong));
            }
            std::thread::sleep(PAUSE);
        }
        Err("nothing was tried".to_owned())
    })?;
    let mut findings = Findings::default();
    for (op, link, payments, wrong) in results {
        findings.compared += 1;
        findings.faults.extend(wrong);
        findings.count_unanswered(&link.attempts, payments.len());
        if !payments.is_empty() {
            findings.payments.insert(op, payments);
        }
    }
    Ok(findings)
}

impl Findings {
    fn count_unanswered(&mut self, tried: &[Attempt], payments: usize) {
        let certain = tried.iter().filter(|attempt| attempt.must_be()).count();
        let open = tried.iter().filter(|attempt| attempt.end == attempts::End::Unanswered).count();
        let begun = payments.saturating_sub(certain).min(open);
        self.begun += u64::try_from(begun).unwrap_or(0);
        self.never_begun += u64::try_from(open - begun).unwrap_or(0);
    }
}

fn find(connection: &mut Connection, link: &Link, id: &str) -> Result<Option<ShownLink>, String> {
    let answer = get(connection, merchant(&link.wish), format!("/v1/links/{id}"))?;
    if answer.status() == 404 { Ok(None) } else { body(&answer).map(Some) }
}

fn payments(connection: &mut Connection, link: &Link, id: &str) -> Result<Vec<Payment>, String> {
    let answer = get(connection, merchant(&link.wish), format!("/v1/links/{id}/payments?limit=100"))?;
    let page: Payments = body(&answer)?;
    match page.next {
        None => Ok(page.data),
        Some(_) => Err(format!("link {id} has more payments than were ever asked for")),
    }
}

/// So many links that are known to exist, with their numbers.
pub(crate) fn sample(model: &Model, count: usize, random: &mut Random) -> Vec<Op> {
    let mut made: Vec<Op> =
        model.links().filter(|(_, link)| link.made().is_some()).map(|(op, _)| op).collect();
    (0..count).map_while(|_| random.take(&mut made)).collect()
}
