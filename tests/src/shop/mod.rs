//! Tills that sell by REST, and what must be true of what they sold.
//!
//! A till writes down what it is about to ask before it asks, and that it was acknowledged after it was (`journal`).
//! It insists: a lost reply, a hub that is gone or a disk that is full make it ask again, under the same id (`till`).
//! Whatever happened to the hub in between, `audit` then finds every acknowledged step there, once, with exactly its
//! content and its totals, and nothing that was not asked.

mod audit;
mod journal;
mod till;

pub use audit::{audit, check, numbers};
pub use journal::{Journal, Paid, Sale, line_json, order_json, plain_product, priced};
pub use till::{Till, Tills, Week};
