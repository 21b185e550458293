//! `/api/hub/settings/`: what the outlet sets of the hub itself.

use axum::Json;
use axum::extract::State;
use protocol::api::SettingsOut;
use protocol::settings::parse_minute;

use super::Hub;
use super::error::ApiError;
use super::extract::{Asker, Body};
use super::form::Form;
use super::requests::SettingsIn;
use crate::ledger::command::{Command, SettingsPatch};

/// Most backups that are kept: one for each day of a year.
const BACKUPS_MAX: i64 = 365;
/// Longest that a guest is kept where an end is set: a hundred years.
const GUESTS_DAYS_MAX: i64 = 36_500;

/// The hub's own settings.
#[utoipa::path(get, path = "/api/hub/settings/", tag = "settings",
    responses((status = 200, body = SettingsOut), (status = 401), (status = 403)))]
pub(super) async fn retrieve(State(hub): State<Hub>, _asker: Asker) -> Json<SettingsOut> {
    Json(hub.settings().into())
}

/// Changes some of the hub's own settings.
#[utoipa::path(patch, path = "/api/hub/settings/", tag = "settings", request_body = SettingsIn,
    responses((status = 200, body = SettingsOut), (status = 400), (status = 401), (status = 403), (status = 409)))]
pub(super) async fn partial_update(
    State(hub): State<Hub>,
    asker: Asker,
    body: Body,
) -> Result<Json<SettingsOut>, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let backup_time = form.text("backup_time", 10);
    let backup_minute = backup_time.as_deref().and_then(parse_minute);
    if backup_time.is_some() && backup_minute.is_none() {
        form.error("backup_time", "Enter a time of the day as HH:MM.");
    }
    let patch = SettingsPatch {
        cashier_discount_max_bp: form.integer("cashier_discount_max_bp", 0, 10_000).map(|bp| bp as _),
        backup_minute,
        backups_kept: form.integer("backups_kept", 1, BACKUPS_MAX).map(|count| count as _),
        guests_kept_days: form.integer("guests_kept_days", 0, GUESTS_DAYS_MAX).map(|days| days as _),
    };
    form.finish()?;
    let command = Command::ChangeSettings { patch, defaults: hub.defaults };
    hub.ledger.call(asker.0.request(body.keys(None), command), body.bytes).await?;
    Ok(Json(hub.settings().into()))
}
