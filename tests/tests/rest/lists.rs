//! Lists: their shape, pages, filters, order and search.

use reqwest::Method;
use serde_json::{Value, json};

use super::{assert_refused, demo, id_of, new_id, place, plain_order, plain_product};

type Keep<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

fn names(page: &Value) -> Vec<&str> {
    page["results"].as_array().into_iter().flatten().filter_map(|row| row["name"].as_str()).collect()
}

fn numbers(page: &Value) -> Vec<&str> {
    let rows = page["results"].as_array().into_iter().flatten();
    rows.filter_map(|row| row["order_number"].as_str()).collect()
}

#[tokio::test]
async fn what_a_client_holds_already_is_not_sent_again() {
    let (_hub, client) = demo().await;
    for path in ["/api/products/?page_size=100", "/api/orders/", "/api/outlets/1/"] {
        let first = client.get(path).await;
        let tag = first.header("etag").to_owned();
        assert!(
            tag.starts_with("W/\"") && first.header("cache-control") == "no-cache",
            "{:?}",
            first.headers
        );
        let again = client.with_header("if-none-match", &tag).get(path).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{path}");
        assert_eq!(
            again.header("x-ledger-seq"),
            first.header("x-ledger-seq"),
            "{path}: where it stands is said again"
        );
        let packed =
            client.with_header("if-none-match", &tag).with_header("accept-encoding", "gzip").get(path).await;
        assert_eq!(packed.status, 304, "{path}: compressed or not, it is the same");
    }
    let held = client.get("/api/products/").await.header("etag").to_owned();
    let product = client.read("/api/products/").await["results"][0]["id"].as_str().unwrap().to_owned();
    client.patch(&format!("/api/products/{product}/"), &json!({"is_available": false})).await.expect(200);
    assert_eq!(client.with_header("if-none-match", &held).get("/api/products/").await.status, 200);
    // Nobody keeps who works here, or what is paired.
    assert_eq!(client.get("/api/users/").await.header("cache-control"), "no-store");
}

/// A list of the menu is kept as it was answered; whatever a change touches, the next answer says it.
#[tokio::test]
async fn a_list_that_was_answered_before_says_what_has_changed_since() {
    let (_hub, client) = demo().await;
    let (whole, part) = ("/api/products/?page_size=500", "/api/products/?page_size=500&is_available=true");
    let made = new_id();
    let product = client.read(whole).await["results"][0].clone();
    let (address, category) = (format!("/api/products/{}/", id_of(&product)), product["category"].clone());
    let shelf = format!("/api/categories/{}/", category.as_str().unwrap());
    let fresh = json!({"id": made, "name": "Bubur Manado", "category": category, "price": 24_000});
    let changes = [
        (Method::PATCH, address.clone(), json!({"price": 31_000})),
        (Method::PATCH, address.clone(), json!({"is_available": false})),
        (Method::PATCH, address.clone(), json!({"is_available": true})),
        (Method::PATCH, shelf, json!({"name": "Nasi dan Bubur"})),
        (Method::POST, "/api/products/".to_owned(), fresh),
        (Method::DELETE, format!("/api/products/{made}/"), json!({})),
    ];
    for (method, path, change) in changes {
        let (before, before_part) = (client.get(whole).await, client.get(part).await);
        let again = client.get(whole).await;
        assert_eq!((&again.text, again.header("etag")), (&before.text, before.header("etag")));
        let answer = client.try_json(method, &path, &change).await.unwrap();
        assert!((200..300).contains(&answer.status), "{path}: {}", answer.text);
        // The one that is kept and one that was never asked for before.
        let (after, other) =
            (client.get(whole).await, client.get(&format!("{whole}&ordering=sort_order")).await);
        assert_ne!(after.header("etag"), before.header("etag"), "{path} {change}");
        let row = |list: &Value, id: &str| {
            list["results"].as_array().unwrap().iter().find(|row| row["id"] == id).cloned()
        };
        for id in [id_of(&product), &made] {
            let read = client.get(&format!("/api/products/{id}/")).await;
            let read = (read.status == 200).then(|| read.json());
            assert_eq!(row(&after.json(), id), read, "{path} {change}");
            assert_eq!(row(&other.json(), id), read, "{path} {change}");
            let read = read.filter(|read| read["is_available"] == true);
            assert_eq!(row(&client.read(part).await, id), read, "{path} {change}");
        }
        let held = before_part.header("etag").to_owned();
        assert_eq!(client.with_header("if-none-match", &held).get(part).await.status, 200, "{path} {change}");
    }
}

#[tokio::test]
async fn a_list_comes_compressed_to_who_takes_it_so() {
    let (_hub, client) = demo().await;
    let plain = client.get("/api/products/?page_size=100").await;
    assert_eq!(plain.header("content-encoding"), "");
    let packed = client.with_header("accept-encoding", "gzip").get("/api/products/?page_size=100").await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    // What is no text is shown as one character a byte, or less.
    let bytes = packed.text.chars().count();
    assert!(bytes * 3 < plain.text.len(), "{bytes} of {}", plain.text.len());
    let small = client.with_header("accept-encoding", "gzip").get("/api/outlets/").await;
    assert_eq!(small.header("content-encoding"), "");
}

