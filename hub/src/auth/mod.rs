//! Who is asking: passwords, and the tokens that stand for them.
//!
//! `secrets` keeps what must not leave the box, `passwords` hashes and compares, `tokens` signs and reads. What is true of
//! accounts and sessions is in the ledger (`ledger::decide::staff`): a token is only as good as its session, which is looked up
//! in memory with each request, so that whoever loses a right loses it at once.

pub mod passwords;
mod secrets;
pub mod tokens;

use std::io;
use std::path::Path;

pub use self::passwords::Passwords;
pub use self::tokens::Tokens;

/// The folder of the secrets, in the data folder.
pub const SECRETS_DIR: &str = "secrets";

/// Everything that sign-in needs; made at the first start.
#[derive(Debug)]
pub struct Auth {
    /// Hashes and compares.
    pub passwords: Passwords,
    /// Signs and reads.
    pub tokens: Tokens,
}

impl Auth {
    /// Of a data folder.
    pub fn open(data_dir: &Path) -> io::Result<Self> {
        let dir = data_dir.join(SECRETS_DIR);
        Ok(Self {
            passwords: Passwords::new(secrets::secret(&dir, "passwords")?),
            tokens: Tokens::new(secrets::keys(&dir, "tokens")?),
        })
    }
}

/// Makes a new key for tokens; those signed with the one before are read until they end.
pub fn rotate(data_dir: &Path) -> io::Result<()> {
    secrets::rotate(&data_dir.join(SECRETS_DIR), "tokens")
}
