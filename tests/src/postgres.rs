//! A private `PostgreSQL`: a cluster in a temporary folder, on a socket alone, with every barrier on.
//!
//! **Promise.** Nothing outlives a [`Cluster`]: its `Drop` ends the server and deletes the folder. Tests of one process share one,
//! and each has a database of its own, which belongs to somebody who is no superuser: rows' security means nothing to those. A test
//! that stops its server has a cluster of its own.
//!
//! The programs are those of `/usr/lib/postgresql/15/bin`, or what `POSTGRES_BIN` names. The server refuses to run as root, so that
//! root runs it as `postgres`, or as `nobody` where there is no such user.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use std::{env, fs};

use rustix::process::{Pid, Signal, kill_process};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgPool};
use tempfile::TempDir;

use crate::process::until;

/// How long the server may take to be there.
const START_WITHIN: Duration = Duration::from_secs(30);
/// Who owns the databases of the tests.
const OWNER: &str = "relay_owner";

static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());

/// A server of a test's own.
#[derive(Debug)]
pub struct Cluster {
    dir: TempDir,
    user: Option<(u32, u32)>,
    server: Mutex<Option<Child>>,
    databases: AtomicU32,
}

/// A database of one test.
#[derive(Debug, Clone)]
pub struct Database {
    /// Its server.
    pub cluster: Arc<Cluster>,
    /// Its name.
    pub name: String,
}

impl Cluster {
    /// The one that the tests of this process share; made for the first of them.
    ///
    /// # Panics
    /// Where there is no `PostgreSQL` 15.
    pub async fn shared() -> Arc<Self> {
        let (cluster, is_new) = {
            let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(cluster) = shared.upgrade() {
                (cluster, false)
            } else {
                let cluster = Arc::new(Self::make());
                *shared = Arc::downgrade(&cluster);
                (cluster, true)
            }
        };
        if is_new {
            cluster.start();
        }
        cluster.ready().await;
        cluster
    }

    /// One that is this test's alone.
    ///
    /// # Panics
    /// Where there is no `PostgreSQL` 15.
    pub async fn own() -> Arc<Self> {
        let cluster = Arc::new(Self::make());
        cluster.start();
        cluster.ready().await;
        cluster
    }

    fn make() -> Self {
        let dir = tempfile::Builder::new().prefix("outlet-hub-postgres-").tempdir();
        let dir = dir.expect("a folder for temporary files");
        let user = rustix::process::geteuid().is_root().then(somebody);
        if let Some((uid, gid)) = user {
            chown(dir.path(), Some(uid), Some(gid)).expect("root may give a folder away");
        }
        let cluster = Self { dir, user, server: Mutex::default(), databases: AtomicU32::new(0) };
        // The files need not be safe before the server runs: without that it takes a third of the time.
        let mut initdb = cluster.program("initdb");
        initdb.args([
            "--no-sync",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--username=postgres",
            "-D",
        ]);
        let made = initdb.arg(cluster.data()).stdout(Stdio::piped()).stderr(Stdio::piped()).output();
        let made = made.expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster
    }

    fn program(&self, name: &str) -> Command {
        let folder =
            env::var_os("POSTGRES_BIN").map_or_else(|| "/usr/lib/postgresql/15/bin".into(), PathBuf::from);
        let path = folder.join(name);
        let shown = path.display();
        assert!(path.exists(), "{shown} is missing: install PostgreSQL 15, or set POSTGRES_BIN");
        let mut command = Command::new(path);
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command.current_dir(self.dir.path()).env("LC_ALL", "C").env("TZ", "UTC").stdin(Stdio::null());
        command
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Starts the server; it may not be ready yet.
    ///
    /// # Panics
    /// Where it runs.
    pub fn start(&self) {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(server.is_none(), "it runs already");
        let log =
            fs::File::options().create(true).append(true).open(self.dir.path().join("log")).expect("a log");
        let mut command = self.program("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(self.dir.path());
        for setting in ["listen_addresses=", "fsync=on", "synchronous_commit=on", "max_connections=200"] {
            command.args(["-c", setting]);
        }
        command.stdout(Stdio::null()).stderr(log);
        *server = Some(command.spawn().expect("postgres runs"));
    }

    /// Waits until the server answers, and the owner of databases is there.
    pub async fn ready(&self) {
        let url = self.url("postgres", "postgres");
        let mut connection =
            until(START_WITHIN, "PostgreSQL answers", || async { PgConnection::connect(&url).await.ok() })
                .await;
        // It is there already after the first start.
        let _ = connection.execute(AssertSqlSafe(format!("CREATE ROLE {OWNER} LOGIN CREATEROLE"))).await;
        let _ = connection.close().await;
    }

    /// Ends the server as a crash would: connections break, nothing is finished.
    pub fn stop(&self) {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut server) = server else { return };
        let pid = Pid::from_raw(server.id().cast_signed()).expect("a process has an id");
        // It may have ended by itself.
        let _ = kill_process(pid, Signal::QUIT);
        let _ = server.wait();
    }

    /// A new database, with nothing in it.
    ///
    /// # Panics
    /// Where the server does not make it.
    pub async fn database(self: &Arc<Self>) -> Database {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut connection =
            PgConnection::connect(&self.url("postgres", "postgres")).await.expect("it answers");
        let sql = format!("CREATE DATABASE {name} OWNER {OWNER}");
        connection.execute(AssertSqlSafe(sql)).await.expect("a new name");
        let _ = connection.close().await;
        Database { cluster: Arc::clone(self), name }
    }

    fn url(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@localhost/{database}?host={}", self.dir.path().display())
    }
}

impl Database {
    /// Where it is, for the relay.
    #[must_use]
    pub fn url(&self) -> String {
        self.cluster.url(OWNER, &self.name)
    }

    /// A pool for looking, as a superuser.
    pub async fn look(&self) -> PgPool {
        PgPool::connect(&self.cluster.url("postgres", &self.name)).await.expect("it answers")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// User and group of somebody who is not root.
fn somebody() -> (u32, u32) {
    let users = fs::read_to_string(Path::new("/etc/passwd")).expect("a list of users");
    let ids = |name: &str| {
        let mut fields =
            users.lines().map(|line| line.split(':')).find(|line| line.clone().next() == Some(name))?;
        Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody")).expect("somebody who is not root")
}
