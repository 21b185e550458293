//! **Nothing that is secret is written down**: not in the log, however much is logged, not on the terminal, in no file beside the
//! folder of the secrets, and in no answer but the one that it was asked for.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::{Answer, Client};
use tests::hub::{Setup, TestHub};

const PASSWORD: &str = "nasi-goreng-7391-enak";
const NEXT_PASSWORD: &str = "soto-ayam-2846-panas";
const WRONG_PASSWORD: &str = "bakso-urat-5517-pedas";
const OWNER_PASSWORD: &str = "gado-gado-9034-segar";
const PIN: &str = "73914682";
const WRONG_PIN: &str = "60258137";
const DEVICE_KEY: &str = "dk-4b1f93a7c6e2d85097fe31ac";
const WRONG_TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.d3Jvbmc.c2lnbmF0dXJlLXRoYXQtaXMtd3Jvbmc";
const POLLING: &str = "/socket.io/?EIO=4&transport=polling";

/// Everything that was secret, with a word for what it was.
#[derive(Default)]
struct Secrets(Vec<(String, Vec<u8>)>);

impl Secrets {
    fn add(&mut self, what: &str, secret: impl AsRef<[u8]>) {
        self.0.push((what.to_owned(), secret.as_ref().to_vec()));
    }

    /// A token, and the part of it that nobody else can make.
    fn add_tokens(&mut self, tokens: &Value) {
        for name in ["access", "refresh"] {
            let token = tokens[name].as_str().unwrap();
            self.add(name, token);
            self.add(name, token.rsplit('.').next().unwrap());
        }
    }

    /// The keys of a hub, as they are kept and as they are used.
    fn add_keys(&mut self, data_dir: &Path) {
        for entry in fs::read_dir(data_dir.join("secrets")).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
            for line in text.lines().map(str::trim).filter(|line| line.len() >= 32) {
                self.add("a key", line);
                if let Some(bytes) = hub::hex::parse(line) {
                    self.add("a key's bytes", &bytes);
                    self.add("a key's bytes, shown", format!("{bytes:?}").trim_matches(['[', ']']));
                }
            }
        }
    }

    #[track_caller]
    fn assert_not_in(&self, place: &str, bytes: &[u8]) {
        for (what, secret) in &self.0 {
            let is_there = bytes.windows(secret.len()).any(|here| here == &secret[..]);
            assert!(!is_there, "{place} says {what}: {}", String::from_utf8_lossy(secret));
        }
    }

    fn assert_not_below(&self, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name == "secrets") {
                continue;
            }
            if path.is_dir() {
                self.assert_not_below(&path);
            } else if path.is_file() {
                self.assert_not_in(&path.display().to_string(), &fs::read(&path).unwrap());
            }
        }
    }
}

async fn send(client: &Client, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
    let headers = [&[("content-type", "application/json")], headers].concat();
    client.send(Method::POST, path, &headers, Some(body.into())).await.unwrap()
}

