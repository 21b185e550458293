//! What is refused where others can read along: the same routes, asked for over plain HTTP from another machine, over TLS, and from
//! this one.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::outlet::{From, Outlet};

fn password() -> Value {
    json!({"username": "manager", "password": "demo-manager"})
}

#[tokio::test]
async fn a_password_is_not_taken_where_others_can_read_along() {
    let outlet = Outlet::new(false, 0).await;
    let sign_in = |from| outlet.ask(from, "POST", "/api/token/", &[], password());
    sign_in(From::Lan).await.expect_https_needed();
    sign_in(From::Here).await.expect(StatusCode::OK);
    let tokens = sign_in(From::LanByTls).await.expect(StatusCode::OK);
    // What was got over TLS is worth no more than a cashier's over plain HTTP.
    let bearer = format!("Bearer {}", tokens["access"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let users = |from| outlet.ask(from, "GET", "/api/users/", &headers, json!({}));
    users(From::Lan).await.expect_https_needed();
    users(From::LanByTls).await.expect(StatusCode::OK);
    outlet.ask(From::Lan, "GET", "/api/orders/", &headers, json!({})).await.expect(StatusCode::OK);
    // Guests are seen by a cashier as well; all that is known of one is not.
    outlet.ask(From::Lan, "GET", "/api/customers/", &headers, json!({})).await.expect(StatusCode::OK);
    let of_guest = format!("/api/customers/{}/", uuid::Uuid::nil());
    let export = format!("{of_guest}export/");
    outlet.ask(From::Lan, "GET", &export, &headers, json!({})).await.expect_https_needed();
    outlet.ask(From::Lan, "DELETE", &of_guest, &headers, json!({})).await.expect_https_needed();
    outlet.ask(From::LanByTls, "GET", &export, &headers, json!({})).await.expect(StatusCode::NOT_FOUND);
    let told = outlet.ask(From::Lan, "GET", "/api/hub/", &[], json!({})).await.expect(StatusCode::OK);
    assert_eq!((&told["is_secure"], &told["needs_secure"]), (&json!(false), &json!(true)));
    let told = outlet.ask(From::LanByTls, "GET", "/api/hub/", &[], json!({})).await.expect(StatusCode::OK);
    assert_eq!((&told["is_secure"], &told["needs_secure"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn a_cashier_works_over_plain_http_and_a_manager_neither_signs_in_nor_approves() {
    let outlet = Outlet::new(false, 0).await;
    let key = outlet.till(From::Lan).await;
    let device = [("x-device-key", key.as_str())];
    let (sari, budi) = (outlet.person(&key, "Sari").await, outlet.person(&key, "Pak Budi").await);
    let pin = |user: &str, pin: &str| json!({"user": user, "pin": pin});
    let by_pin = |from, body| outlet.ask(from, "POST", "/api/token/pin/", &device, body);
    by_pin(From::Lan, pin(&budi, "2222")).await.expect_https_needed();
    by_pin(From::LanByTls, pin(&budi, "2222")).await.expect(StatusCode::OK);
    let tokens = by_pin(From::Lan, pin(&sari, "3333")).await.expect(StatusCode::OK);
    let bearer = format!("Bearer {}", tokens["access"].as_str().unwrap());
    let leave = format!("{budi} 2222");
    let headers =
        [("x-device-key", key.as_str()), ("authorization", bearer.as_str()), ("x-approval", leave.as_str())];
    let path = format!("/api/orders/{budi}/cancel/");
    let cancel = |from| outlet.ask(from, "POST", &path, &headers, json!({"reason": "x"}));
    cancel(From::Lan).await.expect_https_needed();
    cancel(From::LanByTls).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn where_the_configuration_allows_it_plain_http_is_as_good() {
    let outlet = Outlet::new(true, 0).await;
    let tokens = outlet.ask(From::Lan, "POST", "/api/token/", &[], password()).await.expect(StatusCode::OK);
    let bearer = format!("Bearer {}", tokens["access"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    outlet.ask(From::Lan, "GET", "/api/users/", &headers, json!({})).await.expect(StatusCode::OK);
    let told = outlet.ask(From::Lan, "GET", "/api/hub/", &[], json!({})).await.expect(StatusCode::OK);
    assert_eq!((&told["is_secure"], &told["needs_secure"]), (&json!(false), &json!(false)));
}
