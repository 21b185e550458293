//! Two machines and a cable, made of network namespaces. Everything is taken down again when it is dropped.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};

/// The cable with a machine at each end: `hub` and `other`.
pub(crate) struct Lan {
    hub: String,
    other: String,
    data: tempfile::TempDir,
}

/// A program that ends with its handle.
pub(crate) struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"))
}

fn must(program: &str, arguments: &[&str]) {
    let output = run(program, arguments);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {words}");
}

impl Lan {
    /// Why there can be none here, or nothing.
    pub(crate) fn unavailable() -> Option<String> {
        for program in ["ip", "avahi-daemon", "avahi-browse", "dbus-daemon", "nsenter", "unshare", "openssl"]
        {
            if Command::new(program)
                .arg("--version")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_err()
            {
                return Some(format!("{program} is not installed"));
            }
        }
        let probe = format!("oh-probe-{}", std::process::id());
        let made = run("ip", &["netns", "add", &probe]);
        run("ip", &["netns", "delete", &probe]);
        let words = String::from_utf8_lossy(&made.stderr).trim().to_owned();
        (!made.status.success()).then(|| format!("network namespaces are not permitted: {words}"))
    }

    pub(crate) fn new() -> Self {
        let id = std::process::id();
        let lan = Self {
            hub: format!("oh-hub-{id}"),
            other: format!("oh-other-{id}"),
            data: tempfile::tempdir().expect("a folder"),
        };
        for (space, at) in [(&lan.hub, 1), (&lan.other, 2)] {
            must("ip", &["netns", "add", space]);
            must("ip", &["-n", space, "link", "set", "lo", "up"]);
            if at == 2 {
                let peer = [
                    "link", "add", "lan0", "netns", &lan.hub, "type", "veth", "peer", "name", "lan0",
                    "netns", space,
                ];
                must("ip", &peer);
            }
        }
        for (space, at) in [(&lan.hub, 1), (&lan.other, 2)] {
            must("ip", &["-n", space, "address", "add", &format!("{}/24", Self::address(at)), "dev", "lan0"]);
            must("ip", &["-n", space, "link", "set", "lan0", "up", "multicast", "on"]);
        }
        lan
    }

    /// The address of a machine.
    pub(crate) fn address(at: u8) -> String {
        // A private network of this test's own, in namespaces of its own.
        format!("10.231.77.{at}")
    }

    pub(crate) fn start_hub(&self, name: &str) -> Program {
        let mut hub = Command::new("ip")
            .args(["netns", "exec", &self.hub, env!("CARGO_BIN_EXE_outlet-hub"), "serve", "--demo"])
            .args(["--http", "0.0.0.0:8080", "--socketio", "0.0.0.0:3002", "--data-dir"])
            .arg(self.data.path().join("hub"))
            // Names the program under test for other tests; the hub would refuse it as a setting.
            .env_remove("OUTLET_HUB_BIN")
            .env("OUTLET_HUB_DISCOVERY__NAME", name)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(hub.stdout.take().expect("it is piped")).lines();
        let is_ready = lines.map_while(Result::ok).any(|line| line.contains("ready"));
        let program = Program(hub);
        assert!(is_ready, "the hub has not started");
        program
    }

    /// avahi with a bus and a /run of its own.
    pub(crate) fn start_avahi(&self) -> Program {
        let script = "mount -t tmpfs tmpfs /run && mkdir -p /run/dbus /run/avahi-daemon && \
                      dbus-daemon --system --nofork --nopidfile & \
                      until [ -S /run/dbus/system_bus_socket ]; do read -t 0.05 _ < /dev/zero; done; \
                      exec avahi-daemon --no-chroot --no-drop-root --no-rlimits";
        let pid_file = self.data.path().join("avahi.pid");
        let script = format!("echo $$ > {}; {script}", pid_file.display());
        let avahi = Command::new("ip")
            .args(["netns", "exec", &self.other, "unshare", "--mount", "--pid", "--fork", "--kill-child"])
            .args(["--mount-proc", "bash", "-c", &script])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut program = Program(avahi);
        let lines = BufReader::new(program.0.stderr.take().expect("it is piped")).lines();
        let mut heard = Vec::new();
        for line in lines.map_while(Result::ok) {
            let is_up = line.contains("Server startup complete");
            heard.push(line);
            if is_up {
                return program;
            }
        }
        panic!("avahi has not started: {heard:?}");
    }

    /// Runs a program beside avahi.
    fn beside_avahi(&self, arguments: &[&str]) -> String {
        // `unshare` is the namespaces' first process; its child is the one inside of them.
        let found = run("pgrep", &["-f", "avahi-daemon: running"]);
        let inside = String::from_utf8_lossy(&found.stdout).lines().find_map(|pid| {
            let space = run("ip", &["netns", "identify", pid]);
            (String::from_utf8_lossy(&space.stdout).trim() == self.other).then(|| pid.to_owned())
        });
        let Some(pid) = inside else { return "avahi is not running".to_owned() };
        let mut all = vec!["--target", &pid, "--mount", "--net", "timeout", "10"];
        all.extend(arguments);
        let output = run("nsenter", &all);
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    }

    /// What the other machine sees of a kind of service, resolved.
    pub(crate) fn browse(&self, kind: &str) -> String {
        self.beside_avahi(&["avahi-browse", "--resolve", "--parsable", "--terminate", kind])
    }

    /// What the other machine takes a name for.
    pub(crate) fn resolve(&self, name: &str) -> String {
        self.beside_avahi(&["avahi-resolve", "-4", "--name", name])
    }

    /// Whether the other machine, which trusts the hub's authority, takes its certificate for the hub's address.
    pub(crate) fn trusts(&self, at: u8) -> bool {
        let ip = Self::address(at);
        let (address, ca) = (format!("{ip}:8443"), self.data.path().join("hub/secrets/ca.pem"));
        let ca = ca.display().to_string();
        let ask = ["openssl", "s_client", "-connect", &address, "-verify_ip", &ip, "-CAfile", &ca];
        let space = ["netns", "exec", &self.other, "timeout", "10"];
        run("ip", &[&space[..], &ask, &["-verify_return_error"]].concat()).status.success()
    }

    /// Plugs the hub's cable in, or pulls it.
    pub(crate) fn cable(&self, is_in: bool) {
        must("ip", &["-n", &self.hub, "link", "set", "lan0", if is_in { "up" } else { "down" }]);
    }

    /// Gives the hub another address.
    pub(crate) fn change_address(&self, from: u8, to: u8) {
        // In this order: a network's first address takes the others with it.
        must(
            "ip",
            &["-n", &self.hub, "address", "delete", &format!("{}/24", Self::address(from)), "dev", "lan0"],
        );
        must("ip", &["-n", &self.hub, "address", "add", &format!("{}/24", Self::address(to)), "dev", "lan0"]);
    }
}

impl Drop for Lan {
    fn drop(&mut self) {
        for space in [&self.hub, &self.other] {
            let left = run("ip", &["netns", "pids", space]);
            for pid in String::from_utf8_lossy(&left.stdout).lines() {
                run("kill", &["-9", pid]);
            }
            run("ip", &["netns", "delete", space]);
        }
    }
}
