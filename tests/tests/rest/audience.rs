//! Every route, asked for by everybody: whoever may not is turned away before anything is looked at, whoever may is not.

use hub::api::audience::{Audience, audience};
use protocol::staff::{Permission, Role};
use reqwest::Method;
use serde_json::Value;
use tests::client::Client;

use super::{assert_refused, demo, new_id};

/// Every route of the document, with an id that names nothing.
fn routes() -> Vec<(Method, String, Audience)> {
    let document = hub::api::document();
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let audience = audience(&method, path).unwrap_or_else(|| panic!("{method} {path} is for nobody"));
            routes.push((method, path.replace("{id}", &new_id()), audience));
        }
    }
    routes
}

async fn ask(client: &Client, method: &Method, path: &str) -> tests::client::Answer {
    client.try_json(method.clone(), path, &Value::Object(<_>::default())).await.unwrap()
}

#[tokio::test]
async fn every_route_is_for_whom_the_table_says() {
    let (_hub, client) = demo().await;
    let routes = routes();
    assert!(routes.len() > 40, "{}", routes.len());
    for role in Role::ALL {
        let signed_in = client.signed_in(role.word()).await;
        for (method, path, audience) in &routes {
            let answer = ask(&signed_in, method, path).await;
            match audience {
                Audience::May(permission) if !role.may(*permission) => {
                    assert_refused(&answer, 403, "permission_denied");
                }
                _ => assert!(
                    !matches!(answer.status, 401 | 403 | 500..),
                    "{} {method} {path}: {} {}",
                    role.word(),
                    answer.status,
                    answer.text
                ),
            }
        }
    }
}

#[tokio::test]
async fn the_lan_reads_and_sells_and_has_no_accounts() {
    let (_hub, client) = demo().await;
    for (method, path, audience) in routes() {
        let answer = ask(&client, &method, &path).await;
        if matches!(audience, Audience::May(Permission::ManageStaff | Permission::ManageOwners)) {
            assert_refused(&answer, 401, "not_authenticated");
        } else {
            assert!(!matches!(answer.status, 401 | 403 | 500..), "{method} {path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_token_that_is_not_taken_is_refused_everywhere_but_where_one_signs_in() {
    let (_hub, client) = demo().await;
    let stranger = client.with_token("eyJhbGciOiJIUzI1NiJ9.e30.x");
    for (method, path, audience) in routes() {
        let answer = ask(&stranger, &method, &path).await;
        match audience {
            Audience::May(_) => assert_refused(&answer, 401, "token_not_valid"),
            Audience::Anyone => assert_eq!(answer.status, 400, "{method} {path}: {}", answer.text),
        }
    }
}
