//! What is hot: the fold of the ledger that answers requests from memory.
//!
//! Holds the catalogue, the staff and the settings whole, and of orders those that are open or of the current business day; the
//! others are in the store (`views::store`), looked up by id. `State::apply` is a pure fold: the ledger's writer keeps
//! one `State` that runs ahead of the barrier, readers see another that never does, and both fold the same records.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use protocol::catalogue::{Category, Modifier, ModifierGroup, Product};
use protocol::event::{Event, Key, OrderEvent};
use protocol::guest::Guest;
use protocol::ids::Id;
use protocol::order::{Order, OrderStatus};
use protocol::outlet::{BusinessDay, Outlet};
use protocol::work::DayEvent;
use serde::{Deserialize, Serialize};

use super::audit::{self, Part, Pending};
use super::guests;
use super::people::{Devices, Staff};
use super::promotions::Promotions;
use super::work::{ClosedDay, OpenDay, Run, Work};
use crate::ledger::record::{Cursor, Record};

/// What is sold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    /// By id.
    pub categories: BTreeMap<Id, Arc<Category>>,
    /// By id.
    pub groups: BTreeMap<Id, Arc<ModifierGroup>>,
    /// By id.
    pub modifiers: BTreeMap<Id, Arc<Modifier>>,
    /// By id.
    pub products: BTreeMap<Id, Arc<Product>>,
}

/// The first use of an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEntry {
    /// Hash of the request's content.
    pub content: [u8; 16],
    /// The last record of the answer.
    pub seq: u64,
    /// What it was about: an order, a product.
    pub subject: Id,
}

/// Numbers that count on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Last receipt number given.
    pub receipt: u64,
    /// Business day of `order_number`.
    pub day: BusinessDay,
    /// Last order number given on that day.
    pub order_number: u32,
    /// Time of the last record, in milliseconds since 1970.
    pub last_ms: i64,
    /// Time of the first record, in milliseconds since 1970.
    pub began_ms: i64,
}

/// What has changed since the last checkpoint.
#[derive(Debug, Clone, Default)]
pub struct Dirty {
    /// Orders.
    pub orders: HashSet<Id>,
    /// Idempotency keys.
    pub keys: HashSet<[u8; 16]>,
    /// Catalogue entries, by id.
    pub catalogue: HashSet<Id>,
    /// Accounts, sessions and wrong tries, by id.
    pub staff: HashSet<Id>,
    /// Paired devices.
    pub devices: HashSet<Id>,
    /// Guests.
    pub guests: HashSet<Id>,
    /// Promotions, by id.
    pub promotions: HashSet<Id>,
    /// Subjects of the audit trail of which another record says all.
    pub subjects: HashSet<Id>,
    /// The outlet's settings, or the hub's own.
    pub outlet: bool,
    /// Business days, open and closed.
    pub days: HashSet<BusinessDay>,
    /// Runs of scheduled work, by their records' numbers.
    pub runs: HashSet<u64>,
    /// Records folded since.
    pub records: u64,
}

impl Dirty {
    /// Both together.
    pub fn add(&mut self, other: Self) {
        self.orders.extend(other.orders);
        self.keys.extend(other.keys);
        self.catalogue.extend(other.catalogue);
        self.staff.extend(other.staff);
        self.devices.extend(other.devices);
        self.guests.extend(other.guests);
        self.promotions.extend(other.promotions);
        self.subjects.extend(other.subjects);
        self.outlet |= other.outlet;
        self.days.extend(other.days);
        self.runs.extend(other.runs);
        self.records += other.records;
    }
}

/// The fold.
#[derive(Debug, Clone)]
pub struct State {
    /// The last record folded.
    pub cursor: Cursor,
    /// The outlet, once it is set up.
    pub outlet: Option<Arc<Outlet>>,
    /// What is sold; a new version for each change, so that a reader keeps the one it began with.
    pub catalogue: Arc<Catalogue>,
    /// Who works here; a new version for each change.
    pub staff: Arc<Staff>,
    /// What is paired; a new version for each change.
    pub devices: Arc<Devices>,
    /// Guests, what is personal of them encrypted; by themselves, because there may be a hundred thousand.
    pub guests: HashMap<Id, Arc<Guest>>,
    /// Promotions; a new version for each change, and for each order that counts.
    pub promotions: Arc<Promotions>,
    /// The hub's settings, closed days and scheduled work; a new version for each change.
    pub work: Arc<Work>,
    /// Business days that have orders and are not closed: today, and one that was over a moment ago.
    pub open_days: BTreeMap<BusinessDay, OpenDay>,
    /// Hot orders.
    pub orders: HashMap<Id, Arc<Order>>,
    /// Items and payments of hot orders, by id, to their order.
    pub parts: HashMap<Id, Id>,
    /// Recent idempotency keys.
    pub keys: HashMap<[u8; 16], KeyEntry>,
    /// Numbers that count on.
    pub counters: Counters,
    /// Of the audit trail, what is not in the store yet.
    pub audit: Pending,
    /// For the next checkpoint.
    pub dirty: Dirty,
}

