//! The backend that is replaced, as a process: gunicorn with three workers over a PostgreSQL of its own.

use std::fs::{self, File};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::postgres::{self, Postgres, random_hex};
use crate::server::{end, free_port};
use crate::shop::Shop;

/// How long gunicorn may take to listen.
const START_WITHIN: Duration = Duration::from_secs(30);
/// How long a stop may take before it is a kill.
const STOP_WITHIN: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What it is made of.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    /// Python, with what `requirements.txt` names.
    pub(crate) python: PathBuf,
    /// The project.
    pub(crate) project: PathBuf,
    /// PostgreSQL's programs.
    pub(crate) postgres: PathBuf,
}

/// A running backend.
#[derive(Debug)]
pub(crate) struct Django {
    gunicorn: Child,
    /// Dropped behind gunicorn, which is connected to it.
    postgres: Postgres,
    pub(crate) http: SocketAddr,
}

impl Django {
    /// Starts PostgreSQL, fills it with a shop and so many orders, and starts gunicorn.
    pub(crate) fn start(parts: &Parts, scratch: &Path, shop: &Shop, orders: usize) -> io::Result<Self> {
        let postgres = Postgres::start(&parts.postgres, scratch)?;
        // Made by the packager's Python or by hand, it lies elsewhere; the project is where it is run.
        let project = parts.project.canonicalize()?;
        let key = random_hex()?;
        let python = || {
            // It ends with the bench, should that be killed.
            let mut command = Command::new("setpriv");
            command
                .args(["--pdeathsig", "TERM", "--"])
                .arg(std::path::absolute(&parts.python).unwrap_or_default());
            command.current_dir(&project).env("PYTHONDONTWRITEBYTECODE", "1").env("SECRET_KEY", &key);
            command.env("DB_HOST", postgres.address.ip().to_string());
            command.env("DB_PORT", postgres.address.port().to_string());
            command.env("DB_USER", postgres::USER).env("DB_PASSWORD", &postgres.password);
            command.env("DB_NAME", postgres::DATABASE).stdin(Stdio::null());
            command
        };
        manage(python().args(["manage.py", "migrate", "--verbosity", "0"]))?;
        let fixture = scratch.join("fixture.json");
        shop.write_fixture(&fixture, orders)?;
        manage(python().args(["manage.py", "seed"]).arg(fixture.canonicalize()?))?;
        let http = free_port()?;
        let log = scratch.join("gunicorn.log");
        let mut command = python();
        command.args(["-m", "gunicorn", "config.wsgi:application", "--bind", &http.to_string()]);
        command.stdout(Stdio::null()).stderr(File::create(&log)?);
        let gunicorn = command.spawn()?;
        let mut backend = Self { gunicorn, postgres, http };
        backend.await_start(&log)?;
        Ok(backend)
    }

    fn await_start(&mut self, log: &Path) -> io::Result<()> {
        let began = Instant::now();
        while TcpStream::connect(self.http).is_err() {
            if self.gunicorn.try_wait()?.is_some() || began.elapsed() > START_WITHIN {
                return Err(io::Error::other(format!("gunicorn: {}", fs::read_to_string(log)?)));
            }
            std::thread::park_timeout(LOOK_EVERY);
        }
        Ok(())
    }

    /// The first processes of all that answers.
    pub(crate) fn roots(&self) -> Vec<u32> {
        vec![self.gunicorn.id(), self.postgres.pid()]
    }

    /// Where its data are.
    pub(crate) fn dir(&self) -> &Path {
        self.postgres.dir()
    }
}

impl Drop for Django {
    fn drop(&mut self) {
        if let Err(error) = end(&mut self.gunicorn, Signal::TERM, STOP_WITHIN) {
            eprintln!("bench: gunicorn: {error}");
        }
    }
}

/// The releases of what it is made of, for the report.
pub(crate) fn versions(parts: &Parts) -> io::Result<String> {
    let code = "import sys, importlib.metadata as m\n\
                print('Python', sys.version.split()[0], *[f', {n} {m.version(n)}' for n in \
                ('Django', 'djangorestframework', 'djangorestframework-simplejwt', 'django-filter', 'gunicorn', \
                'psycopg2-binary')], sep='')";
    let python = Command::new(&parts.python).args(["-c", code]).output();
    let python = python.map_err(|error| {
        io::Error::other(format!("{}: {error}; packaging/tools/venv.sh makes it", parts.python.display()))
    })?;
    let program = parts.postgres.join("postgres");
    let postgres = Command::new(&program).arg("--version").output();
    let postgres = postgres.map_err(|error| io::Error::other(format!("{}: {error}", program.display())))?;
    let text = |output: &[u8]| String::from_utf8_lossy(output).trim().to_owned();
    Ok(format!("{}, {}", text(&python.stdout).replacen("Python", "Python ", 1), text(&postgres.stdout)))
}

/// One of Django's own commands.
fn manage(command: &mut Command) -> io::Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))))
}
