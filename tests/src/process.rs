//! A program that a test has started: what it says, its signals, and its end. `Drop` kills it and checks that it is gone.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Instant, interval, timeout};

/// How often something that must come true is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Waits until `look` gives something, looking again and again, at most `within`.
pub async fn until<T, F>(within: Duration, what: &str, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let mut tick = interval(LOOK_EVERY);
    let looking = async {
        loop {
            tick.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    timeout(within, looking).await.unwrap_or_else(|_| panic!("not within {within:?}: {what}"))
}

/// A running program, with what it has said so far.
#[derive(Debug)]
pub struct Process {
    child: Child,
    said: Arc<Mutex<String>>,
    logged: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts a program and listens to it.
    #[must_use]
    pub fn spawn(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let (said, logged) = (Arc::default(), Arc::default());
        let out = child.stdout.take().expect("it is piped");
        let err = child.stderr.take().expect("it is piped");
        let readers = vec![collect(out, &said), collect(err, &logged)];
        Self { child, said, logged, readers }
    }

    /// What it has printed.
    #[must_use]
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What it has logged.
    #[must_use]
    pub fn logged(&self) -> String {
        self.logged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The most memory that it has had at once, in kB.
    #[must_use]
    pub fn memory_peak_kb(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("it runs");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux says it");
        peak.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// Its end, once it has come.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("our own child can be waited for")
    }

    /// Waits for its end.
    pub async fn end(&mut self, within: Duration) -> ExitStatus {
        let started = Instant::now();
        let status = until(within, "the end of the hub", || std::future::ready(self.ended())).await;
        for reader in self.readers.drain(..) {
            reader.join().expect("reading a pipe does not panic");
        }
        assert!(started.elapsed() <= within + LOOK_EVERY * 2);
        status
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().cast_signed()).expect("a process has an id");
        kill_process(pid, signal).expect("our own child can be signalled");
    }

    /// `kill -9`, and waits until it is gone.
    pub fn kill9(&mut self) {
        // It may have ended by itself: then there is nothing to kill.
        let _ = self.child.kill();
        self.child.wait().expect("our own child can be waited for");
        for reader in self.readers.drain(..) {
            reader.join().expect("reading a pipe does not panic");
        }
    }

    /// The two addresses that it printed, once it has printed both.
    #[must_use]
    pub fn addresses(&self) -> Option<(SocketAddr, SocketAddr)> {
        let said = self.said();
        let start = said.lines().find_map(|line| line.trim().strip_prefix("Start"))?;
        let http: SocketAddr = start.trim().strip_prefix("http://")?.trim_end_matches('/').parse().ok()?;
        let old = said.lines().find(|line| line.contains("(Socket.IO): port "))?;
        let port = old.split("port ").nth(1)?.split(' ').next()?.parse().ok()?;
        Some((http, SocketAddr::new(http.ip(), port)))
    }

    /// Where it answers encrypted, as it printed before those two; none where it does not.
    #[must_use]
    pub fn https(&self) -> Option<SocketAddr> {
        let said = self.said();
        let till = said.lines().find_map(|line| line.trim().strip_prefix("Till"))?;
        till.trim().strip_prefix("https://")?.split('/').next()?.parse().ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill9();
        let left = Path::new("/proc").join(self.child.id().to_string());
        if !std::thread::panicking() {
            assert!(!left.exists(), "{} is left behind", left.display());
        }
    }
}

/// Gathers what comes through a pipe, on a thread that ends with the pipe.
fn collect(pipe: impl Read + Send + 'static, into: &Arc<Mutex<String>>) -> JoinHandle<()> {
    let into = Arc::clone(into);
    std::thread::spawn(move || {
        let mut lines = BufReader::new(pipe);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            into.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    })
}
