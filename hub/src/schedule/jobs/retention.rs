//! Forgets what is kept no longer: guests whom nobody has changed for as long as the outlet says, pictures that no product names, and
//! views that were set aside. Sessions that are over are forgotten by the fold itself, at the next sign-in.

use std::os::unix::fs::MetadataExt as _;

use protocol::ids::Id;
use protocol::work::{Fact, Job as Name};

use super::super::due::Rhythm;
use super::super::{By, Done, Tools};
use super::Job;
use crate::ledger::command::{Command, GuestCommand};

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// How long views that were set aside are kept, to be looked at.
const SET_ASIDE_DAYS: i64 = 30;
/// How long after the beginning of a business day it looks: the day before is closed by then.
const AFTER_MINUTES: u16 = 30;

/// Forgets.
pub(super) struct Retention;

impl Job for Retention {
    fn name(&self) -> Name {
        Name::Retention
    }

    fn rhythm(&self, tools: &Tools) -> Rhythm {
        let outlet = tools.ledger.state().outlet.clone();
        let hour = outlet.map_or(0, |outlet| u16::from(outlet.business_day_start_hour));
        Rhythm::Daily(hour * 60 + AFTER_MINUTES)
    }

    fn look(&mut self, tools: &Tools, by: &By) -> Result<Option<Done>, String> {
        let guests = forget_guests(tools, by)?;
        let catalogue = tools.ledger.state().catalogue.clone();
        let pictures = tools
            .pictures
            .sweep(&catalogue)
            .map_err(|error| format!("Pictures that no product names are not removed: {error}."))?;
        let views = remove_set_aside(tools)
            .map_err(|error| format!("Views that were set aside are not removed: {error}."))?;
        if (guests, pictures, views) == (0, 0, 0) {
            return Ok(None);
        }
        let number = |count: usize| Fact::Number(i64::try_from(count).unwrap_or(i64::MAX));
        let message =
            format!("Forgotten: {guests} guests, {pictures} files of pictures, {views} folders of views.");
        let facts =
            vec![("guests", number(guests)), ("pictures", number(pictures)), ("views", number(views))];
        Ok(Some(Done { message, facts }))
    }
}

/// Forgets guests: each on record, and then their key. A clock that cannot be trusted ends nothing.
fn forget_guests(tools: &Tools, by: &By) -> Result<usize, String> {
    let days = i64::from(tools.settings().guests_kept_days);
    if days == 0 || tools.clock.is_unverified() {
        return Ok(0);
    }
    let before_ms = tools.clock.now_ms() - days * DAY_MS;
    let old: Vec<Id> = {
        let state = tools.ledger.state();
        let old =
            state.guests.values().filter(|guest| guest.sealed.is_some() && guest.updated_ms < before_ms);
        old.map(|guest| guest.id).collect()
    };
    let mut forgotten = 0;
    for id in old {
        if tools.is_stopping() {
            break;
        }
        let _turn = tools.guests.turn.blocking_lock();
        // Whoever was changed meanwhile is known again.
        let is_old = tools.ledger.state().guests.get(&id).is_some_and(|guest| guest.updated_ms < before_ms);
        if !is_old {
            continue;
        }
        let request = by.request(Command::Guest(GuestCommand::Forget(id)));
        tools
            .ledger
            .call_blocking(request, 0)
            .map_err(|error| format!("Guests are not forgotten: {error}"))?;
        tools.guests.destroy(id).map_err(|error| {
            format!(
                "A guest was forgotten, but the disk still holds their key: {error}. Start the hub again."
            )
        })?;
        forgotten += 1;
    }
    Ok(forgotten)
}

fn remove_set_aside(tools: &Tools) -> std::io::Result<usize> {
    let aside = tools.folders.views.with_extension("set-aside");
    let Ok(metadata) = aside.metadata() else { return Ok(0) };
    // When it was given this name: what is in it may be older.
    let age_ms = tools.clock.now_ms() - metadata.ctime() * 1_000;
    if age_ms < SET_ASIDE_DAYS * DAY_MS {
        return Ok(0);
    }
    std::fs::remove_dir_all(&aside)?;
    Ok(1)
}
