//! What is refused where others can read along: the same routes, asked for over plain HTTP from another machine, over TLS, and from
//! this one.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use hub::api::about::About;
use hub::api::{self, Hub};
use hub::auth::{Auth, Gate};
use hub::clock::Clock;
use hub::demo;
use hub::ledger::command::{Command, Request as LedgerRequest};
use hub::ledger::disk::{Disk, RealDisk};
use hub::server::Peer;
use hub::store::{self, Folders, Opened};
use protocol::event::Actor;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The demo's people in an outlet of a test, with no server before it.
struct Outlet {
    router: Router,
    opened: Option<Opened>,
    _folder: TempDir,
}

impl Outlet {
    async fn new(allow_insecure: bool) -> Self {
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
        let hub = Hub {
            ledger,
            views: opened.views.clone(),
            gate,
            about: Arc::new(About::default()),
            pictures: Arc::new(hub::pictures::Pictures::new(&folder.path().join("media"))),
        };
        Self { router: api::router(hub, 100_000), opened: Some(opened), _folder: folder }
    }

    async fn ask(
        &self,
        from: From,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header("content-type", "application/json");
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
    async fn till(&self, from: From) -> String {
        let paired = self.ask(from, "POST", "/api/devices/pair/", &[], json!({"code": "100001"})).await;
        paired.expect(StatusCode::CREATED)["key"].as_str().unwrap().to_owned()
    }

    async fn person(&self, key: &str, name: &str) -> String {
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

struct Answer {
    status: StatusCode,
    json: Value,
}

impl Answer {
    #[track_caller]
    fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.json);
        self.json
    }

    #[track_caller]
    fn expect_https_needed(self) {
        assert_eq!(self.expect(StatusCode::FORBIDDEN)["code"], "https_needed");
    }
}

#[derive(Clone, Copy)]
enum From {
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

fn password() -> Value {
    json!({"username": "manager", "password": "demo-manager"})
}

#[tokio::test]
async fn a_password_is_not_taken_where_others_can_read_along() {
    let outlet = Outlet::new(false).await;
    let sign_in = |from| outlet.ask(from, "POST", "/api/token/", &[], password());
    sign_in(From::Lan).await.expect_https_needed();
    sign_in(From::Here).await.expect(StatusCode::OK);
    let tokens = sign_in(From::LanByTls).await.expect(StatusCode::OK);
    // What was got over TLS is worth no more than a cashier's over plain HTTP.
    let bearer = format!("Bearer {}", tokens["access"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let users = |from| outlet.ask(from, "GET", "/api/users/", &headers, json!({}));
    users(From::Lan).await.expect_https_needed();
    users(From::LanByTls).await.expect(StatusCode::OK);
    outlet.ask(From::Lan, "GET", "/api/orders/", &headers, json!({})).await.expect(StatusCode::OK);
    let told = outlet.ask(From::Lan, "GET", "/api/hub/", &[], json!({})).await.expect(StatusCode::OK);
    assert_eq!((&told["is_secure"], &told["needs_secure"]), (&json!(false), &json!(true)));
    let told = outlet.ask(From::LanByTls, "GET", "/api/hub/", &[], json!({})).await.expect(StatusCode::OK);
    assert_eq!((&told["is_secure"], &told["needs_secure"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn a_cashier_works_over_plain_http_and_a_manager_neither_signs_in_nor_approves() {
    let outlet = Outlet::new(false).await;
    let key = outlet.till(From::Lan).await;
    let device = [("x-device-key", key.as_str())];
    let (sari, budi) = (outlet.person(&key, "Sari").await, outlet.person(&key, "Pak Budi").await);
    let pin = |user: &str, pin: &str| json!({"user": user, "pin": pin});
    let by_pin = |from, body| outlet.ask(from, "POST", "/api/token/pin/", &device, body);
    by_pin(From::Lan, pin(&budi, "2222")).await.expect_https_needed();
    by_pin(From::LanByTls, pin(&budi, "2222")).await.expect(StatusCode::OK);
    let tokens = by_pin(From::Lan, pin(&sari, "3333")).await.expect(StatusCode::OK);
    let bearer = format!("Bearer {}", tokens["access"].as_str().unwrap());
    let leave = format!("{budi} 2222");
    let headers =
        [("x-device-key", key.as_str()), ("authorization", bearer.as_str()), ("x-approval", leave.as_str())];
    let path = format!("/api/orders/{budi}/cancel/");
    let cancel = |from| outlet.ask(from, "POST", &path, &headers, json!({"reason": "x"}));
    cancel(From::Lan).await.expect_https_needed();
    cancel(From::LanByTls).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn where_the_configuration_allows_it_plain_http_is_as_good() {
    let outlet = Outlet::new(true).await;
    let tokens = outlet.ask(From::Lan, "POST", "/api/token/", &[], password()).await.expect(StatusCode::OK);
    let bearer = format!("Bearer {}", tokens["access"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    outlet.ask(From::Lan, "GET", "/api/users/", &headers, json!({})).await.expect(StatusCode::OK);
    let told = outlet.ask(From::Lan, "GET", "/api/hub/", &[], json!({})).await.expect(StatusCode::OK);
    assert_eq!((&told["is_secure"], &told["needs_secure"]), (&json!(false), &json!(false)));
}
