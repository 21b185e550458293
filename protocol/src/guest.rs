//! Guests whom the outlet knows by name, and may be asked to forget.

use serde::{Deserialize, Serialize};

use crate::ids::Id;

/// Bytes of a nonce: enough to be drawn at random for ever.
pub const NONCE_BYTES: usize = 24;

/// Longest phone number, in characters.
pub const PHONE_CHARS_MAX: usize = 40;
/// Longest email address, in characters.
pub const EMAIL_CHARS_MAX: usize = 254;
/// Longest notes, in characters.
pub const NOTES_CHARS_MAX: usize = 1_000;

/// What is personal of a guest. It is in memory and in answers alone, never on a disk in the clear. The encoding of what
/// is encrypted is the order of these fields: later ones are added at the end, each with a new `EVENT_VERSION`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What they are called.
    pub name: String,
    /// Phone number as told, or empty.
    pub phone: String,
    /// Email address, or empty.
    pub email: String,
    /// What to know of them, or empty.
    pub notes: String,
}

impl std::fmt::Debug for Profile {
    /// Says nothing, so that no log does.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Profile")
    }
}

/// A profile under its guest's key: XChaCha20-Poly1305, with the guest's id as associated data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Drawn for each sealing.
    pub nonce: [u8; NONCE_BYTES],
    /// Ciphertext and tag.
    pub bytes: Vec<u8>,
}

/// A guest as the records tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// Identity.
    pub id: Id,
    /// What is personal; none of a guest who was forgotten.
    pub sealed: Option<Sealed>,
    /// When they were first written down, in milliseconds since 1970.
    pub created_ms: i64,
    /// When they last were, or were forgotten.
    pub updated_ms: i64,
}
