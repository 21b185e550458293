//! The data folder: who holds it, where ledger and views are in it, and how both are opened.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{FlockOperation, flock};

use crate::clock::Clock;
use crate::ledger::disk::Disk;
use crate::ledger::files::Damage;
use crate::ledger::recover::{self, TornTail};
use crate::ledger::writer::Publish;
use crate::ledger::{self, Environment, Ledger};
use crate::views::checkpoint::Checkpointer;
use crate::views::fold::{self, FoldError};
use crate::views::orders::{Cold, Views};

/// Where things are in a data folder.
#[derive(Debug, Clone)]
pub struct Folders {
    /// The data folder.
    pub data: PathBuf,
    /// The ledger's segments.
    pub ledger: PathBuf,
    /// sled.
    pub views: PathBuf,
    /// Pictures.
    pub media: PathBuf,
}

impl Folders {
    /// Of a data folder.
    #[must_use]
    pub fn new(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            ledger: data.join("ledger"),
            views: data.join("views"),
            media: data.join("media"),
        }
    }
}

/// Keeps a data folder to one process.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    /// The folder's file system takes no writes.
    pub is_read_only: bool,
}

impl Lock {
    /// Takes the folder, or says that another has it.
    pub fn take(data: &Path) -> io::Result<Self> {
        let path = data.join("lock");
        let (file, is_read_only) =
            match OpenOptions::new().create(true).truncate(false).write(true).open(&path) {
                Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => (File::open(&path)?, true),
                opened => (opened?, false),
            };
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|error| {
            let text = format!("{} is in use by another process ({error})", data.display());
            io::Error::new(io::ErrorKind::ResourceBusy, text)
        })?;
        Ok(Self { _file: file, is_read_only })
    }
}

/// Why a data folder cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The disk refused.
    #[error("the data folder cannot be used: {0}")]
    Io(#[from] io::Error),
    /// The views cannot be made.
    #[error(transparent)]
    Views(#[from] FoldError),
}

/// An open data folder.
#[derive(Debug)]
pub struct Opened {
    /// Takes changes.
    pub ledger: Arc<Ledger>,
    /// Answers for orders.
    pub views: Views,
    /// Writes views behind the ledger.
    pub checkpointer: Checkpointer,
    /// What was cut off.
    pub torn: Option<TornTail>,
    /// What does not hold.
    pub damage: Vec<Damage>,
    /// Records folded at this start.
    pub folded: u64,
    /// The clock, held against the last record.
    pub clock: Clock,
    _lock: Lock,
    _spare: Option<SpareViews>,
}

/// Views of a data folder that takes no writes: folded anew into the machine's folder for temporary files, for as long as
/// the hub runs.
#[derive(Debug)]
struct SpareViews {
    folder: PathBuf,
    views: PathBuf,
}

impl SpareViews {
    fn new() -> io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("outlet-hub-{}", std::process::id()));
        log::warn!("the data folder is read-only: the views are folded into {}", folder.display());
        std::fs::create_dir_all(&folder)?;
        Ok(Self { views: folder.join("views"), folder })
    }
}

impl Drop for SpareViews {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            log::warn!("{} is left behind: {error}", self.folder.display());
        }
    }
}

/// A folder of a disk that is read-only is as it is.
fn unless_read_only(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Ok(()),
        other => other,
    }
}

/// Opens a data folder: finds the ledger's end, brings the views up to it, starts the writer. `progress` hears of a long
/// fold.
pub fn open(
    disk: &Arc<dyn Disk>,
    folders: &Folders,
    clock: Clock,
    publish: Publish,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Opened, OpenError> {
    unless_read_only(disk.create_dir(&folders.data))?;
    let lock = Lock::take(&folders.data)?;
    unless_read_only(ledger::prepare(&**disk, &folders.ledger))?;
    let found = recover::find(disk, &folders.ledger)?;
    let spare = lock.is_read_only.then(SpareViews::new).transpose()?;
    let views = spare.as_ref().map_or(&folders.views, |spare| &spare.views);
    let folded = fold::open(&**disk, views, &found, progress)?;
    let (torn, mut damage) = (found.torn.clone(), found.damage.clone());
    damage.extend(folded.damage.filter(|here| !found.damage.contains(here)));
    clock.check(folded.state.counters.last_ms);
    let cold = Arc::new(Cold::new(Arc::clone(&folded.store)));
    let past = Arc::clone(&cold);
    let ledger = Ledger::start(
        found,
        folded.state,
        Environment { clock: clock.clone(), past, publish, heal_every: ledger::HEAL_EVERY },
    )?;
    let ledger = Arc::new(ledger);
    cold.attach(Arc::clone(ledger.files()));
    let views = Views::new(ledger.published(), cold, Arc::clone(&folded.store), Arc::clone(ledger.files()));
    let checkpointer = Checkpointer::start(Arc::clone(&ledger), folded.store)?;
    Ok(Opened {
        ledger,
        views,
        checkpointer,
        torn,
        damage,
        folded: folded.folded,
        clock,
        _lock: lock,
        _spare: spare,
    })
}

impl Opened {
    /// Finishes what is queued, writes a last checkpoint, and lets the folder go.
    pub fn close(&self) {
        self.ledger.stop();
        self.checkpointer.stop();
    }
}
