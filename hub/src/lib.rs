//! The hub of an outlet.
//!
//! A sale reads down this list: `api` and `live` take it in, `ledger` decides on it and makes it durable, `views` answer for
//! it from then on, `live` tells the screens. `start` brings all of it up, top to bottom, and down again.

pub mod api;
pub mod auth;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod discovery;
pub mod guard;
pub mod guests;
pub mod health;
pub mod hex;
pub mod ledger;
pub mod live;
pub mod logging;
pub mod pages;
pub mod pictures;
pub mod schedule;
pub mod secret_file;
pub mod server;
pub mod start;
pub mod store;
pub mod tls;
pub mod uplink;
pub mod views;
mod welcome;
