//! `outlet-hub owner`: the first account, or a new password for one that was forgotten; `outlet-hub rotate-keys`.

use std::io::{self, BufRead as _};
use std::os::unix::fs::MetadataExt as _;
use std::process::ExitCode;
use std::sync::Arc;

use protocol::event::Actor;
use protocol::ids::Id;
use protocol::staff::Role;

use crate::auth::passwords::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use crate::auth::{self, Auth};
use crate::clock::Clock;
use crate::ledger::command::{Change, Command, Request, StaffCommand, UserPatch};
use crate::ledger::disk::{Disk, RealDisk};
use crate::store::{self, Folders};

/// Makes somebody an owner, with the password on the first line of standard input. The hub must not be running.
pub fn owner(folders: &Folders, username: &str) -> Result<ExitCode, String> {
    refuse_another_user(folders)?;
    let mut password = String::new();
    io::stdin().lock().read_line(&mut password).map_err(|error| error.to_string())?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let chars = password.chars().count();
    if !(PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&chars) {
        return Err(format!(
            "a password has {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters: write it to standard input"
        ));
    }
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let opened = store::open(&disk, folders, Clock::system(), Box::new(drop), &mut |_, _| {})
        .map_err(|error| error.to_string())?;
    let auth = Auth::open(&folders.data).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let username = username.trim().to_lowercase();
    let hashed = runtime.block_on(auth.passwords.hash(password)).map_err(|error| error.to_string())?;
    let patch = UserPatch {
        username: Some(username.clone()),
        role: Some(Role::Owner),
        password: Some(hashed),
        pin: None,
        is_active: Some(true),
        name: None,
    };
    let current = opened.ledger.state().staff.by_username(&username).map(|user| user.id);
    let (id, change) = match current {
        Some(id) => (id, Change::Update(patch)),
        None => (Id::now_v7(), Change::Create(patch)),
    };
    let command = Command::Staff(StaffCommand::User(id, change));
    let request = Request::of(Actor::system("outlet-hub owner"), Vec::new(), command);
    let outcome = opened.ledger.call_blocking(request, 0).map_err(|error| error.to_string());
    opened.close();
    outcome?;
    println!("{username} is an owner and may sign in.");
    Ok(ExitCode::SUCCESS)
}

/// Files that root leaves in the hub's folder are files that the hub cannot read.
fn refuse_another_user(folders: &Folders) -> Result<(), String> {
    let Ok(folder) = std::fs::metadata(&folders.data) else { return Ok(()) };
    if folder.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    let data = folders.data.display();
    Err(format!(
        "{data} belongs to another user: run this as that one, as in `sudo -u outlet-hub outlet-hub …`"
    ))
}

/// Makes a new key for tokens. The hub signs with it from its next start on; nobody is signed out.
pub fn rotate_keys(folders: &Folders) -> Result<ExitCode, String> {
    refuse_another_user(folders)?;
    auth::rotate(&folders.data).map_err(|error| error.to_string())?;
    println!("There is a new key. Restart the hub: tokens of the one before are taken until they end.");
    Ok(ExitCode::SUCCESS)
}
