//! `make bench`: what the hub costs beside the Node Socket.IO server that it replaces.
//!
//! One run, one client, the two servers in turn on the loopback. `rounds` says what is measured, `load` how a load is given,
//! `desk` who gives it, `wire` how they speak, and `report` what the aims are.

mod desk;
mod disk;
mod load;
mod orders;
mod proc;
mod report;
mod rest;
mod rounds;
mod server;
mod stats;
mod wire;

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::Parser;

use self::desk::Desk;
use self::disk::Disk;
use self::load::Load;
use self::orders::Orders;
use self::report::About;
use self::rounds::{Bench, Figures, Plan};
use self::server::{Programs, Side};

/// No further round is begun that would end past this.
const BUDGET: Duration = Duration::from_mins(6);

/// Measures the hub beside the Node server that it replaces.
#[derive(Debug, Parser)]
struct Cli {
    /// The hub's program.
    #[arg(long, default_value = "target/release/outlet-hub")]
    hub: PathBuf,
    /// Node.
    #[arg(long, default_value = "node")]
    node: PathBuf,
    /// The Node server; its packages must be installed.
    #[arg(long, default_value = "tests/bench/peer/server.js")]
    peer: PathBuf,
    /// Where the report goes, and the hub's data while it is measured.
    #[arg(long, default_value = "target/bench")]
    out: PathBuf,
    /// Only whether everything works, in a few seconds: nothing that depends on time is judged.
    #[arg(long)]
    quick: bool,
    /// Rounds of each server; the fewest that give a median is 3.
    #[arg(long)]
    rounds: Option<usize>,
    /// Only gives a load to a hub or a Node server that runs already as this process, to profile it: `--pid`, `--live`.
    #[arg(long, requires = "live")]
    pid: Option<u32>,
    /// Where it answers Socket.IO.
    #[arg(long, requires = "pid")]
    live: Option<SocketAddr>,
    /// Screens of that load.
    #[arg(long, default_value_t = 100)]
    screens: usize,
    /// Its orders per second.
    #[arg(long, default_value_t = 100.0)]
    rate: f64,
    /// How long it is.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // One thread reads what all screens hear, and leaves the other core to the server.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(run(&cli))) {
        Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
        Ok(faults) => {
            for fault in &faults {
                eprintln!("bench: {fault}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures, and writes the report; answers what did not arrive.
async fn run(cli: &Cli) -> io::Result<Vec<String>> {
    let began = Instant::now();
    let load_before = proc::load_average();
    let mut plan = if cli.quick { Plan::QUICK } else { Plan::FULL };
    plan.rounds = cli.rounds.unwrap_or(plan.rounds);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(io::Error::other)?;
    let orders = Arc::new(Orders::new(now.as_millis() as u64));
    if let (Some(pid), Some(live)) = (cli.pid, cli.live) {
        return profile(cli, pid, live, &orders).await;
    }
    let scratch = cli.out.join("tmp");
    fs::create_dir_all(&scratch)?;
    let mut bench = Bench {
        programs: Programs { hub: cli.hub.clone(), node: cli.node.clone(), peer: cli.peer.clone() },
        plan,
        scratch: scratch.clone(),
        orders,
        disk: Disk::new(&scratch)?,
        figures: Figures::default(),
        faults: Vec::new(),
    };
    let mut rounds = 0;
    while rounds < plan.rounds && is_time_for_another(began, rounds) {
        for side in [Side::Hub, Side::Node] {
            bench.round(side, rounds).await?;
            let took = began.elapsed().as_secs();
            eprintln!("bench: {}, round {} of {}, {took} s", side.name(), rounds + 1, plan.rounds);
        }
        rounds += 1;
    }
    let about = About {
        machine: proc::machine(),
        hub: version(&cli.hub)?,
        node: format!("Node {}, socket.io {}", version(&cli.node)?, socketio_version(&cli.peer)?),
        file_system: proc::file_system(&scratch)?,
        written: bench.disk.words(),
        rounds,
        order_bytes: bench.orders.mean_bytes(),
        load_average: (load_before, proc::load_average()),
        took_s: began.elapsed().as_secs_f64(),
    };
    let Bench { disk, figures, faults, .. } = bench;
    drop(disk);
    fs::remove_dir_all(&scratch)?;
    if cli.quick {
        if faults.is_empty() {
            println!("bench: everything arrived, in {:.0} s", about.took_s);
        }
        return Ok(faults);
    }
    let text = report::markdown(&figures, &about, &faults);
    fs::write(cli.out.join("report.md"), &text)?;
    let json = report::json(&figures, &about, &faults);
    fs::write(cli.out.join("report.json"), format!("{json:#}\n"))?;
    println!("{text}");
    Ok(faults)
}

/// One load for a server that somebody else has started.
async fn profile(cli: &Cli, pid: u32, live: SocketAddr, orders: &Arc<Orders>) -> io::Result<Vec<String>> {
    let mut desk = Desk::open(live, rounds::TILLS, orders).await?;
    desk.set_screens(cli.screens).await?;
    let load = Load { rate: cli.rate, seconds: cli.seconds, warm_seconds: 0.0 };
    let seen = load::open_loop(&mut desk, pid, load).await?;
    println!("{seen:#?}");
    println!("CPU-seconds per 10,000 deliveries: {:.4}", seen.cpu_per_10k());
    println!("orders per CPU-second: {:.0}", seen.orders_per_cpu_s());
    Ok(seen.fault().into_iter().collect())
}

fn is_time_for_another(began: Instant, rounds: usize) -> bool {
    rounds == 0 || began.elapsed() + began.elapsed() / rounds as u32 <= BUDGET
}

fn version(program: &Path) -> io::Result<String> {
    let output = Command::new(program).arg("--version").output();
    let output = output.map_err(|error| io::Error::other(format!("{}: {error}", program.display())))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn socketio_version(peer: &Path) -> io::Result<String> {
    let package = peer.with_file_name("node_modules/socket.io/package.json");
    let text = fs::read_to_string(&package).map_err(|error| {
        io::Error::other(format!("{}: {error}; run `npm ci` in its folder", package.display()))
    })?;
    let package: serde_json::Value = serde_json::from_str(&text)?;
    Ok(package["version"].as_str().unwrap_or("of an unknown version").to_owned())
}
