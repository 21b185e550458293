//! The statements of ingest. Every one names its tenant first, in keys and in predicates.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use protocol::chain::{Cursor, Hash};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::Session;
use super::batch::{Incoming, Row};
use crate::db::DbError;

/// A step of one outlet's cursor, with the records that it passes.
#[derive(Debug)]
pub struct Step {
    /// Whose.
    pub session: Session,
    /// Where the cursor must be.
    pub from: Cursor,
    /// Where it will be.
    pub to: Cursor,
    /// The batches, each following from the one before it.
    pub batches: Vec<Incoming>,
    /// How many records of the first batch are there already.
    pub skip: usize,
    /// What somebody should know, once it is committed.
    pub alerts: Vec<Alert>,
}

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Which kind: `new_epoch`, `quarantine`, `diverged`.
    pub kind: &'static str,
    /// What to know about it.
    pub detail: Value,
}

/// How an outlet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The last record.
    pub have: Cursor,
    /// Where it was stopped.
    pub stopped: Option<u64>,
    /// The hub's credential is good.
    pub is_good: bool,
}

/// The cursor's epoch, number and hash; where the outlet was stopped; whether the hub's credential is good.
type StandingRow = (i64, i64, Vec<u8>, Option<i64>, bool);

impl Step {
    /// The records that are taken.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.batches.iter().flat_map(|batch| &batch.rows).skip(self.skip)
    }

    fn key(&self) -> (Uuid, Uuid) {
        (self.session.tenant, self.session.outlet)
    }
}

/// Reads how the session's outlet and hub stand; none where there is no such hub.
pub async fn standing(pool: &PgPool, session: &Session) -> Result<Option<Standing>, DbError> {
    let found: Option<StandingRow> = sqlx::query_as(
        "SELECT c.epoch, c.seq, c.hash, CASE WHEN o.state = 'stopped' THEN coalesce(o.stopped_seq, 0) END,
                h.revoked_at IS NULL
         FROM hubs h
         JOIN outlets o ON o.tenant_id = h.tenant_id AND o.outlet_id = h.outlet_id
         JOIN cursors c ON c.tenant_id = h.tenant_id AND c.outlet_id = h.outlet_id
         WHERE h.tenant_id = $1 AND h.hub_id = $2 AND h.outlet_id = $3",
    )
    .bind(session.tenant)
    .bind(session.hub)
    .bind(session.outlet)
    .fetch_optional(pool)
    .await?;
    found
        .map(|(epoch, seq, hash, stopped, is_good)| {
            let stopped = stopped.map(i64::cast_unsigned);
            Ok(Standing { have: cursor(epoch, seq, &hash)?, stopped, is_good })
        })
        .transpose()
}

/// Writes down that a hub was seen, and what it runs.
pub async fn seen(pool: &PgPool, session: &Session, software: &str) -> Result<(), DbError> {
    sqlx::query("UPDATE hubs SET last_seen_at = now(), software = $3 WHERE tenant_id = $1 AND hub_id = $2")
        .bind(session.tenant)
        .bind(session.hub)
        .bind(software)
        .execute(pool)
        .await?;
    Ok(())
}

/// The records of an outlet's chain at these numbers.
pub async fn held(
    pool: &PgPool,
    session: &Session,
    seqs: RangeInclusive<u64>,
) -> Result<Vec<Cursor>, DbError> {
    let found: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(
        "SELECT DISTINCT ON (seq) epoch, seq, hash FROM events
         WHERE tenant_id = $1 AND outlet_id = $2 AND seq BETWEEN $3 AND $4
         ORDER BY seq, epoch DESC",
    )
    .bind(session.tenant)
    .bind(session.outlet)
    .bind(seqs.start().cast_signed())
    .bind(seqs.end().cast_signed())
    .fetch_all(pool)
    .await?;
    found.iter().map(|(epoch, seq, hash)| cursor(*epoch, *seq, hash)).collect()
}

/// Where the cursors of these steps are, in their order.
pub async fn cursors(pool: &PgPool, steps: &[Step]) -> Result<Vec<Option<Cursor>>, DbError> {
    let (tenants, outlets): (Vec<Uuid>, Vec<Uuid>) = steps.iter().map(Step::key).unzip();
    let found: Vec<(i64, i64, i64, Vec<u8>)> = sqlx::query_as(
        "SELECT s.n, c.epoch, c.seq, c.hash
         FROM UNNEST($1::uuid[], $2::uuid[]) WITH ORDINALITY AS s (tenant_id, outlet_id, n)
         JOIN cursors c ON c.tenant_id = s.tenant_id AND c.outlet_id = s.outlet_id",
    )
    .bind(tenants)
    .bind(outlets)
    .fetch_all(pool)
    .await?;
    let mut cursors = vec![None; steps.len()];
    for (n, epoch, seq, hash) in found {
        cursors[n as usize - 1] = Some(cursor(epoch, seq, &hash)?);
    }
    Ok(cursors)
}

