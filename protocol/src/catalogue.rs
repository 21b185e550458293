//! What an outlet sells: categories, products, and modifiers in groups.

use serde::{Deserialize, Serialize};

use crate::ids::Id;
use crate::money::Minor;

/// Longest name taken for anything in the catalogue, in characters; a receipt of 80 mm holds 48 a line.
pub const NAME_CHARS_MAX: usize = 120;
/// Longest description, in characters.
pub const DESCRIPTION_CHARS_MAX: usize = 2_000;

/// A shelf of the menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Identity.
    pub id: Id,
    /// Shown on the till's left column.
    pub name: String,
    /// Kitchen station that cooks its products, such as `dapur` or `bar`.
    pub station: String,
    /// Position, small first; ties go by name.
    pub sort_order: i32,
    /// Hidden from tills and kiosks when false.
    pub is_active: bool,
}

/// Something that is sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Identity.
    pub id: Id,
    /// The outlet's own code; unique among products where not empty.
    pub sku: String,
    /// Name on till, ticket and receipt.
    pub name: String,
    /// For kiosks.
    pub description: String,
    /// Its shelf.
    pub category: Id,
    /// Price of one, without modifiers, in minor units.
    pub price: Minor,
    /// Path of its picture below the hub's root, if it has one.
    pub image: Option<String>,
    /// False while sold out.
    pub is_available: bool,
    /// Groups from which modifiers are picked, in the order in which they are asked.
    pub modifier_groups: Vec<Id>,
    /// EAN or other code of a scanner; empty for none.
    pub barcode: String,
    /// Position within its category.
    pub sort_order: i32,
}

/// A question asked when a product is picked, such as "Level pedas".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModifierGroup {
    /// Identity.
    pub id: Id,
    /// The question.
    pub name: String,
    /// Fewest picks.
    pub min_select: u16,
    /// Most picks.
    pub max_select: u16,
    /// Position.
    pub sort_order: i32,
}

/// One possible answer, with its price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modifier {
    /// Identity.
    pub id: Id,
    /// The question that it answers.
    pub group: Id,
    /// Name on ticket and receipt.
    pub name: String,
    /// Added to the price of one, in minor units; may be 0.
    pub price: Minor,
    /// False while sold out.
    pub is_available: bool,
    /// Position within its group.
    pub sort_order: i32,
}
