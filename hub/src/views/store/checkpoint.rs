//! Everything that one barrier makes durable in the views.

use std::collections::HashMap;
use std::sync::Arc;

use protocol::ids::Id;
use protocol::order::Order;
use protocol::outlet::Outlet;
use serde::Serialize;

use super::audit::{AUDIT, SUBJECTS, audit_row, subject_row};
use super::blocks::pack;
use super::index::Rows;
use super::{
    DAYS, Entry, FORMAT, HOT, IDS, KEYS, Store, StoreError, block_key, day_number_key, day_row, encode,
    id_key, key_row, number, run_key,
};
use crate::ledger::record::Cursor;
use crate::views::state::{Counters, Dirty, KeyEntry, State};
use protocol::settings::Settings;

/// What has changed since the last checkpoint, taken from a state.
#[derive(Debug)]
pub struct Checkpoint {
    cursor: Cursor,
    counters: Counters,
    outlet: Option<Arc<Outlet>>,
    settings: Option<Settings>,
    /// Changed entries of the catalogue, the staff, the devices, the guests, the promotions, the days and the runs by key; none where
    /// it is gone.
    entries: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    /// Changed orders.
    orders: Vec<Arc<Order>>,
    keys: Vec<([u8; 16], KeyEntry)>,
    /// Of the audit trail: new rows, and changed subjects.
    audit: Rows,
    subjects: Rows,
    /// How many entries the audit trail has.
    audited: u64,
    /// Orders that are to be in memory from the next start on.
    hot: Vec<Id>,
}

impl Checkpoint {
    /// Of a state, and of what is dirty in it.
    #[must_use]
    pub fn of(state: &State, dirty: &Dirty) -> Self {
        let mut orders: Vec<_> =
            dirty.orders.iter().filter_map(|id| state.orders.get(id).map(Arc::clone)).collect();
        orders.sort_unstable_by_key(|order| order.history.first().copied());
        let catalogue = &state.catalogue;
        let mut entries = Vec::with_capacity(dirty.catalogue.len() * 4);
        for id in &dirty.catalogue {
            entries.push(entry(b"cat/", *id, catalogue.categories.get(id)));
            entries.push(entry(b"grp/", *id, catalogue.groups.get(id)));
            entries.push(entry(b"mod/", *id, catalogue.modifiers.get(id)));
            entries.push(entry(b"prd/", *id, catalogue.products.get(id)));
        }
        let staff = &state.staff;
        for id in &dirty.staff {
            entries.push(entry(b"usr/", *id, staff.users.get(id)));
            entries.push(entry(b"ses/", *id, staff.sessions.get(id)));
            entries.push(entry(b"try/", *id, staff.wrong_tries.get(id)));
            entries.push(entry(b"pin/", *id, staff.pins.get(id)));
            entries.push(entry(b"wpn/", *id, staff.wrong_pins.get(id)));
        }
        let devices = &state.devices.by_id;
        entries.extend(dirty.devices.iter().map(|id| entry(b"dev/", *id, devices.get(id))));
        entries.extend(dirty.guests.iter().map(|id| entry(b"gst/", *id, state.guests.get(id))));
        let promotions = &state.promotions.by_id;
        entries.extend(dirty.promotions.iter().map(|id| entry(b"pro/", *id, promotions.get(id))));
        let work = &state.work;
        for day in &dirty.days {
            entries.push((day_number_key(b"opn/", *day), state.open_days.get(day).map(encode)));
            entries.push((day_number_key(b"cls/", *day), work.days.get(day).map(encode)));
        }
        entries.extend(dirty.runs.iter().map(|seq| (run_key(*seq), work.runs.get(seq).map(encode))));
        let key_entry = |key: &[u8; 16]| state.keys.get(key).map(|entry| (*key, *entry));
        Self {
            cursor: state.cursor,
            counters: state.counters,
            outlet: state.outlet.clone().filter(|_| dirty.outlet),
            settings: work.settings.filter(|_| dirty.outlet),
            entries,
            orders,
            keys: dirty.keys.iter().filter_map(key_entry).collect(),
            audit: state.audit.rows.iter().map(audit_row).collect(),
            subjects: dirty.subjects.iter().map(|id| subject_row(*id, &state.audit)).collect(),
            audited: state.audit.count,
            hot: state.orders.values().filter(|order| !state.is_cool(order)).map(|order| order.id).collect(),
        }
    }

    /// The changes that make it so in a store.
    pub(super) fn batch(self, store: &Store) -> Result<sled::Batch, StoreError> {
        let mut batch = sled::Batch::default();
        let generation = self.cursor.seq;
        let mut places = HashMap::with_capacity(self.orders.len());
        let (mut ids, mut days) = (Rows::new(), Rows::new());
        for (place, block) in (store.next_block()?..).zip(pack(&self.orders)?) {
            batch.insert(block_key(place), block.bytes);
            for order in &block.orders {
                places.insert(order.id, place);
                for id in std::iter::once(order.id).chain(order.part_ids()) {
                    ids.insert(id.as_bytes().to_vec(), place.to_be_bytes().to_vec());
                }
                let (key, value) = day_row(&Entry::of(order));
                days.insert(key, value);
            }
        }
        IDS.put(&mut batch, generation, &ids)?;
        DAYS.put(&mut batch, generation, &days)?;
        let keys = self.keys.iter().map(|(key, entry)| (key.to_vec(), key_row(entry))).collect();
        KEYS.put(&mut batch, generation, &keys)?;
        AUDIT.put(&mut batch, generation, &self.audit)?;
        SUBJECTS.put(&mut batch, generation, &self.subjects)?;
        batch.insert(b"set/audited", encode(&self.audited));
        Self::put_hot(&mut batch, store, generation, &self.hot, &places)?;
        for (key, value) in self.entries {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        if let Some(outlet) = &self.outlet {
            batch.insert(b"set/outlet", encode(outlet));
        }
        if let Some(settings) = &self.settings {
            batch.insert(b"set/settings", encode(settings));
        }
        batch.insert(b"set/format", encode(&FORMAT));
        batch.insert(b"set/counters", encode(&self.counters));
        batch.insert(b"set/cursor", encode(&self.cursor));
        Ok(batch)
    }

    /// Writes the list of hot orders anew, in the place of the one before.
    fn put_hot(
        batch: &mut sled::Batch,
        store: &Store,
        generation: u64,
        hot: &[Id],
        places: &HashMap<Id, u64>,
    ) -> Result<(), StoreError> {
        let mut before = HashMap::new();
        for (id, row) in HOT.all(&store.db).collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
            before.insert(id, number(&row)?);
        }
        for entry in store.db.scan_prefix(HOT.name).keys() {
            batch.remove(entry?);
        }
        let mut rows = Rows::new();
        for id in hot {
            let place = places.get(id).or_else(|| before.get(&id.as_bytes()[..])).copied();
            let place = match place {
                Some(place) => Some(place),
                None => store.block_of(*id)?,
            };
            let place = place.ok_or_else(|| StoreError::Entry(format!("order {id} is missing")))?;
            rows.insert(id.as_bytes().to_vec(), place.to_be_bytes().to_vec());
        }
        HOT.put(batch, generation, &rows)
    }
}

fn entry<T: Serialize>(prefix: &[u8], id: Id, value: Option<&Arc<T>>) -> (Vec<u8>, Option<Vec<u8>>) {
    (id_key(prefix, id), value.map(encode))
}
