//! Closes business days that are over: writes down, once, what each day's orders came to.
//!
//! The totals are of the orders as they stood; an order that was still open then, and is paid or called off later, says so itself
//! (`open_orders` tells how many there were). Which days have orders and are not closed is folded from the ledger, so that days on which the
//! box was off, or was killed, are closed at the next start. A day without orders has no close.

use protocol::api::Every;
use protocol::outlet::{BusinessDay, business_date, business_day};
use protocol::work::{DayTotals, Fact, Job as Name};

use super::super::due::Rhythm;
use super::super::{By, Done, Tools, totals};
use super::Job;
use crate::ledger::LedgerError;
use crate::ledger::command::{Command, Refusal};
use crate::views::work::OpenDay;

/// How often a day is added up again where one of its orders changes meanwhile: more is a storm, and the next look comes in a minute.
const TRIES: usize = 5;

/// Closes business days.
pub(super) struct DayClose;

impl Job for DayClose {
    fn name(&self) -> Name {
        Name::DayClose
    }

    // Each minute: a day also ends where somebody moves the hour at which it begins.
    fn rhythm(&self, _tools: &Tools) -> Rhythm {
        Rhythm::Minute
    }

    fn shown(&self, tools: &Tools) -> (Every, Option<u16>) {
        let outlet = tools.ledger.state().outlet.clone();
        (Every::Day, outlet.map(|outlet| u16::from(outlet.business_day_start_hour) * 60))
    }

    fn look(&mut self, tools: &Tools, by: &By) -> Result<Option<Done>, String> {
        let mut closed: Vec<DayTotals> = Vec::new();
        for day in days_over(tools) {
            if tools.is_stopping() {
                break;
            }
            let totals = close(tools, by, day).map_err(|why| {
                let date = business_date(day);
                format!("The business day {date} is not closed yet: {why}. Its orders are safe.")
            })?;
            closed.extend(totals);
        }
        let Some(last) = closed.last() else { return Ok(None) };
        let orders: i64 = closed.iter().map(|day| i64::from(day.orders)).sum();
        let date = business_date(last.day).to_string();
        let message = match closed.len() {
            1 => format!("{date} is closed: {orders} orders."),
            days => format!("{days} business days are closed, the last is {date}: {orders} orders."),
        };
        let days = i64::try_from(closed.len()).unwrap_or(i64::MAX);
        let facts = vec![
            ("day", Fact::Text(date)),
            ("days", Fact::Number(days)),
            ("orders", Fact::Number(orders)),
            ("total", Fact::Number(last.total)),
        ];
        Ok(Some(Done { message, facts }))
    }
}

/// Days that have orders, are over and are not closed, oldest first. While the clock cannot be trusted, only those that the ledger itself
/// has gone past.
fn days_over(tools: &Tools) -> Vec<BusinessDay> {
    let now_ms = tools.clock.now_ms();
    let state = tools.ledger.state();
    let Some(outlet) = &state.outlet else { return Vec::new() };
    let at_ms = now_ms.max(state.counters.last_ms);
    let by_clock = business_day(at_ms, &outlet.tz(), outlet.business_day_start_hour);
    let today =
        if tools.clock.is_unverified() { state.counters.day } else { by_clock.max(state.counters.day) };
    state.open_days.range(..today).map(|(day, _)| *day).collect()
}

/// Closes a day; none where that has happened already.
fn close(tools: &Tools, by: &By, day: BusinessDay) -> Result<Option<DayTotals>, String> {
    for _ in 0..TRIES {
        let (open, epoch) = {
            let state = tools.ledger.state();
            (state.open_days.get(&day).copied(), state.cursor.epoch)
        };
        let Some(open) = open else { return Ok(None) };
        let totals = add_up(tools, day, &open, epoch)?;
        let request = by.request(Command::CloseDay(Box::new(totals.clone())));
        match tools.ledger.call_blocking(request, 0) {
            Ok(_) => return Ok(Some(totals)),
            Err(LedgerError::Refused(Refusal::Conflict { code: "day_changed", .. })) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Err("its orders keep changing".to_owned())
}

fn add_up(tools: &Tools, day: BusinessDay, open: &OpenDay, epoch: u32) -> Result<DayTotals, String> {
    let listing = tools.views.list(open.first_ms, open.last_ms + 1, |_| true);
    let mut orders = Vec::new();
    for (entry, hot) in listing.map_err(|error| error.to_string())?.rows {
        let order = hot.map_or_else(|| tools.views.order(entry.id), |order| Ok(Some(order)));
        let order = order.map_err(|error| error.to_string())?;
        orders.extend(order.filter(|order| order.business_day == day));
    }
    let (found, placed) = (orders.len(), open.orders as usize);
    if found != placed {
        return Err(format!("{placed} orders were placed, and {found} are found: run `outlet-hub verify`"));
    }
    let totals = totals::fold(day, orders.iter().map(|order| &**order)).map_err(|error| error.to_string())?;
    Ok(DayTotals { epoch, first_seq: open.first_seq, last_seq: open.last_seq, ..totals })
}
