//! `/api/staff/`: colleagues by name, for the page where people sign in and for whoever asks one of them for leave.

use axum::Json;
use axum::extract::State;
use protocol::api::{Page, StaffOut};
use protocol::staff::Role;

use super::Hub;
use super::catalogue::order_by;
use super::error::ApiError;
use super::extract::Asker;
use super::list::{Query, matches};

/// Accounts that may sign in, by name.
#[utoipa::path(get, path = "/api/staff/", tag = "staff",
    params(
        ("role" = Option<Role>, Query, description = "Only those of a role."),
        ("search" = Option<String>, Query, description = "Words to look for: name."),
        ("ordering" = Option<String>, Query, description = "Fields to order by; `-` before one goes down."),
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
    let (words, role) = (query.search(), query.choice("role", Role::from_word)?);
    let active = staff
        .users
        .values()
        .filter(|user| user.is_active && role.is_none_or(|role| user.role == role))
        .filter(|user| matches(&words, &[&user.name]));
    let mut rows: Vec<StaffOut> = active
        .map(|user| StaffOut {
            id: user.id,
            name: user.name.clone(),
            role: user.role,
            has_pin: staff.pins.contains_key(&user.id),
        })
        .collect();
    rows.sort_by_key(|row| (row.name.to_lowercase(), row.id));
    order_by(&mut rows, &query.ordering(&["name", "role"]), |field, one, other| match field {
        "name" => one.name.cmp(&other.name),
        "role" => one.role.word().cmp(other.role.word()),
        _ => std::cmp::Ordering::Equal,
    });
    Ok(Json(query.page(rows)?))
}
