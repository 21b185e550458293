//! Identifiers, and how the ids of the replaced system map onto ours.
//!
//! Every resource has a `UUIDv7` made by whoever creates it. Orders that arrive over the old Socket.IO events carry
//! whatever the old till counted (`123`, `"abc"`); such an id keeps its wire form for echoing and gets a `UUIDv8`
//! derived from its text, so that `123` and `"123"` name the same order and a repeat finds the first.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A resource's identity: an order, an item, a payment, a product.
pub type Id = Uuid;

/// Longest id text taken from an old client, in bytes; old tills count in integers or short strings.
pub const WIRE_ID_BYTES_MAX: usize = 128;

/// An order id exactly as a client wrote it, so that it can be echoed in the type in which it came.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WireId {
    /// A UUID string: the form of our own clients.
    Uuid(Uuid),
    /// An integer, as the old tills' auto-increment keys.
    Int(i64),
    /// Any other string.
    Text(String),
}

impl WireId {
    /// Reads an id from a string; a UUID in any of its spellings is one.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > WIRE_ID_BYTES_MAX {
            return None;
        }
        match Uuid::try_parse(text) {
            // Only the canonical spelling is a UUID for us; any other is echoed as it came.
            Ok(uuid) if uuid.to_string() == text => Some(Self::Uuid(uuid)),
            _ => Some(Self::Text(text.to_owned())),
        }
    }

    /// The identity that this spelling stands for.
    #[must_use]
    pub fn id(&self) -> Id {
        match self {
            Self::Uuid(uuid) => *uuid,
            Self::Int(number) => derived_id("order", &number.to_string()),
            Self::Text(text) => Uuid::try_parse(text).unwrap_or_else(|_| derived_id("order", text)),
        }
    }

    /// The id as JSON, in the type in which it came.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Uuid(uuid) => uuid.to_string().into(),
            Self::Int(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
        }
    }
}

/// A `UUIDv8` made from a text, the same on every machine: BLAKE3 of `kind NUL text`, first 16 bytes.
#[must_use]
pub fn derived_id(kind: &str, text: &str) -> Id {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"outlet-hub id v1\0").update(kind.as_bytes()).update(&[0]).update(text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_text_of_the_same_digits_are_one_order() {
        let number = WireId::Int(123);
        let text = WireId::from_text("123").unwrap();
        assert_eq!(number.id(), text.id());
        assert_ne!(number.to_json(), text.to_json());
    }

    #[test]
    fn a_uuid_is_itself_in_any_spelling_and_echoed_as_it_came() {
        let canonical = "01936b1e-7a64-7c3a-9f6e-0123456789ab";
        let shouted = canonical.to_uppercase();
        assert_eq!(WireId::from_text(canonical).unwrap().id().to_string(), canonical);
        let shouted_id = WireId::from_text(&shouted).unwrap();
        assert_eq!(shouted_id.id().to_string(), canonical);
        assert_eq!(shouted_id.to_json(), shouted);
    }

    #[test]
    fn empty_and_endless_ids_are_refused() {
        assert_eq!(WireId::from_text(""), None);
        assert_eq!(WireId::from_text(&"x".repeat(WIRE_ID_BYTES_MAX + 1)), None);
    }

    #[test]
    fn derived_ids_never_change() {
        // Golden: stored ledgers depend on it.
        assert_eq!(derived_id("outlet", "demo").to_string(), "aa526561-b20b-83a5-8cdb-95987a96c86e");
        assert_eq!(derived_id("order", "123").get_version_num(), 8);
        assert_ne!(derived_id("order", "123"), derived_id("item", "123"));
    }
}
