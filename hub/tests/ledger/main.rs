//! The ledger's promise, held against simulated disks.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bench_outlet;
mod damage;
mod model;
mod simdisk;
