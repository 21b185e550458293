//! What a power cut left, and a second life for it.

use std::io;
use std::path::Path;

use super::mounted::Mounted;
use super::platter::{Blocks, Cut};

/// The three ways in which one power cut may leave a disk.
pub struct Images {
    /// Every write the disk had received is on it.
    pub written: Image,
    /// Only what was flushed is on it.
    pub flushed: Image,
    /// What was flushed, and a random part of the writes since, each 4 KiB block kept or lost on its own.
    pub partial: Image,
}

impl Images {
    pub(super) fn of(cut: Cut) -> Self {
        let image = |name, content| Image { name, content };
        Self {
            written: image("written", cut.written),
            flushed: image("flushed", cut.flushed),
            partial: image("partial", cut.partial),
        }
    }

    /// All three, to check a promise on each.
    pub fn each(&self) -> [&Image; 3] {
        [&self.written, &self.flushed, &self.partial]
    }
}

/// A disk as a power cut left it. It shares its blocks with the other images and takes little memory.
pub struct Image {
    /// Which of the three it is: `written`, `flushed` or `partial`.
    pub name: &'static str,
    content: Blocks,
}

impl Image {
    /// Starts a machine on this disk: ext4 replays its journal and is mounted for reading and writing.
    ///
    /// The image itself stays as it is, so it can be mounted again, also at the same time.
    pub fn mount(&self) -> io::Result<MountedImage> {
        Ok(MountedImage(Mounted::holding(self.content.clone())?))
    }
}

/// A mounted [`Image`]; dropping it unmounts it.
pub struct MountedImage(Mounted);

impl MountedImage {
    /// Where its files are.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A second power cut, while a program recovers from the first; see [`super::PowerCutDisk::cut`].
    pub fn cut(&self, seed: u64) -> Images {
        Images::of(self.0.platter().lock().cut(seed))
    }
}
