//! `outlet-hub`: parses, and calls.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use hub::commands;
use hub::config::Config;

/// The hub of a restaurant outlet.
#[derive(Debug, Parser)]
#[command(name = "outlet-hub", version, about)]
struct Cli {
    /// Configuration file; without it, /etc/outlet-hub/hub.toml where there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where ledger and views are kept.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the hub.
    Serve(Serve),
    /// Reads the whole ledger, checks every record, and compares the views with it.
    Verify,
    /// Says in words what is wrong with this hub, and what to do.
    Doctor,
    /// Writes the ledger to standard output, a line of JSON each.
    Export {
        /// First record.
        #[arg(long, default_value_t = 1)]
        from: u64,
    },
    /// Copies the ledger into a new folder, and checks the copy. The hub may be running.
    Backup {
        /// The folder; it must not hold anything.
        target: PathBuf,
    },
    /// Puts a backup in place of an empty data folder, under a new epoch.
    Restore {
        /// The folder that `backup` made.
        source: PathBuf,
    },
    /// Joins a chain: exchanges a claim code that head office made for this hub's own credential. The hub may be running.
    Claim {
        /// The relay's address.
        url: String,
        /// The code.
        code: String,
        /// Certificate, as PEM, of the authority that vouches for the relay, where the system knows none that does.
        #[arg(long, value_name = "FILE")]
        ca: Option<PathBuf>,
        /// Also where the hub is claimed already.
        #[arg(long)]
        again: bool,
    },
    /// Makes somebody an owner, or gives an owner a new password: its first line of standard input. Stop the hub first.
    Owner {
        /// What they type to sign in.
        username: String,
    },
    /// Makes a new key for the tokens of those who sign in. Nobody is signed out.
    RotateKeys,
    /// Writes the `OpenAPI` document to standard output.
    Schema,
}

#[derive(Debug, Args)]
struct Serve {
    /// Where the pages and the API answer.
    #[arg(long, value_name = "ADDR")]
    http: Option<std::net::SocketAddr>,
    /// Where they answer encrypted.
    #[arg(long, value_name = "ADDR")]
    https: Option<std::net::SocketAddr>,
    /// Where old tills and screens connect.
    #[arg(long, value_name = "ADDR")]
    socketio: Option<std::net::SocketAddr>,
    /// A restaurant to try things in: its menu and its staff, unpaired devices let in, passwords taken over plain HTTP.
    #[arg(long)]
    demo: bool,
}

/// Where the packaged configuration is.
const PACKAGED_CONFIG: &str = "/etc/outlet-hub/hub.toml";

fn main() -> ExitCode {
    let cli = Cli::parse();
    match configure(&cli).map_err(|error| error.to_string()).and_then(|config| run(cli.command, &config)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("outlet-hub: {error}");
            ExitCode::FAILURE
        }
    }
}

fn configure(cli: &Cli) -> Result<Config, hub::config::ConfigError> {
    let packaged = PathBuf::from(PACKAGED_CONFIG);
    let file = cli.config.clone().or_else(|| packaged.exists().then_some(packaged));
    let mut config = Config::load(file.as_deref(), std::env::vars())?;
    if let Some(data_dir) = &cli.data_dir {
        config.data_dir.clone_from(data_dir);
    }
    if let Command::Serve(serve) = &cli.command {
        config.http.listen = serve.http.unwrap_or(config.http.listen);
        config.https.listen = serve.https.unwrap_or(config.https.listen);
        config.socketio.listen = serve.socketio.unwrap_or(config.socketio.listen);
        config.socketio.allow_unpaired |= serve.demo;
        config.http.allow_insecure_sign_in |= serve.demo;
    }
    Ok(config)
}

fn run(command: Command, config: &Config) -> Result<ExitCode, String> {
    let folders = hub::store::Folders::new(&config.data_dir);
    match command {
        Command::Serve(serve) => commands::serve::run(config, serve.demo),
        Command::Verify => commands::verify::run(&folders),
        Command::Doctor => Ok(commands::doctor::run(config, &folders)),
        Command::Export { from } => commands::export::run(&folders, from),
        Command::Backup { target } => commands::backup::backup(&folders, &target),
        Command::Restore { source } => commands::backup::restore(&folders, &source),
        Command::Claim { url, code, ca, again } => {
            commands::claim::run(&folders.data, &url, &code, ca.as_deref(), again)
        }
        Command::Owner { username } => commands::account::owner(&folders, &username),
        Command::RotateKeys => commands::account::rotate_keys(&folders),
        Command::Schema => commands::schema(),
    }
}
