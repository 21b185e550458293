//! The audit trail, as REST answers it.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::PersonOut;

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct AuditOut {
    /// Epoch of its record.
    pub epoch: u32,
    /// Number of its record.
    pub seq: u64,
    /// When.
    pub at: String,
    /// What it is about: `menu`, `promotions`, `orders`, `staff`, `devices`, `guests`, `outlet`, `work`.
    pub area: &'static str,
    /// What happened, such as `product.put`.
    pub kind: &'static str,
    /// To what; none where it is to nothing in particular.
    pub subject: Option<Uuid>,
    /// What that was called then; empty for guests, whose names are nobody's to read here.
    pub subject_name: String,
    /// Who.
    pub actor: AuditActorOut,
    /// On which paired device.
    pub device: Option<AuditDeviceOut>,
    /// Who let the actor do what the actor alone may not.
    pub approved_by: Option<PersonOut>,
    /// The clock could not be trusted then.
    pub time_unverified: bool,
    /// What is another than before, where the whole of something was written.
    pub changes: Vec<AuditChangeOut>,
    /// What else is to be known of it, by kind: a reason, an amount.
    pub facts: Map<String, Value>,
}

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditActor)]
pub struct AuditActorOut {
    /// `user`, `device`, `lan` (a stranger on the network) or `system` (the hub itself).
    pub kind: &'static str,
    /// The account or the device.
    pub id: Option<Uuid>,
    /// What they were called then.
    pub name: String,
}

/// On which device something was done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditDevice)]
pub struct AuditDeviceOut {
    /// Identity.
    pub id: Uuid,
    /// What it is called now.
    pub name: String,
}

/// A field that is another than before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditChange)]
pub struct AuditChangeOut {
    /// Which.
    pub field: &'static str,
    /// What it was; none of what is secret, and where there was nothing.
    pub from: Value,
    /// What it became.
    pub to: Value,
}
