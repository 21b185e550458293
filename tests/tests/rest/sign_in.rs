//! Signing in, staying signed in, signing out: the tokens of the replaced backend.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::client::{Answer, Client};
use tests::hub::{Setup, until};

use super::{assert_refused, demo, new_id, place, plain_order};

/// What the try after three wrong ones has to wait.
const FIRST_WAIT: Duration = Duration::from_secs(5);

async fn sign_in(client: &Client, username: &str, password: &str) -> Answer {
    client.post("/api/token/", &json!({"username": username, "password": password})).await
}

async fn tokens(client: &Client, name: &str) -> Value {
    sign_in(client, name, &format!("demo-{name}")).await.expect(200)
}

async fn refresh(client: &Client, tokens: &Value) -> Answer {
    client.post("/api/token/refresh/", &json!({"refresh": tokens["refresh"]})).await
}

fn access(tokens: &Value) -> &str {
    tokens["access"].as_str().unwrap()
}

#[tokio::test]
async fn each_of_the_demos_people_signs_in_and_is_named_by_what_they_do() {
    let (_hub, client) = demo().await;
    for role in ["owner", "manager", "cashier", "kitchen"] {
        let tokens = tokens(&client, role).await;
        assert_eq!((&tokens["role"], &tokens["outlet_id"]), (&json!(role), &json!(1)), "{tokens}");
        assert!(tokens["tenant_id"].is_string(), "{tokens}");
    }
    let cashier = client.signed_in("cashier").await;
    assert_eq!(place(&cashier, 1).await["created_by"], "Sari");
    // As typed with a hurried thumb.
    sign_in(&client, " Cashier ", "demo-cashier").await.expect(200);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_answered_alike() {
    let (_hub, client) = demo().await;
    let wrong_password = sign_in(&client, "cashier", "demo-owner").await;
    let wrong_name = sign_in(&client, "nobody", "demo-owner").await;
    assert_refused(&wrong_password, 401, "no_active_account");
    assert_eq!(wrong_password.text, wrong_name.text);
    assert_eq!(wrong_password.header("www-authenticate"), "Bearer");
    let empty = client.post("/api/token/", &json!({})).await.expect(400);
    assert!(empty["username"][0].is_string() && empty["password"][0].is_string(), "{empty}");
}

#[tokio::test]
async fn wrong_tries_have_to_wait_longer_and_longer_over_a_restart_too() {
    let mut hub = Setup::demo().start().await;
    let client = hub.client().clone();
    for _ in 0..3 {
        assert_refused(&sign_in(&client, "manager", "wrong-password").await, 401, "no_active_account");
    }
    let began = Instant::now();
    let waiting = sign_in(&client, "manager", "demo-manager").await;
    assert_refused(&waiting, 429, "throttled");
    let seconds: u64 = waiting.header("retry-after").parse().unwrap();
    assert!((1..=5).contains(&seconds), "{seconds}");
    hub.kill9();
    hub.start_again().await;
    let after = sign_in(&client, "manager", "demo-manager").await;
    // On a machine so slow that the wait has passed meanwhile, there is nothing left to see.
    assert!(after.status == 429 || began.elapsed() >= FIRST_WAIT, "{} {}", after.status, after.text);
    // Others do not wait for it.
    tokens(&client, "cashier").await;
    until(Duration::from_secs(20), "the wait is over", || async {
        (sign_in(&client, "manager", "demo-manager").await.status == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_is_taken_once_and_its_second_use_ends_the_session() {
    let (_hub, client) = demo().await;
    let first = tokens(&client, "cashier").await;
    let other = tokens(&client, "cashier").await;
    let second = refresh(&client, &first).await.expect(200);
    assert_ne!((&second["access"], &second["refresh"]), (&first["access"], &first["refresh"]));
    client.with_token(access(&second)).get("/api/orders/").await.expect(200);
    // Somebody has kept the first.
    assert_refused(&refresh(&client, &first).await, 401, "token_not_valid");
    assert_refused(&refresh(&client, &second).await, 401, "token_not_valid");
    assert_refused(&client.with_token(access(&second)).get("/api/orders/").await, 401, "token_not_valid");
    // Another session of the same person is another matter.
    refresh(&client, &other).await.expect(200);
}

#[tokio::test]
async fn signing_out_ends_both_tokens_at_once() {
    let (_hub, client) = demo().await;
    let tokens = tokens(&client, "cashier").await;
    client.post("/api/token/blacklist/", &json!({"refresh": tokens["refresh"]})).await.expect(200);
    assert_refused(&client.with_token(access(&tokens)).get("/api/orders/").await, 401, "token_not_valid");
    assert_refused(&refresh(&client, &tokens).await, 401, "token_not_valid");
}

#[tokio::test]
async fn tokens_are_for_what_they_are_for() {
    let (_hub, client) = demo().await;
    let tokens = tokens(&client, "cashier").await;
    let refresh_token = tokens["refresh"].as_str().unwrap();
    assert_refused(&client.with_token(refresh_token).get("/api/orders/").await, 401, "token_not_valid");
    let swapped = client.post("/api/token/refresh/", &json!({"refresh": tokens["access"]})).await;
    assert_refused(&swapped, 401, "token_not_valid");
    for nonsense in ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
        assert_refused(&client.with_token(nonsense).get("/api/orders/").await, 401, "token_not_valid");
    }
    let basic = client
        .send(reqwest::Method::GET, "/api/orders/", &[("authorization", "Basic c2FyaTpzYXJp")], None)
        .await
        .unwrap();
    assert_refused(&basic, 401, "bad_authorization_header");
}

#[tokio::test]
async fn who_is_signed_in_stays_so_over_a_kill_a_lost_views_folder_and_a_new_key() {
    let mut hub = Setup::demo().start().await;
    let client = hub.client().clone();
    let tokens = tokens(&client, "cashier").await;
    hub.kill9();
    hub.start_again().await;
    client.with_token(access(&tokens)).get("/api/orders/").await.expect(200);
    hub.terminate().await;
    std::fs::remove_dir_all(hub.data_dir().join("views")).unwrap();
    let rotated = hub.run_command(&["rotate-keys"]);
    assert!(rotated.status.success(), "{rotated:?}");
    hub.start_again().await;
    client.with_token(access(&tokens)).get("/api/orders/").await.expect(200);
    refresh(&client, &tokens).await.expect(200);
    hub.terminate().await;
    hub.assert_verified();
}

#[tokio::test]
async fn a_role_does_what_it_may_and_nothing_else() {
    let (_hub, client) = demo().await;
    let order = place(&client, 1).await;
    let own = format!("/api/orders/{}/", order["id"].as_str().unwrap());
    let kitchen = client.signed_in("kitchen").await;
    let refused = kitchen.post("/api/orders/", &plain_order(&new_id(), 1)).await;
    assert_refused(&refused, 403, "permission_denied");
    kitchen.patch(&own, &json!({"status": "preparing"})).await.expect(200);
    let cashier = client.signed_in("cashier").await;
    let cancel = json!({"reason": "salah pesan"});
    assert_refused(&cashier.post(&format!("{own}cancel/"), &cancel).await, 403, "approval_needed");
    let price = format!("/api/products/{}/", order["items"][0]["product"].as_str().unwrap());
    assert_refused(&cashier.patch(&price, &json!({"price": 1})).await, 403, "permission_denied");
    assert_eq!(client.read(&own).await["status"], "preparing", "nothing was called off");
    let manager = client.signed_in("manager").await;
    manager.post(&format!("{own}cancel/"), &cancel).await.expect(200);
}
