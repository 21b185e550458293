//! Heavy tests take turns, also across processes: they load the disk, and loop devices are few.

use std::env;
use std::fs::{File, OpenOptions};

use rustix::fs::{FlockOperation, flock};

/// Held while a heavy test runs.
#[derive(Debug)]
pub struct Turn(#[allow(dead_code, reason = "closing it ends the turn")] File);

/// Waits for this test's turn.
pub async fn turn() -> Turn {
    let taken = tokio::task::spawn_blocking(|| {
        let path = env::temp_dir().join("outlet-hub-tests.lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        flock(&file, FlockOperation::LockExclusive)?;
        Ok::<File, std::io::Error>(file)
    });
    Turn(taken.await.expect("waiting does not panic").expect("a lock file in the temporary folder"))
}