impl Default for State {
    fn default() -> Self {
        Self {
            cursor: Cursor::START,
            outlet: None,
            catalogue: Arc::default(),
            staff: Arc::default(),
            devices: Arc::default(),
            guests: HashMap::new(),
            promotions: Arc::default(),
            work: Arc::default(),
            open_days: BTreeMap::new(),
            orders: HashMap::new(),
            parts: HashMap::new(),
            keys: HashMap::new(),
            counters: Counters::default(),
            audit: Pending::default(),
            dirty: Dirty::default(),
        }
    }
}

/// A record is about an order that is neither hot nor in the store: the caller brings it in with `State::warm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("order {0} is not known to the views")]
pub struct UnknownOrder(pub Id);

impl State {
    /// Folds the next record. On `UnknownOrder` nothing has changed.
    pub fn apply(&mut self, record: &Record) -> Result<(), UnknownOrder> {
        let envelope = &record.envelope;
        // Before the fold: what is removed has no name behind it.
        let audited = audit::row(self, record);
        let subject = match &envelope.event {
            Event::OrderPlaced(placed) => {
                let order = Order::placed(record.seq, envelope.at_ms, &envelope.actor, placed);
                self.count_order(&order, record.seq);
                self.parts.extend(order.items.iter().map(|item| (item.id, order.id)));
                self.dirty.orders.insert(order.id);
                let id = order.id;
                self.orders.insert(id, Arc::new(order));
                id
            }
            Event::OrderChanged(reference, event) => {
                self.change_order(record, reference.id, event)?;
                reference.id
            }
            Event::Staff(event) => {
                let changed = Arc::make_mut(&mut self.staff).apply(envelope, event);
                let subject = changed.last().copied().unwrap_or_default();
                self.dirty.staff.extend(changed);
                subject
            }
            Event::Device(event) => {
                let changed = Arc::make_mut(&mut self.devices).apply(envelope.at_ms, event);
                self.dirty.devices.extend(changed);
                changed.unwrap_or_default()
            }
            Event::Guest(event) => {
                let changed = guests::apply(&mut self.guests, envelope.at_ms, event);
                self.dirty.guests.insert(changed);
                changed
            }
            Event::Promotion(event) => {
                let changed = Arc::make_mut(&mut self.promotions).apply(envelope.at_ms, event);
                self.dirty.promotions.insert(changed);
                changed
            }
            Event::SettingsSet(settings) => {
                Arc::make_mut(&mut self.work).settings = Some(*settings);
                self.dirty.outlet = true;
                self.outlet.as_ref().map(|outlet| outlet.id).unwrap_or_default()
            }
            Event::Day(DayEvent::Closed(totals)) => {
                let closed = ClosedDay { totals: (**totals).clone(), closed_ms: envelope.at_ms };
                self.close_day(closed);
                Id::nil()
            }
            Event::Job(run) => {
                let run = Run { run: run.clone(), by: envelope.actor.name.clone() };
                let changed = Arc::make_mut(&mut self.work).note(record.seq, run);
                self.dirty.runs.extend(changed);
                Id::nil()
            }
            other => self.apply_catalogue(other),
        };
        if let Some(approval) = &envelope.approval {
            // Copied only where there is something to forgive.
            let wrong = &self.staff.wrong_pins;
            if wrong.contains_key(&approval.user) || envelope.device.is_some_and(|id| wrong.contains_key(&id))
            {
                let forgiven = Arc::make_mut(&mut self.staff).forgive_pins(approval.user, envelope.device);
                self.dirty.staff.extend(forgiven);
            }
        }
        for Key { key, content } in &envelope.keys {
            self.keys.insert(*key, KeyEntry { content: *content, seq: record.seq, subject });
            self.dirty.keys.insert(*key);
        }
        if self.cursor.seq == 0 {
            self.counters.began_ms = envelope.at_ms;
        }
        if let Some((row, part)) = audited {
            if part != Part::Aside {
                self.dirty.subjects.insert(row.subject);
            }
            self.audit.add(row, part);
        }
        self.counters.last_ms = self.counters.last_ms.max(envelope.at_ms);
        self.cursor = record.cursor();
        self.dirty.records += 1;
        Ok(())
    }

