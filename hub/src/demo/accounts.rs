//! The demo's accounts: one of each role, called as the role, with the password `demo-<name>`.

use std::sync::Arc;

use protocol::event::Actor;
use protocol::ids::derived_id;
use protocol::staff::Role;

use crate::auth::Auth;
use crate::ledger::command::{Change, Command, Request, StaffCommand, UserPatch};
use crate::ledger::{Ledger, LedgerError, Status};

/// What stands before the name in a demo's password.
pub const PASSWORD_PREFIX: &str = "demo-";

/// Opens the accounts that are not there yet.
pub async fn open(ledger: &Arc<Ledger>, auth: &Auth) -> Result<(), LedgerError> {
    for (role, name) in [
        (Role::Owner, "Ibu Ratna"),
        (Role::Manager, "Pak Budi"),
        (Role::Cashier, "Sari"),
        (Role::Kitchen, "Dapur"),
    ] {
        let id = derived_id("demo user", role.word());
        let is_there = ledger.state().staff.users.contains_key(&id);
        if is_there || !matches!(ledger.status(), Status::Writable) {
            continue;
        }
        // Nobody else signs in yet; should the queue be full, the next start opens it.
        let Ok(password) = auth.passwords.hash(format!("{PASSWORD_PREFIX}{}", role.word())).await else {
            continue;
        };
        let patch = UserPatch {
            username: Some(role.word().to_owned()),
            name: Some(name.to_owned()),
            role: Some(role),
            password: Some(password),
            is_active: Some(true),
        };
        let command = Command::Staff(StaffCommand::User(id, Change::Create(patch)));
        ledger.call(Request { actor: Actor::system("demo"), keys: Vec::new(), command }, 0).await?;
    }
    Ok(())
}
