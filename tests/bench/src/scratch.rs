//! A folder that goes with the value, however the bench ends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// An empty one; what a run that was killed has left there goes.
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        if path.exists() {
            fs::remove_dir_all(path)?;
        }
        fs::create_dir_all(path)?;
        Ok(Self(path.canonicalize()?))
    }

    /// Where it is, from the root.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("bench: {}: {error}", self.0.display());
        }
    }
}
