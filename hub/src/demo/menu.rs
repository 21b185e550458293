//! The demo outlet: its settings, its menu and its pictures.
//!
//! `hub/demo/menu.json` names things by short codes; here they become catalogue records whose ids derive from those
//! codes, so that every machine and every start agrees on them. The file is part of the program and checked by the
//! tests below: reading it cannot fail in the field.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use protocol::catalogue::{Category, Modifier, ModifierGroup, Product};
use protocol::ids::{Id, derived_id};
use protocol::money::{Minor, RoundingMode};
use protocol::outlet::Outlet;
use protocol::pricing::{Charges, ServiceBase};
use rust_embed::RustEmbed;
use serde::Deserialize;

/// Where the hub serves the pictures of the demo menu.
pub const PICTURES_PATH: &str = "/media/menu/";

/// Popularity of a product that the demo menu does not know.
const POPULARITY_DEFAULT: u32 = 10;

/// A menu, as the catalogue holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    /// The shelves.
    pub categories: Vec<Category>,
    /// The questions.
    pub groups: Vec<ModifierGroup>,
    /// Their answers.
    pub modifiers: Vec<Modifier>,
    /// What is sold.
    pub products: Vec<Product>,
}

/// When in a meal a category's products are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// One a guest.
    Main,
    /// Shared.
    Side,
    /// Nearly one a guest.
    Drink,
    /// Sometimes, and late.
    Dessert,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    categories: Vec<CategoryRow>,
    groups: Vec<GroupRow>,
    products: Vec<ProductRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryRow {
    code: String,
    name: String,
    station: String,
    course: Course,
    sort_order: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRow {
    code: String,
    name: String,
    min_select: u16,
    max_select: u16,
    sort_order: i32,
    modifiers: Vec<ModifierRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModifierRow {
    code: String,
    name: String,
    price: Minor,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductRow {
    sku: String,
    name: String,
    price: Minor,
    description: String,
    category: String,
    picture: String,
    groups: Vec<String>,
    popularity: u32,
    sort_order: i32,
    #[serde(default)]
    barcode: String,
    #[serde(default)]
    sold_out: bool,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../demo/menu.json")).expect("menu.json is embedded and tested")
});

static POPULARITY: LazyLock<HashMap<Id, u32>> = LazyLock::new(|| {
    FILE.products.iter().map(|row| (derived_id("product", &row.sku), row.popularity)).collect()
});

static COURSES: LazyLock<HashMap<Id, Course>> = LazyLock::new(|| {
    FILE.categories.iter().map(|row| (derived_id("category", &row.code), row.course)).collect()
});

#[derive(RustEmbed)]
#[folder = "demo/pictures"]
struct Pictures;

// One table for both of rust-embed's ways: bytes in the program (release), or files read when first asked (debug).
static PICTURES: LazyLock<HashMap<String, Cow<'static, [u8]>>> = LazyLock::new(|| {
    Pictures::iter()
        .filter_map(|name| Pictures::get(&name).map(|file| (name.into_owned(), file.data)))
        .collect()
});

/// The demo menu.
#[must_use]
pub fn menu() -> Menu {
    Menu {
        categories: FILE.categories.iter().map(category).collect(),
        groups: FILE.groups.iter().map(group).collect(),
        modifiers: FILE.groups.iter().flat_map(modifiers).collect(),
        products: FILE.products.iter().map(product).collect(),
    }
}

/// The picture of that file name, such as `nasi-putih.svg`.
#[must_use]
pub fn picture(slug_file: &str) -> Option<&'static [u8]> {
    PICTURES.get(slug_file).map(AsRef::as_ref)
}

/// How often a product is ordered, against the others of its course; any product's that is not of the demo menu is 10.
#[must_use]
pub fn popularity(product: Id) -> u32 {
    POPULARITY.get(&product).copied().unwrap_or(POPULARITY_DEFAULT)
}

/// When in a meal a category is ordered from; any category that is not of the demo menu is a main one.
#[must_use]
pub fn course(category: Id) -> Course {
    COURSES.get(&category).copied().unwrap_or(Course::Main)
}

/// The demo outlet.
#[must_use]
pub fn outlet() -> Outlet {
    Outlet {
        id: derived_id("outlet", "demo"),
        number: 1,
        name: "Warung Nusantara Kemang".to_owned(),
        address: "Jl. Kemang Raya No. 24, Mampang Prapatan, Jakarta Selatan 12730".to_owned(),
        currency: "IDR".to_owned(),
        currency_exponent: 0,
        time_zone: "Asia/Jakarta".to_owned(),
        business_day_start_hour: 4,
        language: "id".to_owned(),
        charges: Charges {
            service_rate_bp: 500,
            service_base: ServiceBase::AfterDiscount,
            tax_rate_bp: 1_000,
            tax_included: false,
            cash_rounding_unit: 100,
            cash_rounding_mode: RoundingMode::Nearest,
        },
    }
}

fn category(row: &CategoryRow) -> Category {
    Category {
        id: derived_id("category", &row.code),
        name: row.name.clone(),
        station: row.station.clone(),
        sort_order: row.sort_order,
        is_active: true,
    }
}

fn group(row: &GroupRow) -> ModifierGroup {
    ModifierGroup {
        id: derived_id("modifier_group", &row.code),
        name: row.name.clone(),
        min_select: row.min_select,
        max_select: row.max_select,
        sort_order: row.sort_order,
    }
}

fn modifiers(row: &GroupRow) -> impl Iterator<Item = Modifier> {
    row.modifiers.iter().zip(1..).map(|(modifier, place)| Modifier {
        id: derived_id("modifier", &format!("{}/{}", row.code, modifier.code)),
        group: derived_id("modifier_group", &row.code),
        name: modifier.name.clone(),
        price: modifier.price,
        is_available: true,
        sort_order: place * 10,
    })
}

fn product(row: &ProductRow) -> Product {
    Product {
        id: derived_id("product", &row.sku),
        sku: row.sku.clone(),
        name: row.name.clone(),
        description: row.description.clone(),
        category: derived_id("category", &row.category),
        price: row.price,
        image: Some(format!("{PICTURES_PATH}{}.svg", row.picture)),
        is_available: !row.sold_out,
        modifier_groups: row.groups.iter().map(|code| derived_id("modifier_group", code)).collect(),
        barcode: row.barcode.clone(),
        sort_order: row.sort_order,
    }
}

#[cfg(test)]
#[path = "menu_tests.rs"]
mod tests;
