//! Errors: fields by name, everything else as a detail and a code, always JSON.

use reqwest::Method;
use serde_json::{Value, json};

use super::{assert_refused, demo, new_id, place, plain_order, plain_product};

#[tokio::test]
async fn what_does_not_hold_is_named_field_by_field_and_line_by_line() {
    let (_hub, client) = demo().await;
    let product = plain_product().0;
    let line = json!({"product": product, "quantity": 1});
    let nowhere = new_id();
    for (body, pointer) in [
        (json!({}), "/items/0"),
        (json!({"items": []}), "/items/0"),
        (json!({"items": "nasi"}), "/items/0"),
        (json!({"items": [line, {"product": product}]}), "/items/1/quantity/0"),
        (json!({"items": [line, {"quantity": 1}]}), "/items/1/product/0"),
        (json!({"items": [{"product": product, "quantity": 0}]}), "/items/0/quantity/0"),
        (json!({"items": [{"product": product, "quantity": 10_000}]}), "/items/0/quantity/0"),
        (json!({"items": [{"product": product, "quantity": 1.5}]}), "/items/0/quantity/0"),
        (json!({"items": [{"product": "nasi", "quantity": 1}]}), "/items/0/product/0"),
        (json!({"items": [line, {"product": nowhere, "quantity": 1}]}), "/items/1/product/0"),
        (
            json!({"items": [{"product": product, "quantity": 1, "modifiers": [nowhere]}]}),
            "/items/0/modifiers/0",
        ),
        (
            json!({"items": [{"product": product, "quantity": 1, "modifiers": "pedas"}]}),
            "/items/0/modifiers/0",
        ),
        (json!({"items": [line, "nasi"]}), "/items/1/non_field_errors/0"),
        (json!({"items": [line], "id": "abc"}), "/id/0"),
        (json!({"items": [line], "order_type": "flown in"}), "/order_type/0"),
        (json!({"items": [line], "status": "closed"}), "/status/0"),
        (json!({"items": [line], "metadata": "text"}), "/metadata/0"),
        (json!({"items": [line], "table": "x".repeat(41)}), "/table/0"),
        (json!({"items": [line], "notes": "x".repeat(1_001)}), "/notes/0"),
        (json!({"items": [line], "notes": ["x"]}), "/notes/0"),
        (json!({"items": [line], "table": "a\u{0}b"}), "/table/0"),
        (json!([line]), "/non_field_errors/0"),
    ] {
        let refused = client.post("/api/orders/", &body).await.expect(400);
        assert!(refused.pointer(pointer).is_some_and(Value::is_string), "{body}: {refused}");
        if pointer.starts_with("/items/1/") {
            assert_eq!(refused["items"][0], json!({}), "a line that holds has no errors: {refused}");
        }
    }
    // Several at once, each under its own name.
    let refused =
        client.post("/api/orders/", &json!({"id": 5, "table": {}, "items": [{}]})).await.expect(400);
    for pointer in ["/id/0", "/table/0", "/items/0/product/0", "/items/0/quantity/0"] {
        assert!(refused.pointer(pointer).is_some_and(Value::is_string), "{pointer}: {refused}");
    }
    assert_eq!(client.read("/api/orders/").await["count"], 0, "nothing was placed");
}

#[tokio::test]
async fn a_line_id_names_one_line() {
    let (_hub, client) = demo().await;
    let (product, line) = (plain_product().0, new_id());
    let twice = json!({"id": line, "product": product, "quantity": 1});
    let refused = client.post("/api/orders/", &json!({"id": new_id(), "items": [twice, twice]})).await;
    let refused = refused.expect(400);
    assert!(refused.pointer("/items/1/id/0").is_some(), "twice in one order: {refused}");

    client.post("/api/orders/", &json!({"id": new_id(), "items": [twice]})).await.expect(201);
    let again = client.post("/api/orders/", &json!({"id": new_id(), "items": [twice]})).await;
    let refused = again.expect(400);
    assert!(refused.pointer("/items/0/id/0").is_some(), "in another order: {refused}");
}

#[tokio::test]
async fn what_is_not_there_and_what_is_not_done_are_answered_as_json() {
    let (_hub, client) = demo().await;
    let nowhere = new_id();
    for list in
        ["products", "categories", "modifiers", "modifier-groups", "orders", "order-items", "payments"]
    {
        assert_refused(&client.get(&format!("/api/{list}/{nowhere}/")).await, 404, "not_found");
    }
    for path in ["/api/", "/api/pasta/", "/api/orders/x/y/z/", "/api/outlets/99/"] {
        assert_refused(&client.get(path).await, 404, "not_found");
    }
    for path in ["/api/products/nasi/", "/api/order-items/1/", "/api/payments/1/", "/api/outlets/one/"] {
        let answer = client.get(path).await;
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(answer.json().is_object(), "{path}");
    }
    for (method, path) in [
        (Method::DELETE, "/api/orders/"),
        (Method::PUT, "/api/payments/"),
        (Method::POST, "/api/outlets/"),
        (Method::PATCH, "/api/products/"),
    ] {
        let refused = client.try_json(method, path, &json!({})).await.unwrap();
        assert_refused(&refused, 405, "method_not_allowed");
    }
    let order = place(&client, 1).await;
    let path = format!("/api/orders/{}/", order["id"].as_str().unwrap());
    let refused = client.try_json(Method::DELETE, &path, &json!({})).await.unwrap();
    assert_refused(&refused, 405, "method_not_allowed");
}

