//! PINs: who signs in with one, where, and what wrong ones cost; and a manager's leave for what a cashier may not do.

use serde_json::{Value, json};
use tests::client::{Answer, Client};

use super::{assert_refused, demo, new_id, place, plain_order};

/// The id of one of the demo's people.
async fn person(device: &Client, name: &str) -> String {
    let staff = device.read("/api/staff/").await;
    let people = staff["results"].as_array().unwrap();
    people.iter().find(|user| user["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn try_pin(device: &Client, user: &str, pin: &str) -> Answer {
    device.post("/api/token/pin/", &json!({"user": user, "pin": pin})).await
}

async fn sign_in(device: &Client, name: &str, pin: &str) -> Client {
    let tokens = try_pin(device, &person(device, name).await, pin).await.expect(200);
    device.with_token(tokens["access"].as_str().unwrap())
}

#[tokio::test]
async fn a_pin_signs_in_on_a_paired_device_and_nowhere_else() {
    let (_hub, client) = demo().await;
    let (till, _) = client.paired("till").await;
    let sari = person(&till, "Sari").await;
    assert_refused(&try_pin(&client.anonymous(), &sari, "3333").await, 401, "device_not_paired");
    assert_refused(&try_pin(&client, &sari, "3333").await, 401, "device_not_paired");
    let answer = try_pin(&till, &sari, "3333").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens = answer.expect(200);
    assert_eq!((&tokens["role"], &tokens["user"]), (&json!("cashier"), &json!({"id": sari, "name": "Sari"})));
    let cashier = till.with_token(tokens["access"].as_str().unwrap());
    cashier.post("/api/orders/", &plain_order(&new_id(), 1)).await.expect(201);
    // The token is the device's too: carried off, it is worth nothing.
    let carried_off = client.anonymous().with_token(tokens["access"].as_str().unwrap());
    assert_refused(&carried_off.get("/api/orders/").await, 401, "token_not_valid");
    let refresh = json!({"refresh": tokens["refresh"]});
    assert_refused(&client.anonymous().post("/api/token/refresh/", &refresh).await, 401, "token_not_valid");
    let next = till.post("/api/token/refresh/", &refresh).await.expect(200);
    till.with_token(next["access"].as_str().unwrap()).get("/api/orders/").await.expect(200);
    till.post("/api/token/blacklist/", &json!({"refresh": next["refresh"]})).await.expect(200);
    assert_refused(&cashier.get("/api/orders/").await, 401, "token_not_valid");
}

#[tokio::test]
async fn wrong_pins_lock_the_person_everywhere_and_the_device_for_everybody_over_a_kill() {
    let (mut hub, client) = demo().await;
    let ((one, _), (two, _)) = (client.paired("till").await, client.paired("till").await);
    let (sari, dapur) = (person(&one, "Sari").await, person(&one, "Dapur").await);
    for pin in ["0000", "12", "abcd"] {
        assert_refused(&try_pin(&one, &sari, pin).await, 401, "wrong_pin");
    }
    hub.kill9();
    hub.start_again().await;
    let locked = try_pin(&two, &sari, "3333").await;
    assert_refused(&locked, 429, "throttled");
    assert!((1..=5).contains(&locked.header("retry-after").parse::<u64>().unwrap()), "{:?}", locked.headers);
    assert_refused(&try_pin(&one, &dapur, "4444").await, 429, "throttled");
    // Whoever is not on that device, and is not that person, does not wait.
    try_pin(&two, &dapur, "4444").await.expect(200);
    let shown = sign_in_when_let(&one, &sari, "3333").await;
    assert_eq!(shown["role"], "cashier");
    // A right one forgives.
    assert_refused(&try_pin(&one, &sari, "0000").await, 401, "wrong_pin");
    try_pin(&one, &sari, "3333").await.expect(200);
    hub.terminate().await;
    hub.assert_verified();
}

/// Signs in once the lock is over.
async fn sign_in_when_let(device: &Client, user: &str, pin: &str) -> Value {
    tests::hub::until(std::time::Duration::from_secs(20), "the lock is over", || async {
        let answer = try_pin(device, user, pin).await;
        (answer.status != 429).then(|| answer.expect(200))
    })
    .await
}

#[tokio::test]
async fn a_pin_is_given_changed_and_taken_away_by_who_runs_the_staff() {
    let (_hub, client) = demo().await;
    let (till, _) = client.paired("till").await;
    let manager = client.signed_in("manager").await;
    let user = json!({"username": "tono", "name": "Tono", "role": "cashier", "pin": "70707"});
    let made = manager.post("/api/users/", &user).await.expect(201);
    assert_eq!((&made["has_pin"], &made["has_password"]), (&json!(true), &json!(false)));
    let tono = made["id"].as_str().unwrap().to_owned();
    let session = sign_in(&till, "Tono", "70707").await;
    let at = format!("/api/users/{tono}/");
    for pin in [json!("123"), json!("123456789"), json!("12a4"), json!(1234)] {
        assert!(manager.patch(&at, &json!({"pin": pin})).await.expect(400)["pin"][0].is_string(), "{pin}");
    }
    manager.patch(&at, &json!({"pin": "8080"})).await.expect(200);
    assert_refused(&session.get("/api/orders/").await, 401, "token_not_valid");
    assert_refused(&try_pin(&till, &tono, "70707").await, 401, "wrong_pin");
    try_pin(&till, &tono, "8080").await.expect(200);
    assert_eq!(manager.patch(&at, &json!({"pin": null})).await.expect(200)["has_pin"], false);
    assert_refused(&try_pin(&till, &tono, "8080").await, 401, "wrong_pin");
    let nothing = manager.post("/api/users/", &json!({"username": "x", "role": "cashier"})).await.expect(400);
    assert!(nothing["password"][0].as_str().unwrap().contains("PIN"), "{nothing}");
}

#[tokio::test]
async fn a_cashier_calls_off_with_a_managers_leave_and_the_record_says_whose() {
    let (mut hub, client) = demo().await;
    let (till, paired) = client.paired("till").await;
    let cashier = sign_in(&till, "Sari", "3333").await;
    let order = place(&cashier, 2).await;
    let cancel = format!("/api/orders/{}/cancel/", order["id"].as_str().unwrap());
    let reason = json!({"reason": "tamu pergi"});
    assert_refused(&cashier.post(&cancel, &reason).await, 403, "approval_needed");
    let (budi, dapur) = (person(&till, "Pak Budi").await, person(&till, "Dapur").await);
    let leave = |user: &str, pin: &str| cashier.with_header("x-approval", &format!("{user} {pin}"));
    assert_refused(&leave(&dapur, "4444").post(&cancel, &reason).await, 403, "approval_needed");
    for wrong in ["", "x", &budi, &format!("{budi} 0000"), &format!("{} 2222", new_id())] {
        let answer = cashier.with_header("x-approval", wrong).post(&cancel, &reason).await;
        assert_refused(&answer, 403, "approval_refused");
    }
    // The leave is for a person: a till alone calls nothing off.
    let alone = till.with_header("x-approval", &format!("{budi} 2222")).post(&cancel, &reason).await;
    assert_refused(&alone, 401, "not_authenticated");
    // And it is for this, not for changing prices.
    let price = format!("/api/products/{}/", order["items"][0]["product"].as_str().unwrap());
    assert_refused(&leave(&budi, "2222").patch(&price, &json!({"price": 1})).await, 403, "permission_denied");
    leave(&budi, "2222").post(&cancel, &reason).await.expect(200);
    hub.terminate().await;
    let records = String::from_utf8(hub.run_command(&["export"]).stdout).unwrap();
    let approved = records.lines().find(|line| line.contains("tamu pergi")).unwrap();
    let approved: Value = serde_json::from_str(approved).unwrap();
    let record = find(&approved, "approval").unwrap();
    assert_eq!((&record["user"], &record["name"]), (&json!(budi), &json!("Pak Budi")));
    assert_eq!(find(&approved, "device").unwrap(), &paired["id"]);
    assert!(
        records.contains("AccessRefused") && !records.contains("\"2222"),
        "refusals are on record, PINs are not"
    );
}

#[tokio::test]
async fn who_guesses_a_managers_pin_as_an_approval_is_locked_out() {
    let (_hub, client) = demo().await;
    let (till, _) = client.paired("till").await;
    let cashier = sign_in(&till, "Sari", "3333").await;
    let order = place(&cashier, 1).await;
    let cancel = format!("/api/orders/{}/cancel/", order["id"].as_str().unwrap());
    let budi = person(&till, "Pak Budi").await;
    for _ in 0..3 {
        let guess = cashier.with_header("x-approval", &format!("{budi} 0000"));
        assert_refused(&guess.post(&cancel, &json!({"reason": "x"})).await, 403, "approval_refused");
    }
    let right = cashier.with_header("x-approval", &format!("{budi} 2222"));
    assert_refused(&right.post(&cancel, &json!({"reason": "x"})).await, 429, "throttled");
    assert_eq!(cashier.read(&cancel.replace("cancel/", "")).await["status"], "sent");
}

#[tokio::test]
async fn a_discount_past_the_limit_takes_a_managers_leave() {
    let (mut hub, client) = demo().await;
    let (till, _) = client.paired("till").await;
    let cashier = sign_in(&till, "Sari", "3333").await;
    let order = place(&cashier, 4).await;
    let at = format!("/api/orders/{}/", order["id"].as_str().unwrap());
    let off = |body: Value| {
        let (cashier, at) = (cashier.clone(), format!("{at}discount/"));
        async move { cashier.post(&at, &body).await }
    };
    let subtotal = order["subtotal"].as_i64().unwrap();
    let tenth = off(json!({"percent_bp": 1_000, "reason": "langganan"})).await.expect(200);
    assert_eq!(tenth["discount"], subtotal / 10);
    assert!(tenth["total"].as_i64() < order["total"].as_i64());
    assert_refused(&off(json!({"percent_bp": 1_001, "reason": "x"})).await, 403, "approval_needed");
    assert_refused(&off(json!({"amount": subtotal / 2, "reason": "x"})).await, 403, "approval_needed");
    let wrong = off(json!({"percent_bp": 10_001, "amount": 1})).await.expect(400);
    assert!(wrong["percent_bp"][0].is_string() && wrong["reason"][0].is_string(), "{wrong}");
    assert_eq!(cashier.read(&at).await["discount"], tenth["discount"], "nothing was changed");
    let budi = person(&till, "Pak Budi").await;
    let half = json!({"percent_bp": 5_000, "reason": "salah masak"});
    let approved = cashier.with_header("x-approval", &format!("{budi} 2222"));
    assert_eq!(approved.post(&format!("{at}discount/"), &half).await.expect(200)["discount"], subtotal / 2);
    let manager = client.signed_in("manager").await;
    let whole = json!({"percent_bp": 10_000, "reason": "tamu kecewa"});
    assert_eq!(manager.post(&format!("{at}discount/"), &whole).await.expect(200)["total"], 0);
    // Back to what it was, and once it is paid nothing more comes off.
    let back = off(json!({"percent_bp": 0, "reason": "batal"})).await.expect(200);
    assert_eq!(back["total"], order["total"]);
    cashier.post("/api/payments/", &json!({"order": order["id"], "method": "card"})).await.expect(201);
    let late = manager.post(&format!("{at}discount/"), &whole).await;
    assert!(late.status == 409, "{}", late.text);
    hub.terminate().await;
    hub.assert_verified();
    let records = String::from_utf8(hub.run_command(&["export"]).stdout).unwrap();
    let line = records.lines().find(|line| line.contains("salah masak")).unwrap();
    assert_eq!(find(&serde_json::from_str(line).unwrap(), "approval").unwrap()["name"], "Pak Budi");
}

/// A field of a record, wherever the export puts it.
fn find<'value>(value: &'value Value, name: &str) -> Option<&'value Value> {
    match value {
        Value::Object(fields) => {
            fields.get(name).or_else(|| fields.values().find_map(|value| find(value, name)))
        }
        _ => None,
    }
}