    /// Makes an order of the store hot.
    pub fn warm(&mut self, order: Arc<Order>) {
        self.parts.extend(order.part_ids().map(|part| (part, order.id)));
        self.orders.insert(order.id, order);
    }

    /// Takes over what `ahead` has folded since this was last called, sharing it instead of folding it again.
    pub fn catch_up(&mut self, ahead: &mut Self) {
        let changed = std::mem::take(&mut ahead.dirty);
        for order in changed.orders.iter().filter_map(|id| ahead.orders.get(id)) {
            self.warm(Arc::clone(order));
        }
        let entries = changed.keys.iter().filter_map(|key| Some((*key, *ahead.keys.get(key)?)));
        self.keys.extend(entries);
        for guest in changed.guests.iter().filter_map(|id| ahead.guests.get(id)) {
            self.guests.insert(guest.id, Arc::clone(guest));
        }
        self.audit.catch_up(&mut ahead.audit, self.cursor.seq, &changed.subjects);
        self.outlet.clone_from(&ahead.outlet);
        self.catalogue = Arc::clone(&ahead.catalogue);
        self.staff = Arc::clone(&ahead.staff);
        self.devices = Arc::clone(&ahead.devices);
        self.promotions = Arc::clone(&ahead.promotions);
        self.work = Arc::clone(&ahead.work);
        self.open_days.clone_from(&ahead.open_days);
        self.counters = ahead.counters;
        self.cursor = ahead.cursor;
        self.dirty.add(changed);
    }

    /// Whether nothing waits for an order any more: it is final, of a business day that is over.
    #[must_use]
    pub fn is_cool(&self, order: &Order) -> bool {
        order.status.is_final() && order.business_day < self.counters.day
    }

    /// Forgets orders that nothing is waiting for any more: final ones of a business day before `day`, whose last
    /// change is in the store. Their keys go with them.
    pub fn evict(&mut self, day: BusinessDay, stored_seq: u64) {
        self.audit.evict(stored_seq);
        let dirty = &self.dirty.orders;
        let parts = &mut self.parts;
        self.orders.retain(|id, order| {
            let is_stored = order.history.last().is_some_and(|seq| *seq <= stored_seq) && !dirty.contains(id);
            let keep = !(order.status.is_final() && order.business_day < day && is_stored);
            if !keep {
                for id in order.part_ids() {
                    parts.remove(&id);
                }
            }
            keep
        });
        let orders = &self.orders;
        let dirty = &self.dirty.keys;
        self.keys.retain(|key, entry| {
            entry.seq > stored_seq || dirty.contains(key) || orders.contains_key(&entry.subject)
        });
    }

    /// What an account, a device or something on the menu is called.
    #[must_use]
    pub fn name_of(&self, id: Id) -> Option<&str> {
        let (staff, catalogue) = (&self.staff, &self.catalogue);
        None.or_else(|| staff.users.get(&id).map(|user| &*user.name))
            .or_else(|| self.devices.by_id.get(&id).map(|device| &*device.name))
            .or_else(|| catalogue.products.get(&id).map(|product| &*product.name))
            .or_else(|| catalogue.categories.get(&id).map(|category| &*category.name))
            .or_else(|| catalogue.groups.get(&id).map(|group| &*group.name))
            .or_else(|| catalogue.modifiers.get(&id).map(|modifier| &*modifier.name))
            .or_else(|| self.promotions.by_id.get(&id).map(|kept| &*kept.promotion.name))
    }

    /// Whether any order is on record.
    #[must_use]
    pub fn has_orders(&self) -> bool {
        !self.open_days.is_empty() || !self.work.days.is_empty()
    }

