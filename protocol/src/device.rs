//! Devices: the tills, kitchen screens, boards and kiosks that were paired with the hub.

use serde::{Deserialize, Serialize};

use crate::ids::Id;
use crate::staff::Permission;

/// Most devices of an outlet that are not revoked; a food court has a few dozen.
pub const DEVICES_MAX: usize = 500;

/// What a device is there for. Later ones are added at the end: the place of each is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceRole {
    /// People sell on it, each signed in by PIN.
    Till,
    /// Hangs in the kitchen.
    Kitchen,
    /// Shows guests what is ready.
    Board,
    /// Guests order on it.
    Kiosk,
}

impl DeviceRole {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Till, Self::Kitchen, Self::Board, Self::Kiosk];

    /// Its word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Till => "till",
            Self::Kitchen => "kitchen",
            Self::Board => "board",
            Self::Kiosk => "kiosk",
        }
    }

    /// The role of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// What the device may do with nobody signed in on it. A till only looks: what is sold on it has somebody's name.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Kitchen => matches!(permission, P::SeeMenu | P::SeeOrders | P::Cook),
            Self::Till => matches!(permission, P::SeeMenu | P::SeeOrders | P::SeeColleagues),
            Self::Board => matches!(permission, P::SeeMenu | P::SeeOrders),
            Self::Kiosk => permission == P::SeeMenu,
        }
    }
}

/// A paired device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Identity.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// What it is there for.
    pub role: DeviceRole,
    /// Kitchen station whose lines it shows; empty for all.
    pub station: String,
    /// BLAKE3 of its key. The key is 32 random bytes: there is nothing to guess, so nothing slow is needed.
    pub key_hash: [u8; 32],
    /// When it was paired, in milliseconds since 1970.
    pub paired_ms: i64,
    /// Who made the code, as they were called then.
    pub paired_by: String,
    /// When it lost its rights, in milliseconds since 1970.
    pub revoked_ms: Option<i64>,
}

impl Device {
    /// Whether its key is taken.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.revoked_ms.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_alone_never_sells_calls_off_or_manages() {
        use Permission as P;
        for role in DeviceRole::ALL {
            for permission in Permission::ALL {
                let is_harmless =
                    matches!(permission, P::SeeMenu | P::SeeOrders | P::SeeColleagues | P::Cook);
                assert!(is_harmless || !role.may(permission), "{role:?} {permission:?}");
            }
        }
        assert!(!DeviceRole::Kiosk.may(Permission::SeeOrders), "guests do not read what others ordered");
        assert!(!DeviceRole::Kiosk.may(Permission::SeeColleagues), "nor who works here");
        assert!(!DeviceRole::Board.may(Permission::Cook));
    }
}