#[tokio::test]
async fn every_list_has_the_shape_of_a_page() {
    let (_hub, client) = demo().await;
    place(&client, 1).await;
    for list in [
        "products",
        "categories",
        "modifiers",
        "modifier-groups",
        "orders",
        "order-items",
        "payments",
        "outlets",
    ] {
        let page = client.read(&format!("/api/{list}/")).await;
        let fields: Vec<&String> = page.as_object().unwrap().keys().collect();
        assert_eq!(fields.len(), 4, "{list}: {fields:?}");
        let (count, rows) = (page["count"].as_u64().unwrap(), page["results"].as_array().unwrap().len());
        assert_eq!(count.min(100), rows as u64, "{list}");
        assert!(page["next"].is_string() == (count > 100) && page["previous"].is_null(), "{list}");
        assert!(count > 0 || list == "payments", "{list} is empty");
    }
}

#[tokio::test]
async fn pages_lead_to_each_other_and_keep_the_filters() {
    let (_hub, client) = demo().await;
    let all = client.read("/api/products/").await;
    let first = client.read("/api/products/?page_size=7&ordering=name&is_available=true").await;
    let next = first["next"].as_str().unwrap();
    assert!(next.starts_with(&client.base()), "under the name by which the hub was reached: {next}");
    assert!(next.contains("page=2") && next.contains("page_size=7") && next.contains("is_available=true"));
    let second = client.read(next).await;
    let back = client.read(second["previous"].as_str().unwrap()).await;
    assert_eq!(back["results"], first["results"]);
    let mut seen = Vec::new();
    let mut page = first.clone();
    loop {
        seen.extend(names(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str().map(str::to_owned) else { break };
        page = client.read(&next).await;
    }
    assert_eq!(seen.len() as u64, first["count"].as_u64().unwrap());
    assert!(seen.is_sorted(), "{seen:?}");
    let last = client.read("/api/products/?page=last&page_size=7&ordering=name&is_available=true").await;
    assert_eq!(last["results"], page["results"]);
    assert!(all["count"].as_u64() > first["count"].as_u64(), "the demo has something that is sold out");
}

#[tokio::test]
async fn a_page_holds_500_rows_at_most_and_100_unasked() {
    let (_hub, client) = demo().await;
    let product = plain_product().0;
    for _ in 0..2 {
        let items: Vec<Value> = (0..300).map(|_| json!({"product": product, "quantity": 1})).collect();
        client.post("/api/orders/", &json!({"id": new_id(), "items": items})).await.expect(201);
    }
    for (query, rows) in [
        ("", 100),
        ("?page_size=500", 500),
        ("?page_size=501", 500),
        ("?page_size=9999999", 500),
        ("?page_size=0", 100),
        ("?page_size=-5", 100),
        ("?page_size=many", 100),
        ("?page_size=500&page=2", 100),
        ("?page_size=1", 1),
    ] {
        let page = client.read(&format!("/api/order-items/{query}")).await;
        assert_eq!(page["results"].as_array().unwrap().len(), rows, "{query}");
        assert_eq!(page["count"], 600, "{query}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_is_404() {
    let (_hub, client) = demo().await;
    for page in ["0", "-1", "2", "99999999999999999999", "one", "1.5"] {
        assert_refused(&client.get(&format!("/api/categories/?page={page}")).await, 404, "not_found");
    }
    // An empty list has a first page.
    assert_eq!(client.read("/api/payments/?page=1").await["count"], 0);
}

#[tokio::test]
async fn products_are_filtered_by_category_price_and_availability() {
    let (_hub, client) = demo().await;
    let all = client.all("/api/products/").await;
    let category = all[0]["category"].as_str().unwrap();
    let price = |row: &Value| row["price"].as_i64().unwrap();
    let cases: [(String, Keep<'_>); 6] = [
        (format!("category={category}"), Box::new(|row| row["category"] == category)),
        ("is_available=false".into(), Box::new(|row| row["is_available"] == false)),
        ("is_available=True".into(), Box::new(|row| row["is_available"] == true)),
        ("min_price=30000".into(), Box::new(|row| price(row) >= 30_000)),
        ("max_price=30000".into(), Box::new(|row| price(row) <= 30_000)),
        (
            "min_price=15000&max_price=20000.00".into(),
            Box::new(|row| (15_000..=20_000).contains(&price(row))),
        ),
    ];
    for (query, keep) in cases {
        let found = client.all(&format!("/api/products/?{query}")).await;
        let expected: Vec<&Value> = all.iter().filter(|row| keep(row)).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
        assert!(!found.is_empty() && found.len() < all.len(), "{query} tells nothing: {}", found.len());
    }
    for (query, field) in [
        ("category=drinks", "category"),
        ("is_available=maybe", "is_available"),
        ("min_price=cheap", "min_price"),
        ("max_price=1e9x", "max_price"),
    ] {
        let refused = client.get(&format!("/api/products/?{query}")).await.expect(400);
        assert!(refused[field][0].is_string(), "{query}: {refused}");
    }
}

#[tokio::test]
async fn products_are_ordered_and_searched() {
    let (_hub, client) = demo().await;
    let down = client.all("/api/products/?ordering=-price,name").await;
    let key = |row: &Value| (-row["price"].as_i64().unwrap(), row["name"].as_str().unwrap().to_owned());
    assert!(down.iter().map(key).is_sorted());
    let up = client.all("/api/products/?ordering=price").await;
    assert!(up.iter().map(|row| row["price"].as_i64()).is_sorted());
    let unknown = client.all("/api/products/?ordering=weight").await;
    assert_eq!(unknown, client.all("/api/products/").await, "an unknown field orders nothing");

    let found = client.read("/api/products/?search=NASI+goreng").await;
    assert!(found["count"].as_u64() > Some(0));
    for row in found["results"].as_array().unwrap() {
        let text = format!("{} {}", row["name"], row["description"]).to_lowercase();
        assert!(text.contains("nasi") && text.contains("goreng"), "{text}");
    }
    assert_eq!(client.read("/api/products/?search=fondue").await["count"], 0);
}

#[tokio::test]
async fn orders_are_filtered_ordered_and_searched() {
    let (_hub, client) = demo().await;
    let mut ids = Vec::new();
    for table in ["7", "8", "Teras"] {
        let mut body = plain_order(&new_id(), 1);
        body["table"] = json!(table);
        let order = client.post("/api/orders/", &body).await.expect(201);
        ids.push((id_of(&order).to_owned(), order["created_at"].as_str().unwrap().to_owned()));
    }
    let path = |id: &str| format!("/api/orders/{id}/");
    client.patch(&path(&ids[0].0), &json!({"status": "preparing"})).await.expect(200);
    client.post("/api/payments/", &json!({"order": ids[1].0, "method": "cash"})).await.expect(201);
    for (query, expected) in [
        ("", vec!["003", "002", "001"]),
        ("ordering=created_at", vec!["001", "002", "003"]),
        ("ordering=-created_at", vec!["003", "002", "001"]),
        ("status=preparing", vec!["001"]),
        ("status=sent", vec!["003", "002"]),
        ("status=sent,preparing", vec!["003", "002", "001"]),
        ("status=cooking", vec!["001"]),
        ("status=cancelled", vec![]),
        ("payment_status=paid", vec!["002"]),
        ("payment_status=unpaid&status=sent", vec!["003"]),
        ("search=teras", vec!["003"]),
        ("search=002", vec!["002"]),
        ("created_before=2001-01-01", vec![]),
        ("created_after=2001-01-01", vec!["003", "002", "001"]),
        ("created_after=2001-01-01T00:00:00Z&created_before=2001-01-02T00:00:00Z", vec![]),
    ] {
        assert_eq!(numbers(&client.read(&format!("/api/orders/?{query}")).await), expected, "{query}");
    }
    // From that moment on, and before that moment: the two halves make the whole, with a raw or an escaped offset.
    let at = &ids[1].1;
    let escaped = at.replace('+', "%2B");
    for at in [at, &escaped] {
        let after = client.read(&format!("/api/orders/?created_after={at}")).await;
        let before = client.read(&format!("/api/orders/?created_before={at}")).await;
        assert_eq!(numbers(&after), ["003", "002"], "{at}");
        assert_eq!(numbers(&before), ["001"], "{at}");
    }
    for (query, field) in [
        ("status=flying", "status"),
        ("status=sent,flying", "status"),
        ("payment_status=free", "payment_status"),
        ("created_after=yesterday", "created_after"),
        ("created_before=2026-13-01", "created_before"),
    ] {
        let refused = client.get(&format!("/api/orders/?{query}")).await.expect(400);
        assert!(refused[field][0].is_string(), "{query}: {refused}");
    }
}

#[tokio::test]
async fn lines_and_payments_are_listed_by_order() {
    let (_hub, client) = demo().await;
    let (one, other) = (place(&client, 1).await, place(&client, 2).await);
    let paid =
        client.post("/api/payments/", &json!({"order": one["id"], "method": "cash"})).await.expect(201);
    client.post("/api/payments/", &json!({"order": other["id"], "method": "qris"})).await.expect(201);
    let items = client.read(&format!("/api/order-items/?order={}", id_of(&other))).await;
    assert_eq!((items["count"].as_u64(), &items["results"][0]["quantity"]), (Some(1), &json!(2)));
    assert_eq!(items["results"][0]["order"], other["id"]);
    let payments = client.read(&format!("/api/payments/?order={}", id_of(&one))).await;
    assert_eq!(payments["results"], json!([paid]));
    assert_eq!(client.read("/api/payments/?method=qris").await["count"], 1);
    assert_eq!(client.read("/api/payments/").await["count"], 2);
    let item = items["results"][0]["id"].as_str().unwrap();
    assert_eq!(client.read(&format!("/api/order-items/{item}/")).await, items["results"][0]);
    let payment = paid["id"].as_str().unwrap();
    assert_eq!(client.read(&format!("/api/payments/{payment}/")).await, paid);
}
