//! Products, categories, modifiers and their groups: made, changed, taken off; sales keep what they were.

use reqwest::Method;
use serde_json::json;

use super::{assert_refused, demo, id_of, new_id};

#[tokio::test]
async fn an_entry_is_made_read_changed_replaced_and_removed() {
    let (mut hub, client) = demo().await;
    let category = json!({"id": new_id(), "name": "Kue", "station": "bar", "sort_order": 5});
    let made = client.post("/api/categories/", &category).await.expect(201);
    assert_eq!(made, client.post("/api/categories/", &category).await.expect(201), "again");
    let product = json!({
        "id": new_id(), "name": "Klepon", "category": category["id"], "price": "12000.00", "sku": "KUE-9",
        "barcode": "8990000000009", "description": "Dengan gula merah.",
    });
    let made = client.post("/api/products/", &product).await.expect(201);
    assert_eq!(
        (&made["price"], &made["station"], &made["category_name"]),
        (&json!(12_000), &json!("bar"), &json!("Kue"))
    );
    let path = format!("/api/products/{}/", id_of(&made));
    let sold_out = client.patch(&path, &json!({"is_available": false})).await.expect(200);
    assert_eq!((&sold_out["is_available"], &sold_out["name"]), (&json!(false), &json!("Klepon")));
    let replaced = json!({"name": "Klepon besar", "category": category["id"], "price": 15_000});
    let replaced = client.try_json(Method::PUT, &path, &replaced).await.unwrap().expect(200);
    assert_eq!((&replaced["name"], &replaced["price"]), (&json!("Klepon besar"), &json!(15_000)));
    let refused = client.try_json(Method::PUT, &path, &json!({"name": "Klepon"})).await.unwrap().expect(400);
    assert!(refused["category"][0].is_string() && refused["price"][0].is_string(), "{refused}");

    hub.restart().await;
    assert_eq!(client.read(&path).await, replaced, "after a restart");
    let filled = format!("/api/categories/{}/", category["id"].as_str().unwrap());
    let refused = client.send(Method::DELETE, &filled, &[], None).await.unwrap();
    assert_eq!(refused.status, 409, "a category with products stays: {}", refused.text);
    let gone = client.send(Method::DELETE, &path, &[], None).await.unwrap();
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_refused(&client.get(&path).await, 404, "not_found");
    assert_eq!(client.send(Method::DELETE, &filled, &[], None).await.unwrap().status, 204);
}

#[tokio::test]
async fn wrong_entries_are_refused_by_field() {
    let (_hub, client) = demo().await;
    let category = client.read("/api/categories/").await["results"][0]["id"].clone();
    let group = client.read("/api/modifier-groups/").await["results"][0]["id"].clone();
    for (path, body, field) in [
        ("/api/products/", json!({"category": category, "price": 1}), "name"),
        ("/api/products/", json!({"name": " ", "category": category, "price": 1}), "name"),
        ("/api/products/", json!({"name": "a", "category": category, "price": -1}), "price"),
        ("/api/products/", json!({"name": "a", "category": category, "price": "1.50"}), "price"),
        (
            "/api/products/",
            json!({"name": "a", "category": category, "price": 100_000_000_000_001_i64}),
            "price",
        ),
        ("/api/products/", json!({"name": "a", "category": new_id(), "price": 1}), "category"),
        ("/api/products/", json!({"name": "x".repeat(121), "category": category, "price": 1}), "name"),
        (
            "/api/products/",
            json!({"name": "a", "category": category, "price": 1, "modifier_groups": [new_id()]}),
            "modifier_groups",
        ),
        ("/api/categories/", json!({}), "name"),
        ("/api/categories/", json!({"name": "a", "is_active": "perhaps"}), "is_active"),
        ("/api/modifiers/", json!({"group": new_id(), "name": "a"}), "group"),
        ("/api/modifiers/", json!({"group": group, "name": "a", "price": -5}), "price"),
        ("/api/modifier-groups/", json!({"name": "a", "min_select": 3, "max_select": 2}), "min_select"),
    ] {
        let refused = client.post(path, &body).await.expect(400);
        assert!(refused[field][0].is_string(), "{path} {body}: {refused}");
    }
}

#[tokio::test]
async fn a_sale_keeps_the_name_and_the_price_of_its_moment() {
    let (_hub, client) = demo().await;
    let product = super::plain_product();
    let order = client.post("/api/orders/", &super::plain_order(&new_id(), 1)).await.expect(201);
    let path = format!("/api/products/{}/", product.0);
    client.patch(&path, &json!({"name": "Lain", "price": product.1 * 2})).await.expect(200);
    let now = client.read(&format!("/api/orders/{}/", id_of(&order))).await;
    assert_eq!(now, order);
    let later = client.post("/api/orders/", &super::plain_order(&new_id(), 1)).await.expect(201);
    assert_eq!(later["items"][0]["price"], product.1 * 2);

    client.patch(&path, &json!({"is_available": false})).await.expect(200);
    let refused = client.post("/api/orders/", &super::plain_order(&new_id(), 1)).await.expect(400);
    assert!(refused["items"][0]["product"][0].as_str().unwrap().contains("Lain"), "{refused}");
    assert_eq!(client.send(Method::DELETE, &path, &[], None).await.unwrap().status, 204);
    assert_eq!(client.read(&format!("/api/orders/{}/", id_of(&order))).await, order);
}