    /// The business day is this, unless it was a later one before.
    fn begin_day(&mut self, day: BusinessDay) {
        if day > self.counters.day {
            self.counters.day = day;
            self.counters.order_number = 0;
        }
    }

    /// No order may belong to a closed day: what is placed from here on is the next one's, whatever the clock, the time zone or
    /// the hour at which a day begins become.
    fn close_day(&mut self, closed: ClosedDay) {
        let day = closed.totals.day;
        self.begin_day(day.saturating_add(1));
        self.open_days.remove(&day);
        Arc::make_mut(&mut self.work).days.insert(day, Arc::new(closed));
        self.dirty.days.insert(day);
    }

    fn count_order(&mut self, order: &Order, seq: u64) {
        self.begin_day(order.business_day);
        let open = self.open_days.entry(order.business_day);
        let open = open.or_insert_with(|| OpenDay::begun(seq, order.created_ms));
        (open.last_ms, open.last_seq) = (open.last_ms.max(order.created_ms), seq);
        open.orders += 1;
        self.dirty.days.insert(order.business_day);
        if let Ok(number) = order.order_number.parse::<u32>()
            && order.business_day == self.counters.day
            && order.origin == protocol::order::Origin::Rest
        {
            self.counters.order_number = self.counters.order_number.max(number);
        }
    }

    fn change_order(&mut self, record: &Record, id: Id, event: &OrderEvent) -> Result<(), UnknownOrder> {
        let order = self.orders.get_mut(&id).ok_or(UnknownOrder(id))?;
        let uses = match event {
            OrderEvent::Promoted { applied, .. } => &applied[..],
            OrderEvent::Status { status: OrderStatus::Cancelled, .. } => &[],
            _ => &order.promotions[..],
        };
        if uses != order.promotions {
            let changed = Arc::make_mut(&mut self.promotions).count(&order.promotions, uses);
            self.dirty.promotions.extend(changed);
        }
        let order = Arc::make_mut(order);
        order.apply(record.seq, record.envelope.at_ms, event);
        if let Some(open) = self.open_days.get_mut(&order.business_day) {
            open.last_seq = record.seq;
            self.dirty.days.insert(order.business_day);
        }
        match event {
            OrderEvent::ItemsAdded { items, .. } => {
                self.parts.extend(items.iter().map(|item| (item.id, id)));
            }
            OrderEvent::Paid { payment, receipt_number } => {
                self.parts.insert(payment.id, id);
                self.counters.receipt = self.counters.receipt.max(*receipt_number);
            }
            _ => {}
        }
        self.dirty.orders.insert(id);
        Ok(())
    }

    fn apply_catalogue(&mut self, event: &Event) -> Id {
        let catalogue = Arc::make_mut(&mut self.catalogue);
        let id = match event {
            Event::OutletSet(outlet) => {
                self.outlet = Some(Arc::new(outlet.clone()));
                self.dirty.outlet = true;
                return outlet.id;
            }
            Event::CategoryPut(category) => put(&mut catalogue.categories, category.id, category),
            Event::ModifierGroupPut(group) => put(&mut catalogue.groups, group.id, group),
            Event::ModifierPut(modifier) => put(&mut catalogue.modifiers, modifier.id, modifier),
            Event::ProductPut(product) => put(&mut catalogue.products, product.id, product),
            Event::CategoryRemoved(id) => remove(&mut catalogue.categories, *id),
            Event::ModifierGroupRemoved(id) => remove(&mut catalogue.groups, *id),
            Event::ModifierRemoved(id) => remove(&mut catalogue.modifiers, *id),
            Event::ProductRemoved(id) => remove(&mut catalogue.products, *id),
            Event::OrderPlaced(_)
            | Event::OrderChanged(..)
            | Event::Staff(_)
            | Event::Device(_)
            | Event::Guest(_)
            | Event::Promotion(_)
            | Event::SettingsSet(_)
            | Event::Day(_)
            | Event::Job(_) => {
                unreachable!("orders, people, devices, promotions and days are folded elsewhere")
            }
        };
        self.dirty.catalogue.insert(id);
        id
    }
}

fn put<T: Clone>(map: &mut BTreeMap<Id, Arc<T>>, id: Id, value: &T) -> Id {
    map.insert(id, Arc::new(value.clone()));
    id
}

fn remove<T>(map: &mut BTreeMap<Id, Arc<T>>, id: Id) -> Id {
    map.remove(&id);
    id
}
