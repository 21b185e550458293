//! Pictures of products: what a phone or an office sends, made small and safe, and kept as files.
//!
//! `kind` tells what was sent, `layout` how large it says it is and where it ends, `decode` reads it, `shrink` makes it small, `keep` puts
//! it on disk and `serve` answers with it; `carry` takes it into backups.
//!
//! **Promise.** A picture whose product was answered is on disk, whole, and named by its content. Nothing of what was sent is kept but
//! its pixels: no place, no camera, no hidden text.
//! **Limits.** `PICTURE_BYTES_MAX` on the wire, `RECEIVED_AT_ONCE` in memory, and one decoded at a time: by rows or at a fraction of its size
//! where its kind allows it, else of at most `PIXELS_WHOLE_MAX` pixels, which by their count are some 250 MB at the very worst.

pub mod carry;
mod decode;
pub mod keep;
mod kind;
mod layout;
pub mod serve;
mod shrink;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit};

use self::kind::Kind;
pub use self::kind::refusal_of_type;
use crate::views::Catalogue;

/// Largest file taken. A phone's picture of 12 million pixels has 3 to 6 MB, its largest up to 12.
pub const PICTURE_BYTES_MAX: usize = 12 << 20;
/// Most pixels: phones take pictures of 50 million.
const PIXELS_MAX: u64 = 50_000_000;
/// Most pixels of what can only be read whole (progressive JPEG, interlaced PNG, WebP): up to eight bytes each are held.
const PIXELS_WHOLE_MAX: u64 = 25_000_000;
/// Longest side: beyond it is no picture of a dish.
const SIDE_MAX: u32 = 20_000;
/// Longest side of what is kept: sharp on a kiosk's tile, some 100 kB.
const PICTURE_SIDE: u32 = 800;
/// Longest side of what a till shows: some 6 kB.
const THUMBNAIL_SIDE: u32 = 160;
/// Where there is no difference to be seen.
const QUALITY: u8 = 85;
/// Pictures on their way in at once, each with up to `PICTURE_BYTES_MAX` in memory. A menu is filled by one or two people.
const RECEIVED_AT_ONCE: usize = 4;

/// Why a picture is not kept.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It is something else.
    #[error("{0}")]
    NotTaken(String),
    /// It says that it is huge.
    #[error("This picture has {0} × {1} pixels; the hub takes at most {max} million in all.", max = .2 / 1_000_000)]
    TooManyPixels(u32, u32, u64),
    /// It says that it is nothing, or a line.
    #[error("This picture is {0} × {1} pixels; a side has 1 to {SIDE_MAX}.")]
    Sides(u32, u32),
    /// It does not hold.
    #[error("This {0} file is broken or incomplete. Send the picture again.")]
    Broken(&'static str),
    /// It carries something.
    #[error(
        "Behind the picture in this {0} file is a text that does not belong to it. Save the picture anew and send that."
    )]
    Stowaway(&'static str),
    /// The disk refused.
    #[error("{0}")]
    Disk(#[from] io::Error),
}

/// A picture as it is kept: two JPEGs.
#[derive(Debug)]
pub struct Finished {
    picture: Vec<u8>,
    thumbnail: Vec<u8>,
}

/// Where pictures go, and how many at once.
#[derive(Debug)]
pub struct Pictures {
    dir: PathBuf,
    receiving: Semaphore,
    working: Arc<Semaphore>,
}

impl Pictures {
    /// Pictures in a folder, which need not exist yet.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            receiving: Semaphore::new(RECEIVED_AT_ONCE),
            // One at a time: it is what bounds the memory, and what keeps files from being written twice.
            working: Arc::new(Semaphore::new(1)),
        }
    }

    /// Room for one more on its way in, if there is; held until it is kept.
    pub fn receive(&self) -> Option<SemaphorePermit<'_>> {
        self.receiving.try_acquire().ok()
    }

    /// Removes files that no product names; where somebody is at work on a picture, none: it is looked at again soon enough.
    pub fn sweep(&self, catalogue: &Catalogue) -> io::Result<usize> {
        match self.working.try_acquire() {
            Ok(_turn) => keep::sweep(&self.dir, catalogue),
            Err(_) => Ok(0),
        }
    }

    /// Makes a picture small and puts it on disk; answers its address below the hub's root.
    pub async fn keep(&self, sent: Bytes) -> Result<String, PictureError> {
        let turn = Arc::clone(&self.working).acquire_owned().await.map_err(io::Error::other)?;
        let dir = self.dir.clone();
        let work = tokio::task::spawn_blocking(move || {
            // The turn is over when the work is, though the client may have gone meanwhile.
            let _turn = turn;
            let finished = finish(&sent)?;
            Ok(keep::write(&dir, &finished)?)
        });
        // A decoder that panics has met a file that it was not made for.
        work.await.unwrap_or_else(|error| {
            log::error!("pictures: a decoder has panicked: {error}");
            Err(PictureError::Broken("picture"))
        })
    }
}

/// From what was sent to what is kept.
fn finish(sent: &[u8]) -> Result<Finished, PictureError> {
    let kind = Kind::of(sent).map_err(PictureError::NotTaken)?;
    let broken = || PictureError::Broken(kind.word());
    let layout = layout::of(kind, sent).ok_or_else(broken)?;
    layout.check()?;
    if layout::is_stowaway(&sent[layout.end..]) {
        return Err(PictureError::Stowaway(kind.word()));
    }
    let picture = decode::decode(kind, &layout, &sent[..layout.end]).map_err(|error| {
        log::info!("pictures: a {} was refused: {error}", kind.word());
        broken()
    })?;
    let picture = shrink::fit(picture, PICTURE_SIDE);
    let encoded = shrink::encode(&picture).map_err(io::Error::other)?;
    let thumbnail = shrink::encode(&shrink::fit(picture, THUMBNAIL_SIDE)).map_err(io::Error::other)?;
    Ok(Finished { picture: encoded, thumbnail })
}

#[cfg(test)]
mod tests;