/// Everything that people do with secrets, right and wrong; answers what they were told where that must not repeat a secret.
async fn use_them(hub: &TestHub, secrets: &mut Secrets) -> Vec<Answer> {
    let client = hub.client().clone();
    let owner = client.signed_in("owner").await;
    let sari = json!({"username": "sari2", "name": "Sari", "role": "cashier", "password": PASSWORD});
    let made = owner.post("/api/users/", &sari).await;
    let id = made.expect(201)["id"].as_str().unwrap().to_owned();
    let mut told = vec![made];
    let credentials = |password: &str| json!({"username": "sari2", "password": password});
    let tokens = client.post("/api/token/", &credentials(PASSWORD)).await.expect(200);
    secrets.add_tokens(&tokens);
    told.push(client.post("/api/token/", &credentials(WRONG_PASSWORD)).await);
    // A password where the name belongs, a body that is cut off, and one that is too long.
    told.push(client.post("/api/token/", &json!({"username": PASSWORD, "password": PASSWORD})).await);
    told.push(
        send(&client, "/api/token/", &[], format!("{{\"username\":\"x\",\"password\":\"{PASSWORD}")).await,
    );
    told.push(send(&client, "/api/token/", &[], format!("[\"{PASSWORD}\"]")).await);
    told.push(client.post("/api/token/", &json!({"username": "x", "password": PASSWORD.repeat(20)})).await);

    let refreshed =
        client.post("/api/token/refresh/", &json!({"refresh": tokens["refresh"]})).await.expect(200);
    secrets.add_tokens(&refreshed);
    let access = refreshed["access"].as_str().unwrap();
    told.push(client.with_token(access).get("/api/orders/").await);
    // Twice: its session ends, and both with it.
    told.push(client.post("/api/token/refresh/", &json!({"refresh": tokens["refresh"]})).await);
    told.push(client.with_token(access).get("/api/orders/").await);
    told.push(client.post("/api/token/refresh/", &json!({"refresh": WRONG_TOKEN})).await);
    told.push(client.with_token(WRONG_TOKEN).get("/api/users/").await);
    told.push(client.get(&format!("/api/orders/?token={WRONG_TOKEN}&key={DEVICE_KEY}")).await);
    told.push(send(&client, "/api/orders/", &[("authorization", PASSWORD)], "{}").await);

    // A device of its own, whose key is said once; a PIN on it, right and wrong; and a manager's approval.
    let (till, _) = client.paired("till").await;
    secrets.add("a paired device's key", till.header("x-device-key"));
    let changed = json!({"password": NEXT_PASSWORD, "pin": PIN});
    let path = format!("/api/users/{id}/");
    told.push(owner.patch(&path, &changed).await);
    assert_eq!(told.last().unwrap().status, 200, "{}", told.last().unwrap().text);
    let by_pin = till.post("/api/token/pin/", &json!({"user": id, "pin": PIN})).await.expect(200);
    secrets.add_tokens(&by_pin);
    for pin in [WRONG_PIN, PASSWORD] {
        told.push(till.post("/api/token/pin/", &json!({"user": id, "pin": pin})).await);
    }
    told.push(owner.patch(&path, &json!({"role": "manager"})).await);
    for pin in [PIN, WRONG_PIN, PASSWORD] {
        let approval = format!("{id} {pin}");
        let shown = [("x-device-key", DEVICE_KEY), ("x-approval", &approval[..])];
        told.push(send(&client, "/api/orders/", &shown, "{}").await);
        told.push(send(&till, "/api/orders/x/cancel/", &shown[1..], "{}").await);
        told.push(
            send(&client, "/api/token/pin/", &shown, json!({"user": id, "pin": pin}).to_string()).await,
        );
    }
    told.push(send(&client, "/api/devices/pair/", &[], json!({"code": PIN}).to_string()).await);
    for path in ["/api/users/", "/api/staff/", "/api/devices/", "/api/hub/", "/readyz", "/metrics"] {
        told.push(owner.get(path).await);
    }

    // The same by the live connection, and past the guards.
    let opened = client.get(POLLING).await.text;
    let session = opened.split("\"sid\":\"").nth(1).unwrap().split('"').next().unwrap();
    let connect = format!("40{}", json!({"device": DEVICE_KEY, "token": WRONG_TOKEN}));
    told.push(send(&client, &format!("{POLLING}&sid={session}"), &[], connect).await);
    for (name, value) in [("host", "evil.example"), ("origin", "https://evil.example")] {
        let shown = [(name, value), ("authorization", WRONG_TOKEN), ("x-device-key", DEVICE_KEY)];
        told.push(
            send(
                &client,
                &format!("/api/token/?password={PASSWORD}"),
                &shown,
                credentials(PASSWORD).to_string(),
            )
            .await,
        );
    }
    told
}

#[tokio::test]
async fn no_secret_is_in_the_log_on_the_terminal_or_in_a_file() {
    let mut hub = Setup::demo().variable("OUTLET_HUB_LOG__LEVEL", "trace").start().await;
    let mut secrets = Secrets::default();
    for (what, secret) in [
        ("a password", PASSWORD),
        ("a new password", NEXT_PASSWORD),
        ("a wrong password", WRONG_PASSWORD),
        ("an owner's password", OWNER_PASSWORD),
        ("a PIN", PIN),
        ("a wrong PIN", WRONG_PIN),
        ("a device's key", DEVICE_KEY),
        ("a wrong token", WRONG_TOKEN),
    ] {
        secrets.add(what, secret);
    }
    secrets.add_keys(hub.data_dir());
    assert!(secrets.0.len() > 10, "the keys were found");
    for answer in use_them(&hub, &mut secrets).await {
        assert_ne!(answer.status, 500, "{}", answer.text);
        secrets.assert_not_in("an answer", answer.text.as_bytes());
    }
    // A running hub's files, then those of one that has stopped.
    secrets.assert_not_below(hub.data_dir());
    let logged = hub.logged() + &hub.printed();
    for said in ["wrong password", "why=host", "TRACE"] {
        assert!(logged.contains(said), "{said}: {logged}");
    }
    secrets.assert_not_in("the log", logged.as_bytes());
    hub.terminate().await;
    let exported = hub.run_command(&["export"]).stdout;
    let name = exported.windows(5).any(|here| here == b"sari2");
    assert!(name, "what is no secret is found where it was written");
    let made = hub.run_command_with(&["owner", "ratna"], &format!("{OWNER_PASSWORD}\n"));
    assert!(made.status.success());
    let backup = hub.beside("backup");
    for arguments in [&["export"][..], &["verify"], &["doctor"], &["backup", backup.to_str().unwrap()]] {
        let output = hub.run_command(arguments);
        secrets.assert_not_in(arguments[0], &[output.stdout, output.stderr].concat());
    }
    secrets.assert_not_in("owner", &[made.stdout, made.stderr].concat());
    secrets.assert_not_below(hub.data_dir());
    secrets.assert_not_below(&backup);
    assert!(!backup.join("secrets").exists(), "a backup holds no keys");
    hub.start_again().await;
    hub.assert_ready().await;
    secrets.assert_not_in("the log of the next start", (hub.logged() + &hub.printed()).as_bytes());
}
