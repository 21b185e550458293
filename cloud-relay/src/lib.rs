//! The cloud relay: every hub's ledger of a chain arrives here, once, and is kept in `PostgreSQL`.
//!
//! ```text
//! server ─► api/uplink (credential) ─► ingest/stream ─► ingest/round (accept) ─► ingest/group ─► PostgreSQL
//! ```
//!
//! A node holds no state of its own: any number of them run on one database, and a hub may move between them at any time.

pub mod api;
pub mod auth;
pub mod commands;
pub mod config;
pub mod db;
pub mod health;
pub mod ingest;
pub mod logging;
pub mod server;
pub mod start;
