//! The harness of the process-level tests: faults are fixtures, and the hub is the real program.
//!
//! - [`hub`]: starts `outlet-hub`, kills it, stops it, starts it again; leaves nothing behind;
//! - [`process`]: any program that a test has started;
//! - [`client`]: asks it by REST;
//! - [`postgres`]: a private `PostgreSQL`;
//! - [`relay`]: starts `cloud-relay` on it;
//! - [`uplink`]: a hub's ledger, and a client that sends it up;
//! - [`proxy`]: a network between two programs that fails on demand;
//! - [`raw`]: asks it what no client would;
//! - [`shop`]: tills that sell, and what must be true of what they sold;
//! - [`small_disk`]: a file system that fills up or turns read-only;
//! - [`powercut`]: a disk that forgets unsynced writes;
//! - [`serial`]: heavy tests, one at a time.
//!
//! The tests are in `tests/`, a file for each promise.

pub mod client;
pub mod hub;
pub mod postgres;
pub mod powercut;
pub mod process;
pub mod proxy;
pub mod raw;
pub mod relay;
pub mod serial;
pub mod shop;
pub mod small_disk;
pub mod uplink;
