//! Changes of what is sold.

use std::sync::Arc;

use protocol::catalogue::{Category, Modifier, ModifierGroup, Product};
use protocol::event::Event;
use protocol::ids::Id;
use serde_json::{Map, Value, json};

use super::{Decision, append};
use crate::ledger::command::{
    CatalogueCommand, CategoryPatch, Change, GroupPatch, ModifierPatch, ProductPatch, Refusal,
};
use crate::views::Catalogue;

const REQUIRED: &str = "This field is required.";

/// Field errors as they gather.
#[derive(Default)]
pub(super) struct Errors(Map<String, Value>);

impl Errors {
    pub(super) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.insert(field.to_owned(), json!([message.into()]));
    }

    /// Whether something is wrong with a field.
    pub(super) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// The value, or its absence noted.
    pub(super) fn required<T: Default>(&mut self, field: &str, value: Option<T>) -> T {
        if value.is_none() {
            self.add(field, REQUIRED);
        }
        value.unwrap_or_default()
    }

    pub(super) fn check(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self.0)) }
    }
}

pub(super) fn decide(catalogue: &Catalogue, command: &CatalogueCommand) -> Result<Decision, Refusal> {
    let (event, id, unchanged) = match command {
        CatalogueCommand::Category(id, change) => {
            let current = catalogue.categories.get(id);
            match patch_of(change, current, "category")? {
                Some(patch) => {
                    let category = category(*id, current, patch)?;
                    let unchanged = is(current, &category);
                    (Event::CategoryPut(category), *id, unchanged)
                }
                None => (remove_category(catalogue, *id)?, *id, false),
            }
        }
        CatalogueCommand::Group(id, change) => {
            let current = catalogue.groups.get(id);
            match patch_of(change, current, "modifier group")? {
                Some(patch) => {
                    let group = group(*id, current, patch)?;
                    let unchanged = is(current, &group);
                    (Event::ModifierGroupPut(group), *id, unchanged)
                }
                None => (remove_group(catalogue, *id)?, *id, false),
            }
        }
        CatalogueCommand::Modifier(id, change) => {
            let current = catalogue.modifiers.get(id);
            match patch_of(change, current, "modifier")? {
                Some(patch) => {
                    let modifier = modifier(catalogue, *id, current, patch)?;
                    let unchanged = is(current, &modifier);
                    (Event::ModifierPut(modifier), *id, unchanged)
                }
                None => (Event::ModifierRemoved(*id), *id, false),
            }
        }
        CatalogueCommand::Product(id, change) => {
            let current = catalogue.products.get(id);
            match patch_of(change, current, "product")? {
                Some(patch) => {
                    let product = product(catalogue, *id, current, patch)?;
                    let unchanged = is(current, &product);
                    (Event::ProductPut(product), *id, unchanged)
                }
                None => (Event::ProductRemoved(*id), *id, false),
            }
        }
    };
    if unchanged {
        return Ok(Decision::Nothing { subject: id });
    }
    Ok(append(vec![event], id))
}

/// The patch to apply, or none where the entry is to go. Creating what exists and changing what does not are refused.
pub(super) fn patch_of<'change, Patch, Entry>(
    change: &'change Change<Patch>,
    current: Option<&Entry>,
    what: &'static str,
) -> Result<Option<&'change Patch>, Refusal> {
    match (change, current) {
        (Change::Create(_), Some(_)) => {
            Err(Refusal::conflict("exists", format!("A {what} with this id exists already.")))
        }
        (Change::Update(_) | Change::Remove, None) => Err(Refusal::NotFound(what)),
        (Change::Create(patch), None) | (Change::Update(patch), Some(_)) => Ok(Some(patch)),
        (Change::Remove, Some(_)) => Ok(None),
    }
}

fn is<T: PartialEq>(current: Option<&Arc<T>>, new: &T) -> bool {
    current.is_some_and(|current| **current == *new)
}

fn category(id: Id, current: Option<&Arc<Category>>, patch: &CategoryPatch) -> Result<Category, Refusal> {
    let mut errors = Errors::default();
    let old = current.map(|current| (**current).clone());
    let old = old.as_ref();
    let category = Category {
        id,
        name: errors.required("name", patch.name.clone().or(old.map(|old| old.name.clone()))),
        station: patch
            .station
            .clone()
            .or(old.map(|old| old.station.clone()))
            .unwrap_or_else(|| "dapur".to_owned()),
        sort_order: patch.sort_order.or(old.map(|old| old.sort_order)).unwrap_or(0),
        is_active: patch.is_active.or(old.map(|old| old.is_active)).unwrap_or(true),
    };
    errors.check().map(|()| category)
}

