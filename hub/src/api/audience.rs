//! Who may ask for what: one table of every route, and the one place where it is enforced.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use protocol::event::Actor;
use protocol::staff::{Permission as P, User};

use super::Hub;
use super::error::ApiError;

/// Whom a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: signing in, the document.
    Anyone,
    /// Whoever may do this.
    May(P),
}

/// Whom a route is for; none where nobody has said so, and then it is for nobody.
pub fn audience(method: &Method, path: &str) -> Option<Audience> {
    let resource = path.strip_prefix("/api/")?.split('/').next()?;
    let is_read = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let permission = match (resource, path) {
        ("token" | "schema", _) => return Some(Audience::Anyone),
        ("outlets" | "categories" | "modifier-groups" | "modifiers" | "products", _) if is_read => P::SeeMenu,
        ("categories" | "modifier-groups" | "modifiers" | "products", _) => P::ChangeMenu,
        ("orders" | "order-items" | "payments", _) if is_read => P::SeeOrders,
        (_, "/api/orders/{id}/cancel/" | "/api/order-items/{id}/void/") => P::Void,
        ("orders" | "order-items", _) if method == Method::PATCH => P::Cook,
        ("orders" | "order-items" | "payments", _) => P::Sell,
        ("users", _) => P::ManageStaff,
        _ => return None,
    };
    Some(Audience::May(permission))
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Who {
    /// For the ledger.
    pub actor: Actor,
    /// Who is signed in; none for a client on the LAN that is not.
    pub user: Option<Arc<User>>,
}

impl Who {
    /// Whether they may do something. A client on the LAN that nobody has signed in on sells and cooks, as those of the replaced
    /// system do, and changes the menu; accounts are out of its reach.
    pub fn may(&self, permission: P) -> bool {
        match &self.user {
            Some(user) => user.role.may(permission),
            None => !matches!(permission, P::ManageStaff | P::ManageOwners),
        }
    }

    /// The refusal where they may not.
    pub fn require(&self, permission: P) -> Result<(), ApiError> {
        if self.may(permission) {
            return Ok(());
        }
        Err(if self.user.is_some() { ApiError::forbidden() } else { ApiError::not_signed_in() })
    }
}

/// Finds out who asks, and lets through who may.
pub(super) async fn admit(State(hub): State<Hub>, mut request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    let audience = audience(request.method(), path);
    match check(&hub, audience, request.headers()) {
        Ok(who) => {
            request.extensions_mut().insert(who);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

fn check(hub: &Hub, audience: Option<Audience>, headers: &HeaderMap) -> Result<Who, ApiError> {
    let lan = Who { actor: Actor::lan("lan"), user: None };
    let permission = match audience {
        // Whoever signs in or refreshes may still hold a token that has ended.
        Some(Audience::Anyone) => return Ok(lan),
        Some(Audience::May(permission)) => permission,
        None => return Err(ApiError::forbidden()),
    };
    let who = match bearer(headers)? {
        Some(token) => {
            let user = hub.bearer(token)?;
            Who { actor: Actor::user(&user), user: Some(user) }
        }
        None => lan,
    };
    who.require(permission).map(|()| who)
}

/// The token of a request; one that cannot be read is refused rather than passed over.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let words = value.to_str().ok().and_then(|text| text.split_once(' '));
    match words {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => {
            let detail = "Authorization header must contain \"Bearer\" and a token.".to_owned();
            Err(ApiError::Plain(StatusCode::UNAUTHORIZED, "bad_authorization_header", detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::staff::Role;

    #[test]
    fn every_route_of_the_document_has_its_audience() {
        let document = crate::api::document();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys() {
                let method: Method = method.to_uppercase().parse().unwrap();
                assert!(audience(&method, path).is_some(), "{method} {path}");
            }
        }
        assert_eq!(audience(&Method::GET, "/api/secrets/"), None);
        assert_eq!(audience(&Method::GET, "/metrics"), None);
    }

    #[test]
    fn a_kitchen_does_not_sell_and_a_cashier_does_not_call_off() {
        let may = |role: Role, method: Method, path| match audience(&method, path) {
            Some(Audience::May(permission)) => role.may(permission),
            other => panic!("{path}: {other:?}"),
        };
        assert!(!may(Role::Kitchen, Method::POST, "/api/orders/"));
        assert!(may(Role::Kitchen, Method::PATCH, "/api/order-items/{id}/"));
        assert!(may(Role::Cashier, Method::POST, "/api/payments/"));
        assert!(!may(Role::Cashier, Method::POST, "/api/order-items/{id}/void/"));
        assert!(!may(Role::Cashier, Method::PUT, "/api/products/{id}/"));
        assert!(may(Role::Manager, Method::POST, "/api/orders/{id}/cancel/"));
    }
}
