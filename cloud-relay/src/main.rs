//! `cloud-relay`: parses, and calls.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use relay::commands::{self, claim_code, hub, migrate, outlet, tenant, verify};
use relay::config::Config;
use uuid::Uuid;

/// Where every hub's ledger of a chain arrives, once.
#[derive(Debug, Parser)]
#[command(name = "cloud-relay", version, about)]
struct Cli {
    /// Configuration file; without it, /etc/cloud-relay/cloud-relay.toml where there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database: `postgres://user:password@host/name`
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs a node.
    Serve {
        /// Where hubs connect.
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
    },
    /// Brings the database's schema up to date.
    Migrate,
    /// Chains.
    #[command(subcommand)]
    Tenant(Tenant),
    /// Outlets of a chain.
    #[command(subcommand)]
    Outlet(Outlet),
    /// Makes a code that a hub exchanges for its credential, once.
    ClaimCode {
        /// The chain.
        #[arg(long, value_name = "ID")]
        tenant: Uuid,
        /// The outlet.
        #[arg(long, value_name = "ID")]
        outlet: Uuid,
        /// How long it is good.
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=10_080))]
        minutes: u32,
    },
    /// Boxes.
    #[command(subcommand)]
    Hub(Hub),
    /// Walks an outlet's chain as it is stored, and says the first record that does not hold.
    Verify {
        /// The chain.
        #[arg(long, value_name = "ID")]
        tenant: Uuid,
        /// The outlet.
        #[arg(long, value_name = "ID")]
        outlet: Uuid,
    },
}

#[derive(Debug, Subcommand)]
enum Tenant {
    /// Makes one.
    Add {
        /// What it is called.
        name: String,
    },
    /// Says all of them.
    List,
}

#[derive(Debug, Subcommand)]
enum Outlet {
    /// Makes one.
    Add {
        /// The chain.
        #[arg(long, value_name = "ID")]
        tenant: Uuid,
        /// Its number in the chain.
        #[arg(long, value_name = "N")]
        number: u32,
        /// What it is called.
        name: String,
    },
    /// Says all of them.
    List,
    /// Lets one go on that was stopped because two ledgers differed.
    Resume {
        /// The chain.
        #[arg(long, value_name = "ID")]
        tenant: Uuid,
        /// The outlet.
        #[arg(long, value_name = "ID")]
        outlet: Uuid,
    },
}

#[derive(Debug, Subcommand)]
enum Hub {
    /// Says all of them.
    List,
    /// Takes the credential of one away.
    Revoke {
        /// Which.
        hub: Uuid,
    },
}

/// Where the packaged configuration is.
const PACKAGED_CONFIG: &str = "/etc/cloud-relay/cloud-relay.toml";

fn main() -> ExitCode {
    let cli = Cli::parse();
    match configure(&cli).map_err(|error| error.to_string()).and_then(|config| run(cli.command, &config)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("cloud-relay: {error}");
            ExitCode::FAILURE
        }
    }
}

fn configure(cli: &Cli) -> Result<Config, relay::config::ConfigError> {
    let packaged = PathBuf::from(PACKAGED_CONFIG);
    let file = cli.config.clone().or_else(|| packaged.exists().then_some(packaged));
    let mut config = Config::load(file.as_deref(), std::env::vars())?;
    if let Some(url) = &cli.database_url {
        config.database.url.clone_from(url);
    }
    if let Command::Serve { listen } = &cli.command {
        config.http.listen = listen.unwrap_or(config.http.listen);
    }
    Ok(config)
}

fn run(command: Command, config: &Config) -> Result<ExitCode, String> {
    if config.database.url.is_empty() {
        return Err("which database? --database-url, or database.url in the configuration".to_owned());
    }
    match command {
        Command::Serve { .. } => commands::serve::run(config),
        Command::Migrate => commands::run(config, migrate::run),
        Command::Tenant(Tenant::Add { name }) => {
            commands::run(config, async |db| tenant::add(db, &name).await)
        }
        Command::Tenant(Tenant::List) => commands::run(config, tenant::list),
        Command::Outlet(Outlet::Add { tenant, number, name }) => {
            commands::run(config, async |db| outlet::add(db, tenant, number, &name).await)
        }
        Command::Outlet(Outlet::List) => commands::run(config, outlet::list),
        Command::Outlet(Outlet::Resume { tenant, outlet }) => {
            commands::run(config, |db| outlet::resume(db, tenant, outlet))
        }
        Command::ClaimCode { tenant, outlet, minutes } => {
            commands::run(config, |db| claim_code::run(db, tenant, outlet, minutes))
        }
        Command::Hub(Hub::List) => commands::run(config, hub::list),
        Command::Hub(Hub::Revoke { hub }) => commands::run(config, |db| hub::revoke(db, hub)),
        Command::Verify { tenant, outlet } => commands::run(config, |db| verify::run(db, tenant, outlet)),
    }
}
