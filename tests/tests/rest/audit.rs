//! The audit trail: who did what, when, on which device, and who let them.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::Client;
use tests::hub::TestHub;
use tokio::task::JoinSet;

use super::{assert_refused, demo, new_id, place};

/// Whether a filter keeps an entry.
type Keep = Box<dyn Fn(&Value) -> bool>;

const TRAIL: &str = "/api/hub/audit/";

/// Entries of a kind, newest first.
async fn of(client: &Client, query: &str) -> Vec<Value> {
    client.all(&format!("{TRAIL}?{query}")).await
}

fn text<'value>(value: &'value Value, field: &str) -> &'value str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} of {value}"))
}

fn change(field: &str, from: impl Into<Value>, to: impl Into<Value>) -> Value {
    json!({"field": field, "from": from.into(), "to": to.into()})
}

/// One of the demo's people, by PIN on a device.
async fn by_pin(device: &Client, name: &str, pin: &str) -> (Client, String) {
    let staff = device.read("/api/staff/").await;
    let user = staff["results"].as_array().unwrap().iter().find(|user| user["name"] == name).unwrap().clone();
    let tokens = device.post("/api/token/pin/", &json!({"user": user["id"], "pin": pin})).await.expect(200);
    (device.with_token(text(&tokens, "access")), text(&user, "id").to_owned())
}

async fn delete(client: &Client, path: &str) {
    let answer = client.send(Method::DELETE, path, &[], None).await.unwrap();
    assert_eq!(answer.status, 204, "{path}: {}", answer.text);
}

/// What happened at an outlet, one of each, and by whom.
struct Day {
    hub: TestHub,
    manager: Client,
    /// Who sold, on which device, and who let her.
    sari: String,
    till: String,
    budi: String,
    product: String,
    order: String,
    guest: String,
    user: String,
}

/// What nobody may read in the trail.
const SECRETS: [&str; 8] =
    ["argon2", "$v=", "Xanthippe", "quokka", "+62-811", "rahasia-sekali", "90817263", "alergi wyvern"];

async fn lived() -> Day {
    let (hub, client) = demo().await;
    let manager = client.signed_in("manager").await;
    let product = text(&manager.read("/api/products/?search=nasi").await["results"][0], "id").to_owned();
    let at = format!("/api/products/{product}/");
    manager.patch(&at, &json!({"price": 25_000, "name": "Nasi Uji"})).await.expect(200);
    manager.patch(&at, &json!({"price": 27_000, "is_available": false})).await.expect(200);
    let (device, paired) = manager.paired("till").await;
    let (sari, her) = by_pin(&device, "Sari", "3333").await;
    let guest = new_id();
    let who =
        json!({"id": guest, "name": "Xanthippe quokka", "phone": "+62-811-1", "notes": "alergi wyvern"});
    sari.post("/api/customers/", &who).await.expect(201);
    let order = place(&sari, 3).await;
    let own = format!("/api/orders/{}/", text(&order, "id"));
    sari.patch(&own, &json!({"table": "12", "notes": "untuk Xanthippe"})).await.expect(200);
    let off = json!({"percent_bp": 1_000, "reason": "langganan"});
    sari.post(&format!("{own}discount/"), &off).await.expect(200);
    let staff = device.read("/api/staff/").await;
    let budi = staff["results"].as_array().unwrap().iter().find(|user| user["name"] == "Pak Budi").unwrap();
    let budi = text(budi, "id").to_owned();
    let line = format!("/api/order-items/{}/void/", text(&order["items"][0], "id"));
    let wrong = json!({"reason": "salah pesan"});
    assert_refused(&sari.post(&line, &wrong).await, 403, "approval_needed");
    sari.with_header("x-approval", &format!("{budi} 2222")).post(&line, &wrong).await.expect(200);
    manager.post(&format!("{own}cancel/"), &json!({"reason": "tamu pergi"})).await.expect(200);
    let user = new_id();
    let tono = json!({"id": user, "username": "tono", "name": "Tono", "role": "cashier", "password": "rahasia-sekali",
        "pin": "90817263"});
    manager.post("/api/users/", &tono).await.expect(201);
    manager.patch(&format!("/api/users/{user}/"), &json!({"password": "rahasia-sekali-2"})).await.expect(200);
    let till = text(&paired, "id").to_owned();
    manager.patch(&format!("/api/devices/{till}/"), &json!({"name": "Kasir depan"})).await.expect(200);
    delete(&manager, &format!("/api/customers/{guest}/")).await;
    manager.post(&format!("/api/devices/{till}/revoke/"), &json!({})).await.expect(200);
    let order = text(&order, "id").to_owned();
    Day { hub, manager, sari: her, till, budi, product, order, guest, user }
}