#[tokio::test]
async fn what_is_not_json_is_refused_as_json() {
    let (_hub, client) = demo().await;
    let order = plain_order(&new_id(), 1).to_string().into_bytes();
    let post = async |headers: &[(&str, &str)], body: &[u8]| {
        client.send(Method::POST, "/api/orders/", headers, Some(body.to_vec())).await.unwrap()
    };
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        assert_refused(&post(&[("content-type", kind)], &order).await, 415, "unsupported_media_type");
    }
    let json_type = ("content-type", "application/json");
    for body in [&b"{\"items\": [}"[..], b"\xff\xfe", b"{\"items\": 1e999}", b"{} {}"] {
        assert_refused(&post(&[json_type], body).await, 400, "parse_error");
    }
    for accept in ["application/xml", "image/png2", "text/csv"] {
        let refused = client.send(Method::GET, "/api/orders/", &[("accept", accept)], None).await.unwrap();
        assert_refused(&refused, 406, "not_acceptable");
    }
    for accept in ["application/json", "*/*", "text/html, application/xml;q=0.9, */*;q=0.8"] {
        client.send(Method::GET, "/api/orders/", &[("accept", accept)], None).await.unwrap().expect(200);
    }
    let charset = ("content-type", "application/json; charset=utf-8");
    post(&[charset], &order).await.expect(201);
}

#[tokio::test]
async fn size_depth_and_counts_are_bounded() {
    let (_hub, client) = demo().await;
    let product = plain_product().0;
    let mut body = plain_order(&new_id(), 1);
    body["padding"] = json!("x".repeat(1_000_000));
    assert_refused(&client.post("/api/orders/", &body).await, 413, "too_large");

    body["padding"] = (0..40).fold(json!(1), |inner, _| json!([inner]));
    let refused = client.post("/api/orders/", &body).await.expect(400);
    assert!(refused["non_field_errors"][0].is_string(), "{refused}");
    // Deeper than any parser should follow.
    let endless = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes();
    let headers = [("content-type", "application/json")];
    let refused = client.send(Method::POST, "/api/orders/", &headers, Some(endless)).await.unwrap();
    assert_refused(&refused, 400, "parse_error");

    let lines = |count: usize| vec![json!({"product": product, "quantity": 1}); count];
    let refused = client.post("/api/orders/", &json!({"items": lines(501)})).await.expect(400);
    assert!(refused["items"][0].is_string(), "{refused}");
    let order = client.post("/api/orders/", &json!({"items": lines(500)})).await.expect(201);
    let path = format!("/api/orders/{}/items/", order["id"].as_str().unwrap());
    let refused = client.post(&path, &json!({"items": lines(1)})).await.expect(400);
    assert!(refused["items"][0].is_string(), "{refused}");

    let mut body = plain_order(&new_id(), 1);
    body["metadata"] = json!({"text": "x".repeat(4_096)});
    let refused = client.post("/api/orders/", &body).await.expect(400);
    assert!(refused["metadata"][0].is_string(), "{refused}");
    body["metadata"] = json!({"till": 3, "note": {"for": ["us"]}});
    let order = client.post("/api/orders/", &body).await.expect(201);
    assert_eq!(order["metadata"], body["metadata"], "kept as sent");
    assert_eq!(client.read("/api/orders/").await["count"], 2);
}

#[tokio::test]
async fn an_address_without_its_slash_leads_to_the_one_with_it() {
    let (_hub, client) = demo().await;
    let answer = client.get("/api/products?min_price=1").await;
    assert!(matches!(answer.status, 301 | 308), "{}", answer.status);
    assert_eq!(answer.header("location"), "/api/products/?min_price=1");
}

#[tokio::test]
async fn the_schema_is_openapi_and_its_page_needs_no_internet() {
    let (_hub, client) = demo().await;
    let schema = client.read("/api/schema/").await;
    assert!(schema["openapi"].as_str().is_some_and(|version| version.starts_with("3.")), "{schema}");
    for path in ["/api/orders/", "/api/orders/{id}/", "/api/products/", "/api/payments/", "/api/order-items/"]
    {
        assert!(schema["paths"][path].is_object(), "{path}");
    }
    let page = client.get("/api/schema/swagger-ui/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("swagger-ui"));
    for tag in page.text.split(['<', '>']).filter(|tag| tag.starts_with("script") || tag.starts_with("link"))
    {
        assert!(!tag.contains("//"), "from elsewhere: {tag}");
    }
    let script = client.get("/api/schema/swagger-ui/swagger-ui-bundle.js").await;
    assert_eq!((script.status, script.text.len() > 100_000), (200, true));
}
