//! **What stands before every request**: whatever it asks for, whoever asks, on every kind of path.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use reqwest::Method;
use serde_json::json;
use tests::client::{Answer, Client};
use tests::hub::{Setup, TestHub};
use tests::raw;

const POLLING: &str = "/socket.io/?EIO=4&transport=polling";
/// A page, a page that is not there, the API, what is not there in it, the document, live connections, their client, and health.
const PATHS: [&str; 10] = [
    "/",
    "/pos",
    "/nothing.txt",
    "/api/products/",
    "/api/nothing/",
    "/api/schema/",
    "/api/schema/swagger-ui/",
    POLLING,
    "/socket.io/socket.io.js",
    "/healthz",
];
/// A page of another server on the same network, as every old till is.
const TILL: &str = "http://192.168.1.77:5173";
const FOREIGN: &str = "https://evil.example";

async fn demo() -> (TestHub, Client) {
    let hub = Setup::demo().start().await;
    let client = hub.client().clone();
    (hub, client)
}

async fn ask(client: &Client, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let body = (method == Method::POST).then(|| b"{}".to_vec());
    client.send(method, path, headers, body).await.unwrap()
}

fn upgrade(host: &str, origin: Option<&str>) -> String {
    let origin = origin.map(|origin| format!("Origin: {origin}\r\n")).unwrap_or_default();
    format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{origin}\r\n"
    )
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_to_be_careful_about() {
    let (_hub, client) = demo().await;
    for path in PATHS.iter().chain(&["/media/menu/nothing.svg", "/readyz", "/metrics"]) {
        let answer = client.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            // On loopback nobody is between.
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("permissions-policy").contains("camera=(self)"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: plain HTTP goes on working");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-eval"), "{path}: {policy}");
        for scripts in policy.split("; ").filter(|directive| directive.starts_with("script-src")) {
            assert!(!scripts.contains("unsafe") && !scripts.contains('*'), "{path}: {scripts}");
        }
        let is_shared = path.starts_with("/socket.io/") || path.starts_with("/media/");
        let resource = if is_shared { "cross-origin" } else { "same-origin" };
        assert_eq!(answer.header("cross-origin-resource-policy"), resource, "{path}");
    }
    let api = client.get("/api/products/").await;
    assert_eq!(api.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    let page = client.get("/pos").await;
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    // Whatever hash a page's own tag names, the header allows.
    for hash in page.text.split('\'').filter(|part| part.starts_with("sha256-")) {
        assert!(page.header("content-security-policy").contains(hash), "{hash}");
    }
    for path in ["/api/token/", "/api/token/refresh/", "/api/users/"] {
        assert_eq!(client.post(path, &json!({})).await.header("cache-control"), "no-store", "{path}");
    }
    let person = client.signed_in("owner").await;
    assert_eq!(person.get("/api/users/").await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_name_that_is_not_this_hubs_is_refused_on_every_kind_of_path() {
    let setup = Setup::demo().variable("OUTLET_HUB_HTTP__ALLOWED_HOSTS", "[\"hub.example.com\"]");
    let hub = setup.variable("OUTLET_HUB_DISCOVERY__NAME", "warung-7").start().await;
    let client = hub.client().clone();
    for path in PATHS {
        for method in [Method::GET, Method::POST, Method::OPTIONS] {
            let refused = ask(&client, method, path, &[("host", "evil.example")]).await;
            assert_eq!(refused.status, 421, "{path}: {}", refused.text);
            assert!(
                refused.text.contains("evil.example") && refused.text.contains("allowed_hosts"),
                "{path}"
            );
            let is_json =
                path.starts_with("/api") && !path.contains("swagger") || path.starts_with("/socket.io");
            assert_eq!(is_json && refused.code() == "misdirected", is_json, "{path}");
            assert_eq!(refused.header("x-content-type-options"), "nosniff", "{path}");
        }
        for host in [
            "192.168.1.5:8080",
            "localhost",
            "warung-7.local",
            "WARUNG-7",
            "hub.example.com:8080",
            "[::1]:80",
        ] {
            assert_ne!(ask(&client, Method::GET, path, &[("host", host)]).await.status, 421, "{host} {path}");
        }
    }
    let address = client.base().replace("http://", "");
    assert!(raw::head(&address, &upgrade("evil.example", None)).await.starts_with("HTTP/1.1 421"));
    assert!(raw::head(&address, &upgrade("localhost", None)).await.starts_with("HTTP/1.1 101"));
    // Programs that speak no more than they must.
    let ancient = raw::head(&address, "GET /healthz HTTP/1.0\r\n\r\n").await;
    assert!(ancient.starts_with("HTTP/1.0 200"), "{ancient}");
    let twice = raw::head(&address, "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n").await;
    assert!(!twice.starts_with("HTTP/1.1 200"), "{twice}");
    let whole = raw::head(&address, "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert!(whole.starts_with("HTTP/1.1 421"), "{whole}");
    hub.assert_ready().await;
}

#[tokio::test]
async fn a_page_of_the_internet_changes_nothing_and_reads_nothing() {
    let (hub, client) = demo().await;
    let origin = ("origin", FOREIGN);
    for path in ["/api/orders/", "/api/token/", "/api/users/", POLLING, "/"] {
        let refused = ask(&client, Method::POST, path, &[origin, ("content-type", "application/json")]).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.text);
        assert_eq!(refused.header("access-control-allow-origin"), "", "{path}");
    }
    let refused = ask(&client, Method::POST, "/api/orders/", &[origin]).await;
    assert_eq!(refused.code(), "origin_not_allowed");
    assert!(
        refused.text.contains("cors_origins") && refused.text.contains("evil.example"),
        "{}",
        refused.text
    );
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        assert_eq!(ask(&client, method, "/api/products/", &[origin]).await.status, 403);
    }
    let preflight = [origin, ("access-control-request-method", "POST")];
    assert_eq!(ask(&client, Method::OPTIONS, "/api/orders/", &preflight).await.status, 403);
    let read = ask(&client, Method::GET, "/api/products/", &[origin]).await;
    assert_eq!((read.status, read.header("access-control-allow-origin")), (200, ""));
    assert!(read.headers.get_all("vary").iter().any(|value| value == "origin"));
    let address = client.base().replace("http://", "");
    for foreign in [FOREIGN, "null", "http://127.0.0.1.evil.example"] {
        let refused = raw::head(&address, &upgrade(&address, Some(foreign))).await;
        assert!(refused.starts_with("HTTP/1.1 403"), "{foreign}: {refused}");
    }
    for own in [&client.base()[..], TILL] {
        let opened = raw::head(&address, &upgrade(&address, Some(own))).await;
        assert!(opened.starts_with("HTTP/1.1 101"), "{own}: {opened}");
    }
    assert_eq!(client.read("/api/orders/").await["count"], 0);
    drop(hub);
}

#[tokio::test]
async fn a_page_of_the_same_network_works_as_before() {
    let (_hub, client) = demo().await;
    let origin = ("origin", TILL);
    let asked = [
        origin,
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type,x-till"),
    ];
    for path in ["/api/orders/", POLLING] {
        let preflight = ask(&client, Method::OPTIONS, path, &asked).await;
        assert_eq!(preflight.status, 204, "{path}");
        assert_eq!(preflight.header("access-control-allow-origin"), TILL, "{path}");
        assert!(preflight.header("access-control-allow-methods").contains("PATCH"), "{path}");
        assert!(preflight.header("access-control-allow-headers").contains("x-till"), "{path}");
    }
    // Whatever it is answered, the page may read: a refusal too.
    for (method, path, status) in [
        (Method::GET, "/api/products/", 200),
        (Method::POST, "/api/orders/", 400),
        (Method::GET, "/api/nothing/", 404),
        (Method::GET, POLLING, 200),
        (Method::GET, "/socket.io/?EIO=4&transport=polling&sid=nobody", 400),
    ] {
        let answer = ask(&client, method, path, &[origin]).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        assert_eq!(answer.header("access-control-allow-origin"), TILL, "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}: there are no cookies");
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin", "{path}");
    }
    let read = ask(&client, Method::GET, "/api/products/", &[origin]).await;
    assert!(read.header("access-control-expose-headers").contains("x-ledger-seq"));
    // The hub's own pages are none of anybody's.
    assert_eq!(ask(&client, Method::GET, "/", &[origin]).await.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_list_of_origins_is_taken_at_its_word() {
    let listed = "[\"https://tills.example:8443\"]";
    let hub = Setup::demo().variable("OUTLET_HUB_HTTP__CORS_ORIGINS", listed).start().await;
    let post = async |origin: &str| {
        let headers = [("origin", origin), ("content-type", "application/json")];
        ask(hub.client(), Method::POST, "/api/orders/", &headers).await.status
    };
    assert_eq!(post("https://tills.example:8443").await, 400);
    assert_eq!(post(&hub.client().base()).await, 400, "its own pages");
    for origin in [TILL, "https://tills.example", "http://tills.example:8443", "http://localhost:5173"] {
        assert_eq!(post(origin).await, 403, "{origin}");
    }
}

#[tokio::test]
async fn the_machine_itself_may_ask_as_often_as_it_likes() {
    let hub = Setup::demo().variable("OUTLET_HUB_HTTP__REQUESTS_PER_SECOND_MAX", "1").start().await;
    for _ in 0..30 {
        assert_eq!(hub.client().get("/api/outlets/").await.status, 200);
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_or_cut_off_and_the_hub_lives_on() {
    let (hub, client) = demo().await;
    let address = client.base().replace("http://", "");
    for path in [
        "/",
        "/pos",
        "/healthz",
        "/api/orders/",
        "/api/token/",
        "/api/schema/swagger-ui/",
        "/media/menu/x.svg",
        POLLING,
    ] {
        for is_chunked in [false, true] {
            let mut path = path.to_owned();
            if path == POLLING {
                // One that says too much has ended.
                let opened = client.get(POLLING).await.text;
                let session = opened.split("\"sid\":\"").nth(1).unwrap().split('"').next().unwrap();
                path = format!("{POLLING}&sid={session}");
            }
            let shown = client.header("authorization");
            let head = raw::body(&address, &path, shown, 3_000_000, is_chunked).await;
            let is_refused = head.is_empty() || head.starts_with("HTTP/1.1 413");
            assert!(is_refused, "{path} chunked: {is_chunked}: {head}");
        }
    }
    let long = "x".repeat(100_000);
    let many = (0..1_000).fold(String::new(), |all, n| all + &format!("X-Header-{n}: {}\r\n", &long[..90]));
    for headers in [format!("X-Header: {long}\r\n"), many] {
        let head = raw::head(&address, &format!("GET / HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")).await;
        assert!(head.starts_with("HTTP/1.1 431"), "{head}");
    }
    for length in [20_000, 70_000] {
        let head =
            raw::head(&address, &format!("GET /?{} HTTP/1.1\r\nHost: localhost\r\n\r\n", &long[..length]))
                .await;
        assert!(head.starts_with("HTTP/1.1 414"), "{head}");
    }
    hub.assert_ready().await;
}

#[tokio::test]
async fn refusals_are_counted_and_a_flood_is_one_line() {
    let (hub, client) = demo().await;
    for _ in 0..20 {
        ask(&client, Method::GET, "/", &[("host", "evil.example")]).await;
        ask(&client, Method::POST, "/api/orders/", &[("origin", FOREIGN)]).await;
    }
    let metrics = client.get("/metrics").await.text;
    for (why, count) in [("host", 20), ("origin", 20), ("rate", 0), ("size", 0)] {
        let line = format!("outlet_hub_refused_total{{why=\"{why}\"}} {count}");
        assert!(metrics.contains(&line), "{line}: {metrics}");
    }
    let logged = hub.logged();
    for (why, said) in [("host", "evil.example"), ("origin", FOREIGN)] {
        let lines: Vec<&str> = logged.lines().filter(|line| line.contains(&format!("why={why}"))).collect();
        assert_eq!(lines.len(), 1, "{logged}");
        assert!(lines[0].contains(said) && lines[0].contains("127.0.0.1"), "{}", lines[0]);
    }
}
