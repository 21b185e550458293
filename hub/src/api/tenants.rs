//! `/api/tenants/`: whose outlet this is. While the hub stands alone, the outlet is a tenant of its own, under its own id, as the
//! tokens say too.

use axum::Json;
use axum::extract::State;
use protocol::api::{Page, TenantOut};
use uuid::Uuid;

use super::Hub;
use super::error::ApiError;
use super::extract::{Asker, PathId};
use super::list::{Query, matches};

/// The tenant, alone: of others nothing is said.
#[utoipa::path(get, path = "/api/tenants/", tag = "tenants",
    params(
        ("search" = Option<String>, Query, description = "Words to look for."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<TenantOut>)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<TenantOut>>, ApiError> {
    let words = query.search();
    let rows = own(&hub).into_iter().filter(|tenant| matches(&words, &[&tenant.name])).collect();
    Ok(Json(query.page(rows)?))
}

/// The tenant, by its id.
#[utoipa::path(get, path = "/api/tenants/{id}/", tag = "tenants", params(("id" = Uuid, Path)),
    responses((status = 200, body = TenantOut), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<TenantOut>, ApiError> {
    own(&hub).filter(|tenant| tenant.id == id).map(Json).ok_or_else(ApiError::not_found)
}

fn own(hub: &Hub) -> Option<TenantOut> {
    hub.ledger.state().outlet.as_deref().map(TenantOut::from)
}
