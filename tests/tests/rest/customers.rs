//! Guests: written down, found, changed, handed out to themselves, and forgotten.

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::{Answer, Client};
use tests::shop::plain_product;

use super::{assert_refused, demo, id_of, new_id};

async fn ask(client: &Client, method: Method, path: &str, body: &Value) -> Answer {
    client.try_json(method, path, body).await.unwrap()
}

fn sari(id: &str) -> Value {
    json!({"id": id, "name": "Sari Dewi", "phone": "0812-3456", "email": "sari@example.com", "notes": "tanpa kacang"})
}

fn at(id: &str) -> String {
    format!("/api/customers/{id}/")
}

#[tokio::test]
async fn a_guest_is_written_down_once_however_often_it_is_said() {
    let (mut hub, client) = demo().await;
    let cashier = client.signed_in("cashier").await;
    let id = new_id();
    let answer = cashier.post("/api/customers/", &sari(&id)).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let made = answer.expect(201);
    assert_eq!(
        (id_of(&made), &made["name"], &made["forgotten"]),
        (&id[..], &json!("Sari Dewi"), &json!(false))
    );
    assert_eq!(cashier.post("/api/customers/", &sari(&id)).await.expect(201), made);
    let other = json!({"id": id, "name": "Somebody else"});
    assert_refused(&cashier.post("/api/customers/", &other).await, 409, "idempotency_conflict");
    // Without an id of its own, under a header's key.
    let budi = json!({"name": "Budi"});
    let first = cashier.post_keyed("/api/customers/", "k-1", &budi).await.expect(201);
    assert_eq!(cashier.post_keyed("/api/customers/", "k-1", &budi).await.expect(201), first);
    let other = cashier.post_keyed("/api/customers/", "k-1", &json!({"name": "Bude"})).await;
    assert_refused(&other, 409, "idempotency_conflict");
    hub.kill9();
    hub.start_again().await;
    assert_eq!(cashier.read(&at(&id)).await, made);
    assert_eq!(cashier.post("/api/customers/", &sari(&id)).await.expect(201), made);
    assert_eq!(cashier.read("/api/customers/").await["count"], 2);
    hub.terminate().await;
    hub.assert_verified();
}

#[tokio::test]
async fn a_guest_is_found_and_changed_in_part_or_whole() {
    let (_hub, client) = demo().await;
    for (name, phone) in [("Sari", "0812 1"), ("Budi", "0813 2"), ("Ayu", "0813 3")] {
        client.post("/api/customers/", &json!({"name": name, "phone": phone})).await.expect(201);
    }
    let names = async |query: &str| -> Vec<String> {
        let rows = client.all(&format!("/api/customers/{query}")).await;
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("").await, ["Ayu", "Budi", "Sari"]);
    assert_eq!(names("?search=0813").await, ["Ayu", "Budi"]);
    assert_eq!(names("?search=sAR").await, ["Sari"]);
    assert_eq!(names("?ordering=-name").await, ["Sari", "Budi", "Ayu"]);
    assert_eq!(names("?ordering=created_at").await, ["Sari", "Budi", "Ayu"]);
    assert_eq!(names("?is_active=false").await, [""; 0]);
    let page = client.read("/api/customers/?page_size=2").await;
    assert_eq!((page["count"].as_u64(), page["results"].as_array().unwrap().len()), (Some(3), 2));
    assert!(page["next"].is_string());

    let id = id_of(&client.read("/api/customers/?search=sari").await["results"][0]).to_owned();
    let changed = client.patch(&at(&id), &json!({"email": "s@example.com"})).await.expect(200);
    assert_eq!((&changed["phone"], &changed["email"]), (&json!("0812 1"), &json!("s@example.com")));
    let whole = ask(&client, Method::PUT, &at(&id), &json!({"name": "Sari D."})).await.expect(200);
    assert_eq!(
        (&whole["name"], &whole["phone"], &whole["email"]),
        (&json!("Sari D."), &json!(""), &json!(""))
    );
    let wrong = json!({"name": " ", "email": "not one", "phone": "1".repeat(41), "notes": "x".repeat(1_001)});
    let errors = client.patch(&at(&id), &wrong).await.expect(400);
    for field in ["name", "email", "phone", "notes"] {
        assert!(errors[field][0].is_string(), "{field}: {errors}");
    }
    let nameless = client.post("/api/customers/", &json!({})).await.expect(400);
    assert!(nameless["name"][0].is_string(), "{nameless}");
    assert_refused(&client.patch(&at(&new_id()), &json!({"name": "x"})).await, 404, "not_found");
}

