//! A small file that is given up when the disk is full, so that the hub can still start, checkpoint and say so.

use std::io;
use std::path::Path;

use super::disk::Disk;

/// Its name in the ledger's folder.
pub const BALLAST_FILE: &str = "ballast";
/// Enough for a segment's header, the head, and a checkpoint of the views.
pub const BALLAST_BYTES: u64 = 4 << 20;

/// Puts the ballast in place where there is room for it three times over. Answers whether it is there.
pub fn load(disk: &dyn Disk, dir: &Path) -> io::Result<bool> {
    let path = dir.join(BALLAST_FILE);
    let file = disk.open_write(&path)?;
    if file.len()? == BALLAST_BYTES {
        return Ok(true);
    }
    if disk.free_bytes(dir)? < 3 * BALLAST_BYTES {
        return Ok(false);
    }
    let block = vec![0x55; 1 << 20];
    for at in 0..BALLAST_BYTES / block.len() as u64 {
        file.write_at(&block, at * block.len() as u64)?;
    }
    file.sync_data()?;
    Ok(true)
}

/// Gives it up.
pub fn drop(disk: &dyn Disk, dir: &Path) -> io::Result<()> {
    match disk.remove(&dir.join(BALLAST_FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
