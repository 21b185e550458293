//! The real relay, started on a database, killed, stopped and started again.
//!
//! The program is `target/debug/cloud-relay` of this workspace, or what `CLOUD_RELAY_BIN` names.

use std::env;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use relay::auth::credential::Credential;
use rustix::process::Signal;
use sqlx::PgPool;
use uuid::Uuid;

use crate::client::{Address, Client};
use crate::postgres::{Cluster, Database};
use crate::process::{Process, until};

/// How long a start may take.
const START_WITHIN: Duration = Duration::from_secs(30);
/// How long a node that was told to stop may take.
const STOP_WITHIN: Duration = Duration::from_secs(12);

/// The program under test.
///
/// # Panics
/// Where it has not been built.
#[must_use]
pub fn program() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/cloud-relay");
    let path = env::var_os("CLOUD_RELAY_BIN").map_or(built, PathBuf::from);
    let shown = path.display();
    assert!(path.exists(), "{shown} is missing: run `cargo build -p cloud-relay`, or set CLOUD_RELAY_BIN");
    path
}

/// Whose a hub is, and how it shows that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The chain.
    pub tenant: Uuid,
    /// The outlet.
    pub outlet: Uuid,
    /// The box.
    pub hub: Uuid,
    /// Its secret.
    pub secret: String,
}

impl Claimed {
    /// What stands behind `Bearer`.
    #[must_use]
    pub fn credential(&self) -> String {
        format!("ohr1.{}.{}.{}", self.tenant.simple(), self.hub.simple(), self.secret)
    }
}

/// A node of a test.
#[derive(Debug)]
pub struct TestRelay {
    database: Database,
    variables: Vec<(String, String)>,
    process: Option<Process>,
    address: Address,
}

impl TestRelay {
    /// A node on a database of its own, which is up to date.
    pub async fn start() -> Self {
        let database = Cluster::shared().await.database().await;
        Self::on(&database, &[]).await
    }

    /// A node on a database, with variables of the environment; brings the database up to date.
    ///
    /// # Panics
    /// Where it does not start.
    pub async fn on(database: &Database, variables: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut relay = Self {
            database: database.clone(),
            variables: variables.iter().map(own).collect(),
            process: None,
            address: Address::new(SocketAddr::from(([127, 0, 0, 1], 9))),
        };
        relay.run(&["migrate"]);
        relay.start_again().await;
        relay
    }

