//! An outlet with the demo's people, with no server before it: a test says where a request comes from.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use hub::api::about::About;
use hub::api::{self, Hub};
use hub::auth::{Auth, Gate};
use hub::clock::Clock;
use hub::config::Config;
use hub::demo;
use hub::guard::{self, Guard};
use hub::guests::Guests;
use hub::ledger::command::{Command, Request as LedgerRequest};
use hub::ledger::disk::{Disk, RealDisk};
use hub::pictures::Pictures;
use hub::server::Peer;
use hub::store::{self, Folders, Opened};
use protocol::event::Actor;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The demo's people in an outlet of a test, with no server before it.
pub(crate) struct Outlet {
    router: Router,
    opened: Option<Opened>,
    _folder: TempDir,
}

impl Outlet {
    /// With the settings that matter here.
    pub(crate) async fn new(allow_insecure: bool, requests_per_second_max: u32) -> Self {
        let mut config = Config::load(None, std::iter::empty()).unwrap();
        config.http.requests_per_second_max = requests_per_second_max;
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let opened =
            store::open(&disk, &Folders::new(folder.path()), Clock::system(), Box::new(drop), &mut |_, _| {});
        let opened = opened.unwrap();
        let outlet = Box::new(demo::menu::outlet());
        let set_up = LedgerRequest::of(Actor::system("test"), Vec::new(), Command::SetOutlet(outlet));
        opened.ledger.call(set_up, 0).await.unwrap();
        let auth = Arc::new(Auth::open(folder.path()).unwrap());
        demo::accounts::keep_codes(&auth);
        demo::accounts::open(&opened.ledger, &auth).await.unwrap();
        let ledger = Arc::clone(&opened.ledger);
        let gate = Gate {
            ledger: Arc::clone(&ledger),
            auth,
            clock: Clock::system(),
            allow_insecure,
            presence: Arc::default(),
        };
        let guests = Arc::new(Guests::open(folder.path(), &ledger.state()).unwrap());
        let hub = Hub {
            ledger,
            views: opened.views.clone(),
            gate,
            about: Arc::new(About::default()),
            defaults: config.settings(),
            guests,
            pictures: Arc::new(Pictures::new(&folder.path().join("media"))),
            schedule: None,
            kept: Arc::default(),
            uplink: tokio::sync::watch::channel(hub::uplink::Status::default()).1,
        };
        let router = guard::layer(api::router(hub, 100_000), Guard::new(&config));
        Self { router, opened: Some(opened), _folder: folder }
    }

    pub(crate) async fn ask(
        &self,
        from: From,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("host", "192.168.1.5");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.extension(from.peer()).body(Body::from(body.to_string())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Answer { status, json: serde_json::from_slice(&bytes).unwrap_or_default() }
    }

    /// Pairs a till; answers its key.
    pub(crate) async fn till(&self, from: From) -> String {
        let paired = self.ask(from, "POST", "/api/devices/pair/", &[], json!({"code": "100001"})).await;
        paired.expect(StatusCode::CREATED)["key"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn person(&self, key: &str, name: &str) -> String {
        let staff = self.ask(From::Lan, "GET", "/api/staff/", &[("x-device-key", key)], json!({})).await;
        let staff = staff.expect(StatusCode::OK);
        let people = staff["results"].as_array().unwrap();
        people.iter().find(|user| user["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        self.router = Router::new();
        self.opened.take().unwrap().close();
    }
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) json: Value,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.json);
        self.json
    }

    #[track_caller]
    pub(crate) fn expect_https_needed(self) {
        assert_eq!(self.expect(StatusCode::FORBIDDEN)["code"], "https_needed");
    }
}

#[derive(Clone, Copy)]
pub(crate) enum From {
    Lan,
    LanByTls,
    Here,
}

impl From {
    fn peer(self) -> Peer {
        let ip = if matches!(self, Self::Here) { [127, 0, 0, 1] } else { [192, 168, 1, 20] };
        Peer { address: SocketAddr::from((ip, 50_000)), is_tls: matches!(self, Self::LanByTls) }
    }
}
