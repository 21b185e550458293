//! `cloud-relay verify`: walks an outlet's chain as it is stored, from the first record to the cursor.

use std::process::ExitCode;

use protocol::chain::Cursor;
use uuid::Uuid;

use super::said;
use crate::db::Db;
use crate::ingest::postgres::cursor;

/// Records that are read at once.
const PAGE: i64 = 1_000;

/// Epoch, number, version, hash and body.
type Row = (i64, i64, i16, Vec<u8>, Vec<u8>);

/// Where a chain does not hold.
struct Broken {
    seq: u64,
    why: &'static str,
}

/// Says how far the chain holds; fails with the first record that does not.
pub async fn run(db: Db, tenant: Uuid, outlet: Uuid) -> Result<ExitCode, String> {
    let head: Option<(i64, i64, Vec<u8>)> =
        sqlx::query_as("SELECT epoch, seq, hash FROM cursors WHERE tenant_id = $1 AND outlet_id = $2")
            .bind(tenant)
            .bind(outlet)
            .fetch_optional(&db.ingest)
            .await
            .map_err(|error| said(&error))?;
    let (epoch, seq, hash) = head.ok_or_else(|| "there is no such outlet".to_owned())?;
    let head = cursor(epoch, seq, &hash).map_err(|error| said(&error))?;
    match walk(&db, tenant, outlet, &head).await.map_err(|error| said(&error))? {
        Ok(()) => {
            println!("{outlet} holds epoch {} seq {}", head.epoch, head.seq);
            Ok(ExitCode::SUCCESS)
        }
        Err(Broken { seq, why }) => {
            println!("{outlet} broken seq {seq} {why}");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn walk(db: &Db, tenant: Uuid, outlet: Uuid, head: &Cursor) -> Result<Result<(), Broken>, sqlx::Error> {
    let mut at = Cursor::START;
    while at.seq < head.seq {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT DISTINCT ON (seq) epoch, seq, version, hash, body FROM events
             WHERE tenant_id = $1 AND outlet_id = $2 AND seq > $3 AND seq <= $4
             ORDER BY seq, epoch DESC LIMIT $5",
        )
        .bind(tenant)
        .bind(outlet)
        .bind(at.seq.cast_signed())
        .bind(head.seq.cast_signed())
        .bind(PAGE)
        .fetch_all(&db.ingest)
        .await?;
        if rows.is_empty() {
            return Ok(Err(Broken { seq: at.seq + 1, why: "is missing" }));
        }
        for (epoch, seq, version, hash, body) in rows {
            let stored = cursor(epoch, seq, &hash)?;
            let broken = |why| Ok(Err(Broken { seq: at.seq + 1, why }));
            if stored.seq != at.seq + 1 {
                return broken("is missing");
            }
            if !at.may_precede(stored.epoch) {
                return broken("is of an epoch that cannot come here");
            }
            let Ok(version) = u8::try_from(version) else { return broken("has a version that cannot be") };
            if at.next(version, stored.epoch, &body) != stored {
                return broken("does not follow from the one before it");
            }
            at = stored;
        }
    }
    let is_head = at.seq == 0 || at == *head;
    Ok(if is_head { Ok(()) } else { Err(Broken { seq: at.seq, why: "is not the cursor's" }) })
}
