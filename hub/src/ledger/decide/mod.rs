//! Decisions: what a command makes of a state, as events, or why it is refused.
//!
//! Pure: the state, what is known of the past and the time come in as parameters, and nothing is changed here. The
//! writer folds the events into its state before it decides on the next command.

mod catalogue;
mod devices;
mod guests;
mod kitchen;
mod old;
mod orders;
mod outlet;
mod payments;
mod promoted;
mod promotions;
mod staff;

use std::sync::Arc;

use protocol::event::{Event, Key, OrderEvent, OrderRef};
use protocol::ids::Id;
use protocol::order::Order;
use protocol::outlet::{BusinessDay, Outlet, business_day};

use super::command::{Command, PromotionCommand, Refusal, Request};
use crate::views::{KeyEntry, State};

/// What is known of the past beyond the hot state.
pub trait Past {
    /// An order that is no longer hot: the one with an id, or with an item or a payment of that id.
    fn order_with(&self, id: Id) -> Option<Arc<Order>>;
    /// The first use of an idempotency key.
    fn key(&self, key: &[u8; 16]) -> Option<KeyEntry>;
}

/// The moment of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970, never before the last record.
    pub at_ms: i64,
    /// The clock could not be trusted.
    pub unverified: bool,
}

/// What a command makes.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// New facts, and what they are about.
    Append {
        /// In order; never empty.
        events: Vec<Event>,
        /// The order or the catalogue entry.
        subject: Id,
    },
    /// The command was carried out before.
    Repeat(KeyEntry),
    /// The command asks for what is so already.
    Nothing {
        /// The order or the catalogue entry.
        subject: Id,
    },
}

/// Decides on one command.
pub fn decide(state: &State, past: &dyn Past, now: Now, request: &Request) -> Result<Decision, Refusal> {
    for key in &request.keys {
        if let Some(first) = state.keys.get(&key.key).copied().or_else(|| past.key(&key.key)) {
            return repeat(key, first);
        }
    }
    // Rights may have gone while the request was on its way.
    if request.device.is_some_and(|device| state.devices.active(device).is_none()) {
        return Err(Refusal::NotPaired);
    }
    if let Some(approval) = &request.approval {
        staff::approver(&state.staff, now, request.device, approval)?;
    }
    let view = View { state, past, now };
    match &request.command {
        Command::SetOutlet(outlet) => Ok(append(vec![Event::OutletSet((**outlet).clone())], outlet.id)),
        Command::ChangeOutlet(patch) => outlet::change(&view, patch),
        Command::ChangeSettings { patch, defaults } => outlet::settings(&view, patch, *defaults),
        Command::CloseDay(totals) => outlet::close_day(&view, totals),
        Command::NoteRun(run) => outlet::note(&view, run),
        Command::Catalogue(command) => catalogue::decide(&state.catalogue, command),
        Command::Staff(command) => staff::decide(&state.staff, now, request.device, command),
        Command::Device(command) => devices::decide(state, now, &request.actor, command),
        Command::Guest(command) => guests::decide(state, command),
        Command::Place(order) => orders::place(&view, order),
        Command::AddItems { order, items } => orders::add_items(&view, *order, items),
        Command::VoidItem { item, reason } => orders::void_item(&view, *item, reason),
        Command::MoveItem { item, status } => kitchen::move_item(&view, *item, *status),
        Command::Change { order, change } => kitchen::change(&view, *order, change),
        Command::Cancel { order, reason } => kitchen::cancel(&view, *order, reason),
        Command::Discount { order, discount, reason, limit_bp } => {
            orders::discount(&view, *order, *discount, reason, *limit_bp)
        }
        Command::Promotion(PromotionCommand::Change(id, change)) => promotions::change(state, *id, change),
        Command::Promotion(PromotionCommand::Sweep) => promotions::sweep(&view),
        Command::SetCodes { order, codes } => promoted::set_codes(&view, *order, codes),
        Command::Pay(payment) => payments::pay(&view, payment),
        Command::OldPlace(order) => old::place(&view, order),
        Command::OldMove(change) => old::change(&view, change),
    }
}

fn repeat(key: &Key, first: KeyEntry) -> Result<Decision, Refusal> {
    if first.content == key.content {
        return Ok(Decision::Repeat(first));
    }
    Err(Refusal::conflict(
        "idempotency_conflict",
        "This id was used before, with other content. Nothing was changed; send it under a new id if it is new.",
    ))
}

fn append(events: Vec<Event>, subject: Id) -> Decision {
    Decision::Append { events, subject }
}

/// What a decision may look at.
struct View<'state> {
    state: &'state State,
    past: &'state dyn Past,
    now: Now,
}

impl View<'_> {
    fn outlet(&self) -> Result<&Outlet, Refusal> {
        self.state.outlet.as_deref().ok_or(Refusal::NotSetUp)
    }

    fn order(&self, id: Id) -> Result<Arc<Order>, Refusal> {
        self.state
            .orders
            .get(&id)
            .cloned()
            .or_else(|| self.past.order_with(id).filter(|order| order.id == id))
            .ok_or(Refusal::NotFound("order"))
    }

    fn order_of(&self, part: Id, what: &'static str) -> Result<Arc<Order>, Refusal> {
        match self.state.parts.get(&part) {
            Some(id) => self.order(*id),
            None => {
                self.past.order_with(part).filter(|order| order.id != part).ok_or(Refusal::NotFound(what))
            }
        }
    }

    /// The current business day; it never steps back, whatever the clock does.
    fn business_day(&self) -> Result<BusinessDay, Refusal> {
        let outlet = self.outlet()?;
        let today = business_day(self.now.at_ms, &outlet.tz(), outlet.business_day_start_hour);
        Ok(today.max(self.state.counters.day))
    }

    /// The same, but by the ledger alone while the clock cannot be trusted: a day is not closed on its word.
    fn day_by_clock_and_ledger(&self) -> Result<BusinessDay, Refusal> {
        if self.now.unverified { Ok(self.state.counters.day) } else { self.business_day() }
    }
}

fn reference(order: &Order) -> OrderRef {
    OrderRef { id: order.id, wire_id: order.wire_id.clone(), number: order.order_number.clone() }
}

fn changed(order: &Order, event: OrderEvent) -> Event {
    Event::OrderChanged(reference(order), event)
}

fn refuse_final(order: &Order) -> Result<(), Refusal> {
    if order.status.is_final() {
        let detail =
            format!("Order {} is {} and can no longer be changed.", order.order_number, order.status.word());
        return Err(Refusal::conflict("order_final", detail));
    }
    Ok(())
}
