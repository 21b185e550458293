//! A browser on another machine finds the hub by name, and still does after the hub's network has changed under it; and the
//! hub's certificate follows its address, with no restart.
//!
//! Two network namespaces joined by a cable stand for two machines; the other one runs `avahi`, as any Linux, Android or
//! printer would.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod lan;

use std::time::{Duration, Instant};

use lan::Lan;

/// How long anything on the LAN may take: an announcement, its repetition, and a look every second or so.
const WITHIN: Duration = Duration::from_secs(45);

/// Asks again until the answer holds. Each question takes the asking program about a second, which paces it.
fn wait_for(what: &str, ask: impl Fn() -> String, holds: impl Fn(&str) -> bool) {
    let began = Instant::now();
    let mut answer = ask();
    while !holds(&answer) {
        assert!(began.elapsed() < WITHIN, "waited in vain for {what}; the last answer was:\n{answer}");
        answer = ask();
    }
}

#[test]
fn the_hub_is_found_by_name_through_changes_of_its_network() {
    if let Some(why) = Lan::unavailable() {
        println!("skipped: {why}");
        return;
    }
    let lan = Lan::new();
    let _hub = lan.start_hub("warung-uji");
    let _avahi = lan.start_avahi();

    for (kind, port) in [("_outlet-hub._tcp", "8080"), ("_http._tcp", "8080"), ("_https._tcp", "8443")] {
        let browse = || lan.browse(kind);
        wait_for(kind, browse, |answer| {
            answer.lines().any(|line| {
                let is_resolved = line.starts_with('=') && line.contains("warung-uji.local");
                is_resolved && line.contains(&format!("{};{port};", Lan::address(1)))
            })
        });
    }
    let resolve = || lan.resolve("warung-uji.local");
    wait_for("the name", resolve, |answer| answer.contains(&Lan::address(1)));
    assert!(lan.trusts(1), "its certificate is for its address");

    lan.cable(false);
    lan.cable(true);
    let browse = || lan.browse("_outlet-hub._tcp");
    wait_for("the hub after its cable was out", browse, |answer| {
        answer.lines().any(|line| line.starts_with('=') && line.contains(&Lan::address(1)))
    });

    lan.change_address(1, 7);
    wait_for("the hub at its new address", resolve, |answer| answer.contains(&Lan::address(7)));
    // The question about the name paces it.
    let trusts = || format!("{} trusted: {}", resolve(), lan.trusts(7));
    wait_for("a certificate for it", trusts, |answer| answer.contains("trusted: true"));
}
