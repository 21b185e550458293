//! Random secrets in files of their own, readable by the hub alone. They are no part of the ledger: whoever copies that
//! learns none of them.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::{hex, secret_file};

/// Bytes of a secret.
pub(super) const SECRET_BYTES: usize = 32;
/// Keys that are kept: the one that signs, and the one before, whose tokens are still about.
const KEYS_KEPT: usize = 2;

/// A secret; it is never shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Secret(pub(super) [u8; SECRET_BYTES]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The secret of a name, made where there is none.
pub(super) fn secret(dir: &Path, name: &str) -> io::Result<Secret> {
    Ok(keys(dir, name)?[0])
}

/// The keys of a name, the newest first; one is made where there is none.
pub(super) fn keys(dir: &Path, name: &str) -> io::Result<Vec<Secret>> {
    let path = dir.join(name);
    match File::open(&path) {
        Ok(mut file) => {
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            let keys: Option<Vec<Secret>> =
                text.lines().map(|line| Some(Secret(hex::parse(line)?.try_into().ok()?))).collect();
            let keys = keys.filter(|keys| !keys.is_empty());
            keys.ok_or_else(|| io::Error::other(format!("{} is not what the hub wrote", path.display())))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let keys = vec![random()?];
            write(dir, name, &keys)?;
            Ok(keys)
        }
        Err(error) => Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
    }
}

/// Puts a new key before the others.
pub(super) fn rotate(dir: &Path, name: &str) -> io::Result<()> {
    let mut keys = keys(dir, name)?;
    keys.insert(0, random()?);
    keys.truncate(KEYS_KEPT);
    write(dir, name, &keys)
}

fn random() -> io::Result<Secret> {
    let mut secret = [0; SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    Ok(Secret(secret))
}

fn write(dir: &Path, name: &str, keys: &[Secret]) -> io::Result<()> {
    let lines: Vec<String> = keys.iter().map(|key| hex::hex(&key.0)).collect();
    secret_file::write(dir, name, (lines.join("\n") + "\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_secret_stays_and_is_readable_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("secrets");
        let first = secret(&dir, "tokens").unwrap();
        assert_eq!(secret(&dir, "tokens").unwrap(), first);
        assert_ne!(secret(&dir, "passwords").unwrap(), first);
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&dir), mode(&dir.join("tokens"))), (0o700, 0o600));
    }

    #[test]
    fn a_new_key_comes_first_and_the_one_before_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let first = secret(folder.path(), "tokens").unwrap();
        rotate(folder.path(), "tokens").unwrap();
        let two = keys(folder.path(), "tokens").unwrap();
        assert_eq!((two.len(), two[1]), (2, first));
        rotate(folder.path(), "tokens").unwrap();
        let three = keys(folder.path(), "tokens").unwrap();
        assert_eq!((three.len(), three[1]), (2, two[0]));
    }

    #[test]
    fn a_file_that_is_none_of_ours_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tokens"), "secret\n").unwrap();
        let error = keys(folder.path(), "tokens").unwrap_err();
        assert!(error.to_string().contains("tokens"), "{error}");
    }
}
