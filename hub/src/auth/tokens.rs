//! Tokens in the shape of the replaced backend's: JWT, HS256, an access token of 15 minutes and a refresh token of 7 days.
//!
//! A box without battery or internet may wake up in 1970 and be told the time an hour later. A token of this run of the
//! program is therefore judged by how long the program has run, and only one of an earlier run by the time.

use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{Error as SignatureError, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use protocol::ids::Id;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::secrets::Secret;

/// How long an access token is good.
pub const ACCESS_FOR: Duration = Duration::from_mins(15);
/// How long a refresh token is good.
pub const REFRESH_FOR: Duration = Duration::from_hours(7 * 24);

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Shown with each request.
    Access,
    /// Exchanged for the next pair, once.
    Refresh,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// What for.
    pub token_type: Kind,
    /// Whose.
    pub user_id: Id,
    /// Of which session.
    pub sid: Id,
    /// Which of the session's.
    pub generation: u32,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// The run of the program that made it.
    run: Id,
    /// When it ends, in seconds of that run.
    run_exp: u64,
}

/// Both tokens of a sign-in or a refresh.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// For requests.
    pub access: String,
    /// For the next pair.
    pub refresh: String,
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is none of this hub's, or not for this.
    #[error("Given token not valid for any token type")]
    Invalid,
    /// It has ended.
    #[error("Token is expired")]
    Expired,
}

/// Signs and reads tokens.
#[derive(Debug)]
pub struct Tokens {
    /// The newest first, which signs.
    keys: Vec<Secret>,
    run: Id,
    began: Instant,
}

impl Tokens {
    pub(super) fn new(keys: Vec<Secret>) -> Self {
        // A second call finds the first one's, which is the same.
        let _ = PROVIDER.install_default();
        Self { keys, run: Id::now_v7(), began: Instant::now() }
    }

    /// Makes the pair of a session's generation, at a time of the ledger.
    pub fn issue(&self, user: Id, session: Id, generation: u32, now_ms: i64) -> Pair {
        let token = |token_type, lasts: Duration| {
            let now_s = now_ms / 1_000;
            let claims = Claims {
                token_type,
                user_id: user,
                sid: session,
                generation,
                iat: now_s,
                exp: now_s + lasts.as_secs() as i64,
                run: self.run,
                run_exp: (self.began.elapsed() + lasts).as_secs(),
            };
            self.sign(&claims)
        };
        Pair { access: token(Kind::Access, ACCESS_FOR), refresh: token(Kind::Refresh, REFRESH_FOR) }
    }

    fn sign(&self, claims: &Claims) -> String {
        let key = EncodingKey::from_secret(&self.keys[0].0);
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).expect("claims are JSON")
    }

    /// Reads a token of a kind, at a time of the ledger.
    pub fn read(&self, token: &str, kind: Kind, now_ms: i64) -> Result<Claims, TokenError> {
        let mut validation = Validation::new(Algorithm::HS256);
        // By the hub's own time, below.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let read = |key: &Secret| {
            jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&key.0), &validation).ok()
        };
        let claims = self.keys.iter().find_map(read).ok_or(TokenError::Invalid)?.claims;
        if claims.token_type != kind {
            return Err(TokenError::Invalid);
        }
        let is_over = if claims.run == self.run {
            self.began.elapsed().as_secs() >= claims.run_exp
        } else {
            now_ms / 1_000 >= claims.exp
        };
        if is_over { Err(TokenError::Expired) } else { Ok(claims) }
    }
}

/// HS256 and nothing else: no other algorithm can be talked into being used.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(Hs256::of(*algorithm, key.as_bytes())?)),
    verifier_factory: |algorithm, key| Ok(Box::new(Hs256::of(*algorithm, key.try_get_as_bytes()?)?)),
    key_utils: KeyUtils::new_unimplemented(),
};

struct Hs256(Hmac<Sha256>);

impl Hs256 {
    fn of(algorithm: Algorithm, secret: &[u8]) -> Result<Self, Error> {
        if algorithm != Algorithm::HS256 {
            return Err(ErrorKind::InvalidAlgorithm.into());
        }
        Hmac::new_from_slice(secret).map(Self).map_err(|_| ErrorKind::InvalidKeyFormat.into())
    }
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        // Compared in constant time.
        self.0.clone().chain_update(message).verify_slice(signature).map_err(|_| SignatureError::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_795_000_000_000;

    fn issued(tokens: &Tokens) -> Pair {
        tokens.issue(Id::from_u128(1), Id::from_u128(2), 3, NOW_MS)
    }

    #[test]
    fn a_token_is_read_as_what_it_is_and_as_nothing_else() {
        let tokens = Tokens::new(vec![Secret([1; 32])]);
        let pair = issued(&tokens);
        let claims = tokens.read(&pair.access, Kind::Access, NOW_MS).unwrap();
        assert_eq!((claims.user_id, claims.sid, claims.generation), (Id::from_u128(1), Id::from_u128(2), 3));
        assert_eq!(claims.exp - claims.iat, 15 * 60);
        assert_eq!(tokens.read(&pair.access, Kind::Refresh, NOW_MS), Err(TokenError::Invalid));
        assert_eq!(tokens.read(&pair.refresh, Kind::Access, NOW_MS), Err(TokenError::Invalid));
        let refresh = tokens.read(&pair.refresh, Kind::Refresh, NOW_MS).unwrap();
        assert_eq!(refresh.exp - refresh.iat, 7 * 24 * 60 * 60);
    }

    #[test]
    fn no_changed_character_passes_and_no_other_algorithm() {
        let tokens = Tokens::new(vec![Secret([1; 32])]);
        let access = issued(&tokens).access;
        for at in 0..access.len() {
            let mut changed = access.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // The last character of each part has bits that mean nothing.
            if !changed[at + 1..].starts_with('.') && at + 1 != changed.len() {
                assert!(tokens.read(&changed, Kind::Access, NOW_MS).is_err(), "character {at}");
            }
        }
        let (_, rest) = access.split_once('.').unwrap();
        // {"typ":"JWT","alg":"none"}
        let unsigned = format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.{}.", rest.split_once('.').unwrap().0);
        assert_eq!(tokens.read(&unsigned, Kind::Access, NOW_MS), Err(TokenError::Invalid));
    }

    #[test]
    fn the_key_before_is_read_and_a_strange_one_is_not() {
        let old = issued(&Tokens::new(vec![Secret([1; 32])])).access;
        assert!(Tokens::new(vec![Secret([2; 32]), Secret([1; 32])]).read(&old, Kind::Access, NOW_MS).is_ok());
        assert!(Tokens::new(vec![Secret([2; 32])]).read(&old, Kind::Access, NOW_MS).is_err());
    }

    #[test]
    fn a_jump_of_the_clock_ends_no_token_of_this_run_and_the_time_ends_those_of_another() {
        let tokens = Tokens::new(vec![Secret([1; 32])]);
        let access = issued(&tokens).access;
        let years = 20 * 365 * 86_400_000;
        assert!(tokens.read(&access, Kind::Access, NOW_MS + years).is_ok());
        let later = Tokens::new(vec![Secret([1; 32])]);
        assert!(later.read(&access, Kind::Access, NOW_MS + 14 * 60_000).is_ok());
        assert_eq!(later.read(&access, Kind::Access, NOW_MS + 15 * 60_000), Err(TokenError::Expired));
    }
}
