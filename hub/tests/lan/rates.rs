//! Whoever asks too often waits, and nobody else does; the machine itself is not counted.

use axum::http::StatusCode;
use serde_json::json;

use crate::outlet::{Answer, From, Outlet};

/// Asks until the hub has had enough; answers how often it did, and the refusal.
async fn until_throttled(outlet: &Outlet, from: From, method: &str, path: &str) -> (u32, Answer) {
    for times in 0..2_000 {
        let answer = outlet.ask(from, method, path, &[], json!({})).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return (times, answer);
        }
    }
    panic!("{path}: never too often");
}

#[tokio::test]
async fn whoever_asks_too_often_waits_and_nobody_else_does() {
    let outlet = Outlet::new(false, 10).await;
    let (times, refused) = until_throttled(&outlet, From::Lan, "GET", "/api/hub/").await;
    assert!(times >= 50, "{times}: five seconds' worth at once");
    assert_eq!(refused.json["code"], "throttled");
    // A device with a key of its own goes on, known or not, and so does the machine itself.
    let key = [("x-device-key", "another")];
    let other = outlet.ask(From::Lan, "GET", "/api/outlets/", &key, json!({})).await;
    assert_eq!(other.json["code"], "device_not_paired");
    for _ in 0..200 {
        outlet.ask(From::Here, "GET", "/api/hub/", &[], json!({})).await.expect(StatusCode::OK);
    }
}

#[tokio::test]
async fn passwords_are_not_tried_by_the_dozen() {
    let outlet = Outlet::new(false, 200).await;
    let (times, refused) = until_throttled(&outlet, From::LanByTls, "POST", "/api/token/").await;
    assert!((40..100).contains(&times), "{times}");
    assert_eq!(refused.json["code"], "throttled");
    // No header makes somebody else of them, and the other ways in count too.
    for (path, key) in [("/api/token/", "a"), ("/api/token/pin/", "b"), ("/api/devices/pair/", "c")] {
        let made_up = outlet.ask(From::LanByTls, "POST", path, &[("x-device-key", key)], json!({})).await;
        assert_eq!(made_up.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    outlet.ask(From::LanByTls, "GET", "/api/hub/", &[], json!({})).await.expect(StatusCode::OK);
}
