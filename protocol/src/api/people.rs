//! Who asks: accounts, tokens, devices, and the hub as strangers see it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Context;
use crate::device::{Device, DeviceRole};
use crate::staff::{Role, User};

/// Tokens of whoever signed in, and what they are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
pub struct TokenOut {
    /// Shown with each request, as `Authorization: Bearer`; good for 15 minutes.
    pub access: String,
    /// Exchanged for the next pair, once; good for 7 days.
    pub refresh: String,
    /// What they may do.
    pub role: Role,
    /// The tenant; the outlet's own id while the hub stands alone.
    pub tenant_id: Uuid,
    /// Number of the outlet in the replaced system.
    pub outlet_id: u32,
    /// Who signed in.
    pub user: PersonOut,
}

/// Who somebody is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonOut {
    /// Identity.
    pub id: Uuid,
    /// What others see.
    pub name: String,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserOut {
    /// Identity.
    pub id: Uuid,
    /// What is typed to sign in.
    pub username: String,
    /// What others see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether they can sign in with a password.
    pub has_password: bool,
    /// Whether they can sign in with a PIN, on a paired device.
    pub has_pin: bool,
}

impl UserOut {
    /// Of an account, and of whether it has a PIN.
    #[must_use]
    pub fn of(user: &User, has_pin: bool) -> Self {
        let User { id, username, name, role, password, is_active } = user.clone();
        Self { id, username, name, role, is_active, has_password: password.is_some(), has_pin }
    }
}

/// A colleague, as the page where people sign in shows them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Staff)]
pub struct StaffOut {
    /// Identity.
    pub id: Uuid,
    /// What others see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they can sign in with a PIN.
    pub has_pin: bool,
}

/// A paired device, as it knows itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnDevice)]
pub struct SelfOut {
    /// Identity.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// What it is there for.
    pub role: DeviceRole,
    /// Kitchen station; empty for all.
    pub station: String,
}

impl From<&Device> for SelfOut {
    fn from(device: &Device) -> Self {
        let Device { id, name, role, station, .. } = device.clone();
        Self { id, name, role, station }
    }
}

/// A paired device, as its manager sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Device)]
pub struct DeviceOut {
    /// Identity.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// What it is there for.
    pub role: DeviceRole,
    /// Kitchen station; empty for all.
    pub station: String,
    /// When it was paired.
    pub paired_at: String,
    /// Who made its code.
    pub paired_by: String,
    /// Whether its key is taken.
    pub is_active: bool,
    /// When it lost its rights.
    pub revoked_at: Option<String>,
    /// When it last asked for something, since the hub's start.
    pub last_seen: Option<String>,
    /// Whether it has a live connection now.
    pub is_connected: bool,
}

impl DeviceOut {
    /// Of a device, when it was last heard of and whether it is connected.
    #[must_use]
    pub fn of(device: &Device, seen_ms: Option<i64>, is_connected: bool, context: &Context) -> Self {
        let is_active = device.is_active();
        let Device { id, name, role, station, paired_ms, paired_by, revoked_ms, .. } = device.clone();
        Self {
            id,
            name,
            role,
            station,
            paired_at: context.time(paired_ms),
            paired_by,
            is_active,
            revoked_at: revoked_ms.map(|at| context.time(at)),
            last_seen: seen_ms.map(|at| context.time(at)),
            is_connected,
        }
    }
}

/// A code that pairs one device.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PairingCode)]
pub struct PairingCodeOut {
    /// Six digits.
    pub code: String,
    /// Until when it is good.
    pub expires_at: String,
    /// For how long that is, in seconds: the device that shows it may have another time.
    pub expires_in_s: u64,
    /// What the device will be called.
    pub name: String,
    /// What it is there for.
    pub role: DeviceRole,
    /// Kitchen station; empty for all.
    pub station: String,
    /// Where the device goes with it, for a QR code.
    pub path: String,
}

/// What a device gets when it is paired.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Paired)]
pub struct PairedOut {
    /// Its key: it goes with each request, as `X-Device-Key`, and is shown this once.
    pub key: String,
    /// What it is.
    pub device: SelfOut,
}

/// What anybody may know of a hub: enough to find the way in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hub)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question that a page asks by itself")]
pub struct HubOut {
    /// The outlet's name, once it is set up.
    pub name: Option<String>,
    /// The outlet's number in the replaced system.
    pub outlet_number: Option<u32>,
    /// Whether somebody can sign in as its owner: without one, nothing can be set up.
    pub has_owner: bool,
    /// Of the program.
    pub version: String,
    /// Whether this is the demo's restaurant.
    pub is_demo: bool,
    /// Whether nobody can read along on this connection.
    pub is_secure: bool,
    /// Whether passwords and a manager's rights are refused on this connection.
    pub needs_secure: bool,
    /// Port of the plain pages.
    pub http_port: u16,
    /// Port of the encrypted pages; none where there are none.
    pub https_port: Option<u16>,
    /// `<name>.local`, where it is announced.
    pub host_name: Option<String>,
    /// Its addresses on the LAN.
    pub addresses: Vec<String>,
    /// SHA-256 of the certificate to be trusted.
    pub ca_sha256: Option<String>,
}
