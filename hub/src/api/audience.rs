//! Who may ask for what: one table of every route, and the one place where it is enforced.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use protocol::staff::Permission as P;

use super::Hub;
use super::error::ApiError;
use crate::auth::gate::Shown;
use crate::auth::{Denied, Who};
use crate::server::Peer;

/// A paired device's key.
pub const DEVICE_KEY: HeaderName = HeaderName::from_static("x-device-key");
/// A colleague's leave: `<user id> <pin>`.
pub const APPROVAL: HeaderName = HeaderName::from_static("x-approval");

/// Whom a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: signing in, pairing, the document.
    Anyone,
    /// A paired device.
    Device,
    /// Whoever may do this.
    May(P),
}

/// Whom a route is for; none where nobody has said so, and then it is for nobody.
pub fn audience(method: &Method, path: &str) -> Option<Audience> {
    let resource = path.strip_prefix("/api/")?.split('/').next()?;
    let is_read = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let permission = match (resource, path) {
        ("token" | "schema", _) | (_, "/api/hub/" | "/api/devices/pair/") => return Some(Audience::Anyone),
        (_, "/api/hub/audit/") => P::SeeAudit,
        (_, "/api/hub/uplink/") => P::SeeReports,
        (_, "/api/devices/me/") => return Some(Audience::Device),
        (
            "outlets" | "tenants" | "categories" | "modifier-groups" | "modifiers" | "products"
            | "promotions",
            _,
        ) if is_read => P::SeeMenu,
        ("categories" | "modifier-groups" | "modifiers" | "products" | "promotions", _) => P::ChangeMenu,
        ("hub", _) if path.starts_with("/api/hub/days/") => P::SeeReports,
        ("outlets" | "hub", _) => P::ManageOutlet,
        ("orders" | "order-items" | "payments", _) if is_read => P::SeeOrders,
        ("staff", _) if is_read => P::SeeColleagues,
        (_, "/api/orders/{id}/cancel/" | "/api/order-items/{id}/void/") => P::Void,
        ("orders" | "order-items", _) if method == Method::PATCH => P::Cook,
        ("orders" | "order-items" | "payments", _) => P::Sell,
        (_, "/api/customers/{id}/export/" | "/api/customers/{id}/forget/") => P::ManageGuests,
        ("customers", _) if method == Method::DELETE => P::ManageGuests,
        ("customers", _) => P::SeeGuests,
        ("users", _) => P::ManageStaff,
        ("devices" | "pairing-codes", _) => P::ManageDevices,
        _ => return None,
    };
    Some(Audience::May(permission))
}

impl Audience {
    /// Turns away whom it is not for.
    pub fn check(self, who: &Who) -> Result<(), Denied> {
        match self {
            Self::Anyone => Ok(()),
            Self::Device => who.device.as_ref().map(drop).ok_or(Denied::NotPaired),
            Self::May(permission) => who.require(permission),
        }
    }
}

/// Finds out who asks, and lets through who may.
pub(super) async fn admit(State(hub): State<Hub>, mut request: Request, next: Next) -> Response {
    let path =
        request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default().to_owned();
    let audience = audience(request.method(), &path);
    let peer = request.extensions().get::<Peer>().copied();
    match check(&hub, audience, peer, request.method(), &path, request.headers()).await {
        Ok(who) => {
            request.extensions_mut().insert(who);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

async fn check(
    hub: &Hub,
    audience: Option<Audience>,
    peer: Option<Peer>,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Result<Who, ApiError> {
    let audience = audience.ok_or_else(ApiError::forbidden)?;
    if audience == Audience::Anyone {
        // Whoever signs in, refreshes or pairs anew may still show what has ended.
        let device = device_key(headers).and_then(|key| hub.gate.device(key).ok());
        return Ok(Who { device, is_safe: hub.gate.is_safe(peer.as_ref()), ..Who::default() });
    }
    let mut who = hub.gate.who(peer.as_ref(), shown(headers)?)?;
    if let Some(approval) = headers.get(APPROVAL) {
        hub.gate.approve(&mut who, approval.to_str().unwrap_or_default()).await?;
    }
    audience.check(&who).inspect_err(|_| hub.gate.record_refusal(&who, &format!("{method} {path}")))?;
    Ok(who)
}

/// What a request shows of who sends it.
pub fn shown(headers: &HeaderMap) -> Result<Shown<'_>, ApiError> {
    Ok(Shown { token: bearer(headers)?, device_key: device_key(headers) })
}

fn device_key(headers: &HeaderMap) -> Option<&str> {
    headers.get(DEVICE_KEY).map(|key| key.to_str().unwrap_or_default())
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
        let may = |role: Role, method: Method, path: &str| match audience(&method, path) {
            Some(Audience::May(permission)) => role.may(permission),
            other => panic!("{path}: {other:?}"),
        };
        assert!(!may(Role::Kitchen, Method::POST, "/api/orders/"));
        assert!(may(Role::Kitchen, Method::PATCH, "/api/order-items/{id}/"));
        assert!(may(Role::Cashier, Method::POST, "/api/payments/"));
        assert!(!may(Role::Cashier, Method::POST, "/api/order-items/{id}/void/"));
        assert!(!may(Role::Cashier, Method::PUT, "/api/products/{id}/"));
        assert!(!may(Role::Cashier, Method::POST, "/api/pairing-codes/"));
        assert!(may(Role::Cashier, Method::PATCH, "/api/customers/{id}/"));
        assert!(!may(Role::Kitchen, Method::GET, "/api/customers/"));
        for (method, path) in [(Method::DELETE, ""), (Method::POST, "forget/"), (Method::GET, "export/")] {
            assert!(!may(Role::Cashier, method, &format!("/api/customers/{{id}}/{path}")));
        }
        assert!(may(Role::Manager, Method::POST, "/api/devices/{id}/revoke/"));
        assert!(may(Role::Manager, Method::POST, "/api/orders/{id}/cancel/"));
    }
}
