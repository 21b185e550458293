//! Every list of the document: what it takes, what it refuses, and what each filter and each order makes of its rows.

use serde_json::{Value, json};
use tests::client::Client;

use super::{assert_refused, demo, id_of, new_id, place, plain_order};

/// Lists whose order is their meaning: nobody asks them for another, and of one row there is none.
const UNORDERED: [&str; 5] =
    ["/api/hub/audit/", "/api/hub/days/", "/api/hub/jobs/", "/api/outlets/", "/api/tenants/"];
/// What these say changes by itself: when a device was last heard, when a job last looked.
const RESTLESS: [&str; 2] = ["/api/devices/", "/api/hub/jobs/"];

/// Every list of the document, and the parameters that it says it takes.
fn lists() -> Vec<(String, Vec<String>)> {
    let document = hub::api::document();
    let mut lists = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let get = &operations["get"];
        // What belongs to one thing is about that, and the days of a new restaurant are not over yet.
        if path.contains('{') || path == "/api/hub/days/" {
            continue;
        }
        if !get["responses"]["200"]["content"].to_string().contains("schemas/Page_") {
            continue;
        }
        let parameters = get["parameters"].as_array().into_iter().flatten();
        let names =
            parameters.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect();
        lists.push((path.clone(), names));
    }
    assert!(lists.len() >= 15, "{lists:?}");
    lists
}

fn column<'page>(page: &'page Value, field: &str) -> Vec<&'page Value> {
    page["results"].as_array().into_iter().flatten().map(|row| &row[field]).collect()
}

async fn count(client: &Client, address: &str) -> u64 {
    client.read(address).await["count"].as_u64().unwrap()
}

#[tokio::test]
async fn every_list_takes_what_every_list_takes() {
    let (_hub, client) = demo().await;
    client.paired("till").await;
    client
        .post("/api/promotions/", &json!({"name": "Hemat", "kind": "percent", "percent_bp": 1_000}))
        .await
        .expect(201);
    client.post("/api/customers/", &json!({"name": "Wati"})).await.expect(201);
    let order = place(&client, 1).await;
    client.post("/api/payments/", &json!({"order": order["id"], "method": "cash"})).await.expect(201);
    for (path, parameters) in lists() {
        for name in ["page", "page_size", "search"] {
            assert!(parameters.iter().any(|parameter| parameter == name), "{path} does not say {name}");
        }
        let is_ordered = parameters.iter().any(|parameter| parameter == "ordering");
        assert!(is_ordered || UNORDERED.contains(&&path[..]), "{path} is not ordered");
        let whole = client.get(&path).await;
        let page = whole.expect(200);
        assert_eq!(page.as_object().unwrap().len(), 4, "{path}");
        let all = page["count"].as_u64().unwrap();
        assert!(all > 0 && page["results"].is_array() && page["previous"].is_null(), "{path}: {page}");
        let one = client.read(&format!("{path}?page_size=1")).await;
        assert_eq!((one["count"].as_u64(), column(&one, "id").len()), (Some(all), 1), "{path}");
        assert_eq!(one["next"].is_string(), all > 1, "{path}");
        assert_eq!(count(&client, &format!("{path}?search=xyzzyplugh")).await, 0, "{path}");
        let odd = client.read(&format!("{path}?colour=red&ordering=weight&page_size=many")).await;
        assert_eq!(odd["count"].as_u64(), Some(all), "{path}: what nobody knows is passed over");
        assert_refused(&client.get(&format!("{path}?page=999")).await, 404, "not_found");
        for parameter in &parameters {
            let wrong = match parameter.as_str() {
                "page" | "page_size" | "search" | "ordering" | "method" => continue,
                "order" => "x".repeat(300),
                _ => "~".to_owned(),
            };
            let refused = client.get(&format!("{path}?{parameter}={wrong}")).await.expect(400);
            assert!(refused[parameter][0].is_string(), "{path}?{parameter}={wrong}: {refused}");
            let nothing = count(&client, &format!("{path}?{parameter}=")).await;
            assert_eq!(nothing, all, "{path}?{parameter}=: what is empty filters nothing");
        }
        let control = whole.header("cache-control");
        assert!(
            matches!(control, "no-cache" | "no-store") && whole.header("etag").starts_with("W/"),
            "{path}"
        );
        let held = client.with_header("if-none-match", whole.header("etag")).get(&path).await;
        assert!(held.status == 304 || RESTLESS.contains(&&path[..]), "{path}: {}", held.status);
        let packed = client.with_header("accept-encoding", "gzip").get(&path).await;
        let is_large = whole.text.len() > 3_000;
        assert_eq!(
            packed.header("content-encoding") == "gzip",
            is_large || packed.text != whole.text,
            "{path}"
        );
    }
}

