//! Accounts, and who is signed in.

use std::sync::Arc;

use protocol::event::{Event, StaffEvent};
use protocol::ids::Id;
use protocol::staff::{Role, Session, SessionEnd, User};

use super::catalogue::patch_of;
use super::{Decision, Now, append};
use crate::ledger::command::{Change, Refusal, StaffCommand, UserPatch};
use crate::views::Staff;

pub(super) fn decide(staff: &Staff, now: Now, command: &StaffCommand) -> Result<Decision, Refusal> {
    match command {
        StaffCommand::User(id, change) => user(staff, *id, change),
        StaffCommand::Begin(session) => begin(staff, now, session),
        StaffCommand::Refresh { session, generation, expires_ms } => {
            refresh(staff, now, *session, *generation, *expires_ms)
        }
        StaffCommand::End { session } => Ok(match staff.sessions.get(session) {
            Some(session) => append(vec![ended(session, SessionEnd::SignedOut)], session.id),
            None => Decision::Nothing { subject: *session },
        }),
        StaffCommand::Refuse { user } => {
            check_wait(staff, now, *user)?;
            Ok(append(vec![Event::Staff(StaffEvent::SignInRefused { user: *user })], *user))
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
    if old == Some(&user) {
        return Ok(Decision::Nothing { subject: id });
    }
    let is_owner = |user: &User| user.role == Role::Owner && user.is_active;
    let other_owner = || staff.users.values().any(|other| other.id != id && is_owner(other));
    if old.is_some_and(is_owner) && !is_owner(&user) && !other_owner() {
        return Err(Refusal::conflict("last_owner", "This is the last owner: make another one first."));
    }
    let mut events = vec![Event::Staff(StaffEvent::UserPut(user.clone()))];
    // Other rights, another password or a closed account: whoever is signed in with the old ones is not any more.
    let is_other =
        |old: &User| (old.role, &old.password, old.is_active) != (user.role, &user.password, user.is_active);
    if old.is_some_and(is_other) {
        let sessions = staff.sessions.values().filter(|session| session.user == id);
        events.extend(sessions.map(|session| ended(session, SessionEnd::AccountChanged)));
    }
    Ok(append(events, id))
}

fn begin(staff: &Staff, now: Now, session: &Session) -> Result<Decision, Refusal> {
    check_wait(staff, now, session.user)?;
    // The account may have been closed while the password was looked at.
    active(staff, session.user)?;
    Ok(append(vec![Event::Staff(StaffEvent::SessionBegan(*session))], session.id))
}

fn refresh(staff: &Staff, now: Now, id: Id, generation: u32, expires_ms: i64) -> Result<Decision, Refusal> {
    let session =
        staff.sessions.get(&id).filter(|session| session.expires_ms > now.at_ms).ok_or_else(signed_out)?;
    active(staff, session.user)?;
    if generation != session.generation {
        return Ok(append(vec![ended(session, SessionEnd::Reused)], id));
    }
    let refreshed = Session { generation: generation + 1, expires_ms, ..**session };
    Ok(append(vec![Event::Staff(StaffEvent::SessionRefreshed(refreshed))], id))
}

fn active(staff: &Staff, user: Id) -> Result<&Arc<User>, Refusal> {
    staff.users.get(&user).filter(|user| user.is_active).ok_or_else(signed_out)
}

fn check_wait(staff: &Staff, now: Now, user: Id) -> Result<(), Refusal> {
    match staff.wrong_tries.get(&user).and_then(|tries| tries.wait_s(now.at_ms)) {
        Some(seconds) => Err(Refusal::Wait { seconds }),
        None => Ok(()),
    }
}

fn signed_out() -> Refusal {
    Refusal::SignedOut
}

fn ended(session: &Session, why: SessionEnd) -> Event {
    Event::Staff(StaffEvent::SessionEnded { session: session.id, user: session.user, why })
}
