//! A PostgreSQL server that goes away under a loaded Kadi and comes back: every answer is a defined one,
//! nothing that was acknowledged is lost, nothing stands twice, and work goes on without a restart.

use std::collections::BTreeSet;
use std::time::Duration;

use kadi_testkit::postgres::Cluster;
use serde_json::{Value, json};

use crate::harness::http::Call;
use crate::harness::load::{Load, all_links, not_now};
use crate::harness::outage::{nothing_is_written, wait_for_recovery};
use crate::harness::own_api::{fixed, text};
use crate::harness::receiver::Receiver;
use crate::harness::server::Server;
use crate::harness::shop::{Shop, WEBHOOK_PATH};
use crate::harness::wait::{wait_for, wait_until};

const CALLBACK_PATH: &str = "/status-callback";
/// Longer than a batcher asks after a commit of unknown end before its callers hear that nobody knows.
const LONG: Duration = Duration::from_secs(3);

/// A server under load on a cluster of its own, in the middle of a test.
struct Scene<'a> {
    cluster: &'a Cluster,
    shop: &'a Shop<'a>,
    load: &'a Load,
    /// An open link's code.
    open: &'a str,
}

impl Scene<'_> {
    fn readiness(&self) -> (u16, String) {
        self.shop.server.readiness()
    }

    /// Waits until something more was done than before.
    fn goes_on(&self) {
        let before = self.load.deeds().len();
        wait_until("work to go on", || self.load.deeds().len() > before + 50);
    }

    /// The fault is over: Kadi finds it out by itself.
    fn is_over(&self) {
        wait_for_recovery(self.shop.server);
        self.goes_on();
    }

    /// The fault stays: after the first, who may hear that nobody knows, all hear that nothing was done.
    fn stays(&self, reason: &str) {
        wait_until("the server to say no", || self.readiness().0 == 503);
        std::thread::sleep(LONG);
        nothing_is_written(self.shop, self.open, reason);
    }
}

