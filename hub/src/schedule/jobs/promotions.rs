//! Tells tills which promotions have begun and which are over.
//!
//! What a promotion takes off follows from its times alone, on every till and without this. What is told here is the moment, so that an
//! open till shows it at once, and the audit trail knows when guests began to get it.

use std::collections::HashSet;

use protocol::ids::Id;
use protocol::work::{Fact, Job as Name};

use super::super::due::Rhythm;
use super::super::{By, Done, Tools};
use super::Job;
use crate::ledger::OutcomeKind;
use crate::ledger::command::{Command, PromotionCommand};

/// Sweeps promotions.
pub(super) struct Promotions;

impl Job for Promotions {
    fn name(&self) -> Name {
        Name::Promotions
    }

    // Their hours begin and end at minutes.
    fn rhythm(&self, _tools: &Tools) -> Rhythm {
        Rhythm::Minute
    }

    fn look(&mut self, tools: &Tools, by: &By) -> Result<Option<Done>, String> {
        let told = || -> HashSet<Id> {
            let state = tools.ledger.state();
            state.promotions.by_id.iter().filter(|(_, kept)| kept.is_told).map(|(id, _)| *id).collect()
        };
        let before = told();
        let request = by.request(Command::Promotion(PromotionCommand::Sweep));
        let outcome = tools.ledger.call_blocking(request, 0).map_err(|error| {
            format!("Tills are not told which promotions begin and end: {error}. Their prices are right all the same.")
        })?;
        if outcome.kind != OutcomeKind::New {
            return Ok(None);
        }
        let after = told();
        let (began, ended) = (after.difference(&before).count(), before.difference(&after).count());
        let number = |count: usize| Fact::Number(i64::try_from(count).unwrap_or(i64::MAX));
        Ok(Some(Done {
            message: format!("{began} promotions began, {ended} ended; {} run.", after.len()),
            facts: vec![("began", number(began)), ("ended", number(ended)), ("running", number(after.len()))],
        }))
    }
}