#[tokio::test]
async fn changes_that_come_together_lose_nothing() {
    let (_hub, client) = demo().await;
    let id = new_id();
    client.post("/api/customers/", &json!({"id": id, "name": "Sari"})).await.expect(201);
    let (path, phone, email) = (at(&id), json!({"phone": "0812"}), json!({"email": "s@example.com"}));
    let (one, other) = tokio::join!(client.patch(&path, &phone), client.patch(&path, &email));
    one.expect(200);
    other.expect(200);
    let guest = client.read(&path).await;
    assert_eq!((&guest["phone"], &guest["email"]), (&json!("0812"), &json!("s@example.com")));
}

#[tokio::test]
async fn a_guest_is_told_all_and_then_forgotten_for_good() {
    let (mut hub, client) = demo().await;
    let manager = client.signed_in("manager").await;
    let cashier = client.signed_in("cashier").await;
    let (id, other) = (new_id(), new_id());
    for id in [&id, &other] {
        cashier.post("/api/customers/", &sari(id)).await.expect(201);
    }
    let items = json!([{"product": plain_product().0, "quantity": 1}]);
    let order = json!({"id": new_id(), "customer": id, "items": items});
    let placed = cashier.post("/api/orders/", &order).await.expect(201);
    for customer in [&other[..], "Sari Dewi"] {
        let order = json!({"id": new_id(), "customer": customer, "items": items});
        cashier.post("/api/orders/", &order).await.expect(201);
    }
    hub.restart().await;
    let export = manager.read(&format!("{}export/", at(&id))).await;
    assert_eq!(export["customer"]["email"], "sari@example.com");
    assert_eq!(export["orders"].as_array().unwrap().len(), 1, "{export}");
    assert_eq!(id_of(&export["orders"][0]), id_of(&placed));

    for (method, path) in [(Method::DELETE, ""), (Method::POST, "forget/"), (Method::GET, "export/")] {
        let refused = ask(&cashier, method, &format!("{}{path}", at(&id)), &json!({})).await;
        assert_refused(&refused, 403, "permission_denied");
    }
    let forgotten = manager.post(&format!("{}forget/", at(&id)), &json!({})).await.expect(200);
    let nobody = json!({"id": id, "name": "", "phone": "", "email": "", "notes": "", "is_active": false, "forgotten": true,
        "created_at": forgotten["created_at"], "updated_at": forgotten["updated_at"]});
    assert_eq!(forgotten, nobody);
    for _ in 0..2 {
        assert_eq!(cashier.read(&at(&id)).await, nobody);
        assert_refused(&manager.get(&format!("{}export/", at(&id))).await, 410, "forgotten");
        assert_refused(&manager.patch(&at(&id), &json!({"name": "Sari"})).await, 410, "forgotten");
        assert_refused(&manager.post("/api/customers/", &sari(&id)).await, 410, "forgotten");
        assert_eq!(ask(&manager, Method::DELETE, &at(&id), &json!({})).await.status, 204);
        assert_eq!(manager.read("/api/customers/?search=sari").await["count"], 1);
        hub.restart().await;
    }
    assert_eq!(ask(&manager, Method::DELETE, &at(&other), &json!({})).await.status, 204);
    assert_eq!(manager.read("/api/customers/?is_active=true").await["count"], 0);
    assert_eq!(manager.read("/api/customers/?is_active=false").await["count"], 2);
    assert_eq!(ask(&manager, Method::DELETE, &at(&new_id()), &json!({})).await.status, 404);
    assert_eq!(cashier.read(&format!("/api/orders/{}/", id_of(&placed))).await["customer"], json!(id));
    hub.terminate().await;
    hub.assert_verified();
}
