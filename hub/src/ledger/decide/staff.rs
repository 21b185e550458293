//! Accounts, and who is signed in.

use protocol::event::{Event, StaffEvent};
use protocol::ids::Id;
use protocol::staff::{Approval, Role, Session, SessionEnd, User};

use super::catalogue::patch_of;
use super::{Decision, Now, append};
use crate::ledger::command::{Change, Refusal, StaffCommand, UserPatch};
use crate::views::Staff;
use crate::views::people::SignedIn;

pub(super) fn decide(
    staff: &Staff,
    now: Now,
    device: Option<Id>,
    command: &StaffCommand,
) -> Result<Decision, Refusal> {
    match command {
        StaffCommand::User(id, change) => user(staff, *id, change),
        StaffCommand::Begin(session) => {
            check_wait(staff, now, session.user)?;
            begin(staff, session)
        }
        StaffCommand::BeginByPin(session) => {
            check_pin_wait(staff, now, session.user, Some(device.ok_or(Refusal::NotPaired)?))?;
            begin(staff, session)
        }
        StaffCommand::Refresh { session, generation, expires_ms } => {
            refresh(staff, now, *session, *generation, *expires_ms)
        }
        StaffCommand::End { session } => Ok(match staff.sessions.get(session) {
            Some(signed_in) => append(vec![ended(signed_in, SessionEnd::SignedOut)], *session),
            None => Decision::Nothing { subject: *session },
        }),
        StaffCommand::Refuse { user } => {
            check_wait(staff, now, *user)?;
            Ok(append(vec![Event::Staff(StaffEvent::SignInRefused { user: *user })], *user))
        }
        StaffCommand::RefusePin { user } => {
            check_pin_wait(staff, now, *user, device)?;
            Ok(append(vec![Event::Staff(StaffEvent::PinRefused { user: *user })], *user))
        }
        StaffCommand::RefuseAccess { what } => {
            Ok(append(vec![Event::Staff(StaffEvent::AccessRefused { what: what.clone() })], Id::nil()))
        }
    }
}

fn user(staff: &Staff, id: Id, change: &Change<UserPatch>) -> Result<Decision, Refusal> {
    let current = staff.users.get(&id);
    let Some(patch) = patch_of(change, current, "user")? else {
        let detail = "An account is closed with is_active, never removed: what it did keeps its name.";
        return Err(Refusal::conflict("kept", detail));
    };
    let required =
        |field, value: Option<String>| value.ok_or_else(|| Refusal::field(field, "This field is required."));
    let old = current.map(|current| &**current);
    let username = required("username", patch.username.clone().or(old.map(|old| old.username.clone())))?;
    let user = User {
        id,
        name: patch.name.clone().or(old.map(|old| old.name.clone())).unwrap_or_else(|| username.clone()),
        role: patch
            .role
            .or(old.map(|old| old.role))
            .ok_or_else(|| Refusal::field("role", "This field is required."))?,
        password: patch.password.clone().or(old.and_then(|old| old.password.clone())),
        is_active: patch.is_active.or(old.map(|old| old.is_active)).unwrap_or(true),
        username,
    };
    if staff.by_username(&user.username).is_some_and(|other| other.id != id) {
        return Err(Refusal::field("username", "A user with that username already exists."));
    }
    let pin = patch.pin.as_ref().filter(|pin| pin.as_ref() != staff.pins.get(&id).map(|pin| &**pin));
    if old == Some(&user) && pin.is_none() {
        return Ok(Decision::Nothing { subject: id });
    }
    let is_owner = |user: &User| user.role == Role::Owner && user.is_active;
    let other_owner = || staff.users.values().any(|other| other.id != id && is_owner(other));
    if old.is_some_and(is_owner) && !is_owner(&user) && !other_owner() {
        return Err(Refusal::conflict("last_owner", "This is the last owner: make another one first."));
    }
    let mut events = Vec::new();
    if old != Some(&user) {
        events.push(Event::Staff(StaffEvent::UserPut(user.clone())));
    }
    events.extend(pin.map(|pin| Event::Staff(StaffEvent::PinSet { user: id, pin: pin.clone() })));
    // Other rights, another password or PIN, or a closed account: whoever is signed in with the old ones is not any more.
    let is_other =
        |old: &User| (old.role, &old.password, old.is_active) != (user.role, &user.password, user.is_active);
    if pin.is_some() || old.is_some_and(is_other) {
        let theirs = staff.sessions.values().filter(|signed_in| signed_in.session.user == id);
        events.extend(theirs.map(|signed_in| ended(signed_in, SessionEnd::AccountChanged)));
    }
    Ok(append(events, id))
}

fn begin(staff: &Staff, session: &Session) -> Result<Decision, Refusal> {
    // The account may have been closed while the password was looked at.
    active(staff, session.user)?;
    Ok(append(vec![Event::Staff(StaffEvent::SessionBegan(*session))], session.id))
}

fn refresh(staff: &Staff, now: Now, id: Id, generation: u32, expires_ms: i64) -> Result<Decision, Refusal> {
    let signed_in = staff.sessions.get(&id).filter(|signed_in| signed_in.session.expires_ms > now.at_ms);
    let signed_in = signed_in.ok_or(Refusal::SignedOut)?;
    active(staff, signed_in.session.user)?;
    if generation != signed_in.session.generation {
        return Ok(append(vec![ended(signed_in, SessionEnd::Reused)], id));
    }
    let refreshed = Session { generation: generation + 1, expires_ms, ..signed_in.session };
    Ok(append(vec![Event::Staff(StaffEvent::SessionRefreshed(refreshed))], id))
}

/// Whoever approves must still be here, and their PIN must not have been locked meanwhile.
pub(super) fn approver(
    staff: &Staff,
    now: Now,
    device: Option<Id>,
    approval: &Approval,
) -> Result<(), Refusal> {
    active(staff, approval.user)?;
    check_pin_wait(staff, now, approval.user, device)
}

fn active(staff: &Staff, user: Id) -> Result<(), Refusal> {
    staff.active(user).map(drop).ok_or(Refusal::SignedOut)
}

fn check_wait(staff: &Staff, now: Now, user: Id) -> Result<(), Refusal> {
    waits(staff.wrong_tries.get(&user).and_then(|tries| tries.wait_s(now.at_ms)))
}

fn check_pin_wait(staff: &Staff, now: Now, user: Id, device: Option<Id>) -> Result<(), Refusal> {
    waits(staff.pin_wait_s(user, device, now.at_ms))
}

fn waits(seconds: Option<u64>) -> Result<(), Refusal> {
    seconds.map_or(Ok(()), |seconds| Err(Refusal::Wait { seconds }))
}

/// The end of a session, as an event.
pub(super) fn ended(signed_in: &SignedIn, why: SessionEnd) -> Event {
    let Session { id: session, user, .. } = signed_in.session;
    Event::Staff(StaffEvent::SessionEnded { session, user, why })
}