fn group(id: Id, current: Option<&Arc<ModifierGroup>>, patch: &GroupPatch) -> Result<ModifierGroup, Refusal> {
    let mut errors = Errors::default();
    let group = ModifierGroup {
        id,
        name: errors.required("name", patch.name.clone().or(current.map(|old| old.name.clone()))),
        min_select: patch.min_select.or(current.map(|old| old.min_select)).unwrap_or(0),
        max_select: patch.max_select.or(current.map(|old| old.max_select)).unwrap_or(1),
        sort_order: patch.sort_order.or(current.map(|old| old.sort_order)).unwrap_or(0),
    };
    if group.min_select > group.max_select {
        errors.add("min_select", "Fewest picks cannot be more than most picks.");
    }
    errors.check().map(|()| group)
}

fn modifier(
    catalogue: &Catalogue,
    id: Id,
    current: Option<&Arc<Modifier>>,
    patch: &ModifierPatch,
) -> Result<Modifier, Refusal> {
    let mut errors = Errors::default();
    let modifier = Modifier {
        id,
        group: errors.required("group", patch.group.or(current.map(|old| old.group))),
        name: errors.required("name", patch.name.clone().or(current.map(|old| old.name.clone()))),
        price: patch.price.or(current.map(|old| old.price)).unwrap_or(0),
        is_available: patch.is_available.or(current.map(|old| old.is_available)).unwrap_or(true),
        sort_order: patch.sort_order.or(current.map(|old| old.sort_order)).unwrap_or(0),
    };
    if !modifier.group.is_nil() && !catalogue.groups.contains_key(&modifier.group) {
        errors.add("group", unknown(modifier.group));
    }
    errors.check().map(|()| modifier)
}

fn product(
    catalogue: &Catalogue,
    id: Id,
    current: Option<&Arc<Product>>,
    patch: &ProductPatch,
) -> Result<Product, Refusal> {
    let mut errors = Errors::default();
    let text = |new: &Option<String>, old: fn(&Product) -> &String| {
        new.clone().or_else(|| current.map(|current| old(current).clone()))
    };
    let product = Product {
        id,
        sku: text(&patch.sku, |old| &old.sku).unwrap_or_default(),
        name: errors.required("name", text(&patch.name, |old| &old.name)),
        description: text(&patch.description, |old| &old.description).unwrap_or_default(),
        category: errors.required("category", patch.category.or(current.map(|old| old.category))),
        price: errors.required("price", patch.price.or(current.map(|old| old.price))),
        image: patch.image.clone().unwrap_or_else(|| current.and_then(|old| old.image.clone())),
        is_available: patch.is_available.or(current.map(|old| old.is_available)).unwrap_or(true),
        modifier_groups: patch
            .modifier_groups
            .clone()
            .or_else(|| current.map(|old| old.modifier_groups.clone()))
            .unwrap_or_default(),
        barcode: text(&patch.barcode, |old| &old.barcode).unwrap_or_default(),
        sort_order: patch.sort_order.or(current.map(|old| old.sort_order)).unwrap_or(0),
    };
    if !product.category.is_nil() && !catalogue.categories.contains_key(&product.category) {
        errors.add("category", unknown(product.category));
    }
    if let Some(group) = product.modifier_groups.iter().find(|group| !catalogue.groups.contains_key(group)) {
        errors.add("modifier_groups", unknown(*group));
    }
    let is_taken = |other: &Arc<Product>| other.id != id && other.sku == product.sku;
    if !product.sku.is_empty() && catalogue.products.values().any(is_taken) {
        errors.add("sku", "product with this sku already exists.");
    }
    errors.check().map(|()| product)
}

fn remove_category(catalogue: &Catalogue, id: Id) -> Result<Event, Refusal> {
    let count = catalogue.products.values().filter(|product| product.category == id).count();
    if count > 0 {
        let detail = format!("{count} products are in this category; move them first.");
        return Err(Refusal::conflict("in_use", detail));
    }
    Ok(Event::CategoryRemoved(id))
}

fn remove_group(catalogue: &Catalogue, id: Id) -> Result<Event, Refusal> {
    let count = catalogue.products.values().filter(|product| product.modifier_groups.contains(&id)).count()
        + catalogue.modifiers.values().filter(|modifier| modifier.group == id).count();
    if count > 0 {
        let detail = format!("{count} products and modifiers use this group; change them first.");
        return Err(Refusal::conflict("in_use", detail));
    }
    Ok(Event::ModifierGroupRemoved(id))
}

pub(super) fn unknown(id: Id) -> String {
    format!("Invalid pk \"{id}\" - object does not exist.")
}
