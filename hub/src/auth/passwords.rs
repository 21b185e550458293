//! Passwords, as argon2id with a secret of the box: a copy of the ledger is not enough to guess them.

use std::sync::Arc;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::Semaphore;

use super::secrets::Secret;

/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Longest password, in characters.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// How many are looked at at once: each takes 19 MiB for a moment, on a box that has little.
const AT_ONCE: usize = 1;
/// How many may wait for that; more are turned away, lest whoever floods the hub keeps a core busy for minutes.
const WAITING_MAX: usize = 16;

const SALT_BYTES: usize = 16;
/// Blocks of a kilobyte that are asked for; only as many are touched as the parameters say. glibc gives what is larger than
/// 32 MiB back to the machine at once, and keeps what is smaller, which would be 19 MiB a thread for good.
const MAPPED_BLOCKS: usize = 33 << 10;

/// Too many passwords wait to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many are signing in at this moment")]
pub struct Crowded;

/// Hashes and compares passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    secret: Arc<Secret>,
    turns: Arc<Semaphore>,
    seats: Arc<Semaphore>,
    /// What a password is compared with where the account does not exist, so that it takes as long.
    nobody: Arc<std::sync::OnceLock<String>>,
}

impl Passwords {
    pub(super) fn new(secret: Secret) -> Self {
        Self {
            secret: Arc::new(secret),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            seats: Arc::new(Semaphore::new(AT_ONCE + WAITING_MAX)),
            nobody: Arc::default(),
        }
    }

    /// The hash of a password, as a PHC string. Takes tens of milliseconds.
    pub async fn hash(&self, password: String) -> Result<String, Crowded> {
        let secret = Arc::clone(&self.secret);
        self.in_turn(move || hash(&secret, &password)).await
    }

    /// Whether a password is the one that was hashed; no hash is nobody's. Takes as long either way.
    pub async fn is_right(&self, password: String, hashed: Option<String>) -> Result<bool, Crowded> {
        let (secret, nobody) = (Arc::clone(&self.secret), Arc::clone(&self.nobody));
        self.in_turn(move || {
            let is_somebody = hashed.is_some();
            let hashed = hashed.unwrap_or_else(|| nobody.get_or_init(|| hash(&secret, "")).clone());
            verify(&secret, &password, &hashed) && is_somebody
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Crowded> {
        let _seat = self.seats.try_acquire().map_err(|_| Crowded)?;
        let _turn = self.turns.acquire().await.expect("turns are never closed");
        Ok(tokio::task::spawn_blocking(work).await.expect("hashing does not panic"))
    }
}

fn hash(secret: &Secret, password: &str) -> String {
    // The crate's own: 19 MiB, two passes, as OWASP advises.
    let params = Params::default();
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).expect("the machine has randomness");
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).expect("parameters are numbers"),
        salt: Some(Salt::new(&salt).expect("sixteen bytes are a salt")),
        hash: Some(digest(secret, password, &salt, params).expect("a password of bounded length hashes")),
    };
    phc.to_string()
}

fn verify(secret: &Secret, password: &str, hashed: &str) -> bool {
    let Ok(phc) = PasswordHash::new(hashed) else { return false };
    let (Ok(params), Some(salt)) = (Params::try_from(&phc), &phc.salt) else { return false };
    // Compared in constant time.
    digest(secret, password, salt, params).is_some_and(|digest| Some(digest) == phc.hash)
}

fn digest(secret: &Secret, password: &str, salt: &[u8], params: Params) -> Option<Output> {
    let count = params.block_count();
    let mut blocks = Vec::with_capacity(count.max(MAPPED_BLOCKS));
    blocks.resize(count, Block::default());
    let argon2 = Argon2::new_with_secret(&secret.0, Algorithm::Argon2id, Version::V0x13, params).ok()?;
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, &mut blocks[..]).ok()?;
    Output::new(&out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_on_the_right_box_is_right_and_nothing_else() {
        let passwords = Passwords::new(Secret([7; 32]));
        let hashed = passwords.hash("rahasia-sekali".to_owned()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$"), "{hashed}");
        assert_ne!(
            passwords.hash("rahasia-sekali".to_owned()).await.unwrap(),
            hashed,
            "each has its own salt"
        );
        let is_right = async |passwords: &Passwords, text: &str, hashed: Option<&String>| {
            passwords.is_right(text.to_owned(), hashed.cloned()).await.unwrap()
        };
        assert!(is_right(&passwords, "rahasia-sekali", Some(&hashed)).await);
        assert!(!is_right(&passwords, "Rahasia-sekali", Some(&hashed)).await);
        assert!(!is_right(&passwords, "", None).await, "nobody has no password, not an empty one");
        assert!(
            !is_right(&Passwords::new(Secret([8; 32])), "rahasia-sekali", Some(&hashed)).await,
            "another box"
        );
    }

    #[tokio::test]
    async fn a_flood_is_turned_away_and_a_queue_is_not() {
        let passwords = Passwords::new(Secret([7; 32]));
        let tries = (0..40).map(|_| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.is_right("x".to_owned(), None).await })
        });
        let tries: Vec<_> = tries.collect();
        let mut looked_at = 0;
        for outcome in tries {
            looked_at += usize::from(outcome.await.unwrap() == Ok(false));
        }
        assert!((AT_ONCE + WAITING_MAX..40).contains(&looked_at), "{looked_at}");
        assert_eq!(passwords.is_right("x".to_owned(), None).await, Ok(false), "the queue is empty again");
    }
}
