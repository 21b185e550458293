//! The demo's people, one of each role, called as the role, with the password `demo-<name>` and a PIN, and the codes that pair
//! its devices.

use std::sync::Arc;

use protocol::device::DeviceRole;
use protocol::event::Actor;
use protocol::ids::derived_id;
use protocol::staff::Role;

use crate::auth::Auth;
use crate::auth::pairing::Pass;
use crate::ledger::command::{Change, Command, Request, StaffCommand, UserPatch};
use crate::ledger::{Ledger, LedgerError, Status};

/// What stands before the name in a demo's password.
pub const PASSWORD_PREFIX: &str = "demo-";

/// The demo's people, with their PINs.
const PEOPLE: [(Role, &str, &str); 4] = [
    (Role::Owner, "Ibu Ratna", "1111"),
    (Role::Manager, "Pak Budi", "2222"),
    (Role::Cashier, "Sari", "3333"),
    (Role::Kitchen, "Dapur", "4444"),
];

/// Codes that pair the demo's devices, as often as one likes: nobody guards a demo.
pub const CODES: [(&str, DeviceRole, &str); 4] = [
    ("100001", DeviceRole::Till, "Kasir demo"),
    ("100002", DeviceRole::Kitchen, "Dapur demo"),
    ("100003", DeviceRole::Board, "Papan demo"),
    ("100004", DeviceRole::Kiosk, "Kios demo"),
];

/// How to get in, for whoever has started a demo.
#[must_use]
pub fn welcome() -> String {
    let codes: Vec<String> =
        CODES.iter().map(|(digits, role, _)| format!("{} {digits}", role.word())).collect();
    let people: Vec<String> = PEOPLE.iter().map(|(role, _, pin)| format!("{} {pin}", role.word())).collect();
    format!(
        "  Demo: pair a browser at /pair with a code: {}.\n  PINs: {}. Passwords: {PASSWORD_PREFIX}owner, {PASSWORD_PREFIX}manager, …\n",
        codes.join(", "),
        people.join(", "),
    )
}

/// Lets the demo's codes pair.
pub fn keep_codes(auth: &Auth) {
    for (digits, role, name) in CODES {
        let by = Actor::system("demo");
        auth.pairing.keep(digits, Pass { name: name.to_owned(), role, station: String::new(), by });
    }
}

/// Opens the accounts that are not there yet.
pub async fn open(ledger: &Arc<Ledger>, auth: &Auth) -> Result<(), LedgerError> {
    for (role, name, pin) in PEOPLE {
        let id = derived_id("demo user", role.word());
        let staff = ledger.state().staff.clone();
        let is_there = staff.users.contains_key(&id);
        if (is_there && staff.pins.contains_key(&id)) || !matches!(ledger.status(), Status::Writable) {
            continue;
        }
        // Nobody else signs in yet; should the queue be full, the next start opens it.
        let Ok(pin) = auth.passwords.hash(pin.to_owned()).await else { continue };
        let patch = UserPatch { pin: Some(Some(pin)), ..UserPatch::default() };
        let change = if is_there {
            // Opened by a version that knew no PINs.
            Change::Update(patch)
        } else {
            let password = format!("{PASSWORD_PREFIX}{}", role.word());
            let Ok(password) = auth.passwords.hash(password).await else { continue };
            Change::Create(UserPatch {
                username: Some(role.word().to_owned()),
                name: Some(name.to_owned()),
                role: Some(role),
                password: Some(password),
                is_active: Some(true),
                ..patch
            })
        };
        let command = Command::Staff(StaffCommand::User(id, change));
        ledger.call(Request::of(Actor::system("demo"), Vec::new(), command), 0).await?;
    }
    Ok(())
}