/// Makes the steps whose outlet's cursor is where they begin, whose outlet is not stopped and whose hub is not revoked, and stores
/// their records: one statement, one transaction. Answers whose were made. No two steps may be of one outlet.
pub async fn make(pool: &PgPool, steps: &[Step]) -> Result<HashSet<(Uuid, Uuid)>, DbError> {
    let n_rows = steps.iter().map(|step| step.rows().count()).sum();
    let mut events = Events::with_capacity(n_rows);
    let mut aside = Aside::default();
    let mut alerts = Alerts::default();
    for (n, step) in (1..).zip(steps) {
        for row in step.rows() {
            events.push(n, row);
            if let Err(why) = &row.read {
                aside.push(n, row, why);
            }
        }
        for alert in &step.alerts {
            alerts.push(n, alert);
        }
    }
    let of = |seq: fn(&Step) -> i64| steps.iter().map(seq).collect::<Vec<i64>>();
    let (tenants, outlets): (Vec<Uuid>, Vec<Uuid>) = steps.iter().map(Step::key).unzip();
    let made: Vec<(Uuid, Uuid)> = sqlx::query_as(MAKE)
        .bind(tenants)
        .bind(outlets)
        .bind(steps.iter().map(|step| step.session.hub).collect::<Vec<_>>())
        .bind(of(|step| step.from.seq.cast_signed()))
        .bind(steps.iter().map(|step| &step.from.hash[..]).collect::<Vec<_>>())
        .bind(of(|step| step.to.epoch.into()))
        .bind(of(|step| step.to.seq.cast_signed()))
        .bind(steps.iter().map(|step| &step.to.hash[..]).collect::<Vec<_>>())
        .bind(events.n)
        .bind(events.seq)
        .bind(events.epoch)
        .bind(events.at_ms)
        .bind(events.kind)
        .bind(events.version)
        .bind(events.more)
        .bind(events.hash)
        .bind(events.body)
        .bind(aside.n)
        .bind(aside.epoch)
        .bind(aside.seq)
        .bind(aside.version)
        .bind(aside.why)
        .bind(alerts.n)
        .bind(alerts.id)
        .bind(alerts.kind)
        .bind(alerts.detail)
        .fetch_all(pool)
        .await?;
    Ok(made.into_iter().collect())
}

/// Cursors in the order of their keys, so that two nodes do not wait for each other. Of `quarantine` one alert stays open at a time:
/// a hub that is newer than its relay sends nothing else.
const MAKE: &str = "
WITH steps AS (
    SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bytea[])
        AS s (tenant_id, outlet_id, hub_id, from_seq, from_hash, epoch, seq, hash)
), made AS (
    INSERT INTO cursors AS c (tenant_id, outlet_id, epoch, seq, hash, from_seq, from_hash, updated_at)
    SELECT s.tenant_id, s.outlet_id, s.epoch, s.seq, s.hash, s.from_seq, s.from_hash, now()
    FROM steps s
    JOIN outlets o ON o.tenant_id = s.tenant_id AND o.outlet_id = s.outlet_id AND o.state = 'active'
    JOIN hubs h ON h.tenant_id = s.tenant_id AND h.hub_id = s.hub_id AND h.outlet_id = s.outlet_id
        AND h.revoked_at IS NULL
    ORDER BY s.tenant_id, s.outlet_id
    ON CONFLICT (tenant_id, outlet_id) DO UPDATE
    SET epoch = excluded.epoch, seq = excluded.seq, hash = excluded.hash,
        from_seq = excluded.from_seq, from_hash = excluded.from_hash, updated_at = excluded.updated_at
    WHERE c.tenant_id = excluded.tenant_id AND c.seq = excluded.from_seq AND c.hash = excluded.from_hash
    RETURNING c.tenant_id, c.outlet_id
), stored AS (
    INSERT INTO events (tenant_id, outlet_id, seq, epoch, at, kind, version, more, hash, body, received_day)
    SELECT m.tenant_id, m.outlet_id, e.seq, e.epoch, to_timestamp(e.at_ms::float8 / 1000), e.kind, e.version, e.more,
        e.hash, e.body, (now() AT TIME ZONE 'utc')::date
    FROM UNNEST($9::integer[], $10::bigint[], $11::bigint[], $12::bigint[], $13::smallint[], $14::smallint[],
            $15::boolean[], $16::bytea[], $17::bytea[])
        AS e (n, seq, epoch, at_ms, kind, version, more, hash, body)
    JOIN made m ON m.tenant_id = ($1::uuid[])[e.n] AND m.outlet_id = ($2::uuid[])[e.n]
), aside AS (
    INSERT INTO quarantine (tenant_id, outlet_id, epoch, seq, version, why)
    SELECT m.tenant_id, m.outlet_id, q.epoch, q.seq, q.version, q.why
    FROM UNNEST($18::integer[], $19::bigint[], $20::bigint[], $21::smallint[], $22::text[])
        AS q (n, epoch, seq, version, why)
    JOIN made m ON m.tenant_id = ($1::uuid[])[q.n] AND m.outlet_id = ($2::uuid[])[q.n]
), told AS (
    INSERT INTO alerts (tenant_id, outlet_id, alert_id, kind, detail)
    SELECT m.tenant_id, m.outlet_id, a.alert_id, a.kind, a.detail
    FROM UNNEST($23::integer[], $24::uuid[], $25::text[], $26::jsonb[]) AS a (n, alert_id, kind, detail)
    JOIN made m ON m.tenant_id = ($1::uuid[])[a.n] AND m.outlet_id = ($2::uuid[])[a.n]
        AND (a.kind <> 'quarantine' OR NOT EXISTS (
            SELECT 1 FROM alerts o
            WHERE o.tenant_id = m.tenant_id AND o.outlet_id = m.outlet_id AND o.kind = a.kind AND o.closed_at IS NULL))
)
SELECT tenant_id, outlet_id FROM made";

