//! Whether two stores say the same, however they came to be written.

use std::collections::HashMap;
use std::sync::Arc;

use protocol::ids::Id;

use super::audit::{AUDIT, SUBJECTS};
use super::blocks::Stored;
use super::index::{Index, Rows};
use super::{DAYS, IDS, KEYS, Store, StoreError, number};
use crate::hex::hex;

/// Blocks held at once; those of neighbouring ids are neighbours too.
const BLOCKS_HELD: usize = 64;

/// The first thing on which two stores differ, for people; none where they say the same. Which orders a start loads is
/// left out: it follows from when a checkpoint was written, not from the ledger.
pub fn difference(one: &Store, other: &Store) -> Result<Option<String>, StoreError> {
    for key in [&b"set/cursor"[..], b"set/counters", b"set/audited", b"set/outlet", b"set/settings"] {
        if one.raw(key)? != other.raw(key)? {
            return Ok(Some(format!("entry {}", String::from_utf8_lossy(key))));
        }
    }
    for prefix in [
        b"cat/", b"grp/", b"mod/", b"prd/", b"usr/", b"ses/", b"try/", b"pin/", b"wpn/", b"dev/", b"gst/",
        b"pro/", b"opn/", b"cls/", b"run/",
    ] {
        let mut both = [one, other].map(|store| store.db.scan_prefix(prefix));
        loop {
            let [mine, theirs] = both.each_mut().map(Iterator::next);
            let (mine, theirs) = (mine.transpose()?, theirs.transpose()?);
            if mine != theirs {
                let key = mine.or(theirs).map(|(key, _)| hex(&key)).unwrap_or_default();
                return Ok(Some(format!("entry {key}")));
            }
            if mine.is_none() {
                break;
            }
        }
    }
    let mut orders = [Orders::of(one), Orders::of(other)];
    let found = rows(&KEYS, one, other, |_, mine, theirs| Ok(mine == theirs))?
        .or(rows(&AUDIT, one, other, |_, mine, theirs| Ok(mine == theirs))?)
        .or(rows(&SUBJECTS, one, other, |_, mine, theirs| Ok(mine == theirs))?)
        .or(rows(&DAYS, one, other, |_, mine, theirs| Ok(mine == theirs))?)
        .or(rows(&IDS, one, other, |id, mine, theirs| {
            let id = Id::from_slice(id).map_err(|error| StoreError::Entry(error.to_string()))?;
            Ok(orders[0].at(number(mine)?, id)? == orders[1].at(number(theirs)?, id)?)
        })?);
    Ok(found)
}

/// The first row that is not the same.
fn rows(
    index: &Index,
    one: &Store,
    other: &Store,
    mut is_same: impl FnMut(&[u8], &[u8], &[u8]) -> Result<bool, StoreError>,
) -> Result<Option<String>, StoreError> {
    let name = String::from_utf8_lossy(&index.name);
    let mut both = [one, other].map(|store| index.all(&store.db));
    loop {
        let [mine, theirs] = both.each_mut().map(Iterator::next);
        let (mine, theirs): (Option<Rows>, Option<Rows>) = (mine.transpose()?, theirs.transpose()?);
        let (Some(mine), Some(theirs)) = (&mine, &theirs) else {
            let odd = mine.or(theirs).and_then(|rows| rows.into_keys().next());
            return Ok(odd.map(|key| format!("entry {name}{}", hex(&key))));
        };
        for (key, row) in mine {
            let is_there = theirs.get(key).map_or(Ok(false), |other| is_same(key, row, other))?;
            if !is_there {
                return Ok(Some(format!("entry {name}{}", hex(key))));
            }
        }
        if let Some(key) = theirs.keys().find(|key| !mine.contains_key(*key)) {
            return Ok(Some(format!("entry {name}{}", hex(key))));
        }
    }
}

/// Orders of a store by their place, with the blocks last read.
struct Orders<'store> {
    store: &'store Store,
    blocks: HashMap<u64, Arc<Vec<Stored>>>,
}

impl<'store> Orders<'store> {
    fn of(store: &'store Store) -> Self {
        Self { store, blocks: HashMap::new() }
    }

    fn at(&mut self, block: u64, id: Id) -> Result<Stored, StoreError> {
        if !self.blocks.contains_key(&block) {
            if self.blocks.len() == BLOCKS_HELD {
                self.blocks.clear();
            }
            self.blocks.insert(block, self.store.block(block)?);
        }
        let found = self.blocks[&block].iter().find(|order| order.has(id)).cloned();
        found.ok_or_else(|| StoreError::Entry(format!("{id} is not in block {block}")))
    }
}