#[tokio::test]
async fn the_trail_is_for_who_runs_the_place() {
    let (_hub, client) = demo().await;
    for name in ["owner", "manager"] {
        assert!(client.signed_in(name).await.read(TRAIL).await["count"].as_u64() > Some(0));
    }
    for name in ["cashier", "kitchen"] {
        assert_refused(&client.signed_in(name).await.get(TRAIL).await, 403, "permission_denied");
    }
    let (till, _) = client.paired("till").await;
    assert_refused(&till.get(TRAIL).await, 401, "not_authenticated");
    assert_eq!(client.get(TRAIL).await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn each_thing_is_told_with_who_did_it_where_and_by_whose_leave() {
    let day = lived().await;
    let manager = &day.manager;
    let all = of(manager, "").await;
    let at: Vec<u64> = all.iter().map(|row| row["seq"].as_u64().unwrap()).collect();
    assert!(at.is_sorted_by(|newer, older| newer > older), "newest first: {at:?}");

    let prices = of(manager, &format!("kind=product.put&subject={}", day.product)).await;
    let [dear, cheap, first] = &prices[..] else { panic!("{prices:?}") };
    assert_eq!(
        dear["changes"],
        json!([change("price", 25_000, 27_000), change("is_available", true, false)])
    );
    assert_eq!((text(dear, "area"), text(dear, "subject_name")), ("menu", "Nasi Uji"));
    let actor = &dear["actor"];
    assert_eq!((text(actor, "kind"), text(actor, "name")), ("user", "Pak Budi"));
    assert_eq!(
        (&actor["id"], &dear["device"], &dear["approved_by"]),
        (&json!(day.budi), &json!(null), &json!(null))
    );
    assert_eq!((&dear["facts"], &first["facts"]), (&json!({"is_new": false}), &json!({"is_new": true})));
    assert!(cheap["changes"].to_string().contains("\"to\":\"Nasi Uji\""), "{cheap}");
    assert_eq!((text(&first["actor"], "kind"), &first["actor"]["id"]), ("system", &json!(null)));

    let voided = &of(manager, "kind=order.item_voided").await[0];
    assert_eq!((text(voided, "area"), text(voided, "subject")), ("orders", &day.order[..]));
    assert_eq!((text(&voided["actor"], "id"), text(&voided["actor"], "name")), (&day.sari[..], "Sari"));
    assert_eq!(voided["device"], json!({"id": day.till, "name": "Kasir depan"}));
    assert_eq!(voided["approved_by"], json!({"id": day.budi, "name": "Pak Budi"}));
    assert_eq!(
        (&voided["facts"]["reason"], &voided["facts"]["quantity"]),
        (&json!("salah pesan"), &json!(3))
    );
    assert_eq!((&voided["changes"][0]["field"], &voided["changes"][0]["to"]), (&json!("total"), &json!(0)));

    let edited = &of(manager, "kind=order.edited").await[0];
    let changes = json!([change("table", "", "12"), change("notes", Value::Null, Value::Null)]);
    assert_eq!(edited["changes"], changes, "that there are notes, and not what they say");
    let discounted = &of(manager, "kind=order.discounted").await[0];
    assert_eq!(discounted["facts"], json!({"reason": "langganan"}));
    assert_eq!(discounted["changes"][0]["from"], 0);
    assert!(discounted["changes"][0]["to"].as_i64() > Some(0), "{discounted}");
    assert_eq!(of(manager, "kind=order.cancelled").await[0]["facts"], json!({"reason": "tamu pergi"}));

    let users = of(manager, &format!("kind=user.put&subject={}", day.user)).await;
    assert_eq!(users[0]["changes"], json!([change("password", Value::Null, Value::Null)]));
    assert_eq!((text(&users[1], "area"), text(&users[1], "subject_name")), ("staff", "Tono"));
    assert_eq!(
        of(manager, &format!("kind=pin.set&subject={}", day.user)).await[0]["facts"],
        json!({"is_set": true})
    );
    let refused = &of(manager, "kind=access.refused").await[0];
    assert_eq!(refused["facts"]["what"], "POST /api/order-items/{id}/void/");
    assert_eq!(text(&refused["actor"], "name"), "Sari");
    let began = &of(manager, &format!("kind=session.began&device={}", day.till)).await[0];
    assert_eq!((text(began, "subject"), text(began, "subject_name")), (&day.sari[..], "Sari"));
    let ended = &of(manager, &format!("kind=session.ended&subject={}", day.sari)).await[0];
    assert_eq!(ended["facts"], json!({"why": "device_revoked"}));

    let devices = of(manager, &format!("area=devices&subject={}", day.till)).await;
    let kinds: Vec<&str> = devices.iter().map(|row| text(row, "kind")).collect();
    assert_eq!(kinds, ["device.revoked", "device.put", "device.put"]);
    assert_eq!(text(&devices[0], "subject_name"), "Kasir depan", "what has no name of its own");
    assert_eq!(devices[1]["changes"], json!([change("name", "Uji till", "Kasir depan")]));

    let guests = of(manager, "area=guests").await;
    let kinds: Vec<&str> = guests.iter().map(|row| text(row, "kind")).collect();
    assert_eq!(kinds, ["guest.forgotten", "guest.put"]);
    assert_eq!((text(&guests[0], "subject"), text(&guests[0], "subject_name")), (&day.guest[..], ""));
    let outlet = &of(manager, "area=outlet").await[0];
    assert_eq!((text(outlet, "kind"), &outlet["facts"]["is_new"]), ("outlet.set", &json!(true)));

    // An order's ordinary life is not in it, nor is the refreshing of sessions.
    for row in &all {
        let kind = text(row, "kind");
        assert!(!kind.contains("placed") && !kind.contains("paid") && !kind.contains("refreshed"), "{kind}");
    }
    let before = manager.read(TRAIL).await["count"].clone();
    let sold = place(&day.hub.client().clone(), 1).await;
    day.hub
        .client()
        .post("/api/payments/", &json!({"order": sold["id"], "method": "cash"}))
        .await
        .expect(201);
    assert_eq!(manager.read(TRAIL).await["count"], before);
}

#[tokio::test]
async fn nothing_secret_or_personal_is_told() {
    let day = lived().await;
    let all = Value::from(of(&day.manager, "").await).to_string();
    for word in SECRETS {
        assert!(!all.to_lowercase().contains(&word.to_lowercase()), "the trail says {word}");
    }
    assert!(all.contains("Sari") && all.contains("Tono"), "it does say who works here");
    for word in ["Xanthippe", "quokka"] {
        assert_eq!(day.manager.read(&format!("{TRAIL}?search={word}")).await["count"], 0, "{word}");
    }
}

#[tokio::test]
async fn filters_each_keep_what_they_say() {
    let day = lived().await;
    let manager = &day.manager;
    let all = of(manager, "").await;
    let middle = text(&all[all.len() / 2], "at").replace('+', "%2B");
    let cases: [(String, Keep); 12] = [
        ("area=menu".into(), Box::new(|row| row["area"] == "menu")),
        ("area=staff".into(), Box::new(|row| row["area"] == "staff")),
        ("kind=device.put".into(), Box::new(|row| row["kind"] == "device.put")),
        (format!("actor={}", day.sari), {
            let id = json!(day.sari);
            Box::new(move |row| row["actor"]["id"] == id)
        }),
        (format!("device={}", day.till), {
            let id = json!(day.till);
            Box::new(move |row| row["device"]["id"] == id)
        }),
        (format!("subject={}", day.order), {
            let id = json!(day.order);
            Box::new(move |row| row["subject"] == id)
        }),
        ("approved=true".into(), Box::new(|row| !row["approved_by"].is_null())),
        ("approved=false".into(), Box::new(|row| row["approved_by"].is_null())),
        (format!("created_after={middle}"), {
            let at = text(&all[all.len() / 2], "at").to_owned();
            Box::new(move |row| text(row, "at") >= &at[..])
        }),
        (format!("created_before={middle}"), {
            let at = text(&all[all.len() / 2], "at").to_owned();
            Box::new(move |row| text(row, "at") < &at[..])
        }),
        ("search=nasi+UJI".into(), Box::new(|row| text(row, "subject_name").contains("Nasi Uji"))),
        (
            "search=sari&area=orders".into(),
            Box::new(|row| row["actor"]["name"] == "Sari" && row["area"] == "orders"),
        ),
    ];
    for (query, keep) in cases {
        let expected: Vec<&Value> = all.iter().filter(|row| keep(row)).collect();
        assert!(
            !expected.is_empty() && expected.len() < all.len(),
            "{query} tells nothing: {}",
            expected.len()
        );
        assert_eq!(of(manager, &query).await.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    for (query, field) in [
        ("area=kitchen", "area"),
        ("kind=product", "kind"),
        ("actor=sari", "actor"),
        ("device=1", "device"),
        ("subject=x", "subject"),
        ("approved=perhaps", "approved"),
        ("created_after=yesterday", "created_after"),
        ("created_before=2026-13-01", "created_before"),
    ] {
        let refused = manager.get(&format!("{TRAIL}?{query}")).await.expect(400);
        assert!(refused[field][0].is_string(), "{query}: {refused}");
    }
    assert_eq!(of(manager, "area=promotions").await, Vec::<Value>::new());
    assert_eq!(of(manager, "created_after=2101-01-01&created_before=2001-01-01").await, Vec::<Value>::new());
    assert_eq!(of(manager, "since=yesterday").await.len(), all.len(), "what is no filter is passed over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_trail_is_paged_and_the_same_from_the_store_and_from_new_views() {
    const ENTRIES: usize = 1_100;
    let (mut hub, client) = demo().await;
    let manager = client.signed_in("manager").await;
    let category = text(&manager.read("/api/categories/").await["results"][0], "id").to_owned();
    let before = manager.read(TRAIL).await["count"].as_u64().unwrap() as usize;
    let mut writes = JoinSet::new();
    for number in 0..ENTRIES {
        let (manager, category) = (manager.clone(), category.clone());
        writes.spawn(async move {
            let body = json!({"name": format!("Barang {number}"), "category": category, "price": number});
            manager.post("/api/products/", &body).await.expect(201)
        });
    }
    let made = writes.join_all().await;
    let product = text(&made[0], "id").to_owned();
    let pages = |client: Client| async move {
        let mut answers = Vec::new();
        for query in [
            "",
            "?page=3&page_size=500",
            "?page=last&page_size=300",
            "?search=barang+77",
            "?area=menu&page=7",
            "?kind=category.put",
        ] {
            let answer = client.get(&format!("{TRAIL}{query}")).await;
            answers.push((query, answer.expect(200).to_string().replace(&client.base(), "http://hub")));
        }
        let rows = client.all(&format!("{TRAIL}?area=menu")).await;
        answers.push(("all of the menu", Value::from(rows).to_string()));
        answers
    };
    let first = manager.read(&format!("{TRAIL}?page_size=500")).await;
    assert_eq!(first["count"].as_u64().unwrap() as usize, before + ENTRIES);
    assert!(text(&first, "next").contains("page=2"));
    let all = manager.all(&format!("{TRAIL}?page_size=500")).await;
    assert_eq!(all.len(), before + ENTRIES);
    let mut seqs: Vec<u64> = all.iter().map(|row| row["seq"].as_u64().unwrap()).collect();
    seqs.dedup();
    assert_eq!(seqs.len(), all.len());
    assert_refused(&manager.get(&format!("{TRAIL}?page=99")).await, 404, "not_found");
    let told = pages(manager.clone()).await;

    // What is in memory, what was stored by checkpoints, and what is folded anew: it is all the same.
    hub.restart().await;
    assert_eq!(pages(manager.clone()).await, told, "from the store");
    let at = format!("/api/products/{product}/");
    manager.patch(&at, &json!({"price": 99_000})).await.expect(200);
    let newest = manager.read(&format!("{TRAIL}?subject={product}")).await["results"][0].clone();
    assert_eq!(newest["changes"], json!([change("price", made[0]["price"].clone(), 99_000)]), "over a start");
    delete(&manager, &at).await;
    let gone = &of(&manager, &format!("subject={product}")).await[0];
    assert_eq!((text(gone, "kind"), &gone["subject_name"]), ("product.removed", &made[0]["name"]));
    let told = pages(manager.clone()).await;
    hub.terminate().await;
    hub.assert_verified();
    fs::remove_dir_all(hub.data_dir().join("views")).unwrap();
    hub.start_again().await;
    assert_eq!(pages(manager.clone()).await, told, "from new views");
    hub.terminate().await;
    hub.assert_verified();
}
