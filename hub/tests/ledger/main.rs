//! The ledger's promise, held against simulated disks.

mod bench_outlet;
mod damage;
mod model;
mod simdisk;
