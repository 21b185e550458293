//! Orders wherever they are: hot, in the store, or so large that only the ledger has them.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use protocol::event::Event;
use protocol::ids::Id;
use protocol::order::Order;

use super::state::{KeyEntry, State};
use super::store::{Entry, Store, StoreError, Stored};
use crate::ledger::decide::Past;
use crate::ledger::files::{Files, ReadError};
use crate::ledger::record::Cursor;

/// Why a view cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] ReadError),
}

/// What is known beyond the hot state.
#[derive(Debug)]
pub struct Cold {
    store: Arc<Store>,
    files: RwLock<Option<Arc<Files>>>,
}

impl Cold {
    /// Of a store; the ledger's files come when it has started.
    pub fn new(store: Arc<Store>) -> Self {
        Self { store, files: RwLock::new(None) }
    }

    /// Where records can be read.
    pub fn attach(&self, files: Arc<Files>) {
        *self.files.write().unwrap_or_else(PoisonError::into_inner) = Some(files);
    }

    fn files(&self) -> Option<Arc<Files>> {
        self.files.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An order that may not be hot: the one with an id, or with an item or a payment of that id.
    pub fn find(&self, id: Id) -> Result<Option<Arc<Order>>, ViewError> {
        match (self.store.order_with(id)?, self.files()) {
            (Some(Stored::Whole(order)), _) => Ok(Some(order)),
            (Some(Stored::Records { seqs, .. }), Some(files)) => Ok(refold(&files, &seqs)?.map(Arc::new)),
            (Some(Stored::Records { .. }), None) | (None, _) => Ok(None),
        }
    }
}

impl Past for Cold {
    fn order_with(&self, id: Id) -> Option<Arc<Order>> {
        self.find(id).unwrap_or_else(|error| {
            log::error!("id {id}: {error}");
            None
        })
    }

    fn key(&self, key: &[u8; 16]) -> Option<KeyEntry> {
        self.store.key(key).unwrap_or_else(|error| {
            log::error!("key: {error}");
            None
        })
    }
}

/// Folds an order from its records, read one by one.
pub fn refold(files: &Files, seqs: &[u64]) -> Result<Option<Order>, ReadError> {
    let mut order: Option<Order> = None;
    for seq in seqs {
        for record in files.read(*seq, 1)? {
            match (&record.envelope.event, &mut order) {
                (Event::OrderPlaced(placed), None) => {
                    order = Some(Order::placed(
                        record.seq,
                        record.envelope.at_ms,
                        &record.envelope.actor,
                        placed,
                    ));
                }
                (Event::OrderChanged(_, event), Some(order)) => {
                    order.apply(record.seq, record.envelope.at_ms, event);
                }
                _ => {}
            }
        }
    }
    Ok(order)
}

/// Orders for whoever reads.
#[derive(Debug, Clone)]
pub struct Views {
    pub(super) published: Arc<RwLock<State>>,
    cold: Arc<Cold>,
    pub(super) store: Arc<Store>,
    pub(super) files: Arc<Files>,
}

impl Views {
    /// Of the published state and the store behind it.
    pub fn new(published: Arc<RwLock<State>>, cold: Arc<Cold>, store: Arc<Store>, files: Arc<Files>) -> Self {
        Self { published, cold, store, files }
    }

    /// An order as it stands.
    pub fn order(&self, id: Id) -> Result<Option<Arc<Order>>, ViewError> {
        let hot = self.published.read().unwrap_or_else(PoisonError::into_inner).orders.get(&id).cloned();
        match hot {
            Some(order) => Ok(Some(order)),
            None => Ok(self.cold.find(id)?.filter(|order| order.id == id)),
        }
    }

    /// An order as it stood after record `seq`: the answer that was given then.
    pub fn order_as_of(&self, id: Id, seq: u64) -> Result<Option<Arc<Order>>, ViewError> {
        let Some(order) = self.order(id)? else { return Ok(None) };
        if order.history.last().is_none_or(|last| *last <= seq) {
            return Ok(Some(order));
        }
        let seqs: Vec<u64> = order.history.iter().copied().filter(|at| *at <= seq).collect();
        Ok(refold(&self.files, &seqs)?.map(Arc::new))
    }

    /// The order that an item or a payment is part of.
    pub fn order_of(&self, part: Id) -> Result<Option<Arc<Order>>, ViewError> {
        let hot = self.published.read().unwrap_or_else(PoisonError::into_inner).parts.get(&part).copied();
        match hot {
            Some(id) => self.order(id),
            None => Ok(self.cold.find(part)?.filter(|order| order.id != part)),
        }
    }

    /// Orders placed from `from_ms` to before `to_ms` that `keep` keeps, newest first, as they stood at one moment.
    pub fn list(
        &self,
        from_ms: i64,
        to_ms: i64,
        keep: impl Fn(&Entry) -> bool,
    ) -> Result<Listing, ViewError> {
        let state = self.published.read().unwrap_or_else(PoisonError::into_inner);
        let cursor = state.cursor;
        let mut rows: Vec<(Entry, Option<Arc<Order>>)> = state
            .orders
            .values()
            .filter(|order| (from_ms..to_ms).contains(&order.created_ms))
            .map(|order| (Entry::of(order), Some(Arc::clone(order))))
            .filter(|(entry, _)| keep(entry))
            .collect();
        let hot: HashSet<Id> = state.orders.keys().copied().collect();
        drop(state);
        for entry in self.store.entries(from_ms, to_ms)? {
            if !hot.contains(&entry.id) && keep(&entry) {
                rows.push((entry, None));
            }
        }
        rows.sort_unstable_by_key(|(entry, _)| std::cmp::Reverse((entry.created_ms, entry.id)));
        Ok(Listing { cursor, rows })
    }
}

/// A list of orders at one moment.
#[derive(Debug)]
pub struct Listing {
    /// The last record that it contains.
    pub cursor: Cursor,
    /// Newest first; the order itself where it is hot.
    pub rows: Vec<(Entry, Option<Arc<Order>>)>,
}