    /// The program with this node's environment, and nothing of the machine's own configuration.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(program());
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("CLOUD_RELAY_")) {
            command.env_remove(name);
        }
        command.args(["--config", "/dev/null"]).env("CLOUD_RELAY_DATABASE__URL", self.database.url());
        // Tests claim more often than any installer; one that is about that sets its own.
        command.env("CLOUD_RELAY_CLAIM__ATTEMPTS_PER_MINUTE", "0");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs another command of the program.
    #[must_use]
    pub fn try_run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().expect("the program runs")
    }

    /// Runs another command, which must do what it is asked; answers what it prints.
    ///
    /// # Panics
    /// Where it fails.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.try_run(arguments);
        let failed = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{arguments:?}: {}{failed}",
            String::from_utf8_lossy(&output.stdout)
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Runs a command that prints an id first; answers the id.
    ///
    /// # Panics
    /// Where it prints none.
    #[must_use]
    pub fn made(&self, arguments: &[&str]) -> Uuid {
        let said = self.run(arguments);
        let id = said.split(' ').next().unwrap_or_default();
        id.parse().unwrap_or_else(|_| panic!("{arguments:?}: {said}"))
    }

    /// Starts it, again.
    ///
    /// # Panics
    /// Where it runs, or does not start.
    pub async fn start_again(&mut self) {
        assert!(self.process.is_none(), "it runs already");
        let mut command = self.command();
        let mut process = Process::spawn(command.args(["serve", "--listen", "127.0.0.1:0"]));
        let address = until(START_WITHIN, "the relay's address", || {
            let said = process.said();
            let found = said.lines().find_map(|line| line.rsplit_once("://")?.1.parse().ok());
            if let (None, Some(status)) = (&found, process.ended()) {
                panic!("the relay has ended at its start ({status}): {}", process.logged());
            }
            std::future::ready(found)
        });
        self.address.set(address.await);
        self.process = Some(process);
    }

    /// `kill -9`.
    pub fn kill9(&mut self) {
        self.process.take().expect("it runs").kill9();
    }

    /// SIGTERM: it must end by itself, with 0, in time.
    ///
    /// # Panics
    /// Where it does not.
    pub async fn terminate(&mut self) {
        let mut process = self.process.take().expect("it runs");
        process.signal(Signal::TERM);
        let status = process.end(STOP_WITHIN).await;
        assert_eq!(status.code(), Some(0), "{status}: {}", process.logged());
    }

    /// What it has logged since its last start.
    #[must_use]
    pub fn logged(&self) -> String {
        self.process.as_ref().map(Process::logged).unwrap_or_default()
    }

    /// The most memory that it has had at once since its last start, in kB.
    #[must_use]
    pub fn memory_peak_kb(&self) -> u64 {
        self.process.as_ref().expect("it runs").memory_peak_kb()
    }

    /// Where it answers, wherever that is after the next start.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// A client of it.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.address.clone())
    }

    /// Its database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// An outlet of a new tenant, and a hub that has claimed it, as an operator and an installer do it.
    pub async fn claimed(&self) -> Claimed {
        let tenant = self.made(&["tenant", "add", "Rantai Uji"]);
        let outlet = self.outlet(tenant, 7);
        self.claim(tenant, outlet).await
    }

    /// A new outlet.
    #[must_use]
    pub fn outlet(&self, tenant: Uuid, number: u32) -> Uuid {
        let (tenant, number) = (tenant.to_string(), number.to_string());
        self.made(&["outlet", "add", "--tenant", &tenant, "--number", &number, "Warung Uji"])
    }

    /// A code for an outlet.
    #[must_use]
    pub fn code(&self, tenant: Uuid, outlet: Uuid) -> String {
        let said =
            self.run(&["claim-code", "--tenant", &tenant.to_string(), "--outlet", &outlet.to_string()]);
        said.split(' ').next().unwrap_or_default().to_owned()
    }

    /// A hub that has claimed an outlet.
    ///
    /// # Panics
    /// Where the answer is not as it should be.
    pub async fn claim(&self, tenant: Uuid, outlet: Uuid) -> Claimed {
        let wish = serde_json::json!({
            "code": self.code(tenant, outlet),
            "software": "test 1",
            "outlet": {"name": "Warung Uji", "number": 7},
        });
        let answer = self.client().post("/api/hubs/claim/", &wish).await.expect(201);
        assert_eq!(answer["uplink_path"], protocol::frame::UPLINK_PATH);
        let id = |name: &str| answer[name].as_str().and_then(|text| text.parse().ok()).expect("an id");
        let secret = answer["secret"].as_str().expect("a secret").to_owned();
        Claimed { tenant: id("tenant_id"), outlet: id("outlet_id"), hub: id("hub_id"), secret }
    }

    /// Many outlets of one new tenant with a hub each, as if they had been claimed long ago.
    ///
    /// # Panics
    /// Where the database does not take them.
    pub async fn many_claimed(&self, pool: &PgPool, count: u32) -> Vec<Claimed> {
        let tenant = self.made(&["tenant", "add", "Rantai Besar"]);
        let mut claimed = Vec::new();
        for number in 1..=count {
            let credential = Credential::new(tenant).expect("random bytes");
            let outlet = Uuid::now_v7();
            sqlx::query(
                "WITH made AS (INSERT INTO outlets (tenant_id, outlet_id, number, name) VALUES ($1, $2, $3, 'Warung')),
                 started AS (INSERT INTO cursors VALUES ($1, $2, 1, 0, $6, 0, $6))
                 INSERT INTO hubs (tenant_id, hub_id, outlet_id, secret_hash) VALUES ($1, $4, $2, $5)",
            )
            .bind(tenant)
            .bind(outlet)
            .bind(number.cast_signed())
            .bind(credential.hub)
            .bind(&credential.hash()[..])
            .bind(&protocol::chain::GENESIS[..])
            .execute(pool)
            .await
            .expect("new rows");
            claimed.push(Claimed { tenant, outlet, hub: credential.hub, secret: credential.secret() });
        }
        claimed
    }

    /// `cloud-relay verify` must say that an outlet's chain holds up to a record.
    ///
    /// # Panics
    /// Where it does not.
    pub fn assert_verified(&self, claimed: &Claimed, epoch: u32, seq: u64) {
        let (tenant, outlet) = (claimed.tenant.to_string(), claimed.outlet.to_string());
        let said = self.run(&["verify", "--tenant", &tenant, "--outlet", &outlet]);
        assert_eq!(said, format!("{outlet} holds epoch {epoch} seq {seq}"));
    }
}