/// Stops an outlet, once, with an alert.
pub async fn stop(pool: &PgPool, session: &Session, seq: u64, why: &str) -> Result<(), DbError> {
    sqlx::query(
        "WITH stopped AS (
             UPDATE outlets SET state = 'stopped', stopped_why = $3, stopped_seq = $4, stopped_at = now()
             WHERE tenant_id = $1 AND outlet_id = $2 AND state = 'active'
             RETURNING tenant_id, outlet_id
         )
         INSERT INTO alerts (tenant_id, outlet_id, alert_id, kind, detail)
         SELECT tenant_id, outlet_id, $5, 'diverged', $6 FROM stopped",
    )
    .bind(session.tenant)
    .bind(session.outlet)
    .bind(why)
    .bind(seq.cast_signed())
    .bind(Uuid::now_v7())
    .bind(json!({"seq": seq, "hub": session.hub, "why": why}))
    .execute(pool)
    .await?;
    Ok(())
}

/// The records of a group, a column each.
struct Events<'rows> {
    n: Vec<i32>,
    seq: Vec<i64>,
    epoch: Vec<i64>,
    at_ms: Vec<Option<i64>>,
    kind: Vec<Option<i16>>,
    version: Vec<i16>,
    more: Vec<bool>,
    hash: Vec<&'rows [u8]>,
    body: Vec<&'rows [u8]>,
}

impl<'rows> Events<'rows> {
    fn with_capacity(n: usize) -> Self {
        Self {
            n: Vec::with_capacity(n),
            seq: Vec::with_capacity(n),
            epoch: Vec::with_capacity(n),
            at_ms: Vec::with_capacity(n),
            kind: Vec::with_capacity(n),
            version: Vec::with_capacity(n),
            more: Vec::with_capacity(n),
            hash: Vec::with_capacity(n),
            body: Vec::with_capacity(n),
        }
    }

    fn push(&mut self, n: i32, row: &'rows Row) {
        self.n.push(n);
        self.seq.push(row.at.seq.cast_signed());
        self.epoch.push(row.at.epoch.into());
        self.at_ms.push(row.read.as_ref().ok().and_then(|(at_ms, _)| *at_ms));
        self.kind.push(row.read.as_ref().ok().map(|(_, kind)| *kind));
        self.version.push(row.version.into());
        self.more.push(row.more);
        self.hash.push(&row.at.hash);
        self.body.push(&row.body);
    }
}

/// Records that cannot be read, a column each.
#[derive(Default)]
struct Aside<'rows> {
    n: Vec<i32>,
    epoch: Vec<i64>,
    seq: Vec<i64>,
    version: Vec<i16>,
    why: Vec<&'rows str>,
}

impl<'rows> Aside<'rows> {
    fn push(&mut self, n: i32, row: &Row, why: &'rows str) {
        self.n.push(n);
        self.epoch.push(row.at.epoch.into());
        self.seq.push(row.at.seq.cast_signed());
        self.version.push(row.version.into());
        self.why.push(why);
    }
}

/// What somebody should know, a column each.
#[derive(Default)]
struct Alerts {
    n: Vec<i32>,
    id: Vec<Uuid>,
    kind: Vec<&'static str>,
    detail: Vec<Value>,
}

impl Alerts {
    fn push(&mut self, n: i32, alert: &Alert) {
        self.n.push(n);
        self.id.push(Uuid::now_v7());
        self.kind.push(alert.kind);
        self.detail.push(alert.detail.clone());
    }
}

/// A place as it is stored.
pub fn cursor(epoch: i64, seq: i64, hash: &[u8]) -> Result<Cursor, DbError> {
    let hash: Option<Hash> = hash.try_into().ok();
    match (u32::try_from(epoch), u64::try_from(seq), hash) {
        (Ok(epoch), Ok(seq), Some(hash)) => Ok(Cursor { epoch, seq, hash }),
        _ => Err(DbError::Decode(format!("({epoch}, {seq}) is no place in a ledger").into())),
    }
}
