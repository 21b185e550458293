//! A restaurant that never was, for demonstrations, first starts without data, and tests.
//!
//! Everything here is data or a pure function: the same seed gives the same day on every machine, and nothing reads
//! the clock. What is made is ordinary (catalogue records, steps of orders), and goes through the same doors as a real
//! outlet's.
//!
//! - [`menu`]: "Warung Nusantara Kemang", its settings, its menu and its pictures, embedded in the program;
//! - [`basket`]: what one party orders, by popularity and within each modifier group's limits;
//! - [`day`]: a whole day of orders as steps in time, with two peaks, rounds, voids, cancellations and payments;
//! - [`promotions`]: what its guests get off, as commands on an empty ledger;
//! - [`set_up`]: the menu as commands on an empty ledger;
//! - `story`: the life of one order in that day;
//! - [`accounts`]: one account of each role.
//!
//! The data lie in `hub/demo`: `menu.json`, and pictures that `draw.py` draws.

pub mod accounts;
pub mod basket;
pub mod day;
pub mod menu;
pub mod promotions;
pub mod set_up;
mod story;
