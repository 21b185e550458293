//! The jobs, a file each.

mod backup;
mod certificate;
mod day_close;
mod promotions;
mod retention;

use protocol::api::Every;
use protocol::work::Job as Name;

use super::due::Rhythm;
use super::{By, Done, Tools};

/// Scheduled work.
pub(super) trait Job: Send {
    /// Which.
    fn name(&self) -> Name;

    /// How often it looks.
    fn rhythm(&self, tools: &Tools) -> Rhythm;

    /// How often people are told that it looks, and at which minute of the day.
    fn shown(&self, tools: &Tools) -> (Every, Option<u16>) {
        match self.rhythm(tools) {
            Rhythm::Look | Rhythm::Minute => (Every::Minute, None),
            Rhythm::Daily(minute) => (Every::Day, Some(minute)),
        }
    }

    /// Looks whether there is something to do, and does it; none where there was nothing. An error says in words what went wrong,
    /// whether anything is lost, and what to do.
    fn look(&mut self, tools: &Tools, by: &By) -> Result<Option<Done>, String>;
}

/// Every job, in the order in which those that are due at once are done.
pub(super) fn all() -> Vec<Box<dyn Job>> {
    vec![
        Box::new(promotions::Promotions),
        Box::new(day_close::DayClose),
        Box::new(certificate::Certificate),
        Box::new(backup::Backup),
        Box::new(retention::Retention),
    ]
}
