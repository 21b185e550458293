//! A PostgreSQL of the bench's own: a new cluster in a folder of its own, on a free port of the loopback, with Debian's settings of
//! durability, stopped and removed with the value.
//!
//! It refuses to run as root, so root lends it to another user.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::scratch::Scratch;
use crate::server::{end, free_port};

/// The role that owns the database, and the database.
pub(crate) const USER: &str = "pos";
pub(crate) const DATABASE: &str = "postgres";
/// Whom root lends it to: the first that there is.
const USERS: [&str; 2] = ["postgres", "nobody"];
/// How long it may take to answer.
const START_WITHIN: Duration = Duration::from_secs(30);
/// How long a stop may take before it is a kill.
const STOP_WITHIN: Duration = Duration::from_secs(15);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A running cluster.
#[derive(Debug)]
pub(crate) struct Postgres {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) password: String,
    /// Dropped last: the folder goes once nobody writes to it.
    dir: Scratch,
}

/// Another user than root.
#[derive(Debug, Clone)]
struct Lent {
    uid: u32,
    gid: u32,
}

impl Postgres {
    /// Makes a cluster and starts it. `scratch` is where its folder goes, unless its user cannot reach that.
    pub(crate) fn start(programs: &Path, scratch: &Path) -> io::Result<Self> {
        let lent = if rustix::process::geteuid().is_root() { Some(Lent::find()?) } else { None };
        let dir = folder(scratch, lent.as_ref())?;
        let password = random_hex()?;
        let (data, secret) = (dir.path().join("data"), dir.path().join("password"));
        fs::write(&secret, &password)?;
        give(&secret, lent.as_ref())?;
        let mut initdb = as_user(lent.as_ref(), &programs.join("initdb"));
        // What it writes before anything is measured need not be on the medium; what follows must.
        initdb.arg("--no-sync").args([
            "--auth",
            "scram-sha-256",
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
        ]);
        initdb.args(["--username", USER, "--pwfile"]).arg(&secret).arg("--pgdata").arg(&data);
        let output = initdb.current_dir(dir.path()).output()?;
        if !output.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        let address = free_port()?;
        let log = dir.path().join("log");
        let mut command = as_user(lent.as_ref(), &programs.join("postgres"));
        command.arg("-D").arg(&data).current_dir(dir.path());
        for setting in [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={}", address.port()),
            "unix_socket_directories=".to_owned(),
        ] {
            command.arg("-c").arg(setting);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log)?);
        let mut server = Self { child: command.spawn()?, address, password, dir };
        server.await_start(programs, &log)?;
        Ok(server)
    }

    fn await_start(&mut self, programs: &Path, log: &Path) -> io::Result<()> {
        let began = Instant::now();
        let (host, port) = (self.address.ip().to_string(), self.address.port().to_string());
        loop {
            let mut is_ready = Command::new(programs.join("pg_isready"));
            is_ready.args([
                "--quiet",
                "--host",
                &host,
                "--port",
                &port,
                "--username",
                USER,
                "--dbname",
                DATABASE,
            ]);
            if is_ready.status()?.success() {
                return Ok(());
            }
            if self.child.try_wait()?.is_some() || began.elapsed() > START_WITHIN {
                return Err(io::Error::other(format!("PostgreSQL: {}", fs::read_to_string(log)?)));
            }
            std::thread::park_timeout(LOOK_EVERY);
        }
    }

    /// Its first process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where its data are.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // At once, without a last checkpoint: its data go with it.
        if let Err(error) = end(&mut self.child, Signal::QUIT, STOP_WITHIN) {
            eprintln!("bench: PostgreSQL: {error}");
        }
    }
}

impl Lent {
    fn find() -> io::Result<Self> {
        let passwd = fs::read_to_string("/etc/passwd")?;
        let of = |name: &str| {
            let fields: Vec<&str> = passwd
                .lines()
                .map(|line| line.split(':').collect::<Vec<_>>())
                .find(|fields| fields.first() == Some(&name))?;
            Some(Self { uid: fields.get(2)?.parse().ok()?, gid: fields.get(3)?.parse().ok()? })
        };
        let found = USERS.into_iter().find_map(of);
        found.ok_or_else(|| {
            io::Error::other(format!("PostgreSQL refuses root, and there is none of {USERS:?}"))
        })
    }
}

/// A folder that its user can write to: below `scratch`, or where everybody can go.
fn folder(scratch: &Path, lent: Option<&Lent>) -> io::Result<Scratch> {
    let shared = PathBuf::from(format!("/var/tmp/outlet-hub-bench-{}", std::process::id()));
    for path in [scratch.join("postgres"), shared] {
        let dir = Scratch::new(&path)?;
        // initdb wants its folder's path from the root, whatever folder it is run in.
        let path = dir.path().canonicalize()?;
        give(&path, lent)?;
        let is_reached = as_user(lent, Path::new("test")).arg("-w").arg(&path).current_dir("/").status()?;
        if is_reached.success() {
            return Ok(dir);
        }
    }
    Err(io::Error::other("PostgreSQL's user can reach no folder"))
}

fn give(path: &Path, lent: Option<&Lent>) -> io::Result<()> {
    lent.map_or(Ok(()), |lent| chown(path, Some(lent.uid), Some(lent.gid)))
}

/// A program as that user, which is asked to end should the bench be killed.
fn as_user(lent: Option<&Lent>, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]);
    if let Some(Lent { uid, gid }) = lent {
        command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).arg("--clear-groups");
    }
    command.arg("--").arg(program);
    command
}

/// A password, or a key.
pub(crate) fn random_hex() -> io::Result<String> {
    let mut bytes = [0; 24];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(hub::hex::hex(&bytes))
}
