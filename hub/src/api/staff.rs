//! `/api/staff/`: colleagues by name, for the page where people sign in and for whoever asks one of them for leave.

use axum::Json;
use axum::extract::State;
use protocol::api::{Page, StaffOut};

use super::Hub;
use super::error::ApiError;
use super::extract::Asker;
use super::list::Query;

/// Accounts that may sign in, by name.
#[utoipa::path(get, path = "/api/staff/", tag = "staff",
    params(
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<StaffOut>), (status = 401)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<StaffOut>>, ApiError> {
    let staff = hub.ledger.state().staff.clone();
    let active = staff.users.values().filter(|user| user.is_active);
    let mut rows: Vec<StaffOut> = active
        .map(|user| StaffOut {
            id: user.id,
            name: user.name.clone(),
            role: user.role,
            has_pin: staff.pins.contains_key(&user.id),
        })
        .collect();
    rows.sort_by_key(|row| (row.name.to_lowercase(), row.id));
    Ok(Json(query.page(rows)?))
}
