//! Guests, as REST answers them.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Context, OrderOut};
use crate::guest::{Guest, Profile};

/// A guest.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
pub struct CustomerOut {
    /// Identity.
    pub id: Uuid,
    /// What they are called; empty where they were forgotten, as all that is personal.
    pub name: String,
    /// Phone number as told.
    pub phone: String,
    /// Email address.
    pub email: String,
    /// What to know of them.
    pub notes: String,
    /// Whether the outlet still knows them.
    pub is_active: bool,
    /// Whether they were forgotten: the contrary.
    pub forgotten: bool,
    /// When they were first written down.
    pub created_at: String,
    /// When they last were, or were forgotten.
    pub updated_at: String,
}

impl CustomerOut {
    /// Of a guest, with what is known of them; nothing is of one who was forgotten.
    #[must_use]
    pub fn of(guest: &Guest, profile: Option<&Profile>, context: &Context) -> Self {
        let Profile { name, phone, email, notes } = profile.cloned().unwrap_or_default();
        Self {
            id: guest.id,
            name,
            phone,
            email,
            notes,
            is_active: profile.is_some(),
            forgotten: profile.is_none(),
            created_at: context.time(guest.created_ms),
            updated_at: context.time(guest.updated_ms),
        }
    }
}

/// All that the outlet holds of a guest.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerExport)]
pub struct CustomerExportOut {
    /// Who they are.
    pub customer: CustomerOut,
    /// What they ordered: the orders that name them, newest first.
    pub orders: Vec<OrderOut>,
}
