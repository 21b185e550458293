//! `/api/devices/` and `/api/pairing-codes/`: what is paired, and how something comes to be.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Instant;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use protocol::api::{DeviceOut, Page, PairedOut, PairingCodeOut, SelfOut};
use protocol::catalogue::NAME_CHARS_MAX;
use protocol::device::{Device, DeviceRole};
use protocol::ids::Id;
use uuid::Uuid;

use super::catalogue::order_by;
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::{Query, matches};
use super::requests::{DeviceIn, PairIn, PairingCodeIn};
use super::{Hub, NO_STORE, new_id};
use crate::auth::device_keys;
use crate::auth::pairing::{CODES_MAX, GOOD_FOR, Pass, Refused};
use crate::ledger::command::{Command, DeviceCommand, DevicePatch, NewDevice, Refusal, Request};
use crate::server::Peer;

/// Longest name of a station, in characters.
const STATION_CHARS_MAX: usize = 40;
/// More characters than any code has, with what people type between digits.
const CODE_CHARS_MAX: usize = 20;

/// Paired devices, by name; those that were revoked come last.
#[utoipa::path(get, path = "/api/devices/", tag = "devices",
    params(
        ("role" = Option<DeviceRole>, Query, description = "Only those that are there for this."),
        ("search" = Option<String>, Query, description = "Words to look for: name, station, role."),
        ("ordering" = Option<String>, Query, description = "Fields to order by; `-` before one goes down."),
        ("is_active" = Option<bool>, Query, description = "Only those whose key is taken, or the others."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<DeviceOut>), (status = 401), (status = 403)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<DeviceOut>>, ApiError> {
    let (words, is_active) = (query.search(), query.boolean("is_active")?);
    let role = query.choice("role", DeviceRole::from_word)?;
    let devices = hub.ledger.state().devices.clone();
    let mut rows: Vec<&Device> = devices
        .by_id
        .values()
        .map(|device| &**device)
        .filter(|device| role.is_none_or(|role| device.role == role))
        .filter(|device| is_active.is_none_or(|is_active| device.is_active() == is_active))
        .filter(|device| matches(&words, &[&device.name, &device.station, device.role.word()]))
        .collect();
    rows.sort_by_key(|device| (!device.is_active(), device.name.to_lowercase(), device.id));
    order_by(&mut rows, &query.ordering(&["name", "role", "paired_at"]), |field, one, other| match field {
        "name" => one.name.cmp(&other.name),
        "role" => one.role.word().cmp(other.role.word()),
        "paired_at" => one.paired_ms.cmp(&other.paired_ms),
        _ => std::cmp::Ordering::Equal,
    });
    Ok(Json(query.page(rows.into_iter().map(|device| out(&hub, device)).collect())?))
}

/// A paired device.
#[utoipa::path(get, path = "/api/devices/{id}/", tag = "devices", params(("id" = Uuid, Path)),
    responses((status = 200, body = DeviceOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<DeviceOut>, ApiError> {
    find(&hub, id).map(Json)
}

/// Calls a device otherwise, or puts it to another use. Its key stays.
#[utoipa::path(patch, path = "/api/devices/{id}/", tag = "devices", request_body = DeviceIn,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = DeviceOut), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 409)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Json<DeviceOut>, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let patch = read(&mut form);
    form.finish()?;
    let command = Command::Device(DeviceCommand::Change(id, patch));
    hub.ledger.call(asker.0.request(body.keys(None), command), body.bytes).await?;
    find(&hub, id).map(Json)
}

/// Takes a device's rights, at once and for good, and signs out whoever is signed in on it.
#[utoipa::path(post, path = "/api/devices/{id}/revoke/", tag = "devices", params(("id" = Uuid, Path)),
    responses((status = 200, body = DeviceOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn revoke(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<DeviceOut>, ApiError> {
    let command = Command::Device(DeviceCommand::Revoke(id));
    hub.ledger.call(asker.0.request(Vec::new(), command), 0).await?;
    log::info!("device: revoked device.id={id}");
    find(&hub, id).map(Json)
}

/// The device that asks.
#[utoipa::path(get, path = "/api/devices/me/", tag = "devices",
    responses((status = 200, body = SelfOut), (status = 401)))]
pub(super) async fn me(asker: Asker) -> Result<Json<SelfOut>, ApiError> {
    let device = asker.0.device.ok_or_else(ApiError::forbidden)?;
    Ok(Json(SelfOut::from(&*device)))
}

/// Makes a code that pairs one device: six digits, good for five minutes and once.
#[utoipa::path(post, path = "/api/pairing-codes/", tag = "devices", request_body = PairingCodeIn,
    responses((status = 201, body = PairingCodeOut), (status = 400), (status = 401), (status = 403), (status = 409)))]
pub(super) async fn make_code(
    State(hub): State<Hub>,
    asker: Asker,
    body: Body,
) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json)?;
    let DevicePatch { name, role, station } = read(&mut form);
    let name = form.required("name", name).unwrap_or_default();
    let role = form.required("role", role);
    form.finish()?;
    let (role, station) = (role.unwrap_or(DeviceRole::Board), station.unwrap_or_default());
    let pass = Pass { name: name.clone(), role, station: station.clone(), by: asker.0.actor() };
    let Some(code) = hub.gate.auth.pairing.make(pass, Instant::now()) else {
        let detail = format!("{CODES_MAX} codes wait to be typed already: use them, or wait five minutes.");
        return Err(Refusal::conflict("too_many_codes", detail).into());
    };
    let expires_in_s = GOOD_FOR.as_secs();
    let expires_ms = hub.gate.now_ms() + GOOD_FOR.as_millis() as i64;
    let expires_at = hub.context().time(expires_ms);
    let path = format!("/pair#{code}");
    let out = PairingCodeOut { code, expires_at, expires_in_s, name, role, station, path };
    Ok((StatusCode::CREATED, NO_STORE, Json(out)).into_response())
}

