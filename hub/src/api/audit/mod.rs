//! `/api/hub/audit/`: who did what.
//!
//! The views find entries, the ledger's own records tell them. A page reads two records for each row at most; a search by name
//! reads those records whose marks allow it (`views::audit`), and no more than `SEARCH_READS_MAX`, newest first.

mod details;
mod tell;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use protocol::api::{AuditOut, Page};
use protocol::ids::Id;

use self::tell::Teller;
use super::beside::beside;
use super::error::ApiError;
use super::extract::Asker;
use super::list::{Query, matches};
use super::{Hub, ledger_headers};
use crate::ledger::record::Cursor;
use crate::views::audit::{Area, Filter, Found, Kind};

/// Most records that a search by name reads: a tenth of a second on the box.
const SEARCH_READS_MAX: usize = 2_000;

/// What was done here, newest first: everything but an order's ordinary life.
#[utoipa::path(get, path = "/api/hub/audit/", tag = "audit",
    params(
        ("area" = Option<String>, Query, description = "Only what is about this: `menu`, `promotions`, `orders`, `staff`, `devices`, `guests`, `outlet`, `work`."),
        ("kind" = Option<String>, Query, description = "Only what happened so, such as `product.put`."),
        ("actor" = Option<Uuid>, Query, description = "Only what this account or device did."),
        ("device" = Option<Uuid>, Query, description = "Only what was done on this device."),
        ("subject" = Option<Uuid>, Query, description = "Only what was done to this."),
        ("approved" = Option<bool>, Query, description = "Only what somebody let the actor do, or only the rest."),
        ("created_after" = Option<String>, Query, description = "RFC 3339, or a date in the outlet's zone."),
        ("created_before" = Option<String>, Query, description = "RFC 3339, or a date in the outlet's zone."),
        ("search" = Option<String>, Query, description = "Words of the names of actor and subject; the newest 2,000 that may hold them are looked at."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<AuditOut>, headers(
        ("x-ledger-epoch" = u32, description = "Epoch of the last record contained."),
        ("x-ledger-seq" = u64, description = "Number of the last record contained.")))))]
pub(super) async fn list(State(hub): State<Hub>, _asker: Asker, query: Query) -> Result<Response, ApiError> {
    let filter = read(&hub, &query)?;
    let (cursor, page) = beside(move || answer(&hub, &query, &filter)).await?;
    Ok((ledger_headers(&cursor), Json(page)).into_response())
}

fn read(hub: &Hub, query: &Query) -> Result<Filter, ApiError> {
    let tz = hub.context().tz;
    Ok(Filter {
        from_ms: query.time_ms("created_after", &tz)?,
        to_ms: query.time_ms("created_before", &tz)?,
        area: query.choice("area", Area::from_word)?,
        kind: query.choice("kind", Kind::from_word)?,
        actor: query.id("actor")?,
        device: query.id("device")?,
        subject: query.id("subject")?,
        is_approved: query.boolean("approved")?,
        words: query.search(),
    })
}

fn answer(hub: &Hub, query: &Query, filter: &Filter) -> Result<(Cursor, Page<AuditOut>), ApiError> {
    let most = if filter.is_all() { query.rows_wanted() } else { usize::MAX };
    let mut trail = hub.views.trail(filter, most)?;
    let mut teller = Teller::new(hub);
    if !filter.words.is_empty() {
        trail.found = search(&mut teller, &trail.found, &filter.words)?;
    }
    let count = if filter.is_all() { trail.count as usize } else { trail.found.len() };
    let window = query.window(count)?;
    let wanted = trail.found.iter().skip(window.skip).take(window.size);
    let results = wanted.map(|found| teller.tell(found)).collect::<Result<Vec<_>, _>>()?;
    let results = results.into_iter().flatten().collect();
    Ok((trail.cursor, Page { count, next: window.next, previous: window.previous, results }))
}

/// Those whose names have every word.
fn search(teller: &mut Teller<'_>, found: &[Found], words: &[String]) -> Result<Vec<Found>, ApiError> {
    let mut kept = Vec::new();
    for found in found.iter().take(SEARCH_READS_MAX) {
        let names = teller.names(found)?;
        if names.is_some_and(|(actor, subject)| matches(words, &[&actor, &subject])) {
            kept.push(*found);
        }
    }
    Ok(kept)
}

/// Nil is nobody.
fn known(id: Id) -> Option<Id> {
    Some(id).filter(|id| !id.is_nil())
}
