//! Every route, asked for by everybody: whoever may not is turned away before anything is looked at, whoever may is not.
//!
//! The routes come from the document, so that one without an audience, or one that forgot to ask, fails here.

use hub::api::audience::{Audience, audience};
use protocol::device::DeviceRole;
use protocol::staff::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::client::{Answer, Client};
use tests::hub::{Setup, TestHub};

use super::{assert_refused, demo, new_id};

/// A route with an id that names nothing.
struct Route {
    method: Method,
    path: String,
    audience: Audience,
}

/// Every route of the document.
fn routes() -> Vec<Route> {
    let document = hub::api::document();
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let audience = audience(&method, path).unwrap_or_else(|| panic!("{method} {path} is for nobody"));
            routes.push(Route { method, path: path.replace("{id}", &new_id()), audience });
        }
    }
    assert!(routes.len() > 50, "{}", routes.len());
    routes
}

impl Route {
    async fn ask(&self, client: &Client) -> Answer {
        client.try_json(self.method.clone(), &self.path, &Value::Object(<_>::default())).await.unwrap()
    }

    /// Asks, and expects to be let in: what is wrong with the request is another matter.
    async fn expect_in(&self, client: &Client, who: &str) {
        let answer = self.ask(client).await;
        let is_turned_away = matches!(answer.status, 401 | 403 | 500..);
        assert!(!is_turned_away, "{who} {} {}: {} {}", self.method, self.path, answer.status, answer.text);
    }

    /// Asks as somebody whose credentials are not taken.
    async fn expect_unknown(&self, client: &Client, code: &str, who: &str) {
        let answer = self.ask(client).await;
        if self.audience == Audience::Anyone {
            // Where one comes in, what one shows does not matter yet; the PIN alone needs a paired device.
            assert!(answer.status < 500, "{who} {} {}: {}", self.method, self.path, answer.text);
        } else {
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (401, code),
                "{who} {} {}",
                self.method,
                self.path
            );
        }
    }
}

#[tokio::test]
async fn every_route_is_for_the_people_that_the_table_says() {
    let (_hub, client) = demo().await;
    for role in Role::ALL {
        let person = client.signed_in(role.word()).await;
        for route in routes() {
            match route.audience {
                Audience::May(permission) if !role.may(permission) => {
                    let code =
                        if permission.can_be_approved() { "approval_needed" } else { "permission_denied" };
                    assert_refused(&route.ask(&person).await, 403, code);
                }
                Audience::Device => assert_refused(&route.ask(&person).await, 401, "device_not_paired"),
                _ => route.expect_in(&person, role.word()).await,
            }
        }
    }
}

#[tokio::test]
async fn every_route_is_for_the_devices_that_the_table_says() {
    let (_hub, client) = demo().await;
    for role in DeviceRole::ALL {
        let (device, _) = client.paired(role.word()).await;
        for route in routes() {
            match route.audience {
                Audience::May(permission) if !role.may(permission) => {
                    assert_refused(&route.ask(&device).await, 401, "not_authenticated");
                }
                _ => route.expect_in(&device, role.word()).await,
            }
        }
    }
}

#[tokio::test]
async fn nobody_gets_nothing() {
    let (_hub, client) = demo().await;
    let nobody = client.anonymous();
    for route in routes() {
        match route.audience {
            Audience::Anyone => route.expect_unknown(&nobody, "", "nobody").await,
            Audience::Device => assert_refused(&route.ask(&nobody).await, 401, "device_not_paired"),
            _ => {
                let answer = route.ask(&nobody).await;
                assert_refused(&answer, 401, "not_authenticated");
                assert_eq!(answer.header("www-authenticate"), "Bearer");
            }
        }
    }
}

