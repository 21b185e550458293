//! `/api/outlets/`: the one outlet that this hub is.

use axum::Json;
use axum::extract::State;
use protocol::api::{OutletOut, Page};

use super::Hub;
use super::error::ApiError;
use super::extract::{Asker, PathId};
use super::list::{Query, matches};

/// This outlet.
#[utoipa::path(get, path = "/api/outlets/", tag = "outlets",
    params(
        ("search" = Option<String>, Query, description = "Words to look for: name, address."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<OutletOut>)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<OutletOut>>, ApiError> {
    let words = query.search();
    let outlet = hub.ledger.state().outlet.clone();
    let outlet = outlet.filter(|outlet| matches(&words, &[&outlet.name, &outlet.address]));
    Ok(Json(query.page(outlet.iter().map(|outlet| OutletOut::from(&**outlet)).collect())?))
}

/// This outlet, by its number.
#[utoipa::path(get, path = "/api/outlets/{id}/", tag = "outlets", params(("id" = u32, Path)),
    responses((status = 200, body = OutletOut), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<u32>,
) -> Result<Json<OutletOut>, ApiError> {
    let outlet = hub.ledger.state().outlet.clone().filter(|outlet| outlet.number == id);
    outlet.map(|outlet| Json(OutletOut::from(&*outlet))).ok_or_else(ApiError::not_found)
}
