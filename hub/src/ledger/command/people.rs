//! What may be asked about those who ask: accounts, sessions, devices.

use protocol::device::DeviceRole;
use protocol::ids::Id;
use protocol::staff::{Role, Session};

use super::Change;

/// Accounts and sessions. Whether a password is right was found out before: that takes longer than the writer has.
#[derive(Debug, Clone)]
pub enum StaffCommand {
    /// An account; accounts are closed, never removed, because the ledger names them.
    User(Id, Change<UserPatch>),
    /// Somebody showed the right password.
    Begin(Session),
    /// A refresh token of a session and of this generation came; the session then ends at `expires_ms`.
    Refresh {
        /// Which.
        session: Id,
        /// The token's.
        generation: u32,
        /// In milliseconds since 1970.
        expires_ms: i64,
    },
    /// Somebody signed out.
    End {
        /// Of which session.
        session: Id,
    },
    /// Somebody showed the right PIN on the request's device.
    BeginByPin(Session),
    /// Somebody showed a wrong password.
    Refuse {
        /// As whom.
        user: Id,
    },
    /// Somebody showed a wrong PIN on the request's device.
    RefusePin {
        /// As whom.
        user: Id,
    },
    /// The actor asked for something that is not theirs to ask.
    RefuseAccess {
        /// For what.
        what: String,
    },
}

/// Paired devices.
#[derive(Debug, Clone)]
pub enum DeviceCommand {
    /// Somebody typed a code that was made for this.
    Pair(Box<NewDevice>),
    /// It is called otherwise, or stands elsewhere.
    Change(Id, DevicePatch),
    /// Its key is not taken any more, and who is signed in on it is signed out.
    Revoke(Id),
    /// Somebody typed a code that pairs nothing.
    RefusePairing,
}

/// A device to be paired.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the fields of `protocol::device::Device`")]
pub struct NewDevice {
    pub id: Id,
    pub name: String,
    pub role: DeviceRole,
    pub station: String,
    pub key_hash: [u8; 32],
}

/// Fields of a device; what is `None` stays.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields of `protocol::device::Device`")]
pub struct DevicePatch {
    pub name: Option<String>,
    pub role: Option<DeviceRole>,
    pub station: Option<String>,
}

/// Fields of an account.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields of `protocol::staff::User`")]
pub struct UserPatch {
    pub username: Option<String>,
    pub name: Option<String>,
    pub role: Option<Role>,
    /// The hash.
    pub password: Option<String>,
    /// The hash, or that there is to be none.
    pub pin: Option<Option<String>>,
    pub is_active: Option<bool>,
}
