//! Accounts: who may open, change and close them, and what that does to those who are signed in.

use serde_json::json;
use tests::hub::Setup;

use super::{assert_refused, demo, new_id};

#[tokio::test]
async fn nobody_reads_or_makes_accounts_who_may_not() {
    let (_hub, client) = demo().await;
    let user = json!({"username": "tono", "role": "cashier", "password": "rahasia-1"});
    let nobody = client.anonymous();
    assert_refused(&nobody.get("/api/users/").await, 401, "not_authenticated");
    assert_refused(&nobody.post("/api/users/", &user).await, 401, "not_authenticated");
    let cashier = client.signed_in("cashier").await;
    assert_refused(&cashier.get("/api/users/").await, 403, "permission_denied");
    assert_refused(&cashier.post("/api/users/", &user).await, 403, "permission_denied");
}

#[tokio::test]
async fn a_manager_runs_the_accounts_of_the_shift_but_no_owners() {
    let (_hub, client) = demo().await;
    let manager = client.signed_in("manager").await;
    let rows = manager.all("/api/users/").await;
    let names: Vec<&str> = rows.iter().map(|row| row["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["cashier", "kitchen", "manager", "owner"]);
    assert!(rows.iter().all(|row| row.get("password").is_none()), "{rows:?}");
    let id = new_id();
    let user =
        json!({"id": id, "username": "Tono", "name": "Tono W.", "role": "cashier", "password": "rahasia-1"});
    let made = manager.post("/api/users/", &user).await.expect(201);
    assert_eq!((&made["username"], &made["is_active"]), (&json!("tono"), &json!(true)));
    assert_eq!(manager.post("/api/users/", &user).await.expect(201), made, "a repeat is answered again");
    let taken = json!({"username": "tono", "role": "kitchen", "password": "rahasia-2"});
    assert!(manager.post("/api/users/", &taken).await.expect(400)["username"][0].is_string());
    let short =
        manager.post("/api/users/", &json!({"username": "x", "role": "cook", "password": "kurang"})).await;
    let short = short.expect(400);
    assert!(short["password"][0].is_string() && short["role"][0].is_string(), "{short}");
    // No owner by the back door.
    let owner = json!({"username": "bos", "role": "owner", "password": "rahasia-3"});
    assert_refused(&manager.post("/api/users/", &owner).await, 403, "permission_denied");
    let promoted = manager.patch(&format!("/api/users/{id}/"), &json!({"role": "owner"})).await;
    assert_refused(&promoted, 403, "permission_denied");
    let the_owner = rows[3]["id"].as_str().unwrap();
    let changed = manager.patch(&format!("/api/users/{the_owner}/"), &json!({"password": "rahasia-4"})).await;
    assert_refused(&changed, 403, "permission_denied");
}

#[tokio::test]
async fn whoever_loses_a_right_loses_it_at_once() {
    let (_hub, client) = demo().await;
    let owner = client.signed_in("owner").await;
    let manager = client.signed_in("manager").await;
    let rows = owner.all("/api/users/").await;
    let id_of =
        |name| rows.iter().find(|row| row["username"] == name).unwrap()["id"].as_str().unwrap().to_owned();
    let at = format!("/api/users/{}/", id_of("manager"));
    owner.patch(&at, &json!({"name": "Pak Budi S."})).await.expect(200);
    manager.get("/api/users/").await.expect(200);
    owner.patch(&at, &json!({"role": "cashier"})).await.expect(200);
    assert_refused(&manager.get("/api/users/").await, 401, "token_not_valid");
    let manager = client.signed_in("manager").await;
    assert_refused(&manager.get("/api/users/").await, 403, "permission_denied");
    owner.patch(&at, &json!({"is_active": false})).await.expect(200);
    assert_refused(&manager.get("/api/orders/").await, 401, "token_not_valid");
    let credentials = json!({"username": "manager", "password": "demo-manager"});
    assert_refused(&client.post("/api/token/", &credentials).await, 401, "no_active_account");
    // The house is never left without an owner.
    let own = format!("/api/users/{}/", id_of("owner"));
    assert_refused(&owner.patch(&own, &json!({"is_active": false})).await, 409, "last_owner");
    assert_refused(&owner.patch(&own, &json!({"role": "manager"})).await, 409, "last_owner");
    owner.get("/api/users/").await.expect(200);
}

#[tokio::test]
async fn outside_the_demo_the_first_owner_is_made_at_the_box() {
    let mut hub = Setup::outlet(&[]).start().await;
    let client = hub.client().clone();
    let credentials = json!({"username": "ratna", "password": "rahasia-sekali"});
    assert_refused(&client.post("/api/token/", &credentials).await, 401, "no_active_account");
    let busy = hub.run_command_with(&["owner", "Ratna"], "rahasia-sekali\n");
    assert!(!busy.status.success(), "the hub holds its folder: {busy:?}");
    hub.terminate().await;
    let short = hub.run_command_with(&["owner", "Ratna"], "kurang\n");
    assert!(String::from_utf8_lossy(&short.stderr).contains("8 to 128"), "{short:?}");
    let made = hub.run_command_with(&["owner", "Ratna"], "rahasia-sekali\n");
    assert!(made.status.success(), "{made:?}");
    hub.start_again().await;
    let tokens = client.post("/api/token/", &credentials).await.expect(200);
    assert_eq!(tokens["role"], "owner");
    client.with_token(tokens["access"].as_str().unwrap()).get("/api/users/").await.expect(200);
    let found = std::process::Command::new("grep")
        .args(["-ral", "rahasia-sekali"])
        .arg(hub.data_dir())
        .output()
        .unwrap();
    assert!(found.stdout.is_empty(), "a password is kept in the clear: {found:?}");
    assert!(!hub.logged().contains("rahasia"), "{}", hub.logged());
}
