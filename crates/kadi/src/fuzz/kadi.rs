//! A whole Kadi in this process, with a merchant, links and a payment.

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use kadi_domain::moment::Setup;
use kadi_engine::engine::Engine;
use kadi_engine::pace::Pace;
use kadi_store::Location;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use crate::admin::import_merchants;
use crate::app::{App, start_engine};
use crate::config::{KeysFile, Places, Settings};

pub(super) const API_KEY: &str = "kadi_test_fuzz";

const MERCHANT: &str = "[[merchant]]\nid = \"demo\"\nname = \"Demo <Traders> & Sons\"\n\
    native = { api_key = \"kadi_test_fuzz\" }\n";

pub(super) struct Kadi {
    pub(super) app: App,
    pub(super) engine: Engine,
    pub(super) runtime: Runtime,
    pub(super) folder: TempDir,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Kadi {
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (data, keys) = (folder.path().to_owned(), folder.path().join("keys.toml"));
        let any = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0);
        let settings = Settings {
            places: Places { database: Location::sqlite(data.join("kadi.db")), data, keys: keys.clone() },
            listen: any,
            admin_listen: any,
            public_url: None,
            sandbox: true,
            smtp: None,
            reservation_ms: Setup::sandbox().reservation_ms,
            risk: crate::files::RiskEntry::default(),
            pace: Pace::default(),
        };
        let keys = KeysFile::create(&keys).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (engine, app) = runtime.block_on(async {
            let engine = start_engine(&settings.places, &keys, Some(&settings)).await.unwrap();
            import_merchants(&engine, MERCHANT).await.unwrap();
            let (_, stopping) = tokio::sync::watch::channel(false);
            let (url, restart) = ("https://pay.example", Box::new(|| {}));
            let app = App::new(engine.clone(), &settings, url, None, stopping, restart).unwrap();
            (engine, app)
        });
        Self { app, engine, runtime, folder }
    }

    pub(super) fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let answer = self.app.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = answer.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
            // What the answer left to be done, such as the note of an opening, is done beside it.
            tokio::task::yield_now().await;
            Answer { status: parts.status, headers: parts.headers, body }
        })
    }

    pub(super) fn post(&self, path: &str, body: &str) -> Value {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {API_KEY}"))
            .body(Body::from(body.to_owned()));
        let answer = self.send(request.unwrap());
        assert!(answer.status.is_success(), "{}", answer.text());
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// A new link: its body as the own API shows it.
    pub(super) fn link(&self, body: &str) -> Value {
        self.post("/v1/links", body)
    }
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

impl Drop for Kadi {
    fn drop(&mut self) {
        self.engine.stop();
    }
}
