//! `make bench`: what the hub costs beside the two servers that it replaces.
//!
//! One run, one client, the servers in turn on the loopback; `rows` says what the aims are.
//! - Live orders, beside Node: `rounds` says what is measured, `load` how a load is given, `desk` who gives it, `wire` how they speak.
//! - The API, beside Django (`django`, `postgres`): `api` says what is measured, `shop` what is sold, `check` whether both answer
//!   alike, `http` how they speak.

mod api;
mod check;
mod desk;
mod disk;
mod django;
mod http;
mod load;
mod orders;
mod postgres;
mod proc;
mod report;
mod rest;
mod rounds;
mod rows;
mod scratch;
mod server;
mod shop;
mod stats;
mod wire;

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::{Parser, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};

use self::desk::Desk;
use self::disk::Disk;
use self::load::Load;
use self::orders::Orders;
use self::report::{About, AboutApi, AboutLive};
use self::rounds::{Bench, Figures, Plan};
use self::scratch::Scratch;
use self::server::{Programs, Side};

/// No further round beside Node is begun that would end past this.
const BUDGET: Duration = Duration::from_mins(6);

/// Measures the hub beside the servers that it replaces.
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
    /// Python with the packages of Django's `requirements.txt`.
    #[arg(long, default_value = "target/bench-venv/bin/python")]
    python: PathBuf,
    /// The Django project.
    #[arg(long, default_value = "tests/bench/django")]
    django: PathBuf,
    /// PostgreSQL's programs.
    #[arg(long, default_value = "/usr/lib/postgresql/15/bin")]
    postgres: PathBuf,
    /// Only beside this one.
    #[arg(long)]
    beside: Option<Beside>,
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

/// What the hub is measured beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Beside {
    Node,
    Django,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // One thread reads what all screens hear, and leaves the other core to the server.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(run_until_interrupted(&cli))) {
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

/// However it ends, what it has started and written goes with it.
async fn run_until_interrupted(cli: &Cli) -> io::Result<Vec<String>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        ended = run(cli) => ended,
        _ = interrupt.recv() => Err(io::ErrorKind::Interrupted.into()),
        _ = terminate.recv() => Err(io::ErrorKind::Interrupted.into()),
    }
}

/// Measures, and writes the report; answers what did not arrive.
async fn run(cli: &Cli) -> io::Result<Vec<String>> {
    let began = Instant::now();
    let load_before = proc::load_average();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(io::Error::other)?;
    let orders = Arc::new(Orders::new(now.as_millis() as u64));
    if let (Some(pid), Some(live)) = (cli.pid, cli.live) {
        return profile(cli, pid, live, &orders).await;
    }
    let tmp = cli.out.join("tmp");
    disk::forget(&tmp);
    let scratch = Scratch::new(&tmp)?;
    let file_system = proc::file_system(scratch.path())?;
    let programs = Programs { hub: cli.hub.clone(), node: cli.node.clone(), peer: cli.peer.clone() };
    let (mut figures, mut faults) = (Figures::default(), Vec::new());
    let (mut live, mut api) = (None, None);
    if cli.beside != Some(Beside::Django) {
        let about;
        (figures, faults, about) = beside_node(cli, &programs, scratch.path(), &orders).await?;
        live = Some(about);
    }
    if cli.beside != Some(Beside::Node) {
        api = Some(beside_django(cli, &programs, scratch.path(), &orders, &mut figures).await?);
    }
    let about = About {
        machine: proc::machine(),
        hub: version(&cli.hub)?,
        file_system,
        load_average: (load_before, proc::load_average()),
        took_s: began.elapsed().as_secs_f64(),
        live,
        api,
    };
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

/// Live orders.
async fn beside_node(
    cli: &Cli,
    programs: &Programs,
    scratch: &Path,
    orders: &Arc<Orders>,
) -> io::Result<(Figures, Vec<String>, AboutLive)> {
    let began = Instant::now();
    let mut plan = if cli.quick { Plan::QUICK } else { Plan::FULL };
    plan.rounds = cli.rounds.unwrap_or(plan.rounds);
    let mut bench = Bench {
        programs: programs.clone(),
        plan,
        scratch: scratch.to_owned(),
        orders: Arc::clone(orders),
        disk: Disk::new(scratch)?,
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
    let about = AboutLive {
        node: format!("Node {}, socket.io {}", version(&cli.node)?, socketio_version(&cli.peer)?),
        written: bench.disk.words(),
        rounds,
        order_bytes: orders.mean_bytes(),
    };
    Ok((bench.figures, bench.faults, about))
}

/// The API.
async fn beside_django(
    cli: &Cli,
    programs: &Programs,
    scratch: &Path,
    orders: &Arc<Orders>,
    figures: &mut Figures,
) -> io::Result<AboutApi> {
    let parts = django::Parts {
        python: cli.python.clone(),
        project: cli.django.clone(),
        postgres: cli.postgres.clone(),
    };
    let versions = django::versions(&parts)?;
    let mut plan = if cli.quick { api::Plan::QUICK } else { api::Plan::FULL };
    plan.rounds = cli.rounds.unwrap_or(plan.rounds);
    let measured = api::measure(plan, programs, &parts, scratch, orders, figures).await?;
    Ok(AboutApi {
        django: versions,
        file_system: measured.file_system,
        rounds: plan.rounds,
        orders: plan.orders,
        took_s: measured.took_s,
    })
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