#[tokio::test]
async fn orders_are_ordered_by_what_they_say() {
    let (_hub, client) = demo().await;
    for quantity in [2, 3, 1] {
        place(&client, quantity).await;
    }
    let first = client.read("/api/orders/?ordering=created_at").await;
    let oldest = format!("/api/orders/{}/", id_of(&first["results"][0]));
    client.patch(&oldest, &json!({"table": "9"})).await.expect(200);
    for (query, numbers) in [
        ("", ["003", "002", "001"]),
        ("created_at", ["001", "002", "003"]),
        ("total", ["003", "001", "002"]),
        ("-total", ["002", "001", "003"]),
        ("-order_number", ["003", "002", "001"]),
        ("order_number", ["001", "002", "003"]),
        ("-updated_at", ["001", "003", "002"]),
        ("weight", ["003", "002", "001"]),
        ("weight,total", ["003", "001", "002"]),
    ] {
        let page = client.read(&format!("/api/orders/?ordering={query}")).await;
        assert_eq!(column(&page, "order_number"), numbers, "{query}");
    }
    let two = client.read("/api/orders/?ordering=-total&page_size=2&search=00&status=sent").await;
    assert_eq!(column(&two, "order_number"), ["002", "001"]);
    let more = client.read(two["next"].as_str().unwrap()).await;
    assert_eq!(column(&more, "order_number"), ["003"], "the next page goes on in the same order");
}

#[tokio::test]
async fn lines_are_filtered_ordered_and_searched() {
    let (_hub, client) = demo().await;
    let products = client.read("/api/products/?search=es+teh").await;
    let other = products["results"][0].clone();
    let one = place(&client, 2).await;
    let groups = other["modifier_groups"].as_array().map_or(0, Vec::len);
    assert!(groups == 0 || !other["name"].is_null());
    let mut body = plain_order(&new_id(), 5);
    body["items"].as_array_mut().unwrap().push(json!({"product": one["items"][0]["product"], "quantity": 1}));
    let two = client.post("/api/orders/", &body).await.expect(201);
    let product = one["items"][0]["product"].as_str().unwrap();
    let name = one["items"][0]["name"].as_str().unwrap().to_lowercase().replace(' ', "+");
    client.patch(&format!("/api/orders/{}/", id_of(&two)), &json!({"status": "ready"})).await.expect(200);
    let list = "/api/order-items/";
    let up = client.read(&format!("{list}?ordering=quantity")).await;
    assert_eq!(column(&up, "quantity"), [1, 2, 5]);
    assert_eq!(column(&client.read(&format!("{list}?ordering=-quantity")).await, "quantity"), [5, 2, 1]);
    for (query, expected) in [
        (format!("product={product}"), 3),
        (format!("product={}", new_id()), 0),
        (format!("search={name}"), 3),
        ("search=fondue".to_owned(), 0),
        ("status=ready".to_owned(), 2),
        (format!("order={}", id_of(&two)), 2),
        (format!("order={}&status=sent", id_of(&two)), 0),
        (format!("order={}&created_before=2001-01-01", id_of(&two)), 0),
        (format!("order={}", new_id()), 0),
        ("payment_status=paid".to_owned(), 0),
        ("created_after=2001-01-01".to_owned(), 3),
    ] {
        assert_eq!(count(&client, &format!("{list}?{query}")).await, expected, "{query}");
    }
}

#[tokio::test]
async fn payments_are_filtered_by_when_they_were_taken() {
    let (_hub, client) = demo().await;
    let (one, two) = (place(&client, 1).await, place(&client, 2).await);
    let pay = |order: &Value, method: &str, reference: &str| {
        let body = json!({"order": order["id"], "method": method, "reference": reference});
        let client = client.clone();
        async move { client.post("/api/payments/", &body).await.expect(201) }
    };
    // The newer order is paid first: its payment is the older one.
    let early = pay(&two, "card", "TRX-77").await;
    let late = pay(&one, "cash", "").await;
    assert!(early["created_at"].as_str() <= late["created_at"].as_str());
    let list = "/api/payments/";
    let by_time = client.read(&format!("{list}?ordering=created_at,method")).await;
    assert_eq!(column(&by_time, "id"), [&early["id"], &late["id"]]);
    assert_eq!(
        column(&client.read(&format!("{list}?ordering=amount")).await, "id"),
        [&late["id"], &early["id"]]
    );
    assert_eq!(column(&client.read(&format!("{list}?search=trx")).await, "id"), [&early["id"]]);
    let at = late["created_at"].as_str().unwrap().replace('+', "%2B");
    if early["created_at"] != late["created_at"] {
        assert_eq!(column(&client.read(&format!("{list}?created_after={at}")).await, "id"), [&late["id"]]);
        assert_eq!(column(&client.read(&format!("{list}?created_before={at}")).await, "id"), [&early["id"]]);
    }
    assert_eq!(count(&client, &format!("{list}?order={}&method=card", id_of(&one))).await, 0);
    assert_eq!(count(&client, &format!("{list}?payment_status=paid&status=sent")).await, 2);
}

