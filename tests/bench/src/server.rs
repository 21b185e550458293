//! The hub and the Node server as processes: started on free ports of the loopback, measured, and ended.

use std::env;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a start may take.
const START_WITHIN: Duration = Duration::from_secs(20);
/// How long a stop may take before it is a kill.
const STOP_WITHIN: Duration = Duration::from_secs(6);
/// How often a start is looked at: finer than what is measured.
const LOOK_EVERY: Duration = Duration::from_micros(500);

/// How to start them.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    pub(crate) hub: PathBuf,
    pub(crate) node: PathBuf,
    pub(crate) peer: PathBuf,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Hub,
    Node,
    Django,
}

impl Side {
    /// Its name in figures.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Node => "node",
            Self::Django => "django",
        }
    }

    /// Its name in a sentence.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Hub => "the hub",
            Self::Node => "Node",
            Self::Django => "Django",
        }
    }
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it answers REST (the hub alone).
    pub(crate) http: SocketAddr,
    /// Where tills and screens connect.
    pub(crate) live: SocketAddr,
    /// From its start to the first connection that it took.
    pub(crate) accept_ms: f64,
    /// From its start to the first answer.
    pub(crate) answer_ms: f64,
}

impl Server {
    /// Starts a hub. Its log goes nowhere, as it would into the journal's socket, so that it is made but not stored twice.
    pub(crate) fn start_hub(programs: &Programs, data_dir: &Path) -> io::Result<Self> {
        let (http, live) = (free_port()?, free_port()?);
        let mut command = Command::new(&programs.hub);
        // Without this, a hub installed on this machine would lend its configuration.
        command.args(["--config", "/dev/null", "--data-dir"]).arg(data_dir);
        command.args(["serve", "--demo", "--http", &http.to_string(), "--https", "127.0.0.1:0"]);
        command.args(["--socketio", &live.to_string()]);
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("OUTLET_HUB_")) {
            command.env_remove(name);
        }
        command.env("OUTLET_HUB_DISCOVERY__ENABLED", "false");
        // The servers that it is measured against know none.
        command.env("OUTLET_HUB_DEMO__PROMOTIONS", "false");
        // One client stands for all tills of the load.
        command.env("OUTLET_HUB_HTTP__REQUESTS_PER_SECOND_MAX", "0");
        let (mut server, began) = Self::spawn(command, http, live)?;
        server.await_start(began, http)?;
        // It listens for tills and screens a moment later.
        server.connect(began, live)?;
        Ok(server)
    }

    /// Starts a Node server, which has nothing but the live part.
    pub(crate) fn start_node(programs: &Programs) -> io::Result<Self> {
        let live = free_port()?;
        let mut command = Command::new(&programs.node);
        command.arg(&programs.peer);
        command.env("PORT", live.port().to_string()).env("HOST", "127.0.0.1");
        command.env("NODE_ENV", "production");
        let (mut server, began) = Self::spawn(command, live, live)?;
        server.await_start(began, live)?;
        Ok(server)
    }

    fn spawn(mut command: Command, http: SocketAddr, live: SocketAddr) -> io::Result<(Self, Instant)> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let child = command.spawn().map_err(|error| io::Error::other(format!("{command:?}: {error}")))?;
        Ok((Self { child, http, live, accept_ms: 0.0, answer_ms: 0.0 }, began))
    }

    /// Connects until it is accepted, and asks for any page.
    fn await_start(&mut self, began: Instant, address: SocketAddr) -> io::Result<()> {
        use std::io::{Read as _, Write as _};
        let mut stream = self.connect(began, address)?;
        self.accept_ms = began.elapsed().as_secs_f64() * 1_000.0;
        stream.set_read_timeout(Some(START_WITHIN))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = [0; 9];
        stream.read_exact(&mut answer)?;
        self.answer_ms = began.elapsed().as_secs_f64() * 1_000.0;
        if answer.starts_with(b"HTTP/1.1 ") { Ok(()) } else { Err(io::Error::other("no HTTP answer")) }
    }

    fn connect(&mut self, began: Instant, address: SocketAddr) -> io::Result<TcpStream> {
        loop {
            match TcpStream::connect(address) {
                Ok(stream) => return Ok(stream),
                Err(error) if began.elapsed() > START_WITHIN => return Err(error),
                Err(_) => {}
            }
            if let Some(status) = self.child.try_wait()? {
                return Err(io::Error::other(format!("the server ended at its start: {status}")));
            }
            std::thread::park_timeout(LOOK_EVERY);
        }
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(mut self) -> io::Result<()> {
        end(&mut self.child, Signal::TERM, STOP_WITHIN)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks a process to end, waits until it has, and kills it where it takes too long.
pub(crate) fn end(child: &mut Child, how: Signal, within: Duration) -> io::Result<()> {
    if child.try_wait()?.is_none()
        && let Some(pid) = Pid::from_raw(child.id().cast_signed())
    {
        kill_process(pid, how)?;
    }
    let asked = Instant::now();
    while child.try_wait()?.is_none() {
        if asked.elapsed() > within {
            child.kill()?;
        }
        std::thread::park_timeout(LOOK_EVERY * 4);
    }
    Ok(())
}

/// A port that nobody listens on at this moment.
pub(crate) fn free_port() -> io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}
