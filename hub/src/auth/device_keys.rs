//! Keys of paired devices: 32 random bytes, shown once and kept by the device alone; the ledger has their hash.

use crate::hex;

const KEY_BYTES: usize = 32;

/// A new key, as its device keeps it, and its hash, as the ledger does.
#[must_use]
pub fn generate() -> (String, [u8; 32]) {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).expect("the machine has randomness");
    let text = hex::hex(&key);
    let hash = *blake3::hash(&key).as_bytes();
    (text, hash)
}

/// The hash of a key as shown; none where it cannot be one of ours.
#[must_use]
pub fn hash(text: &str) -> Option<[u8; 32]> {
    let key: [u8; KEY_BYTES] = hex::parse(text)?.try_into().ok()?;
    Some(*blake3::hash(&key).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_hash_and_what_is_none_is_none() {
        let (key, hashed) = generate();
        assert_eq!(hash(&key), Some(hashed));
        assert_ne!(generate().1, hashed);
        for text in ["", "12", "zz", &key[1..], &format!("{key}00")] {
            assert_eq!(hash(text), None, "{text}");
        }
    }
}
