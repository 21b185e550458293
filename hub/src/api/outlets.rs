//! `/api/outlets/`: the one outlet that this hub is.

use axum::Json;
use axum::extract::State;
use protocol::api::{OutletOut, Page};
use protocol::catalogue::NAME_CHARS_MAX;
use protocol::money::RoundingMode;
use protocol::pricing::ServiceBase;

use super::Hub;
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::{Query, matches};
use super::requests::OutletIn;
use crate::ledger::command::{Command, OutletPatch};

/// Longest address of an outlet, in characters.
const ADDRESS_CHARS_MAX: usize = 300;
/// More characters than any name of a time zone has.
const ZONE_CHARS_MAX: usize = 60;
/// Largest unit of cash rounding, in minor units.
const ROUNDING_UNIT_MAX: i64 = 1_000_000;

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

/// Changes settings of the outlet. The number and the currency stay once orders are on record.
#[utoipa::path(patch, path = "/api/outlets/{id}/", tag = "outlets", request_body = OutletIn,
    params(("id" = u32, Path)),
    responses((status = 200, body = OutletOut), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 409)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<u32>,
    body: Body,
) -> Result<Json<OutletOut>, ApiError> {
    let number = hub.ledger.state().outlet.as_ref().map(|outlet| outlet.number);
    if number != Some(id) {
        return Err(ApiError::not_found());
    }
    let mut form = Form::new(body.json.clone())?;
    let patch = read(&mut form);
    form.finish()?;
    let command = Command::ChangeOutlet(Box::new(patch));
    hub.ledger.call(asker.0.request(body.keys(None), command), body.bytes).await?;
    let outlet = hub.ledger.state().outlet.clone();
    outlet.map(|outlet| Json(OutletOut::from(&*outlet))).ok_or_else(ApiError::not_found)
}

fn read(form: &mut Form) -> OutletPatch {
    let time_zone = form.text("time_zone", ZONE_CHARS_MAX);
    if time_zone.as_deref().is_some_and(|name| jiff::tz::TimeZone::get(name).is_err()) {
        form.error("time_zone", "This is no IANA time zone, such as Asia/Jakarta.");
    }
    let currency = form.text("currency", 3);
    let is_code = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if currency.as_deref().is_some_and(|code| !is_code(code)) {
        form.error("currency", "Enter three capital letters, such as IDR.");
    }
    OutletPatch {
        number: form.integer("number", 0, u32::MAX.into()).map(|number| number as _),
        name: form.name("name", NAME_CHARS_MAX),
        address: form.text("address", ADDRESS_CHARS_MAX).map(|address| address.trim().to_owned()),
        currency,
        currency_exponent: form.integer("currency_exponent", 0, 4).map(|digits| digits as _),
        time_zone,
        business_day_start_hour: form.integer("business_day_start_hour", 0, 23).map(|hour| hour as _),
        language: form.choice("language", |word| matches!(word, "id" | "en").then(|| word.to_owned())),
        service_rate_bp: form.integer("service_rate_bp", 0, 10_000).map(|bp| bp as _),
        service_base: form.choice("service_base", ServiceBase::from_word),
        tax_rate_bp: form.integer("tax_rate_bp", 0, 10_000).map(|bp| bp as _),
        tax_included: form.boolean("tax_included"),
        cash_rounding_unit: form.integer("cash_rounding_unit", 0, ROUNDING_UNIT_MAX),
        cash_rounding_mode: form.choice("cash_rounding_mode", RoundingMode::from_word),
    }
}
