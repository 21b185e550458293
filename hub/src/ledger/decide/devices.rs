//! What is paired.

use protocol::device::{DEVICES_MAX, Device};
use protocol::event::{Actor, DeviceEvent, Event};
use protocol::ids::Id;
use protocol::staff::SessionEnd;

use super::staff::ended;
use super::{Decision, Now, append};
use crate::ledger::command::{DeviceCommand, DevicePatch, NewDevice, Refusal};
use crate::views::{Devices, State};

pub(super) fn decide(
    state: &State,
    now: Now,
    actor: &Actor,
    command: &DeviceCommand,
) -> Result<Decision, Refusal> {
    let devices = &state.devices;
    match command {
        DeviceCommand::Pair(device) => pair(devices, now, actor, device),
        DeviceCommand::Change(id, patch) => change(devices, *id, patch),
        DeviceCommand::Revoke(id) => revoke(state, *id),
        DeviceCommand::RefusePairing => {
            Ok(append(vec![Event::Device(DeviceEvent::PairingRefused)], Id::nil()))
        }
    }
}

fn pair(devices: &Devices, now: Now, actor: &Actor, new: &NewDevice) -> Result<Decision, Refusal> {
    if devices.by_id.values().filter(|device| device.is_active()).count() >= DEVICES_MAX {
        let detail = format!("{DEVICES_MAX} devices are paired already: revoke those that are gone.");
        return Err(Refusal::conflict("too_many_devices", detail));
    }
    let device = Device {
        id: new.id,
        name: new.name.clone(),
        role: new.role,
        station: new.station.clone(),
        key_hash: new.key_hash,
        paired_ms: now.at_ms,
        paired_by: actor.name.clone(),
        revoked_ms: None,
    };
    Ok(append(vec![Event::Device(DeviceEvent::Put(device))], new.id))
}

fn change(devices: &Devices, id: Id, patch: &DevicePatch) -> Result<Decision, Refusal> {
    let current = devices.by_id.get(&id).ok_or(Refusal::NotFound("device"))?;
    if !current.is_active() {
        return Err(Refusal::conflict("revoked", "This device was revoked: pair it again."));
    }
    let mut device = (**current).clone();
    let DevicePatch { name, role, station } = patch.clone();
    device.name = name.unwrap_or(device.name);
    device.role = role.unwrap_or(device.role);
    device.station = station.unwrap_or(device.station);
    if device == **current {
        return Ok(Decision::Nothing { subject: id });
    }
    Ok(append(vec![Event::Device(DeviceEvent::Put(device))], id))
}

fn revoke(state: &State, id: Id) -> Result<Decision, Refusal> {
    let device = state.devices.by_id.get(&id).ok_or(Refusal::NotFound("device"))?;
    if !device.is_active() {
        return Ok(Decision::Nothing { subject: id });
    }
    let mut events = vec![Event::Device(DeviceEvent::Revoked(id))];
    let on_it = state.staff.sessions.values().filter(|signed_in| signed_in.device == Some(id));
    events.extend(on_it.map(|signed_in| ended(signed_in, SessionEnd::DeviceRevoked)));
    Ok(append(events, id))
}