#[tokio::test]
async fn a_token_or_a_key_that_is_not_taken_is_refused_everywhere_but_where_one_comes_in() {
    let (_hub, client) = demo().await;
    let forged = client.anonymous().with_token("eyJhbGciOiJIUzI1NiJ9.e30.x");
    let guessed = client.anonymous().with_device(&"0f".repeat(32));
    // Even beside a token that is good.
    let beside = client.with_device("not a key");
    for route in routes() {
        route.expect_unknown(&forged, "token_not_valid", "forged").await;
        route.expect_unknown(&guessed, "device_not_paired", "guessed").await;
        route.expect_unknown(&beside, "device_not_paired", "beside").await;
    }
}

#[tokio::test]
async fn a_revoked_device_gets_nothing_and_neither_does_who_was_signed_in_on_it() {
    let (_hub, client) = demo().await;
    let (till, device) = client.paired("till").await;
    let cashier = by_pin(&till, "Sari", "3333").await;
    cashier.read("/api/orders/").await;
    let id = device["id"].as_str().unwrap();
    let revoked = client.post(&format!("/api/devices/{id}/revoke/"), &json!({})).await.expect(200);
    assert_eq!((&revoked["is_active"], &revoked["is_connected"]), (&json!(false), &json!(false)));
    for route in routes() {
        route.expect_unknown(&till, "device_not_paired", "revoked").await;
        route.expect_unknown(&cashier, "device_not_paired", "signed in on it").await;
    }
}

/// Signs somebody in on a device.
async fn by_pin(device: &Client, name: &str, pin: &str) -> Client {
    let staff = device.read("/api/staff/").await;
    let people = staff["results"].as_array().unwrap();
    let user = people.iter().find(|user| user["name"] == name).unwrap();
    let tokens = device.post("/api/token/pin/", &json!({"user": user["id"], "pin": pin})).await.expect(200);
    device.with_token(tokens["access"].as_str().unwrap())
}

/// Another hub that has the very same secrets, as a copied box would.
async fn with_the_same_secrets(hub: &TestHub, setup: Setup) -> TestHub {
    let dir = hub.beside("other");
    let secrets = dir.join("secrets");
    std::fs::create_dir_all(&secrets).unwrap();
    for name in ["tokens", "passwords"] {
        std::fs::copy(hub.data_dir().join("secrets").join(name), secrets.join(name)).unwrap();
    }
    setup.at(&dir).start().await
}

#[tokio::test]
async fn who_is_in_at_another_outlet_or_tenant_is_nobody_here_even_with_the_same_keys() {
    let (hub, client) = demo().await;
    // Another chain's outlet has the same number; another outlet of this one has another.
    for number in ["1", "2"] {
        let setup = Setup::demo()
            .variable("OUTLET_HUB_OUTLET__NUMBER", number)
            .variable("OUTLET_HUB_OUTLET__NAME", "Rumah Makan Lain");
        let other = with_the_same_secrets(&hub, setup).await;
        let credentials = json!({"username": "owner", "password": "demo-owner"});
        let theirs = client.anonymous().post("/api/token/", &credentials).await.expect(200);
        let here = other.client().anonymous().post("/api/token/", &credentials).await.expect(200);
        assert_ne!(
            here["tenant_id"], theirs["tenant_id"],
            "each is a tenant of its own while it stands alone"
        );
        let stranger = client.anonymous().with_token(here["access"].as_str().unwrap());
        let (device, _) = other.client().paired("till").await;
        let strange_device = client.anonymous().with_header("x-device-key", device.header("x-device-key"));
        for route in routes() {
            route.expect_unknown(&stranger, "token_not_valid", "another outlet's owner").await;
            route.expect_unknown(&strange_device, "device_not_paired", "another outlet's till").await;
        }
        let refresh = json!({"refresh": here["refresh"]});
        assert_refused(
            &client.anonymous().post("/api/token/refresh/", &refresh).await,
            401,
            "token_not_valid",
        );
        drop(other);
        std::fs::remove_dir_all(hub.beside("other")).unwrap();
    }
}
