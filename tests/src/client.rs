//! A REST client that follows its hub through restarts.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// Far beyond what any request takes, so that a hang is a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the hub answers; it changes with each start.
#[derive(Debug, Clone)]
pub struct Address(Arc<Mutex<SocketAddr>>);

impl Address {
    /// An address as it now is.
    #[must_use]
    pub fn new(at: SocketAddr) -> Self {
        Self(Arc::new(Mutex::new(at)))
    }

    /// The hub has moved.
    pub fn set(&self, at: SocketAddr) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Where it is.
    #[must_use]
    pub fn get(&self) -> SocketAddr {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client of one hub; clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    address: Address,
    headers: HeaderMap,
}

/// What the hub answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as sent.
    pub text: String,
}

impl Answer {
    /// The body as JSON; every answer below `/api/` is.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {} {}", self.status, self.text))
    }

    /// The body, where the status is the expected one.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// A header as text, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The stable word of an error.
    #[must_use]
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Client {
    /// A client of the hub at `address`.
    #[must_use]
    pub fn new(address: Address) -> Self {
        Self::with_headers(address, HeaderMap::new())
    }

    fn with_headers(address: Address, headers: HeaderMap) -> Self {
        // The hub's own client brings TLS into the library, which then asks for this; the second time it is there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .default_headers(headers.clone())
            .timeout(PATIENCE)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client always builds");
        Self { http, address, headers }
    }

    /// The same client, with connections of its own.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::with_headers(self.address.clone(), self.headers.clone())
    }

    /// A client of the same hub that shows nothing.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        Self::new(self.address.clone())
    }

    /// A client of the same hub that shows this token, and the device's key where this one does.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        self.with_header("authorization", &format!("Bearer {token}"))
    }

    /// A client of the same hub that shows this device's key, and the token where this one does.
    #[must_use]
    pub fn with_device(&self, key: &str) -> Self {
        self.with_header("x-device-key", key)
    }

    /// A client of the same hub that sends another header with each request.
    ///
    /// # Panics
    /// Where it cannot be one.
    #[must_use]
    pub fn with_header(&self, name: &'static str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.insert(name, value.parse().expect("plain text"));
        Self::with_headers(self.address.clone(), headers)
    }

    /// What it sends with each request under a name.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A client of the same hub on which one of the demo's people is signed in, on no device.
    pub async fn signed_in(&self, name: &str) -> Self {
        let credentials = serde_json::json!({"username": name, "password": format!("demo-{name}")});
        let tokens = self.anonymous().post("/api/token/", &credentials).await.expect(200);
        self.anonymous().with_token(tokens["access"].as_str().unwrap_or_default())
    }

    /// A device of the same hub, paired by its manager; answers the client that shows its key, and the device. Whoever asks may
    /// manage devices.
    pub async fn paired(&self, role: &str) -> (Self, Value) {
        let wish = serde_json::json!({"name": format!("Uji {role}"), "role": role});
        let code = self.post("/api/pairing-codes/", &wish).await.expect(201);
        let paired = serde_json::json!({"code": code["code"]});
        let paired = self.anonymous().post("/api/devices/pair/", &paired).await.expect(201);
        (self.anonymous().with_device(paired["key"].as_str().unwrap_or_default()), paired["device"].clone())
    }

    /// Where the hub is now.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}", self.address.get())
    }

    /// Sends a request; an error is a lost connection, and says nothing about what happened.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Answer, reqwest::Error> {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base()) };
        let mut request = self.http.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        Ok(Answer { status, headers, text })
    }

    /// Reads a file as it is: its status, its headers, its bytes.
    ///
    /// # Panics
    /// Where the connection is lost.
    pub async fn download(&self, path: &str) -> (u16, HeaderMap, Vec<u8>) {
        let response = self.http.get(format!("{}{path}", self.base())).send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, response.bytes().await.expect("a whole answer").to_vec())
    }

    /// Sends JSON.
    pub async fn try_json(&self, method: Method, path: &str, body: &Value) -> Result<Answer, reqwest::Error> {
        let body = body.to_string().into_bytes();
        self.send(method, path, &[("content-type", "application/json")], Some(body)).await
    }

    /// Reads; a path or the address of a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await.unwrap_or_else(|error| lost(path, &error))
    }

    /// Reads what is there.
    pub async fn read(&self, path: &str) -> Value {
        self.get(path).await.expect(200)
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_json(Method::POST, path, body).await.unwrap_or_else(|error| lost(path, &error))
    }

    /// Patches with JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.try_json(Method::PATCH, path, body).await.unwrap_or_else(|error| lost(path, &error))
    }

    /// Posts JSON under an idempotency key.
    pub async fn post_keyed(&self, path: &str, key: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        let body = Some(body.to_string().into_bytes());
        self.send(Method::POST, path, &headers, body).await.unwrap_or_else(|error| lost(path, &error))
    }

    /// Every row of a list, page by page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let mut next = Some(format!("{path}{mark}page_size=500"));
        let mut rows = Vec::new();
        let mut count = 0;
        while let Some(at) = next {
            let page = self.read(&at).await;
            count = page["count"].as_u64().unwrap_or_default();
            rows.extend(page["results"].as_array().cloned().unwrap_or_default());
            next = page["next"].as_str().map(str::to_owned);
        }
        assert_eq!(rows.len() as u64, count, "{path}: `count` is what the pages hold");
        rows
    }
}

fn lost(path: &str, error: &reqwest::Error) -> Answer {
    panic!("{path}: no answer: {error:?}")
}
