//! What is sold, and the outlet's settings, as REST answers them.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::catalogue::{Category, Modifier, ModifierGroup, Product};
use crate::money::RoundingMode;
use crate::outlet::Outlet;
use crate::pricing::ServiceBase;

/// A category.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Category)]
pub struct CategoryOut {
    /// Identity.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Kitchen station.
    pub station: String,
    /// Position.
    pub sort_order: i32,
    /// Shown on tills.
    pub is_active: bool,
}

impl From<&Category> for CategoryOut {
    fn from(category: &Category) -> Self {
        Self {
            id: category.id,
            name: category.name.clone(),
            station: category.station.clone(),
            sort_order: category.sort_order,
            is_active: category.is_active,
        }
    }
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductOut {
    /// Identity.
    pub id: Uuid,
    /// The outlet's own code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// For kiosks.
    pub description: String,
    /// Its category.
    pub category: Uuid,
    /// The category's name.
    pub category_name: String,
    /// Price of one in minor units.
    pub price: i64,
    /// Path of its picture.
    pub image: Option<String>,
    /// False while sold out.
    pub is_available: bool,
    /// Groups from which modifiers are picked.
    pub modifier_groups: Vec<Uuid>,
    /// Code of a scanner.
    pub barcode: String,
    /// Kitchen station, from its category.
    pub station: String,
    /// Position within its category.
    pub sort_order: i32,
}

impl ProductOut {
    /// A product with what its category adds.
    #[must_use]
    pub fn new(product: &Product, category: Option<&Category>) -> Self {
        Self {
            id: product.id,
            sku: product.sku.clone(),
            name: product.name.clone(),
            description: product.description.clone(),
            category: product.category,
            category_name: category.map(|category| category.name.clone()).unwrap_or_default(),
            price: product.price,
            image: product.image.clone(),
            is_available: product.is_available,
            modifier_groups: product.modifier_groups.clone(),
            barcode: product.barcode.clone(),
            station: category.map(|category| category.station.clone()).unwrap_or_default(),
            sort_order: product.sort_order,
        }
    }
}

/// A modifier group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModifierGroup)]
pub struct ModifierGroupOut {
    /// Identity.
    pub id: Uuid,
    /// The question.
    pub name: String,
    /// Fewest picks.
    pub min_select: u16,
    /// Most picks.
    pub max_select: u16,
    /// Position.
    pub sort_order: i32,
}

impl From<&ModifierGroup> for ModifierGroupOut {
    fn from(group: &ModifierGroup) -> Self {
        Self {
            id: group.id,
            name: group.name.clone(),
            min_select: group.min_select,
            max_select: group.max_select,
            sort_order: group.sort_order,
        }
    }
}

/// A modifier.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Modifier)]
pub struct ModifierOut {
    /// Identity.
    pub id: Uuid,
    /// Its group.
    pub group: Uuid,
    /// The group's name.
    pub group_name: String,
    /// Name.
    pub name: String,
    /// Added to the price of one.
    pub price: i64,
    /// False while sold out.
    pub is_available: bool,
    /// Position within its group.
    pub sort_order: i32,
}

impl ModifierOut {
    /// A modifier with its group's name.
    #[must_use]
    pub fn new(modifier: &Modifier, group: Option<&ModifierGroup>) -> Self {
        Self {
            id: modifier.id,
            group: modifier.group,
            group_name: group.map(|group| group.name.clone()).unwrap_or_default(),
            name: modifier.name.clone(),
            price: modifier.price,
            is_available: modifier.is_available,
            sort_order: modifier.sort_order,
        }
    }
}

/// The outlet's settings that a till needs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Outlet)]
pub struct OutletOut {
    /// Number in the replaced system; the Socket.IO outlet id.
    pub id: u32,
    /// Identity.
    pub uuid: Uuid,
    /// Name on receipts.
    pub name: String,
    /// Address on receipts.
    pub address: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits behind the decimal point.
    pub currency_exponent: u8,
    /// IANA name.
    pub time_zone: String,
    /// Hour at which a business day begins.
    pub business_day_start_hour: u8,
    /// `id` or `en`.
    pub language: String,
    /// Service charge.
    pub service_rate_bp: u32,
    /// What it is taken from.
    pub service_base: ServiceBase,
    /// Tax.
    pub tax_rate_bp: u32,
    /// Prices contain the tax.
    pub tax_included: bool,
    /// Smallest coin.
    pub cash_rounding_unit: i64,
    /// Direction.
    pub cash_rounding_mode: RoundingMode,
}

impl From<&Outlet> for OutletOut {
    fn from(outlet: &Outlet) -> Self {
        let charges = outlet.charges;
        Self {
            id: outlet.number,
            uuid: outlet.id,
            name: outlet.name.clone(),
            address: outlet.address.clone(),
            currency: outlet.currency.clone(),
            currency_exponent: outlet.currency_exponent,
            time_zone: outlet.time_zone.clone(),
            business_day_start_hour: outlet.business_day_start_hour,
            language: outlet.language.clone(),
            service_rate_bp: charges.service_rate_bp,
            service_base: charges.service_base,
            tax_rate_bp: charges.tax_rate_bp,
            tax_included: charges.tax_included,
            cash_rounding_unit: charges.cash_rounding_unit,
            cash_rounding_mode: charges.cash_rounding_mode,
        }
    }
}

/// Whose outlet this is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tenant)]
pub struct TenantOut {
    /// Identity, as the tokens say it: the outlet's own while the hub stands alone.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Whether it may work: one whose hub answers may.
    pub is_active: bool,
    /// Numbers of its outlets that this hub knows: its own.
    pub outlets: Vec<u32>,
}

impl From<&Outlet> for TenantOut {
    fn from(outlet: &Outlet) -> Self {
        Self { id: outlet.id, name: outlet.name.clone(), is_active: true, outlets: vec![outlet.number] }
    }
}
