//! `outlet-hub doctor`: what is wrong, in words, and what to do.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::config::Config;
use crate::discovery;
use crate::ledger::ballast::{BALLAST_BYTES, BALLAST_FILE};
use crate::ledger::disk::{Disk, RealDisk};
use crate::ledger::files::Damage;
use crate::ledger::recover::{self, Found};
use crate::store::{Folders, Lock};
use crate::tls::certificate::{self, Wanted};

/// Free space below which an outlet should act: months of ledger.
const FREE_BYTES_LOW: u64 = 512 << 20;
/// How long a running hub may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Findings as they are printed.
#[derive(Default)]
struct Report {
    wrong: usize,
}

impl Report {
    fn good(what: &str) {
        println!("  ok   {what}");
    }

    fn note(what: &str, advice: &str) {
        println!("  note {what}\n       {advice}");
    }

    fn wrong(&mut self, what: &str, advice: &str) {
        self.wrong += 1;
        println!("WRONG  {what}\n       {advice}");
    }
}

/// Looks at everything; fails where something is wrong.
pub fn run(config: &Config, folders: &Folders) -> ExitCode {
    let mut report = Report::default();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    folder(&mut report, folders);
    space(&mut report, &*disk, folders);
    match recover::find(&disk, &folders.ledger) {
        Ok(found) => ledger(&mut report, folders, &found),
        Err(error) => report.wrong(
            &format!("the ledger cannot be read: {error}"),
            "If the disk has failed, put in a new one and run `outlet-hub restore` with your last backup.",
        ),
    }
    views(folders);
    running(&mut report, config, folders);
    encryption(&mut report, config, folders);
    let addresses = discovery::addresses();
    if addresses.is_empty() {
        report.wrong(
            "this machine has no address on any network",
            "Plug in the cable, or check the Wi-Fi settings.",
        );
    } else {
        let list: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        Report::good(&format!("addresses: {}", list.join(", ")));
    }
    if config.outlet.is_none() {
        Report::note(
            "no [outlet] in the configuration",
            "It is needed once, at the first start on an empty folder.",
        );
    }
    match report.wrong {
        0 => {
            println!("\nNothing is wrong.");
            ExitCode::SUCCESS
        }
        count => {
            println!("\n{count} to mend.");
            ExitCode::FAILURE
        }
    }
}