#[tokio::test]
async fn people_and_devices_are_filtered_and_ordered() {
    let (_hub, client) = demo().await;
    let users = client.read("/api/users/?ordering=-username").await;
    assert_eq!(column(&users, "username"), ["owner", "manager", "kitchen", "cashier"]);
    assert_eq!(column(&client.read("/api/users/?role=kitchen").await, "username"), ["kitchen"]);
    let sari = users["results"][3]["id"].as_str().unwrap();
    client.patch(&format!("/api/users/{sari}/"), &json!({"is_active": false})).await.expect(200);
    assert_eq!(column(&client.read("/api/users/?is_active=false").await, "username"), ["cashier"]);
    assert_eq!(count(&client, "/api/users/?is_active=true").await, 3);
    assert_eq!(
        column(&client.read("/api/staff/?ordering=-name&search=a").await, "name"),
        ["Pak Budi", "Ibu Ratna", "Dapur"]
    );
    assert_eq!(column(&client.read("/api/staff/?role=owner").await, "name"), ["Ibu Ratna"]);
    for role in ["till", "board"] {
        client.paired(role).await;
    }
    assert_eq!(column(&client.read("/api/devices/?ordering=-paired_at").await, "role"), ["board", "till"]);
    assert_eq!(column(&client.read("/api/devices/?ordering=-role").await, "role"), ["till", "board"]);
    assert_eq!(column(&client.read("/api/devices/?role=till").await, "name"), ["Uji till"]);
    assert_eq!(count(&client, "/api/outlets/?search=xyz").await, 0);
}

#[tokio::test]
async fn prices_are_compared_as_they_are_said() {
    let (_hub, client) = demo().await;
    let prices = client.read("/api/products/?ordering=price&page_size=1").await;
    let least = prices["results"][0]["price"].as_i64().unwrap();
    let all = count(&client, "/api/products/").await;
    assert_eq!(count(&client, &format!("/api/products/?min_price={least}.00")).await, all);
    assert!(count(&client, &format!("/api/products/?min_price={least}.5")).await < all, "above it");
    assert!(count(&client, &format!("/api/products/?max_price={least}.5")).await > 0);
    for wrong in ["5.x", "5.5.5", ".5e3", "x", "--5"] {
        let refused = client.get(&format!("/api/products/?min_price={wrong}")).await.expect(400);
        assert_eq!(refused, json!({"min_price": ["Enter a number."]}), "{wrong}");
    }
}

#[tokio::test]
async fn the_tenant_is_who_the_token_says() {
    let (_hub, client) = demo().await;
    let credentials = json!({"username": "owner", "password": "demo-owner"});
    let tokens = client.anonymous().post("/api/token/", &credentials).await.expect(200);
    let page = client.read("/api/tenants/").await;
    assert_eq!((&page["count"], &page["results"][0]["id"]), (&json!(1), &tokens["tenant_id"]));
    let tenant = page["results"][0].clone();
    assert_eq!((&tenant["is_active"], &tenant["outlets"]), (&json!(true), &json!([tokens["outlet_id"]])));
    assert!(tenant["name"].as_str().is_some_and(|name| !name.is_empty()));
    let own = format!("/api/tenants/{}/", tokens["tenant_id"].as_str().unwrap());
    assert_eq!(client.read(&own).await, tenant);
    for other in [new_id(), "1".to_owned(), "x".to_owned()] {
        assert_refused(&client.get(&format!("/api/tenants/{other}/")).await, 404, "not_found");
    }
    assert_refused(&client.patch(&own, &json!({"name": "Lain"})).await, 405, "method_not_allowed");
    assert_refused(&client.post("/api/tenants/", &json!({"name": "Lain"})).await, 405, "method_not_allowed");
}
