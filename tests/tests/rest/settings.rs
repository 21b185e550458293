//! The outlet's settings and the hub's own: who may change them, what is refused, and that they hold at once and for good.

use serde_json::{Value, json};
use tests::client::Client;

use super::{assert_refused, demo, id_of, place};

async fn outlet(client: &Client) -> Value {
    client.read("/api/outlets/").await["results"][0].clone()
}

fn path(outlet: &Value) -> String {
    format!("/api/outlets/{}/", outlet["id"])
}

#[tokio::test]
async fn charges_hold_for_the_next_order_and_for_no_earlier_one() {
    let (mut hub, client) = demo().await;
    let manager = client.signed_in("manager").await;
    let before = outlet(&client).await;
    let old = place(&client, 2).await;
    let charges = json!({
        "service_rate_bp": 0, "tax_rate_bp": 0, "cash_rounding_unit": 500, "cash_rounding_mode": "up",
        "name": "  Warung Baru ", "language": "en",
    });
    let changed = manager.patch(&path(&before), &charges).await.expect(200);
    assert_eq!((&changed["name"], &changed["language"]), (&json!("Warung Baru"), &json!("en")));
    assert_eq!((&changed["cash_rounding_unit"], &changed["tax_rate_bp"]), (&json!(500), &json!(0)));
    assert_eq!(changed["address"], before["address"], "what is not sent stays");
    let new = place(&client, 2).await;
    assert_eq!(new["total"], new["subtotal"]);
    assert_eq!(client.read(&format!("/api/orders/{}/", id_of(&old))).await["total"], old["total"]);
    let seq = client.read("/readyz").await["ledger_seq"].clone();
    assert_eq!(manager.patch(&path(&before), &charges).await.expect(200), changed);
    assert_eq!(client.read("/readyz").await["ledger_seq"], seq, "what is so already is not written again");
    hub.restart().await;
    assert_eq!(outlet(hub.client()).await, changed);
}

#[tokio::test]
async fn what_makes_no_sense_is_named_and_what_is_on_record_stays() {
    let (_hub, client) = demo().await;
    let before = outlet(&client).await;
    let path = path(&before);
    let wrong = json!({
        "name": " ", "time_zone": "Asia/Atlantis", "business_day_start_hour": 24, "language": "nl",
        "currency": "rp", "currency_exponent": 9, "service_rate_bp": 10_001, "service_base": "all",
        "tax_rate_bp": -1, "tax_included": "maybe", "cash_rounding_unit": -5, "cash_rounding_mode": "away",
        "number": -1,
    });
    let errors = client.patch(&path, &wrong).await.expect(400);
    let named: Vec<&String> = errors.as_object().unwrap().keys().collect();
    let sent: Vec<&String> = wrong.as_object().unwrap().keys().collect();
    assert_eq!(named.len(), sent.len(), "{errors}");
    assert_refused(&client.patch("/api/outlets/999/", &json!({})).await, 404, "not_found");

    // Before the first order the currency is still a matter of choice.
    let other = json!({"currency": "USD", "currency_exponent": 2});
    assert_eq!(client.patch(&path, &other).await.expect(200)["currency"], "USD");
    let own = json!({"currency": before["currency"], "currency_exponent": before["currency_exponent"]});
    client.patch(&path, &own).await.expect(200);
    place(&client, 1).await;
    let errors =
        client.patch(&path, &json!({"currency": "USD", "number": 77, "name": "X"})).await.expect(400);
    let named: Vec<&String> = errors.as_object().unwrap().keys().collect();
    assert_eq!(named, ["currency", "number"]);
    assert!(errors["currency"][0].as_str().unwrap().contains("on record"), "{errors}");
    assert_eq!(outlet(&client).await, before, "nothing of it has happened");
    // What is so already may be said again.
    client.patch(&path, &own).await.expect(200);
}

#[tokio::test]
async fn a_cashier_sees_the_outlet_and_changes_nothing() {
    let (_hub, client) = demo().await;
    let cashier = client.signed_in("cashier").await;
    let path = path(&outlet(&cashier).await);
    assert_refused(&cashier.patch(&path, &json!({"tax_rate_bp": 0})).await, 403, "permission_denied");
    assert_refused(&cashier.get("/api/hub/settings/").await, 403, "permission_denied");
}

#[tokio::test]
async fn the_hubs_own_settings_are_the_configurations_until_somebody_sets_them() {
    let setup = tests::hub::Setup::demo().variable("OUTLET_HUB_RIGHTS__CASHIER_DISCOUNT_MAX_BP", "700");
    let mut hub = setup.start().await;
    let client = hub.client().clone();
    let settings = client.read("/api/hub/settings/").await;
    let expected = json!({
        "cashier_discount_max_bp": 700, "backup_time": "05:00", "backups_kept": 7, "guests_kept_days": 0,
    });
    assert_eq!(settings, expected);
    let wrong = json!({
        "cashier_discount_max_bp": 10_001, "backup_time": "25:00", "backups_kept": 0, "guests_kept_days": -1,
    });
    let errors = client.patch("/api/hub/settings/", &wrong).await.expect(400);
    assert_eq!(errors.as_object().unwrap().len(), 4, "{errors}");

    // The limit of a cashier's discount holds from the next request on.
    let cashier = client.signed_in("cashier").await;
    let order = place(&client, 2).await;
    let discount = format!("/api/orders/{}/discount/", id_of(&order));
    let tenth = json!({"percent_bp": 1_000, "reason": "teman"});
    assert_refused(&cashier.post(&discount, &tenth).await, 403, "approval_needed");
    let patch = json!({"cashier_discount_max_bp": 1_000, "backup_time": "23:30"});
    let changed = client.patch("/api/hub/settings/", &patch).await.expect(200);
    assert_eq!((&changed["backup_time"], &changed["backups_kept"]), (&json!("23:30"), &json!(7)));
    cashier.post(&discount, &tenth).await.expect(200);
    hub.restart().await;
    assert_eq!(hub.client().read("/api/hub/settings/").await, changed);
    hub.terminate().await;
    hub.assert_verified();
}

#[tokio::test]
async fn what_the_hub_does_by_itself_is_listed_with_when_it_looks_next() {
    let (_hub, client) = demo().await;
    client.patch("/api/hub/settings/", &json!({"backup_time": "23:45"})).await.expect(200);
    let jobs = tests::hub::until(std::time::Duration::from_secs(30), "the time is taken over", || async {
        let jobs = client.read("/api/hub/jobs/").await;
        let is_there = jobs["results"].as_array().unwrap().iter().any(|job| job["at"] == "23:45");
        is_there.then_some(jobs)
    })
    .await;
    let names: Vec<&Value> = jobs["results"].as_array().unwrap().iter().map(|job| &job["name"]).collect();
    assert_eq!(names, ["promotions", "day_close", "certificate", "backup", "retention"]);
    for job in jobs["results"].as_array().unwrap() {
        assert_eq!(job["last_run"], Value::Null, "a new hub has nothing to make up for: {job}");
        assert!(job["next_run_at"].as_str().is_some_and(|at| at.contains("+07:00")), "{job}");
    }
    let cashier = client.signed_in("cashier").await;
    assert_refused(&cashier.get("/api/hub/jobs/").await, 403, "permission_denied");
    assert_refused(&cashier.post("/api/hub/jobs/backup/run/", &json!({})).await, 403, "permission_denied");
    assert_refused(&cashier.get("/api/hub/days/").await, 403, "permission_denied");
}
