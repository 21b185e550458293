//! What the hub and the relay both speak.
//!
//! Ids, money, pricing, order states, ledger events, and the shapes of REST and live messages. Nothing here
//! does I/O, knows the time or draws a random number: time and ids come in as parameters.
//!
//! The names are the field's own; the rules' source is the domain page (money, numbering, states), quoted where
//! a rule is decided.

pub mod api;
pub mod catalogue;
pub mod chain;
pub mod device;
pub mod event;
pub mod frame;
pub mod guest;
pub mod ids;
pub mod layers;
pub mod live;
pub mod money;
pub mod order;
pub mod outlet;
pub mod pricing;
pub mod promotion;
pub mod settings;
pub mod staff;
pub mod work;
