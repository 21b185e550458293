//! Which orders a list is about: what the lists of orders, of their lines and of their payments have in common.

use std::sync::Arc;

use protocol::ids::WireId;
use protocol::order::{Order, OrderStatus, PaymentStatus};

use super::Hub;
use super::catalogue::order_by;
use super::error::ApiError;
use super::list::{Query, matches};
use crate::ledger::record::Cursor;
use crate::views::orders::{Listing, ViewError};
use crate::views::store::Entry;

/// Most orders that are read to be searched, or to be ordered by what their rows do not say: the newest. Half a year of a busy
/// outlet is looked up by number or date.
const READ_MAX: usize = 20_000;

/// A row of a listing: the order itself where it is hot.
pub(super) type Row = (Entry, Option<Arc<Order>>);

/// What an order is ordered by, beside its time.
struct Keys {
    created_ms: i64,
    updated_ms: i64,
    total: i64,
    number: String,
}

/// The orders that a list's filters keep, newest first.
pub(super) fn listing(hub: &Hub, query: &Query) -> Result<Listing, ApiError> {
    let tz = hub.context().tz;
    let from_ms = query.time_ms("created_after", &tz)?.unwrap_or(i64::MIN);
    let to_ms = query.time_ms("created_before", &tz)?.unwrap_or(i64::MAX);
    Ok(hub.views.list(from_ms, to_ms, states(query)?)?)
}

/// Whether an order is in one of the states that are asked for.
fn states(query: &Query) -> Result<impl Fn(&Entry) -> bool + use<>, ApiError> {
    let statuses = query.choices("status", OrderStatus::from_word)?;
    let payment_statuses = query.choices("payment_status", |word| {
        PaymentStatus::ALL.into_iter().find(|status| status.word() == word)
    })?;
    Ok(move |entry: &Entry| {
        (statuses.is_empty() || statuses.contains(&entry.status))
            && (payment_statuses.is_empty() || payment_statuses.contains(&entry.payment_status))
    })
}

/// An order of a listing; none where the views do not have it any more.
pub(super) fn read(hub: &Hub, (entry, hot): Row) -> Result<Option<Arc<Order>>, ViewError> {
    hot.map_or_else(|| hub.views.order(entry.id), |order| Ok(Some(order)))
}

/// Rows whose orders hold every word of the search.
pub(super) fn search(hub: &Hub, query: &Query, mut rows: Vec<Row>) -> Result<Vec<Row>, ApiError> {
    let words = query.search();
    if words.is_empty() {
        return Ok(rows);
    }
    rows.truncate(READ_MAX);
    let mut found = Vec::new();
    for row in rows {
        let Some(order) = read(hub, row.clone())? else { continue };
        let number = order.receipt_number.map(|number| number.to_string()).unwrap_or_default();
        if matches(&words, &[&order.order_number, &order.table, &order.customer, &order.notes, &number]) {
            found.push(row);
        }
    }
    Ok(found)
}

/// Rows as they are asked for; newest first where nobody asks.
pub(super) fn ordered(hub: &Hub, query: &Query, mut rows: Vec<Row>) -> Result<Vec<Row>, ApiError> {
    let ordering = query.ordering(&["created_at", "updated_at", "total", "order_number"]);
    match ordering.first() {
        None | Some(("created_at", true)) => return Ok(rows),
        Some(("created_at", false)) => {
            rows.reverse();
            return Ok(rows);
        }
        Some(_) => {}
    }
    rows.truncate(READ_MAX);
    let mut keyed = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(order) = read(hub, row.clone())? else { continue };
        let keys = Keys {
            created_ms: order.created_ms,
            updated_ms: order.updated_ms,
            total: order.bill.total,
            number: order.order_number.clone(),
        };
        keyed.push((keys, row));
    }
    order_by(&mut keyed, &ordering, |field, (one, _), (other, _)| match field {
        "created_at" => one.created_ms.cmp(&other.created_ms),
        "updated_at" => one.updated_ms.cmp(&other.updated_ms),
        "total" => one.total.cmp(&other.total),
        "order_number" => one.number.cmp(&other.number),
        _ => std::cmp::Ordering::Equal,
    });
    Ok(keyed.into_iter().map(|(_, row)| row).collect())
}

/// What the orders of a list are made of, of the newest orders first; with `?order=`, of that one alone. What lists of parts
/// make of `?created_after=` is theirs, since a part may be newer than its order.
pub(super) fn parts<T>(
    hub: &Hub,
    query: &Query,
    from_ms: i64,
    to_ms: i64,
    of: impl Fn(&Order) -> Vec<T>,
) -> Result<(Cursor, Vec<T>), ApiError> {
    let only = query.parse("order", "Enter a valid id.", |text| WireId::from_text(text).map(|id| id.id()))?;
    let is_kept = states(query)?;
    let listing = match only {
        None => hub.views.list(from_ms, to_ms, is_kept)?,
        Some(id) => {
            let cursor = hub.ledger.state().cursor;
            let order = hub.views.order(id)?.map(|order| (Entry::of(&order), Some(order)));
            let is_within = |entry: &Entry| (from_ms..to_ms).contains(&entry.created_ms) && is_kept(entry);
            Listing { cursor, rows: order.into_iter().filter(|(entry, _)| is_within(entry)).collect() }
        }
    };
    let mut parts = Vec::new();
    for row in listing.rows {
        parts.extend(read(hub, row)?.iter().flat_map(|order| of(order)));
    }
    Ok((listing.cursor, parts))
}
