//! The batches of one hub that wait, brought to the database one after the other, until none is left or one is refused.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use protocol::chain::Cursor;
use protocol::frame::Refused;
use serde_json::json;
use tokio::time::sleep;

use super::accept::{Verdict, accept};
use super::batch::{Incoming, Row};
use super::group::Outcome;
use super::postgres::{self, Alert, Standing, Step};
use super::{Ingest, Session};
use crate::db::{DbError, is_transient};

/// How often a cursor may have been moved by somebody else before the hub is sent away to come again.
const ELSEWHERE_MAX: usize = 8;
/// Pause while the database is not there.
const AGAIN_AFTER: Duration = Duration::from_millis(200);
/// When it is worth another try.
const BUSY_RETRY_MS: u32 = 2_000;

/// How a round ended.
#[derive(Debug)]
pub struct Ended {
    /// The last record that is committed.
    pub have: Cursor,
    /// Records that were set aside, and why.
    pub aside: Vec<(u64, String)>,
    /// Why nothing more is taken.
    pub refused: Option<Refused>,
}

/// Brings `batches` to the database. `have` is where the outlet's cursor was last seen.
pub async fn run(
    ingest: Arc<Ingest>,
    session: Session,
    have: Cursor,
    mut batches: VecDeque<Incoming>,
) -> Ended {
    let mut round = Round { ingest, session, have, aside: Vec::new(), elsewhere: 0 };
    let mut refused = None;
    while refused.is_none() && !batches.is_empty() {
        refused = round.next(&mut batches).await.err();
    }
    Ended { have: round.have, aside: round.aside, refused }
}

/// A busy node, or a busy database.
#[must_use]
pub fn busy() -> Refused {
    // Spread, so that those who were sent away together do not come back together.
    Refused::Busy {
        retry_ms: BUSY_RETRY_MS + u32::from(getrandom::u32().unwrap_or_default().to_le_bytes()[0]) * 8,
    }
}

struct Round {
    ingest: Arc<Ingest>,
    session: Session,
    have: Cursor,
    aside: Vec<(u64, String)>,
    elsewhere: usize,
}

impl Round {
    /// Takes the first batch, and those that follow from it.
    async fn next(&mut self, batches: &mut VecDeque<Incoming>) -> Result<(), Refused> {
        let Some(first) = batches.front() else { return Ok(()) };
        let held = match first.links.overlap(&self.have) {
            Some(seqs) => {
                let (ingest, session) = (&self.ingest, &self.session);
                again(|| postgres::held(&ingest.pool, session, seqs.clone())).await?
            }
            None => Vec::new(),
        };
        let verdict = accept(&self.have, &held, &first.links);
        match verdict {
            Verdict::Append { skip } => self.take(batches, skip, 0).await,
            Verdict::NewEpoch { skip, superseded, .. } => self.take(batches, skip, superseded).await,
            Verdict::Duplicate => {
                batches.pop_front();
                Ok(())
            }
            Verdict::Gap => Err(Refused::Gap { have: self.have }),
            Verdict::Fenced { epoch } => Err(Refused::Fenced { epoch }),
            Verdict::Diverged { seq } => Err(self.stop(seq).await?),
        }
    }

    async fn take(
        &mut self,
        batches: &mut VecDeque<Incoming>,
        skip: usize,
        superseded: u64,
    ) -> Result<(), Refused> {
        let mut taken: Vec<Incoming> = batches.pop_front().into_iter().collect();
        let mut to = self.have;
        while let Some(last) = taken.last() {
            to = *last.links.last();
            let follows = batches.front().is_some_and(|next| {
                next.links.before == to && accept(&to, &[], &next.links) == Verdict::Append { skip: 0 }
            });
            match batches.pop_front_if(|_| follows) {
                Some(next) => taken.push(next),
                None => break,
            }
        }
        let mut step =
            Step { session: self.session, from: self.have, to, batches: taken, skip, alerts: Vec::new() };
        step.alerts = alerts(&step, superseded);
        match self.ingest.committer.make(step).await {
            Some(Outcome::Made(step)) => {
                self.have = step.to;
                self.elsewhere = 0;
                let aside =
                    step.rows().filter_map(|row| Some((row.at.seq, row.read.as_ref().err()?.clone())));
                let before = self.aside.len();
                self.aside.extend(aside);
                metrics::counter!("cloud_relay_quarantined_total")
                    .increment((self.aside.len() - before) as u64);
                Ok(())
            }
            Some(Outcome::Elsewhere(step)) => {
                for batch in step.batches.into_iter().rev() {
                    batches.push_front(batch);
                }
                self.look_again().await
            }
            Some(Outcome::Refused(_)) | None => Err(busy()),
        }
    }

    /// Somebody else has moved the cursor, stopped the outlet or revoked the hub: another node, or a commit whose answer was lost.
    async fn look_again(&mut self) -> Result<(), Refused> {
        self.elsewhere += 1;
        if self.elsewhere > ELSEWHERE_MAX {
            return Err(busy());
        }
        let (ingest, session) = (&self.ingest, &self.session);
        match again(|| postgres::standing(&ingest.pool, session)).await? {
            None | Some(Standing { is_good: false, .. }) => Err(Refused::Revoked),
            Some(Standing { stopped: Some(seq), .. }) => Err(Refused::Diverged { seq }),
            Some(standing) => {
                self.have = standing.have;
                Ok(())
            }
        }
    }

    async fn stop(&self, seq: u64) -> Result<Refused, Refused> {
        let (ingest, session) = (&self.ingest, &self.session);
        let why = format!("record {seq} of hub {} is not the one that is here", session.hub);
        log::error!(
            "tenant.id" = session.tenant.to_string().as_str(),
            "outlet.id" = session.outlet.to_string().as_str(),
            "ledger.seq" = seq;
            "the outlet is stopped: {why}"
        );
        metrics::counter!("cloud_relay_diverged_total").increment(1);
        again(|| postgres::stop(&ingest.pool, session, seq, &why)).await?;
        Ok(Refused::Diverged { seq })
    }
}

fn alerts(step: &Step, superseded: u64) -> Vec<Alert> {
    let mut alerts = Vec::new();
    let mut superseded = Some(superseded);
    for (n, batch) in step.batches.iter().enumerate() {
        for (epoch, before) in batch.links.begun(if n == 0 { step.skip } else { 0 }) {
            // Only the first can have left records behind it.
            let superseded = superseded.take().unwrap_or_default();
            let detail = json!({"epoch": epoch, "after_seq": before.seq, "superseded": superseded});
            alerts.push(Alert { kind: "new_epoch", detail });
        }
    }
    let unread: Vec<&Row> = step.rows().filter(|row| row.read.is_err()).collect();
    if let Some(first) = unread.first() {
        let why = first.read.as_ref().err();
        let detail = json!({"first_seq": first.at.seq, "records": unread.len(), "why": why});
        alerts.push(Alert { kind: "quarantine", detail });
    }
    alerts
}

/// Asks the database until it answers.
async fn again<T, F>(ask: impl Fn() -> F) -> Result<T, Refused>
where
    F: Future<Output = Result<T, DbError>>,
{
    loop {
        match ask().await {
            Ok(found) => return Ok(found),
            Err(error) if is_transient(&error) => {
                log::warn!("ingest: the database does not answer: {error}");
                sleep(AGAIN_AFTER).await;
            }
            Err(error) => {
                log::error!("ingest: {error}");
                return Err(busy());
            }
        }
    }
}
