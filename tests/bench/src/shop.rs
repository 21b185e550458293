//! What both servers of the API sell: a hundred products of the demo's menu, and orders of three items of them.
//!
//! The hub has the menu and is rid of the rest; Django gets it as a file for its `seed`. There ids are numbers, as in the
//! backend that is replaced, and a modifier belongs to a product.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use fastrand::Rng;
use hub::demo::basket::{Line, basket};
use hub::demo::menu::{Menu, menu};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::orders::{Template, as_new_till};

/// Products of the list that is measured.
pub(crate) const PRODUCTS: usize = 100;
/// Items of an order.
pub(crate) const ITEMS: usize = 3;
/// Different orders; placed in turn.
pub(crate) const KINDS: usize = 64;
/// Baskets are the same on every machine.
const SEED: u64 = 20_261_122;

/// Who places the orders.
pub(crate) const CASHIER: &str = "cashier";

/// The menu and its orders.
#[derive(Debug)]
pub(crate) struct Shop {
    menu: Menu,
    /// Products of the demo's menu that are not in this one.
    pub(crate) left_out: Vec<Uuid>,
    baskets: Vec<Vec<Line>>,
    hub_bodies: Vec<Template>,
    numbers: Numbers,
}

/// Django's ids.
#[derive(Debug)]
struct Numbers {
    categories: HashMap<Uuid, usize>,
    products: HashMap<Uuid, usize>,
    /// By product and modifier.
    modifiers: HashMap<(Uuid, Uuid), usize>,
}

impl Shop {
    /// Picks products from all of the menu, and fills the baskets.
    pub(crate) fn new() -> Self {
        let mut menu = menu();
        let all = menu.products.len();
        assert!(all >= PRODUCTS, "the demo's menu has {all} products");
        let (mut kept, mut left_out) = (Vec::new(), Vec::new());
        for (at, product) in menu.products.into_iter().enumerate() {
            if at * PRODUCTS / all == (at + 1) * PRODUCTS / all {
                left_out.push(product.id);
            } else {
                kept.push(product);
            }
        }
        menu.products = kept;
        let mut rng = Rng::with_seed(SEED);
        let mut baskets = Vec::new();
        while baskets.len() < KINDS {
            let lines = basket(&menu, &mut rng);
            if lines.len() == ITEMS {
                baskets.push(lines);
            }
        }
        let hub_bodies =
            baskets.iter().map(|lines| Template::new(as_new_till(lines).to_string().into_bytes())).collect();
        let numbers = Numbers::of(&menu);
        Self { menu, left_out, baskets, hub_bodies, numbers }
    }

    /// An order as the hub takes it, with its id.
    pub(crate) fn hub_body(&self, index: usize, id: &str) -> Vec<u8> {
        self.hub_bodies[index % KINDS].with_id(id)
    }

    /// The same order as Django takes it.
    pub(crate) fn django_body(&self, index: usize) -> Value {
        let items: Vec<Value> = self.baskets[index % KINDS]
            .iter()
            .map(|line| {
                let modifiers = line.modifiers.iter().map(|id| self.numbers.modifiers[&(line.product, *id)]);
                json!({
                    "product": self.numbers.products[&line.product], "quantity": line.quantity,
                    "modifiers": modifiers.collect::<Vec<_>>(), "notes": line.notes,
                })
            })
            .collect();
        json!({"order_type": "dine_in", "table": "12", "items": items})
    }

    /// Writes what Django is filled with: the outlet, its cashier, the menu, and so many orders.
    pub(crate) fn write_fixture(&self, file: &Path, orders: usize) -> io::Result<()> {
        let numbers = &self.numbers;
        let categories: Vec<Value> = self
            .menu
            .categories
            .iter()
            .map(|row| json!({"id": numbers.categories[&row.id], "name": row.name, "sort_order": row.sort_order}))
            .collect();
        let products: Vec<Value> = self
            .menu
            .products
            .iter()
            .map(|row| {
                json!({
                    "id": numbers.products[&row.id], "sku": row.sku, "name": row.name, "description": row.description,
                    "category_id": numbers.categories[&row.category], "price": row.price,
                    "image": row.image.as_deref().unwrap_or_default().trim_start_matches("/media/"),
                    "barcode": row.barcode, "is_available": row.is_available, "sort_order": row.sort_order,
                })
            })
            .collect();
        let groups: HashMap<Uuid, &str> =
            self.menu.groups.iter().map(|group| (group.id, group.name.as_str())).collect();
        let mut modifiers: Vec<(usize, Value)> = Vec::new();
        for row in &self.menu.modifiers {
            for ((product, _), id) in numbers.modifiers.iter().filter(|((_, id), _)| *id == row.id) {
                let row = json!({
                    "id": id, "product_id": numbers.products[product], "name": row.name, "type": groups[&row.group],
                    "price": row.price,
                });
                modifiers.push((*id, row));
            }
        }
        modifiers.sort_by_key(|(id, _)| *id);
        let modifiers: Vec<Value> = modifiers.into_iter().map(|(_, row)| row).collect();
        let outlet = hub::demo::menu::outlet();
        let percent = |basis_points: u32| f64::from(basis_points) / 100.0;
        let fixture = json!({
            "outlet": {
                "name": outlet.name, "service_rate": percent(outlet.charges.service_rate_bp),
                "tax_rate": percent(outlet.charges.tax_rate_bp),
            },
            "user": {"username": CASHIER, "password": format!("demo-{CASHIER}"), "role": "cashier"},
            "categories": categories, "products": products, "modifiers": modifiers,
            "orders": (0..orders).map(|index| self.django_body(index)).collect::<Vec<_>>(),
        });
        std::fs::write(file, fixture.to_string())
    }
}

impl Numbers {
    fn of(menu: &Menu) -> Self {
        let categories = menu.categories.iter().map(|row| row.id).zip(1..).collect();
        let products = menu.products.iter().map(|row| row.id).zip(1..).collect();
        let picks = menu.products.iter().flat_map(|product| {
            let fits = |group: &Uuid| product.modifier_groups.contains(group);
            menu.modifiers.iter().filter(move |row| fits(&row.group)).map(|row| (product.id, row.id))
        });
        Self { categories, products, modifiers: picks.zip(1..).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_a_hundred_products_of_every_shelf() {
        let shop = Shop::new();
        assert_eq!(shop.menu.products.len(), PRODUCTS);
        for category in &shop.menu.categories {
            let is_there = shop.menu.products.iter().any(|product| product.category == category.id);
            assert!(is_there, "{}", category.name);
        }
    }

    #[test]
    fn both_are_sent_the_same_order() {
        let shop = Shop::new();
        for index in 0..KINDS {
            let id = "01900000-0000-7000-8000-000000000001";
            let hub: Value = serde_json::from_slice(&shop.hub_body(index, id)).unwrap();
            let django = shop.django_body(index);
            assert_eq!(hub["id"], id);
            let lines = |order: &Value| {
                let items = order["items"].as_array().unwrap().clone();
                let line = |item: &Value| {
                    (
                        item["quantity"].clone(),
                        item["notes"].clone(),
                        item["modifiers"].as_array().unwrap().len(),
                    )
                };
                items.iter().map(line).collect::<Vec<_>>()
            };
            assert_eq!(lines(&hub).len(), ITEMS);
            assert_eq!(lines(&hub), lines(&django));
        }
    }
}
