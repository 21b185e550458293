//! Who is asking, and whether they may.
//!
//! `secrets` keeps what must not leave the box, `passwords` hashes and compares passwords and PINs, `tokens` signs and reads,
//! `device_keys` and `pairing` are how devices come in. `gate` makes of what is shown a `who`, which weighs rights. What is true
//! of accounts, sessions and devices is in the ledger (`ledger::decide`): a token is only as good as its session, which is looked
//! up in memory with each request, so that whoever loses a right loses it at once.

pub mod device_keys;
pub mod gate;
pub mod pairing;
pub mod passwords;
pub mod refusals;
mod secrets;
pub mod tokens;
pub mod who;

use std::io;
use std::path::Path;

pub use self::gate::Gate;
pub use self::pairing::Pairing;
pub use self::passwords::Passwords;
pub use self::refusals::Refusals;
pub use self::tokens::Tokens;
pub use self::who::{Denied, Who};

/// The folder of the secrets, in the data folder.
pub use crate::secret_file::DIR as SECRETS_DIR;

/// Everything that sign-in needs; made at the first start.
#[derive(Debug)]
pub struct Auth {
    /// Hashes and compares.
    pub passwords: Passwords,
    /// Signs and reads.
    pub tokens: Tokens,
    /// Codes that pair devices.
    pub pairing: Pairing,
    /// Which refusals were written lately.
    pub refusals: Refusals,
}

impl Auth {
    /// Of a data folder.
    pub fn open(data_dir: &Path) -> io::Result<Self> {
        let dir = data_dir.join(SECRETS_DIR);
        Ok(Self {
            passwords: Passwords::new(secrets::secret(&dir, "passwords")?),
            tokens: Tokens::new(secrets::keys(&dir, "tokens")?),
            pairing: Pairing::default(),
            refusals: Refusals::default(),
        })
    }
}

/// Makes a new key for tokens; those signed with the one before are read until they end.
pub fn rotate(data_dir: &Path) -> io::Result<()> {
    secrets::rotate(&data_dir.join(SECRETS_DIR), "tokens")
}
