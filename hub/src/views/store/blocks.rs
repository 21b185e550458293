//! Orders by the dozen: one compressed block holds those that one checkpoint writes, one after another.
//!
//! A block is never changed. An order that changes again is written into a new one, and the index points there.

use std::sync::Arc;

use protocol::ids::Id;
use protocol::order::Order;
use serde::{Deserialize, Serialize};

use super::{StoreError, VALUE_BYTES_MAX, ZSTD_LEVEL, decode, encode};

/// Encoded orders after which a block is closed; compressed they come to about a third.
const RAW_BYTES: usize = 24 << 10;
/// Largest block when it is read again: an order past it is kept as the numbers of its records.
const RAW_BYTES_MAX: usize = 4 << 20;
/// An order whose encoding is longer is kept as the numbers of its records.
const ORDER_BYTES_MAX: usize = 64 << 10;

/// An order as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Stored {
    /// The order.
    Whole(Arc<Order>),
    /// Too large: the numbers of its records in the ledger, and of its parts.
    Records {
        /// Which order.
        id: Id,
        /// Ids of its items and payments.
        parts: Vec<Id>,
        /// Numbers of its records.
        seqs: Vec<u64>,
    },
}

impl Stored {
    /// Which order.
    #[must_use]
    pub fn id(&self) -> Id {
        match self {
            Self::Whole(order) => order.id,
            Self::Records { id, .. } => *id,
        }
    }

    /// Whether this is the order with an id, or has an item or a payment with it.
    #[must_use]
    pub fn has(&self, wanted: Id) -> bool {
        match self {
            Self::Whole(order) => order.id == wanted || order.part_ids().any(|id| id == wanted),
            Self::Records { id, parts, .. } => *id == wanted || parts.contains(&wanted),
        }
    }
}

/// A block as written, and the orders within.
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    pub(super) orders: Vec<Arc<Order>>,
}

/// Packs orders into blocks, in the order given.
pub(super) fn pack(orders: &[Arc<Order>]) -> Result<Vec<Block>, StoreError> {
    let mut blocks = Vec::new();
    let mut open: Vec<(Arc<Order>, Vec<u8>)> = Vec::new();
    let mut open_bytes = 0;
    for order in orders {
        let mut bytes = encode(&Stored::Whole(Arc::clone(order)));
        if bytes.len() > ORDER_BYTES_MAX {
            bytes = encode(&by_records(order));
        }
        open_bytes += bytes.len();
        open.push((Arc::clone(order), bytes));
        if open_bytes >= RAW_BYTES {
            close(&open, &mut blocks)?;
            open.clear();
            open_bytes = 0;
        }
    }
    if !open.is_empty() {
        close(&open, &mut blocks)?;
    }
    Ok(blocks)
}

fn by_records(order: &Order) -> Stored {
    Stored::Records { id: order.id, parts: order.part_ids().collect(), seqs: order.history.clone() }
}

/// Compresses, in halves where the whole is too large for one entry.
fn close(open: &[(Arc<Order>, Vec<u8>)], blocks: &mut Vec<Block>) -> Result<(), StoreError> {
    let raw: Vec<u8> = open.iter().flat_map(|(_, bytes)| bytes).copied().collect();
    let bytes = compress(&raw)?;
    if bytes.len() <= VALUE_BYTES_MAX {
        let orders = open.iter().map(|(order, _)| Arc::clone(order)).collect();
        blocks.push(Block { bytes, orders });
        return Ok(());
    }
    if let [(order, _)] = open {
        // What is larger still, sled spills into a file of its own: a power cut may cost the views, never the order.
        let bytes = compress(&encode(&by_records(order)))?;
        blocks.push(Block { bytes, orders: vec![Arc::clone(order)] });
        return Ok(());
    }
    let (one, other) = open.split_at(open.len() / 2);
    close(one, blocks)?;
    close(other, blocks)
}

fn compress(raw: &[u8]) -> Result<Vec<u8>, StoreError> {
    Ok(zstd::bulk::compress(raw, ZSTD_LEVEL)?)
}

/// The orders of a block.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<Stored>, StoreError> {
    let raw = zstd::bulk::decompress(bytes, RAW_BYTES_MAX)?;
    let mut rest = &raw[..];
    let mut orders = Vec::new();
    while !rest.is_empty() {
        let (order, behind) = decode::<Stored>(b"blk/", rest)?;
        orders.push(order);
        rest = behind;
    }
    Ok(orders)
}