fn folder(report: &mut Report, folders: &Folders) {
    let probe = folders.data.join(".doctor");
    match std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => Report::good(&format!("{} can be written", folders.data.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Report::note(
            &format!("{} does not exist yet", folders.data.display()),
            "The first start makes it.",
        ),
        Err(error) => report.wrong(
            &format!("{} cannot be written: {error}", folders.data.display()),
            "Sales are refused while this lasts; tills keep theirs. A disk that turned read-only has usually failed: \
             back up what can be read (`outlet-hub backup`), then replace it.",
        ),
    }
}

fn space(report: &mut Report, disk: &dyn Disk, folders: &Folders) {
    let Ok(free) = disk.free_bytes(&folders.data) else { return };
    let mib = free >> 20;
    if free < 3 * BALLAST_BYTES {
        report.wrong(
            &format!("the disk is full: {mib} MiB are free"),
            "Sales are refused while this lasts; tills keep theirs. Free some space; the hub goes on by itself.",
        );
    } else if free < FREE_BYTES_LOW {
        Report::note(&format!("{mib} MiB are free"), "Enough for now; plan for a larger disk.");
    } else {
        Report::good(&format!("{mib} MiB are free"));
    }
    let has_ballast = folders.ledger.join(BALLAST_FILE).exists();
    if folders.ledger.exists() && !has_ballast {
        Report::note(
            "the space kept for emergencies was given up",
            "It comes back by itself when the disk has room.",
        );
    }
}

fn ledger(report: &mut Report, folders: &Folders, found: &Found) {
    if let Some(torn) = &found.torn {
        Report::note(
            &format!("{} bytes behind the last record were never acknowledged (a power cut)", torn.cut),
            "Nothing was lost. The next start cuts them off.",
        );
    }
    for damage in &found.damage {
        report.wrong(&damage.to_string(), &advice(folders, damage, found.may_write()));
    }
    if found.damage.is_empty() {
        Report::good(&format!("ledger: {} records, epoch {}", found.end.seq, found.end.epoch));
        let clock = Clock::system();
        if let Some(record) =
            found.files.read(found.end.seq, 1).ok().and_then(|records| records.into_iter().next())
        {
            clock.check(record.envelope.at_ms);
        }
        if clock.is_unverified() {
            report.wrong(
                "the clock shows a time before the last sale",
                "Sales go on and are marked; set the clock, or let it reach the internet for a moment.",
            );
        }
    }
}

fn advice(folders: &Folders, damage: &Damage, may_write: bool) -> String {
    let file = folders.ledger.join(&damage.segment);
    let state = if may_write {
        "Selling goes on: what is damaged is older than what is needed every day."
    } else {
        "Sales are refused, and tills keep theirs, until this is mended."
    };
    format!(
        "{state} Leave {} as it is: nothing is ever deleted by itself. If you have a backup, stop the hub, move {} away, \
         run `outlet-hub restore BACKUP`, and start again; the old folder holds what came after the backup, for whoever \
         helps you.",
        file.display(),
        folders.data.display(),
    )
}

fn views(folders: &Folders) {
    let aside = folders.views.with_extension("set-aside");
    if aside.exists() {
        Report::note(
            &format!("views were set aside as {}", aside.display()),
            "They were damaged, and have been made again from the ledger. The folder may be deleted.",
        );
    }
}

fn running(report: &mut Report, config: &Config, folders: &Folders) {
    let is_running = folders.data.exists() && Lock::take(&folders.data).is_err();
    if !is_running {
        return Report::note("the hub is not running", "Start it: `systemctl start outlet-hub`.");
    }
    match ask(config.http.listen, "/readyz") {
        Ok(answer) if answer.starts_with("HTTP/1.1 200") => {
            Report::good("the hub is running and takes sales");
            sign_in(report, config);
        }
        Ok(answer) => {
            let words = answer.rsplit("\r\n\r\n").next().unwrap_or_default();
            report.wrong(
                &format!("the hub is running and takes no sales: {words}"),
                "See above for the reason.",
            );
        }
        Err(error) => Report::note(
            &format!("the hub is running, but not at {}: {error}", config.http.listen),
            "It may have been started with another address.",
        ),
    }
}

fn sign_in(report: &mut Report, config: &Config) {
    // Where it does not answer, that has been said.
    let Ok(answer) = ask(config.http.listen, "/api/hub/") else { return };
    if answer.contains("\"has_owner\":false") {
        report.wrong(
            "nobody can sign in",
            "Make the first account: stop the hub, run `sudo -u outlet-hub outlet-hub owner NAME` and type a password, \
             start the hub.",
        );
    } else {
        Report::good("there is an owner, who can sign in");
    }
}

/// Whether HTTPS has a certificate, until when, and for what.
fn encryption(report: &mut Report, config: &Config, folders: &Folders) {
    if !config.https.enabled {
        return Report::note(
            "HTTPS is off in the configuration",
            "Whoever is on this network can read what is sent, passwords included.",
        );
    }
    let facts = match certificate::kept(&folders.data) {
        Ok(Some(facts)) => facts,
        Ok(None) => return Report::note("there is no certificate for HTTPS yet", "A start makes it."),
        Err(error) => {
            return Report::note(
                &format!("the certificate of HTTPS cannot be read: {error}"),
                "Run this as root, or as the hub's user.",
            );
        }
    };
    let day =
        |seconds| jiff::Timestamp::from_second(seconds).map_or_else(|_| "?".into(), |at| at.to_string());
    let addresses = facts.addresses.iter().map(ToString::to_string);
    let all: Vec<String> = facts.names.iter().cloned().chain(addresses).collect();
    let what = format!("HTTPS: a certificate until {} for {}", day(facts.not_after), all.join(", "));
    let now_s = Clock::system().now_ms() / 1_000;
    if (facts.not_before..=facts.not_after).contains(&now_s) {
        Report::good(&what);
    } else {
        report.wrong(
            &format!("{what}, and this machine's clock shows {}", day(now_s)),
            "Set the clock. A running hub then makes a certificate that fits, within a minute; it sells meanwhile.",
        );
    }
    let wanted = Wanted::new(&Wanted::names(&config.discovery.name), &discovery::addresses());
    let lacking: Vec<String> =
        wanted.addresses.iter().filter(|ip| !facts.addresses.contains(ip)).map(ToString::to_string).collect();
    if !lacking.is_empty() {
        Report::note(
            &format!("the certificate is not for {} yet", lacking.join(", ")),
            "A running hub makes one that is, within a minute.",
        );
    }
    let is_running = Lock::take(&folders.data).is_err();
    if is_running && let Err(error) = connect(config.https.listen) {
        Report::note(
            &format!("HTTPS does not answer at {}: {error}", config.https.listen),
            "The port may have been taken at the start (the log says so), or it was started with another.",
        );
    }
}

fn connect(listen: SocketAddr) -> std::io::Result<TcpStream> {
    let ip = if listen.ip().is_unspecified() { std::net::Ipv4Addr::LOCALHOST.into() } else { listen.ip() };
    TcpStream::connect_timeout(&SocketAddr::new(ip, listen.port()), ANSWER_WITHIN)
}

fn ask(listen: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = connect(listen)?;
    stream.set_read_timeout(Some(ANSWER_WITHIN))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
