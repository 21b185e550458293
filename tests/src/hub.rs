//! The real program, started, killed, stopped and started again.
//!
//! **Promise.** [`TestHub::start`] returns once the hub has said where it answers. Nothing outlives a [`TestHub`]: its
//! `Drop` kills the process, checks that it is gone, and deletes the data folder where that was its own.
//!
//! The program is `target/debug/outlet-hub` of this workspace, or what `OUTLET_HUB_BIN` names.

use std::env;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;
use tokio::time::Instant;

use crate::client::{Address, Client};
pub use crate::process::{Process, until};

/// How long a start may take; a debug build on a busy machine that folds a long ledger.
pub const START_WITHIN: Duration = Duration::from_secs(30);
/// How long a hub that was told to stop may take.
pub const STOP_WITHIN: Duration = Duration::from_secs(5);
/// How long a token of the harness is used; the hub's are good for 15 minutes.
const TOKEN_FOR: Duration = Duration::from_mins(10);
/// Whoever the harness is signed in as, on a hub that is no demo.
pub const OWNER: &str = "pemilik";
/// Their password.
pub const OWNER_PASSWORD: &str = "rahasia-pemilik";

/// The program under test.
///
/// # Panics
/// Where it has not been built.
#[must_use]
pub fn program() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/outlet-hub");
    let path = env::var_os("OUTLET_HUB_BIN").map_or(built, PathBuf::from);
    let shown = path.display();
    assert!(path.exists(), "{shown} is missing: run `cargo build -p outlet-hub`, or set OUTLET_HUB_BIN");
    path
}

/// How a hub is started.
#[derive(Debug, Clone)]
pub struct Setup {
    is_demo: bool,
    data_dir: Option<PathBuf>,
    variables: Vec<(String, String)>,
}

impl Setup {
    /// The demo's restaurant.
    #[must_use]
    pub fn demo() -> Self {
        Self { is_demo: true, data_dir: None, variables: Vec::new() }
    }

    /// Nobody has set it up.
    #[must_use]
    pub fn bare() -> Self {
        Self { is_demo: false, data_dir: None, variables: Vec::new() }
    }

    /// An outlet with an empty menu and these settings; number and name are given.
    #[must_use]
    pub fn outlet(settings: &[(&str, &str)]) -> Self {
        let given = [("NUMBER", "7"), ("NAME", "Warung Uji")];
        let setup = Self { is_demo: false, data_dir: None, variables: Vec::new() };
        given
            .iter()
            .chain(settings)
            .fold(setup, |setup, (name, value)| setup.variable(&format!("OUTLET_HUB_OUTLET__{name}"), value))
    }

    /// On a data folder that is somebody else's.
    #[must_use]
    pub fn at(mut self, data_dir: &Path) -> Self {
        self.data_dir = Some(data_dir.to_owned());
        self
    }

    /// With a variable of the environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts it.
    pub async fn start(self) -> TestHub {
        TestHub::start(self).await
    }

