//! Pictures on disk: files named by their content, whole or not there.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::Finished;
use crate::hex::hex;
use crate::ledger::disk::{Disk as _, RealDisk, read_all};
use crate::views::Catalogue;

/// Where the hub answers with them.
pub const PICTURES_PATH: &str = "/media/";
const PICTURE: &str = ".jpg";
const THUMBNAIL: &str = ".thumb.jpg";
const UNFINISHED: &str = ".unfinished";
/// Characters of a name: 16 bytes of BLAKE3.
const NAME_CHARS: usize = 32;
/// What a picture leaves free: sales need the disk more (the ledger's ballast three times over, and as much again).
pub const LEFT_FREE_BYTES: u64 = 24 << 20;
/// How old a picture must be to be nobody's: a younger one may be about to be named.
const NOBODYS_AFTER: Duration = Duration::from_hours(24);

/// Puts a picture on disk, durably, and answers its address. Only one at a time may write into a folder.
pub fn write(dir: &Path, finished: &Finished) -> io::Result<String> {
    let disk = RealDisk;
    disk.create_dir(dir)?;
    let wanted = (finished.picture.len() + finished.thumbnail.len()) as u64;
    if disk.free_bytes(dir)? < LEFT_FREE_BYTES + wanted {
        return Err(io::ErrorKind::StorageFull.into());
    }
    let name = hex(&blake3::hash(&finished.picture).as_bytes()[..NAME_CHARS / 2]);
    let thumbnail = dir.join(format!("{name}{THUMBNAIL}"));
    let is_new = put(&thumbnail, &finished.thumbnail)?;
    if let Err(error) = put(&dir.join(format!("{name}{PICTURE}")), &finished.picture) {
        if is_new {
            let _ = disk.remove(&thumbnail);
        }
        return Err(error);
    }
    // Even where both were there: whoever wrote them may have been cut off before this.
    disk.sync_dir(dir)?;
    Ok(format!("{PICTURES_PATH}{name}{PICTURE}"))
}

/// Writes a file whole, where it is not there already; answers whether it was not.
pub(super) fn put(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let disk = RealDisk;
    // What a bad medium has made of it is written anew.
    if path.exists()
        && disk.open_read(path).and_then(|file| read_all(&*file)).is_ok_and(|there| there == bytes)
    {
        // About to be named again: it is young, whoever sweeps.
        let touched = std::fs::File::options().write(true).open(path);
        let _ = touched.and_then(|file| file.set_modified(SystemTime::now()));
        return Ok(false);
    }
    let unfinished = path.with_added_extension(&UNFINISHED[1..]);
    let written = disk.open_write(&unfinished).and_then(|file| {
        file.set_len(0)?;
        file.write_at(bytes, 0)?;
        file.sync_data()?;
        disk.rename(&unfinished, path)
    });
    if written.is_err() {
        let _ = disk.remove(&unfinished);
    }
    written.map(|()| true)
}

/// Whether a file's name is one that `write` gives. Nothing else is opened.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let stem = name.strip_suffix(THUMBNAIL).or_else(|| name.strip_suffix(PICTURE));
    stem.is_some_and(|stem| {
        stem.len() == NAME_CHARS && stem.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// The files behind an address of a picture; none where it is another's, such as the demo's.
#[must_use]
pub fn files(address: &str) -> Option<[String; 2]> {
    let name = address.strip_prefix(PICTURES_PATH).filter(|name| is_name(name))?;
    let stem = name.strip_suffix(PICTURE).filter(|stem| stem.len() == NAME_CHARS)?;
    Some([name.to_owned(), format!("{stem}{THUMBNAIL}")])
}

/// Removes what nobody names any more, and what a power cut has left half. Only while nobody is writing into the folder.
pub fn sweep(dir: &Path, catalogue: &Catalogue) -> io::Result<usize> {
    let images = catalogue.products.values().filter_map(|product| product.image.as_deref());
    let named: HashSet<String> = images.filter_map(files).flatten().collect();
    let mut removed = 0;
    for name in RealDisk.list(dir)? {
        let path = dir.join(&name);
        let is_half = name.strip_suffix(UNFINISHED).is_some_and(is_name);
        let is_nobodys = || is_name(&name) && !named.contains(&name) && is_old(&path);
        if is_half || is_nobodys() {
            RealDisk.remove(&path)?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Of a clock that runs behind nothing can be told.
fn is_old(path: &Path) -> bool {
    let modified = path.metadata().and_then(|metadata| metadata.modified());
    modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > NOBODYS_AFTER))
}
