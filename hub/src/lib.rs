//! The hub of an outlet.

pub mod clock;
pub mod ledger;
pub mod views;
