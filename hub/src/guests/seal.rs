//! A profile under a key: XChaCha20-Poly1305, whose nonces are long enough to be drawn at random.

use std::io;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use protocol::guest::{NONCE_BYTES, Profile, Sealed};
use protocol::ids::Id;

use super::keys::Key;

/// A profile's length is a multiple of this, so that the records do not tell how long a name is.
const PADDED_TO_BYTES: usize = 64;

/// Encrypts. The guest's id is authenticated with it, so that no record can pass for another guest's.
pub(super) fn seal(key: &Key, guest: Id, profile: &Profile) -> io::Result<Sealed> {
    let mut plain = postcard::to_stdvec(profile).map_err(io::Error::other)?;
    plain.resize(plain.len().next_multiple_of(PADDED_TO_BYTES), 0);
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(io::Error::other)?;
    let payload = Payload { msg: &plain, aad: guest.as_bytes() };
    let bytes = cipher(key).encrypt(&XNonce::from(nonce), payload);
    let bytes = bytes.map_err(|_| io::Error::other("a guest cannot be encrypted"))?;
    Ok(Sealed { nonce, bytes })
}

/// Decrypts; none where it is not what was sealed for this guest under this key.
pub(super) fn open(key: &Key, guest: Id, sealed: &Sealed) -> Option<Profile> {
    let payload = Payload { msg: &sealed.bytes, aad: guest.as_bytes() };
    let plain = cipher(key).decrypt(&XNonce::from(sealed.nonce), payload).ok()?;
    postcard::take_from_bytes(&plain).ok().map(|(profile, _)| profile)
}

/// A hash of a content that nobody without the key can make.
pub(super) fn blind(key: &Key, content: [u8; 16]) -> [u8; 16] {
    let own = blake3::derive_key("outlet-hub 2026 guest request content", &key.0);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::keyed_hash(&own, &content).as_bytes()[..16]);
    bytes
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.0.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;
    use protocol::guest::{EMAIL_CHARS_MAX, NOTES_CHARS_MAX, PHONE_CHARS_MAX};

    fn sari() -> Profile {
        Profile { name: "Sari".to_owned(), phone: "0812".to_owned(), ..Profile::default() }
    }

    #[test]
    fn what_is_sealed_opens_for_its_guest_with_its_key_alone() {
        let (key, guest) = (Key([1; 32]), Id::from_u128(1));
        let sealed = seal(&key, guest, &sari()).unwrap();
        assert_eq!(open(&key, guest, &sealed), Some(sari()));
        assert_eq!(open(&Key([2; 32]), guest, &sealed), None);
        assert_eq!(open(&key, Id::from_u128(2), &sealed), None);
        let mut changed = sealed.clone();
        changed.bytes[3] ^= 1;
        assert_eq!(open(&key, guest, &changed), None);
        assert_ne!(seal(&key, guest, &sari()).unwrap().nonce, sealed.nonce);
        let longer = Profile { name: "Sari Dewi Kusumawardhani".to_owned(), ..sari() };
        assert_eq!(seal(&key, guest, &longer).unwrap().bytes.len(), sealed.bytes.len());
    }

    #[test]
    fn what_was_sealed_once_is_read_for_ever() {
        let bytes = hex::parse(GOLDEN).unwrap();
        let sealed = Sealed { nonce: [7; NONCE_BYTES], bytes };
        assert_eq!(open(&Key([1; 32]), Id::from_u128(1), &sealed), Some(sari()));
    }

    /// `sari()` under that key, guest and nonce.
    const GOLDEN: &str = "997fe99ad4ce784c3bdb7019ac12e9a45cac916b1374290bfd5fbc9d8a90a57d5402e057b2d18f8a98c77be6df6c123cc26ea9ec627a761aa109666020b6ddfa119d1f2664a45c4059b900fbce426109";

    #[test]
    fn the_longest_profile_fits_into_an_entry_of_the_views() {
        let text = |chars| "\u{1F35C}".repeat(chars);
        let profile = Profile {
            name: text(protocol::catalogue::NAME_CHARS_MAX),
            phone: text(PHONE_CHARS_MAX),
            email: text(EMAIL_CHARS_MAX),
            notes: text(NOTES_CHARS_MAX),
        };
        let sealed = seal(&Key([1; 32]), Id::nil(), &profile).unwrap();
        assert!(sealed.bytes.len() + 128 < 7 << 10, "{}", sealed.bytes.len());
    }
}
