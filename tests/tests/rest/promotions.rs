//! Promotions: what guests get off, when, how often, and that two tills cannot have the same last one.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde_json::{Value, json};
use tests::client::Client;
use tests::hub::TestHub;

use super::golden::outlet;
use super::{assert_refused, new_id};

/// An outlet without charges that sells these.
async fn shop(prices: &[i64]) -> (TestHub, Client, Vec<String>) {
    outlet(&[], prices).await
}

/// Makes a promotion; what is not said is a promotion of everything, always.
async fn put(client: &Client, fields: Value) -> Value {
    let mut body = json!({"name": "Promo"});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    client.post("/api/promotions/", &body).await.expect(201)
}

/// Lines of so many of each product.
fn items(lines: &[(&String, u32)]) -> Value {
    lines.iter().map(|(product, quantity)| json!({"product": product, "quantity": quantity})).collect()
}

/// Sells so many of each product, with these fields beside.
async fn sell(client: &Client, lines: &[(&String, u32)], fields: Value) -> Value {
    let mut body = json!({"id": new_id(), "items": items(lines)});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    client.post("/api/orders/", &body).await.expect(201)
}

/// What is taken off, and what is left.
fn figures(order: &Value) -> [i64; 3] {
    ["promotion_discount", "discount", "total"].map(|field| order[field].as_i64().unwrap())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

async fn uses(client: &Client, promotion: &Value) -> i64 {
    client.read(&format!("/api/promotions/{}/", text(&promotion["id"]))).await["uses"].as_i64().unwrap()
}

#[tokio::test]
async fn each_kind_takes_off_what_it_says() {
    let (_hub, client, menu) = shop(&[30_000, 20_000, 8_000]).await;
    let category = client.read("/api/categories/").await["results"][0]["id"].clone();
    let of = |product: usize, quantity: u32| json!({"product": menu[product], "quantity": quantity});
    let all = [(&menu[0], 1), (&menu[1], 2), (&menu[2], 3)];
    for (fields, off) in [
        (json!({"kind": "percent", "percent_bp": 1_050}), 9_870),
        (json!({"kind": "percent", "percent_bp": 5_000, "scope": "product", "products": [menu[2]]}), 12_000),
        (json!({"kind": "amount", "amount": 15_000}), 15_000),
        (json!({"kind": "amount", "amount": 99_000, "scope": "product", "products": [menu[0]]}), 30_000),
        (
            json!({"kind": "buy_get", "buy_quantity": 2, "get_quantity": 1, "scope": "category", "categories": [category]}),
            28_000,
        ),
        (
            json!({"kind": "buy_get", "buy_quantity": 1, "get_quantity": 1, "percent_bp": 5_000,
                "scope": "product", "products": [menu[2], menu[1]]}),
            18_000 - 4_000,
        ),
        (json!({"kind": "bundle", "amount": 40_000, "parts": [of(0, 1), of(1, 1)]}), 10_000),
        (
            json!({"kind": "bundle", "amount": 40_000, "parts": [{"category": category, "quantity": 1}, of(2, 2)]}),
            6_000,
        ),
        (json!({"kind": "bundle", "amount": 60_000, "parts": [of(0, 1), of(1, 1)]}), 0),
        (json!({"kind": "percent", "percent_bp": 5_000, "min_spend": 94_001}), 0),
        (json!({"kind": "percent", "percent_bp": 5_000, "min_spend": 94_000}), 47_000),
    ] {
        let promotion = put(&client, fields).await;
        assert_eq!(promotion["state"], "running");
        let order = sell(&client, &all, json!({})).await;
        assert_eq!(figures(&order), [off, off, 94_000 - off], "{promotion}");
        let expected = if off == 0 {
            json!([])
        } else {
            json!([{"id": promotion["id"], "name": "Promo", "code": "", "amount": off}])
        };
        assert_eq!((&order["promotions"], &order["codes"]), (&expected, &json!([])));
        let path = format!("/api/promotions/{}/", text(&promotion["id"]));
        client.send(reqwest::Method::DELETE, &path, &[], None).await.unwrap().expect(204);
        client.get(&path).await.expect(404);
    }
}

#[tokio::test]
async fn the_golden_bill_is_the_same_with_a_promotion() {
    let settings = [("SERVICE_RATE_BP", "500"), ("SERVICE_BASE", "before_discount"), ("TAX_RATE_BP", "1000")];
    let (_hub, client, menu) = outlet(&settings, &[100_000]).await;
    put(&client, json!({"kind": "percent", "percent_bp": 2_000})).await;
    let order = sell(&client, &[(&menu[0], 1)], json!({"expected_total": 93_500})).await;
    let charges = ["subtotal", "discount", "service_charge", "tax", "total"].map(|field| &order[field]);
    assert_eq!(charges, [100_000, 20_000, 5_000, 8_500, 93_500]);
    // A total without it is refused, with all of the hub's bill.
    let body = json!({"id": new_id(), "items": items(&[(&menu[0], 1)]), "expected_total": 115_500});
    let refused = client.post("/api/orders/", &body).await.expect(400);
    assert_eq!(refused["hub_bill"]["promotions"][0]["amount"], 20_000, "{refused}");
    // The order's own discount comes behind it.
    let path = format!("/api/orders/{}/discount/", text(&order["id"]));
    let less = client.post(&path, &json!({"percent_bp": 1_000, "reason": "langganan"})).await.expect(200);
    assert_eq!((&less["discount"], &less["promotion_discount"]), (&json!(28_000), &json!(20_000)));
}

#[tokio::test]
async fn one_that_goes_with_no_other_is_weighed_against_all_that_do() {
    let (_hub, client, menu) = shop(&[100_000]).await;
    let first = put(&client, json!({"kind": "percent", "percent_bp": 1_000, "priority": 5})).await;
    let second = put(&client, json!({"kind": "amount", "amount": 5_000})).await;
    let alone = put(&client, json!({"kind": "percent", "percent_bp": 1_500, "is_exclusive": true})).await;
    let names = |order: &Value| -> Vec<Value> {
        order["promotions"].as_array().unwrap().iter().map(|applied| applied["id"].clone()).collect()
    };
    // A tenth and then five thousand are as much as fifteen percent: the higher priority wins.
    let order = sell(&client, &[(&menu[0], 1)], json!({})).await;
    assert_eq!(
        (figures(&order)[0], names(&order)),
        (15_000, vec![first["id"].clone(), second["id"].clone()])
    );
    let path = format!("/api/promotions/{}/", text(&alone["id"]));
    client.patch(&path, &json!({"priority": 6})).await.expect(200);
    let order = sell(&client, &[(&menu[0], 1)], json!({})).await;
    assert_eq!((figures(&order)[0], names(&order)), (15_000, vec![alone["id"].clone()]));
    client.patch(&path, &json!({"percent_bp": 1_499})).await.expect(200);
    assert_eq!(names(&sell(&client, &[(&menu[0], 1)], json!({})).await).len(), 2);
}

#[tokio::test]
async fn a_code_is_named_by_those_who_know_it() {
    let (_hub, client, menu) = shop(&[50_000]).await;
    let promotion = json!({
        "kind": "percent", "percent_bp": 1_000, "trigger": "code", "code": "Hemat10", "min_spend": 100_000,
    });
    let promotion = put(&client, promotion).await;
    assert_eq!(figures(&sell(&client, &[(&menu[0], 2)], json!({})).await), [0, 0, 100_000]);
    let order = sell(&client, &[(&menu[0], 2)], json!({"codes": ["HEMAT10"]})).await;
    assert_eq!((figures(&order)[0], &order["codes"]), (10_000, &json!(["Hemat10"])));
    assert_eq!(order["promotions"][0]["code"], "Hemat10");
    // One that does not reach yet is kept until it does.
    let small = sell(&client, &[(&menu[0], 1)], json!({"codes": ["hemat10"]})).await;
    assert_eq!((figures(&small)[0], &small["codes"]), (0, &json!(["Hemat10"])));
    let path = format!("/api/orders/{}/", text(&small["id"]));
    let round = json!({"id": new_id(), "items": items(&[(&menu[0], 1)])});
    let more = client.post(&format!("{path}items/"), &round).await.expect(201);
    assert_eq!(figures(&more)[0], 10_000);
    // Named later, and taken back.
    let codes = |codes: Value| {
        let (client, path) = (client.clone(), format!("{path}promotions/"));
        async move { client.post(&path, &json!({ "codes": codes })).await }
    };
    assert_eq!(figures(&codes(json!([])).await.expect(200)), [0, 0, 100_000]);
    assert_eq!(figures(&codes(json!(["HEMAT10", "hemat10"])).await.expect(200)), [10_000, 10_000, 90_000]);
    for (code, why) in [("LAIN", "no code"), ("HEMAT", "no code")] {
        let refused = codes(json!([code])).await.expect(400);
        assert!(text(&refused["codes"][0]).contains(why), "{refused}");
    }
    assert!(codes(json!("HEMAT10")).await.expect(400)["codes"][0].is_string());
    let body = json!({"items": items(&[(&menu[0], 2)]), "codes": ["HEMAT10", "LAIN"]});
    assert!(client.post("/api/orders/", &body).await.expect(400)["codes"][0].is_string());
    let own = format!("/api/promotions/{}/", text(&promotion["id"]));
    for (change, why) in [
        (json!({"is_active": false}), "switched off"),
        (json!({"is_active": true, "end_date": "2020-01-01"}), "has ended"),
        (json!({"end_date": null, "start_date": "2999-01-01"}), "does not run"),
    ] {
        client.patch(&own, &change).await.expect(200);
        let body = json!({"items": items(&[(&menu[0], 2)]), "codes": ["hemat10"]});
        let refused = client.post("/api/orders/", &body).await.expect(400);
        assert!(text(&refused["codes"][0]).contains(why), "{refused}");
    }
}

#[tokio::test]
async fn two_tills_cannot_have_the_same_last_one_and_a_cancelled_order_gives_it_back() {
    let (mut hub, client, menu) = shop(&[10_000]).await;
    let promotion =
        json!({"kind": "percent", "percent_bp": 5_000, "max_uses": 3, "trigger": "code", "code": "TIGA"});
    let promotion = put(&client, promotion).await;
    let tills: Vec<_> = (0..12)
        .map(|_| {
            let (client, body) =
                (client.another(), json!({"items": items(&[(&menu[0], 1)]), "codes": ["TIGA"]}));
            tokio::spawn(async move { client.post("/api/orders/", &body).await })
        })
        .collect();
    let mut placed = Vec::new();
    for till in tills {
        let answer = till.await.unwrap();
        if answer.status == 201 {
            assert_eq!(figures(&answer.json())[0], 5_000);
            placed.push(answer.json());
        } else {
            assert!(text(&answer.expect(400)["codes"][0]).contains("used up"), "{}", answer.text);
        }
    }
    assert_eq!((placed.len(), uses(&client, &promotion).await), (3, 3));
    let own = format!("/api/promotions/{}/", text(&promotion["id"]));
    assert_eq!(client.read(&own).await["state"], "used_up");
    // Whoever has it keeps it through another round.
    let path = format!("/api/orders/{}/", text(&placed[0]["id"]));
    let round = json!({"id": new_id(), "items": items(&[(&menu[0], 1)])});
    let more = client.post(&format!("{path}items/"), &round).await.expect(201);
    assert_eq!(figures(&more)[0], 10_000);
    client.post(&format!("{path}cancel/"), &json!({"reason": "tamu pergi"})).await.expect(200);
    assert_eq!(uses(&client, &promotion).await, 2);
    // A repeat is answered as the first time, and counts once.
    let body = json!({"id": new_id(), "items": items(&[(&menu[0], 1)]), "codes": ["TIGA"]});
    let first = client.post("/api/orders/", &body).await.expect(201);
    assert_eq!(client.post("/api/orders/", &body).await.expect(201), first);
    assert_eq!((figures(&first)[0], uses(&client, &promotion).await), (5_000, 3));
    // Without its views the hub counts the same.
    let before = (client.read("/api/orders/").await, client.read("/api/promotions/").await);
    hub.terminate().await;
    hub.assert_verified();
    std::fs::remove_dir_all(hub.data_dir().join("views")).unwrap();
    hub.start_again().await;
    let client = hub.client();
    let answers = (
        client.read("/api/orders/").await["results"].clone(),
        client.read("/api/promotions/").await["results"].clone(),
    );
    assert_eq!(answers, (before.0["results"].clone(), before.1["results"].clone()));
    let body = json!({"items": items(&[(&menu[0], 1)]), "codes": ["TIGA"]});
    client.post("/api/orders/", &body).await.expect(400);
}

#[tokio::test]
async fn rounds_and_voids_weigh_the_whole_order_anew() {
    let (_hub, client, menu) = shop(&[8_000, 30_000]).await;
    let third = json!({
        "kind": "buy_get", "buy_quantity": 2, "get_quantity": 1, "scope": "product", "products": [menu[0]],
    });
    let third = put(&client, third).await;
    let order = sell(&client, &[(&menu[0], 2), (&menu[1], 1)], json!({})).await;
    assert_eq!((figures(&order), uses(&client, &third).await), ([0, 0, 46_000], 0));
    let path = format!("/api/orders/{}/", text(&order["id"]));
    let round = json!({"id": new_id(), "items": items(&[(&menu[0], 1)])});
    let more = client.post(&format!("{path}items/"), &round).await.expect(201);
    assert_eq!((figures(&more), uses(&client, &third).await), ([8_000, 8_000, 46_000], 1));
    let line = text(&more["items"][2]["id"]);
    client.post(&format!("/api/order-items/{line}/void/"), &json!({"reason": "batal"})).await.expect(200);
    let less = client.read(&path).await;
    assert_eq!((figures(&less), uses(&client, &third).await), ([0, 0, 46_000], 0));
    // What is paid cannot become more than what is to be paid.
    client.post("/api/payments/", &json!({"order": order["id"], "method": "card"})).await.expect(201);
    put(&client, json!({"kind": "percent", "percent_bp": 9_000, "min_spend": 50_000})).await;
    let round = json!({"id": new_id(), "items": items(&[(&menu[1], 1)])});
    assert_refused(&client.post(&format!("{path}items/"), &round).await, 409, "already_paid");
}

/// A zone in which it is one o'clock at night now, and its name.
fn after_midnight() -> (Zoned, String) {
    let hours = (1 - i64::from(Timestamp::now().to_zoned(TimeZone::UTC).hour())).rem_euclid(24);
    let hours = if hours > 12 { hours - 24 } else { hours };
    // The names count the other way round.
    let name = format!("Etc/GMT{:+}", -hours);
    (Timestamp::now().in_tz(&name).unwrap(), name)
}

#[tokio::test]
async fn hours_past_midnight_belong_to_the_day_they_began_on_in_the_outlets_zone() {
    let (now, zone) = after_midnight();
    let (_hub, client, menu) = outlet(&[("TIME_ZONE", &zone)], &[10_000]).await;
    let weekday = |zoned: &Zoned| zoned.weekday().to_monday_one_offset();
    let yesterday = now.checked_sub(1.day()).unwrap();
    let window = |zoned: &Zoned| json!({"kind": "percent", "percent_bp": 5_000, "days": [weekday(zoned)], "start_time": "22:00", "end_time": "03:00"});
    put(&client, window(&now)).await;
    assert_eq!(figures(&sell(&client, &[(&menu[0], 1)], json!({})).await)[0], 0, "it begins tonight");
    let running = put(&client, window(&yesterday)).await;
    assert_eq!(running["state"], "running");
    let ends = now.with().hour(3).minute(0).second(0).subsec_nanosecond(0).build().unwrap();
    assert_eq!(text(&running["next_change_at"]).parse::<Timestamp>().unwrap(), ends.timestamp());
    assert_eq!(figures(&sell(&client, &[(&menu[0], 1)], json!({})).await)[0], 5_000);
    // What was priced before it began, or within it, stays what it was.
    let at = |zoned: &Zoned, hour: i8, minute: i8| {
        let at = zoned.with().hour(hour).minute(minute).build().unwrap();
        json!({"priced_at": at.timestamp().to_string()})
    };
    let early = sell(&client, &[(&menu[0], 1)], at(&yesterday, 21, 59)).await;
    assert_eq!(figures(&early)[0], 0);
    assert_eq!(figures(&sell(&client, &[(&menu[0], 1)], at(&yesterday, 22, 0)).await)[0], 5_000);
    // A later round is weighed at the order's own moment.
    let path = format!("/api/orders/{}/items/", text(&early["id"]));
    let round = json!({"id": new_id(), "items": items(&[(&menu[0], 1)])});
    assert_eq!(figures(&client.post(&path, &round).await.expect(201))[0], 0);
    let later = now.checked_add(10.minutes()).unwrap().timestamp().to_string();
    let soon = Timestamp::now().checked_add(60.seconds()).unwrap().to_string();
    sell(&client, &[(&menu[0], 1)], json!({"priced_at": soon})).await;
    for wrong in [json!({"priced_at": later}), at(&yesterday, 3, 59), json!({"priced_at": "kemarin"})] {
        let mut body = json!({"items": items(&[(&menu[0], 1)])});
        body.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let refused = client.post("/api/orders/", &body).await.expect(400);
        assert!(refused["priced_at"][0].is_string(), "{refused}");
    }
}

#[tokio::test]
async fn what_does_not_make_a_promotion_is_named() {
    let (_hub, client, menu) = shop(&[10_000]).await;
    let taken = put(&client, json!({"kind": "amount", "amount": 1, "trigger": "code", "code": "SAMA"})).await;
    for (fields, field) in [
        (json!({}), "kind"),
        (json!({"kind": "half"}), "kind"),
        (json!({"kind": "percent"}), "percent_bp"),
        (json!({"kind": "percent", "percent_bp": 10_001}), "percent_bp"),
        (json!({"kind": "percent", "percent_bp": 0}), "percent_bp"),
        (json!({"kind": "amount", "amount": 0}), "amount"),
        (json!({"kind": "buy_get", "buy_quantity": 2}), "get_quantity"),
        (json!({"kind": "buy_get", "buy_quantity": 101, "get_quantity": 1}), "buy_quantity"),
        (json!({"kind": "bundle", "amount": 1}), "parts"),
        (json!({"kind": "bundle", "amount": 1, "parts": [{"quantity": 1}]}), "parts"),
        (json!({"kind": "bundle", "amount": 1, "parts": [{"product": new_id(), "quantity": 1}]}), "parts"),
        (json!({"kind": "amount", "amount": 1, "scope": "category"}), "categories"),
        (json!({"kind": "amount", "amount": 1, "scope": "product", "products": [new_id()]}), "products"),
        (json!({"kind": "amount", "amount": 1, "products": [menu[0]]}), "products"),
        (json!({"kind": "amount", "amount": 1, "trigger": "code"}), "code"),
        (json!({"kind": "amount", "amount": 1, "trigger": "code", "code": "a b"}), "code"),
        (json!({"kind": "amount", "amount": 1, "trigger": "code", "code": "sama"}), "code"),
        (json!({"kind": "amount", "amount": 1, "days": [0]}), "days"),
        (json!({"kind": "amount", "amount": 1, "start_time": "09:00"}), "end_time"),
        (json!({"kind": "amount", "amount": 1, "start_time": "9", "end_time": "10:00"}), "start_time"),
        (json!({"kind": "amount", "amount": 1, "start_date": "2026-02-30"}), "start_date"),
        (
            json!({"kind": "amount", "amount": 1, "start_date": "2026-02-03", "end_date": "2026-02-02"}),
            "end_date",
        ),
        (json!({"kind": "amount", "amount": 1, "priority": 1_001}), "priority"),
        (json!({"kind": "amount", "amount": 1, "max_uses": 0}), "max_uses"),
        (json!({"kind": "amount", "amount": 1, "min_spend": -1}), "min_spend"),
    ] {
        let mut body = json!({"name": "Salah"});
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let refused = client.post("/api/promotions/", &body).await.expect(400);
        assert!(refused[field].is_array(), "{field}: {refused}");
    }
    // One that is switched off may have the code of another, and cannot be switched on beside it.
    let off = json!({"kind": "amount", "amount": 2, "trigger": "code", "code": "sama", "is_active": false});
    let off = put(&client, off).await;
    let path = format!("/api/promotions/{}/", text(&off["id"]));
    assert!(client.patch(&path, &json!({"is_active": true})).await.expect(400)["code"].is_array());
    // Fields that may be empty are emptied by null; another kind leaves the fields of the one before behind.
    let limits =
        json!({"max_uses": 5, "start_time": "22:00", "end_time": "02:00:00", "end_date": "2030-12-31"});
    let limited = client.patch(&path, &limits).await.expect(200);
    assert_eq!((&limited["max_uses"], &limited["end_time"]), (&json!(5), &json!("02:00")));
    let emptied = json!({"max_uses": null, "start_time": null, "end_time": null, "end_date": null, "trigger": "automatic",
        "kind": "percent", "percent_bp": 500, "is_active": true});
    let emptied = client.patch(&path, &emptied).await.expect(200);
    for field in ["max_uses", "start_time", "end_time", "end_date", "amount", "next_change_at"] {
        assert_eq!(emptied[field], Value::Null, "{field}");
    }
    assert_eq!((&emptied["code"], &emptied["state"]), (&json!(""), &json!("running")));
    assert_eq!(
        client.read("/api/promotions/?trigger=code&state=running,off").await["results"],
        json!([taken])
    );
    assert_eq!(
        client.read("/api/promotions/?search=sam&is_active=true&ordering=-priority").await["count"],
        1
    );
    assert!(client.get("/api/promotions/?state=lost").await.expect(400)["state"].is_array());
}

#[tokio::test]
async fn codes_are_for_those_who_sell_by_them() {
    let hub = tests::hub::Setup::demo().variable("OUTLET_HUB_DEMO__PROMOTIONS", "true").start().await;
    let client = hub.client();
    let all = client.read("/api/promotions/").await;
    assert_eq!(all["count"], 3, "{all}");
    let code = all["results"].as_array().unwrap().iter().find(|row| row["code"] == "HEMAT10").unwrap();
    let path = format!("/api/promotions/{}/", text(&code["id"]));
    for (role, count) in [("cashier", 3), ("manager", 3), ("kitchen", 2)] {
        let person = client.signed_in(role).await;
        assert_eq!(person.read("/api/promotions/").await["count"], count, "{role}");
        person.get(&path).await.expect(if count == 3 { 200 } else { 404 });
    }
    let cashier = client.signed_in("cashier").await;
    assert_refused(&cashier.patch(&path, &json!({"is_active": false})).await, 403, "permission_denied");
}

#[tokio::test]
async fn an_old_tills_row_has_its_own_prices() {
    let (_hub, client, menu) = shop(&[10_000]).await;
    put(&client, json!({"kind": "percent", "percent_bp": 5_000})).await;
    let row = json!({
        "order_number": "A-1", "total": 20_000, "status": "completed", "payment_status": "paid",
        "items": [{"product_id": menu[0], "quantity": 2, "price": 10_000}],
    });
    let order = client.post("/api/orders/", &row).await.expect(201);
    assert_eq!((figures(&order), &order["state"]), ([0, 0, 20_000], &json!("closed")));
}
