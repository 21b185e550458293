//! The hash chain through all records of a ledger, which the hub writes and the relay checks.

use serde::{Deserialize, Serialize};

/// A hash in the chain.
pub type Hash = [u8; 32];

/// The hash before the first record of a ledger.
pub const GENESIS: Hash = [0; 32];

/// A place in the ledger: the last record that something has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The ledger's epoch.
    pub epoch: u32,
    /// The record's number; 0 before the first.
    pub seq: u64,
    /// The record's hash.
    pub hash: Hash,
}

impl Cursor {
    /// Before the first record.
    pub const START: Self = Self { epoch: 1, seq: 0, hash: GENESIS };

    /// The record after this one: its place, given its epoch and what is stored of it.
    #[must_use]
    pub fn next(&self, version: u8, epoch: u32, body: &[u8]) -> Self {
        let seq = self.seq + 1;
        Self { epoch, seq, hash: chain(&self.hash, version, epoch, seq, body) }
    }

    /// Whether a record of `epoch` may come next: epochs begin one after the other, and the first record's is free.
    #[must_use]
    pub const fn may_precede(&self, epoch: u32) -> bool {
        epoch == self.epoch || epoch == self.epoch + 1 || self.seq == 0
    }
}

/// The hash of a record: of the hash before it, and of what is stored of it.
#[must_use]
pub fn chain(before: &Hash, version: u8, epoch: u32, seq: u64, body: &[u8]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before).update(&[version]).update(&epoch.to_le_bytes()).update(&seq.to_le_bytes());
    *hasher.update(body).finalize().as_bytes()
}