/// Puts a loaded server through this, and looks at everything afterwards.
fn weathers(outage: impl FnOnce(&Scene<'_>)) {
    let (cluster, load) = (Cluster::start(&[]), Load::default());
    let mut server = Server::on(cluster.database());
    let (hooks, callbacks) = (Receiver::start(), Receiver::start());
    let quiet = Shop::open(&server, "quiet");
    let shop = Shop::open_with_webhook(&server, "loaded", &hooks.url(WEBHOOK_PATH));
    let open = quiet.link(&fixed());
    callbacks.answer_with(503);
    let mut called = quiet.fixed();
    called["statusCallbackUrl"] = json!(callbacks.url(CALLBACK_PATH));
    server.pay(&quiet.create(&called).link_code(), "success");
    callbacks.wait_for_posts(CALLBACK_PATH, 1);
    load.run(&shop, || {
        let scene = Scene { cluster: &cluster, shop: &quiet, load: &load, open: text(&open["code"]) };
        scene.goes_on();
        outage(&scene);
    });
    callbacks.answer_with(200);
    let repeated = repeat(&shop, &load);
    // What a rail took while its word could not be recorded is asked for.
    server.advance(3_600);
    callbacks.wait_for_posts(CALLBACK_PATH, 2);
    everything_stands(&shop, &load, &repeated);
    wait_for_webhooks(&shop, &hooks);
    server.pay(text(&open["code"]), "success");
    let log = server.log();
    for fault in ["panicked", "is broken", "cannot be booked"] {
        assert!(!log.contains(fault), "{fault}");
    }
    server.verify();
    server.stop();
    let marks = server.database().expect("its database").rows("batch_mark");
    assert_eq!(marks, 0, "a clean stop leaves nothing behind");
    println!("{} deeds, refused: {:?}", load.deeds().len(), load.refused());
}

/// Asks again for every link of which nobody knew whether it was made, twice: one link for each key.
fn repeat(shop: &Shop<'_>, load: &Load) -> BTreeSet<String> {
    let ask = |key: &str| {
        let answer = shop.post_with_key("/v1/links", key, &fixed());
        assert_eq!(answer.status, 201, "{}", answer.text());
        text(&answer.json()["id"]).to_owned()
    };
    let unsure = load.unsure();
    let again = unsure.iter().map(|key| {
        let id = ask(key);
        assert_eq!(ask(key), id, "{key}");
        id
    });
    again.collect()
}

/// Every link that was acknowledged is there once, paid where that was acknowledged, and payable where not;
/// what was refused as not done was not done.
fn everything_stands(shop: &Shop<'_>, load: &Load, repeated: &BTreeSet<String>) {
    let links = all_links(shop);
    let deeds = load.deeds();
    let made: BTreeSet<&str> = deeds.iter().map(|deed| text(&deed.link["id"])).collect();
    assert!(repeated.iter().all(|id| links.contains_key(id) && !made.contains(id.as_str())));
    assert_eq!(made.len() + repeated.len(), links.len(), "one link for each key, and no other");
    for link in load.unpaid() {
        assert!(shop.payments(&link).is_empty(), "{link}");
    }
    for deed in deeds.iter().filter(|deed| deed.is_payment) {
        let link = &links[text(&deed.link["id"])];
        assert_eq!(link["status"], "completed", "{link}");
    }
    for link in links.values() {
        if link["status"] != "completed" {
            let paid = shop.server.pay(text(&link["code"]), "success");
            assert_eq!(paid["state"], "captured", "{paid}");
        }
        let shown = shop.show(link);
        assert_eq!(shown["amount_captured"], 100_000, "{shown}");
    }
}

/// Each payment is told, also those whose telling was under way when the server went away.
fn wait_for_webhooks(shop: &Shop<'_>, hooks: &Receiver) {
    let paid: BTreeSet<String> = all_links(shop).into_keys().collect();
    wait_until("a webhook for every payment", || {
        let posts = hooks.posts(WEBHOOK_PATH).into_iter().map(|post| post.json());
        let told = posts.filter(|event| event["type"] == "link.completed");
        told.map(|event| text(&event["data"]["id"]).to_owned()).collect::<BTreeSet<_>>() == paid
    });
}

#[test]
fn a_server_that_is_stopped_and_started() {
    weathers(|scene| {
        scene.cluster.stop();
        scene.cluster.start_again();
        scene.is_over();
        scene.cluster.stop();
        scene.stays("connect");
        scene.cluster.start_again();
        scene.is_over();
    });
}

#[test]
fn a_server_that_is_killed_and_started() {
    weathers(|scene| {
        scene.cluster.kill();
        scene.cluster.start_again();
        scene.is_over();
        // What was asked for by now is under way there.
        scene.cluster.freeze();
        std::thread::sleep(Duration::from_millis(200));
        scene.cluster.kill();
        scene.stays("connect");
        scene.cluster.start_again();
        scene.is_over();
    });
}

/// First for a moment, which is only slow; then for longer than a commit is waited for.
#[test]
fn a_server_that_hangs_and_goes_on() {
    weathers(|scene| {
        scene.cluster.freeze();
        std::thread::sleep(LONG);
        scene.cluster.thaw();
        scene.is_over();
        scene.cluster.freeze();
        assert_eq!(scene.shop.server.send(&Call::get("/healthz")).status, 200);
        assert_eq!(scene.readiness().0, 503);
        not_now(&scene.shop.post_json("/v1/links", &fixed()));
        scene.cluster.thaw();
        scene.is_over();
    });
}

#[test]
fn sessions_that_are_all_terminated() {
    weathers(|scene| {
        for _ in 0..5 {
            scene.cluster.end_sessions("kadi");
            scene.is_over();
        }
    });
}

#[test]
fn a_server_that_refuses_writes_for_a_while() {
    weathers(|scene| {
        scene.cluster.refuse_writes(true);
        scene.stays("read-only transaction");
        let shown = wait_for("reads to go on", || {
            let answer = scene.shop.get("/v1/links");
            (answer.status == 200).then(|| answer.json())
        });
        assert_ne!(shown["data"], Value::Array(Vec::new()));
        scene.cluster.refuse_writes(false);
        scene.is_over();
    });
}
