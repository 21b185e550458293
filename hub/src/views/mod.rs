//! The views: folds of the ledger that answer every look-up. Nothing here is a truth of its own: delete the folder, and
//! the next start makes the same views again.
//!
//! `state` is what is hot, in memory; `store` is what is on disk (sled); `fold` brings both up to the ledger's end at
//! start; `people` says who may ask; `audit` who did what; `guests` whom the outlet knows; `promotions` what guests get
//! off; `work` what the hub does by itself and which days are over; `checkpoint` writes the one to the other; `orders`
//! answers for orders wherever they are.

pub mod audit;
pub mod checkpoint;
pub mod fold;
mod guests;
pub mod orders;
pub mod people;
pub mod promotions;
pub mod state;
pub mod store;
pub mod work;

pub use orders::Views;
pub use people::{Devices, Staff};
pub use promotions::{KeptPromotion, Promotions};
pub use state::{Catalogue, Counters, Dirty, KeyEntry, State};
pub use work::Work;
