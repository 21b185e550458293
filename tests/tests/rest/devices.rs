//! Devices: paired by a code, good for what they are there for, and gone when they are revoked.

use serde_json::{Value, json};
use tests::client::Client;

use super::{assert_refused, demo, new_id, place, plain_order};

async fn code(client: &Client, wish: &Value) -> String {
    let made = client.post("/api/pairing-codes/", wish).await.expect(201);
    made["code"].as_str().unwrap().to_owned()
}

async fn pair(client: &Client, code: &str) -> tests::client::Answer {
    client.anonymous().post("/api/devices/pair/", &json!({"code": code})).await
}

#[tokio::test]
async fn a_code_makes_one_device_of_whoever_types_it() {
    let (mut hub, client) = demo().await;
    let manager = client.signed_in("manager").await;
    let wish = json!({"name": "Dapur belakang", "role": "kitchen", "station": "dapur"});
    let answer = manager.post("/api/pairing-codes/", &wish).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let made = answer.expect(201);
    let digits = made["code"].as_str().unwrap();
    assert!(digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{digits}");
    assert_eq!((&made["expires_in_s"], &made["path"]), (&json!(300), &json!(format!("/pair#{digits}"))));
    // As people type it.
    let typed = format!("{} {}", &digits[..3], &digits[3..]);
    let paired = pair(&client, &typed).await;
    assert_eq!(paired.header("cache-control"), "no-store");
    let paired = paired.expect(201);
    assert_eq!(paired["device"]["name"], "Dapur belakang");
    let again = pair(&client, digits).await.expect(400);
    assert!(again["code"][0].as_str().unwrap().contains("used"), "{again}");

    let device = client.anonymous().with_device(paired["key"].as_str().unwrap());
    assert_eq!(device.read("/api/devices/me/").await, paired["device"]);
    let order = place(&client, 1).await;
    let at = format!("/api/orders/{}/", order["id"].as_str().unwrap());
    device.patch(&at, &json!({"status": "preparing"})).await.expect(200);
    assert_refused(&device.post("/api/orders/", &plain_order(&new_id(), 1)).await, 401, "not_authenticated");

    let row = &manager.read("/api/devices/").await["results"][0];
    assert_eq!(
        (&row["paired_by"], &row["is_active"], &row["is_connected"]),
        (&json!("Pak Budi"), &json!(true), &json!(false))
    );
    assert!(
        row["last_seen"].is_string() && row.get("key").is_none() && row.get("key_hash").is_none(),
        "{row}"
    );
    // Paired once: a restart changes nothing.
    hub.restart().await;
    assert_eq!(device.read("/api/devices/me/").await, paired["device"]);
}

#[tokio::test]
async fn a_device_is_renamed_put_elsewhere_and_revoked_for_good() {
    let (mut hub, client) = demo().await;
    let (device, paired) = client.paired("board").await;
    let at = format!("/api/devices/{}/", paired["id"].as_str().unwrap());
    let changed =
        client.patch(&at, &json!({"name": "Papan depan", "role": "kitchen", "station": "bar"})).await;
    assert_eq!(changed.expect(200)["station"], "bar");
    let me = device.read("/api/devices/me/").await;
    assert_eq!((&me["name"], &me["role"]), (&json!("Papan depan"), &json!("kitchen")));
    let wrong = client.patch(&at, &json!({"name": "", "role": "oven"})).await.expect(400);
    assert!(wrong["name"][0].is_string() && wrong["role"][0].is_string(), "{wrong}");
    let revoked = client.post(&format!("{at}revoke/"), &json!({})).await.expect(200);
    assert!(revoked["revoked_at"].is_string(), "{revoked}");
    assert_refused(&device.get("/api/products/").await, 401, "device_not_paired");
    assert_eq!(
        client.post(&format!("{at}revoke/"), &json!({})).await.expect(200)["revoked_at"],
        revoked["revoked_at"]
    );
    assert_refused(&client.patch(&at, &json!({"name": "Lagi"})).await, 409, "revoked");
    hub.kill9();
    hub.start_again().await;
    assert_refused(&device.get("/api/products/").await, 401, "device_not_paired");
    let gone = client.read("/api/devices/?is_active=false").await;
    assert_eq!(gone["count"], 1, "what it did keeps its name: {gone}");
    hub.terminate().await;
    hub.assert_verified();
}

#[tokio::test]
async fn whoever_guesses_codes_waits_and_whoever_makes_them_may_not_make_too_many() {
    let (hub, client) = demo().await;
    let good = code(&client, &json!({"name": "Kasir", "role": "till"})).await;
    let wrong = if good == "000000" { "000001" } else { "000000" };
    for _ in 0..3 {
        pair(&client, wrong).await.expect(400);
    }
    let locked = pair(&client, &good).await;
    assert_refused(&locked, 429, "throttled");
    assert!(locked.header("retry-after").parse::<u64>().unwrap() <= 5);
    for _ in 0..7 {
        code(&client, &json!({"name": "Kasir", "role": "till"})).await;
    }
    let one_more = client.post("/api/pairing-codes/", &json!({"name": "Kasir", "role": "till"})).await;
    assert_refused(&one_more, 409, "too_many_codes");
    let nothing = client.post("/api/pairing-codes/", &json!({})).await.expect(400);
    assert!(nothing["name"][0].is_string() && nothing["role"][0].is_string(), "{nothing}");
    let refused = String::from_utf8(hub.run_command(&["export"]).stdout).unwrap();
    assert_eq!(refused.matches("PairingRefused").count(), 3, "each wrong code is on record");
}

#[tokio::test]
async fn a_code_of_before_a_restart_is_void() {
    let (mut hub, client) = demo().await;
    let code = code(&client, &json!({"name": "Kasir", "role": "till"})).await;
    hub.restart().await;
    pair(&client, &code).await.expect(400);
}