/// Pairs the device that asks: a code for a key.
#[utoipa::path(post, path = "/api/devices/pair/", tag = "devices", request_body = PairIn,
    responses((status = 201, body = PairedOut), (status = 400), (status = 409), (status = 429)))]
pub(super) async fn pair(
    State(hub): State<Hub>,
    peer: Option<Extension<Peer>>,
    body: Body,
) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json)?;
    let code = form.text("code", CODE_CHARS_MAX);
    let code = form.required("code", code).unwrap_or_default();
    form.finish()?;
    // As people type it: "482 913".
    let code: String =
        code.chars().filter(|character| !character.is_whitespace() && *character != '-').collect();
    let from =
        peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |Extension(peer)| peer.address.ip().to_canonical());
    let pairing = &hub.gate.auth.pairing;
    let pass = match pairing.take(&code, from, Instant::now()) {
        Ok(pass) => pass,
        Err(Refused::Wait(seconds)) => return Err(Refusal::Wait { seconds }.into()),
        Err(Refused::Wrong) => {
            log::warn!("pairing: wrong code from {from}");
            metrics::counter!("outlet_hub_pairing_refused_total").increment(1);
            let command = Command::Device(DeviceCommand::RefusePairing);
            let lan = protocol::event::Actor::lan(&from.to_string());
            hub.ledger.call(Request::of(lan, Vec::new(), command), 0).await?;
            return Err(ApiError::field(
                "code",
                "This code pairs nothing: it is wrong, used, or older than five minutes.",
            ));
        }
    };
    let (key, key_hash) = device_keys::generate();
    let Pass { name, role, station, by } = pass.clone();
    let device = Box::new(NewDevice { id: new_id(), name, role, station, key_hash });
    let request = Request::of(by, Vec::new(), Command::Device(DeviceCommand::Pair(device)));
    let outcome = hub.ledger.call(request, body.bytes).await.inspect_err(|_| {
        // Nothing was paired: the same code may be tried again.
        pairing.give_back(&code, pass, Instant::now());
    })?;
    let devices = hub.ledger.state().devices.clone();
    let device = devices.active(outcome.subject).ok_or_else(ApiError::not_found)?;
    log::info!("device: paired device.id={} device.role={}", device.id, device.role.word());
    let out = PairedOut { key, device: SelfOut::from(&**device) };
    Ok((StatusCode::CREATED, NO_STORE, Json(out)).into_response())
}

fn read(form: &mut Form) -> DevicePatch {
    DevicePatch {
        name: form.name("name", NAME_CHARS_MAX),
        role: form.choice("role", DeviceRole::from_word),
        station: form.text("station", STATION_CHARS_MAX),
    }
}

fn find(hub: &Hub, id: Id) -> Result<DeviceOut, ApiError> {
    let devices = hub.ledger.state().devices.clone();
    devices.by_id.get(&id).map(|device| out(hub, device)).ok_or_else(ApiError::not_found)
}

fn out(hub: &Hub, device: &Device) -> DeviceOut {
    let heard = hub.gate.presence.of(device.id);
    let is_connected = device.is_active() && heard.is_some_and(|heard| heard.sockets > 0);
    DeviceOut::of(device, heard.map(|heard| heard.last_ms), is_connected, &hub.context())
}
