//! The demo's menu as the commands that put it on an empty ledger.

use super::menu::menu;
use crate::ledger::command::{
    CatalogueCommand, CategoryPatch, Change, GroupPatch, ModifierPatch, ProductPatch,
};

/// The demo's menu as commands.
pub fn menu_commands() -> Vec<CatalogueCommand> {
    let menu = menu();
    let mut commands = Vec::new();
    for category in menu.categories {
        let patch = CategoryPatch {
            name: Some(category.name),
            station: Some(category.station),
            sort_order: Some(category.sort_order),
            is_active: Some(category.is_active),
        };
        commands.push(CatalogueCommand::Category(category.id, Change::Create(patch)));
    }
    for group in menu.groups {
        let patch = GroupPatch {
            name: Some(group.name),
            min_select: Some(group.min_select),
            max_select: Some(group.max_select),
            sort_order: Some(group.sort_order),
        };
        commands.push(CatalogueCommand::Group(group.id, Change::Create(patch)));
    }
    for modifier in menu.modifiers {
        let patch = ModifierPatch {
            group: Some(modifier.group),
            name: Some(modifier.name),
            price: Some(modifier.price),
            is_available: Some(modifier.is_available),
            sort_order: Some(modifier.sort_order),
        };
        commands.push(CatalogueCommand::Modifier(modifier.id, Change::Create(patch)));
    }
    for product in menu.products {
        let patch = ProductPatch {
            sku: Some(product.sku),
            name: Some(product.name),
            description: Some(product.description),
            category: Some(product.category),
            price: Some(product.price),
            image: Some(product.image),
            is_available: Some(product.is_available),
            modifier_groups: Some(product.modifier_groups),
            barcode: Some(product.barcode),
            sort_order: Some(product.sort_order),
        };
        commands.push(CatalogueCommand::Product(product.id, Change::Create(patch)));
    }
    commands
}