    /// The program with this setup's environment, and nothing of the machine's own configuration.
    #[must_use]
    pub fn command(&self, data_dir: &Path) -> Command {
        let mut command = Command::new(program());
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("OUTLET_HUB_")) {
            command.env_remove(name);
        }
        // Without this, a hub installed on this machine would lend its configuration.
        command.arg("--config").arg("/dev/null").arg("--data-dir").arg(data_dir);
        command.env("OUTLET_HUB_DISCOVERY__ENABLED", "false");
        // Tests ask more often than any till; one that is about that sets its own.
        command.env("OUTLET_HUB_HTTP__REQUESTS_PER_SECOND_MAX", "0");
        // What a bill comes to must not depend on the hour; a test that is about promotions switches them on.
        command.env("OUTLET_HUB_DEMO__PROMOTIONS", "false");
        // Hubs of other tests have the usual port.
        command.env("OUTLET_HUB_HTTPS__LISTEN", "127.0.0.1:0");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Makes somebody an owner, with `outlet-hub owner`.
    ///
    /// # Panics
    /// Where the program refuses.
    pub fn make_owner(&self, data_dir: &Path, username: &str, password: &str) {
        let mut command = self.command(data_dir);
        command.args(["owner", username]);
        let made = output_of(&mut command, password);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// Starts the process and nothing more: for a power cut before it is ready.
    pub fn spawn(&self, data_dir: &Path) -> Process {
        let mut command = self.command(data_dir);
        command.args(["serve", "--http", "127.0.0.1:0", "--socketio", "127.0.0.1:0"]);
        if self.is_demo {
            command.arg("--demo");
        }
        Process::spawn(&mut command)
    }
}

/// Runs a command, and writes `input` to it.
fn output_of(command: &mut Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    // One that refuses at once may not read it.
    let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

/// A hub of a test.
#[derive(Debug)]
pub struct TestHub {
    setup: Setup,
    data_dir: PathBuf,
    process: Option<Process>,
    address: Address,
    socketio: SocketAddr,
    https: Option<SocketAddr>,
    client: Client,
    signed_in: Option<Instant>,
    own: Option<TempDir>,
}

impl TestHub {
    async fn start(setup: Setup) -> Self {
        let (own, data_dir) = if let Some(dir) = &setup.data_dir {
            (None, dir.clone())
        } else {
            let own = tempfile::Builder::new().prefix("outlet-hub-test-").tempdir();
            let own = own.expect("a folder for temporary files");
            let dir = own.path().join("data");
            (Some(own), dir)
        };
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
        let address = Address::new(nowhere);
        let client = Client::new(address.clone());
        let mut hub = Self {
            setup,
            data_dir,
            process: None,
            address,
            socketio: nowhere,
            https: None,
            client,
            signed_in: None,
            own,
        };
        if !hub.setup.is_demo && !hub.data_dir.exists() {
            hub.setup.make_owner(&hub.data_dir, OWNER, OWNER_PASSWORD);
        }
        hub.run().await;
        hub
    }

    async fn run(&mut self) {
        let mut process = self.setup.spawn(&self.data_dir);
        let found = until(START_WITHIN, "the hub's addresses", || {
            let found = process.addresses();
            let ended = process.ended();
            if let (None, Some(status)) = (&found, ended) {
                panic!("the hub has ended at its start ({status}): {}", process.logged());
            }
            std::future::ready(found)
        })
        .await;
        self.address.set(found.0);
        self.socketio = found.1;
        self.https = process.https();
        self.process = Some(process);
        self.sign_in().await;
    }

    /// Signs the harness in as the owner. A hub that cannot write cannot let anybody in: whoever was in then stays in.
    async fn sign_in(&mut self) {
        if self.signed_in.is_some_and(|at| at.elapsed() < TOKEN_FOR) {
            return;
        }
        let (username, password) =
            if self.setup.is_demo { ("owner", "demo-owner") } else { (OWNER, OWNER_PASSWORD) };
        let credentials = serde_json::json!({"username": username, "password": password});
        let answer = self.client.anonymous().post("/api/token/", &credentials).await;
        if answer.status == 200 {
            let tokens = answer.json();
            self.client = self.client.with_token(tokens["access"].as_str().unwrap_or_default());
            self.signed_in = Some(Instant::now());
        }
    }

    fn process(&mut self) -> &mut Process {
        self.process.as_mut().expect("the hub runs")
    }

    /// A client of this hub, signed in as its owner.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Where old tills and screens connect.
    #[must_use]
    pub fn socketio(&self) -> SocketAddr {
        self.socketio
    }

    /// Where its pages and its API answer.
    #[must_use]
    pub fn http(&self) -> SocketAddr {
        self.address.get()
    }

    /// Where it answers encrypted.
    #[must_use]
    pub fn https(&self) -> SocketAddr {
        self.https.expect("it has HTTPS")
    }

    /// Whether it has HTTPS.
    #[must_use]
    pub fn has_https(&self) -> bool {
        self.https.is_some()
    }

    /// Its data folder.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// A place beside the data folder that goes with this hub.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        let own = self.own.as_ref().expect("a hub on a folder of its own");
        own.path().join(name)
    }

    /// What it has logged since its last start.
    #[must_use]
    pub fn logged(&self) -> String {
        self.process.as_ref().map(Process::logged).unwrap_or_default()
    }

    /// What it has printed since its last start.
    #[must_use]
    pub fn printed(&self) -> String {
        self.process.as_ref().map(Process::said).unwrap_or_default()
    }

    /// The most memory that it has had at once since its last start, in kB.
    #[must_use]
    pub fn memory_peak_kb(&self) -> u64 {
        self.process.as_ref().expect("the hub runs").memory_peak_kb()
    }

    /// `kill -9`.
    pub fn kill9(&mut self) {
        self.process().kill9();
        self.process = None;
    }

    /// SIGTERM: it must end by itself, with 0, in time.
    pub async fn terminate(&mut self) {
        self.process().signal(Signal::TERM);
        self.ended_well().await;
    }

    /// Sends SIGTERM and does not wait.
    pub fn ask_to_stop(&mut self) {
        self.process().signal(Signal::TERM);
    }

    /// Waits for its end after [`Self::ask_to_stop`]; answers how long that took.
    pub async fn ended_well(&mut self) -> Duration {
        let started = Instant::now();
        let status = self.process().end(STOP_WITHIN).await;
        let logged = self.logged();
        self.process = None;
        assert_eq!(status.code(), Some(0), "{status}: {logged}");
        started.elapsed()
    }

    /// Starts it again on the same data.
    pub async fn start_again(&mut self) {
        assert!(self.process.is_none(), "it runs already");
        self.run().await;
    }

    /// Stops it and starts it again.
    pub async fn restart(&mut self) {
        self.terminate().await;
        self.start_again().await;
    }

    /// Runs another command of the program on the same data.
    #[must_use]
    pub fn run_command(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().expect("the program runs")
    }

    /// Runs another command on the same data, and writes `input` to it.
    #[must_use]
    pub fn run_command_with(&self, arguments: &[&str], input: &str) -> Output {
        output_of(self.command().args(arguments), input)
    }

    /// The program on the same data, with the address where this hub answers.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = self.setup.command(&self.data_dir);
        command.env("OUTLET_HUB_HTTP__LISTEN", self.address.get().to_string());
        command
    }

    /// `outlet-hub verify` must say that everything holds, and that the views are what the ledger says.
    pub fn assert_verified(&self) {
        let verified = self.run_command(&["verify"]);
        let said = String::from_utf8_lossy(&verified.stdout);
        assert!(verified.status.success(), "{said}{}", String::from_utf8_lossy(&verified.stderr));
        assert!(said.contains("everything holds") && said.contains("equal to a fold"), "{said}");
    }

    /// The hub must take sales, now.
    pub async fn assert_ready(&self) {
        let ready = self.client.get("/readyz").await;
        assert_eq!(ready.status, 200, "{}\n{}", ready.text, self.logged());
    }

    /// Waits until the hub takes sales.
    pub async fn ready(&self, within: Duration) {
        until(within, "sales are taken", || async {
            (self.client.get("/readyz").await.status == 200).then_some(())
        })
        .await;
    }
}
