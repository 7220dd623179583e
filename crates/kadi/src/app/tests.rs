//! Which addresses there are outside the sandbox.

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::Body;
use axum::http::Request;
use kadi_engine::domain::moment::Setup;
use tower::ServiceExt as _;

use super::*;

/// What a server answers to calls with these methods at these addresses.
async fn statuses(sandbox: bool, calls: &[(&str, &str)]) -> Vec<u16> {
    let folder = tempfile::tempdir().unwrap();
    let (data, keys) = (folder.path().to_owned(), folder.path().join("keys.toml"));
    let any = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0);
    let settings = Settings {
        places: Places { database: Location::sqlite(data.join("kadi.db")), data, keys: keys.clone() },
        listen: any,
        admin_listen: any,
        public_url: None,
        sandbox,
        smtp: None,
        reservation_ms: Setup::sandbox().reservation_ms,
        risk: crate::files::RiskEntry::default(),
        pace: Pace::default(),
    };
    let keys = KeysFile::create(&keys).unwrap();
    let engine = start_engine(&settings.places, &keys, Some(&settings)).await.unwrap();
    let (_stop, stopping) = watch::channel(false);
    let (url, restart) = ("https://pay.example", Box::new(|| {}));
    let app = App::new(engine.clone(), &settings, url, None, stopping, restart).unwrap();
    let mut answers = Vec::new();
    for (method, path) in calls {
        let request = Request::builder().method(*method).uri(*path).body(Body::from("{}")).unwrap();
        answers.push(app.router.clone().oneshot(request).await.unwrap().status().as_u16());
    }
    engine.stop();
    answers
}

#[tokio::test]
async fn outside_the_sandbox_its_side_doors_are_not_there() {
    let calls = [
        ("GET", "/sandbox/stories"),
        ("GET", "/sandbox/messages"),
        ("POST", "/sandbox/clock"),
        ("POST", "/sandbox/pay/0000000000000"),
        ("POST", "/sandbox/payments/1/settle"),
        ("GET", "/sandbox/log/0000000000000"),
    ];
    assert_eq!(statuses(false, &calls).await, [404; 6]);
    // Inside, these are answered by what they ask for.
    assert_eq!(statuses(true, &calls[..3]).await, [200, 200, 422]);
}
