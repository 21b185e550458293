//! **A start that cannot be is refused in words before anything is made; a stop drains, and keeps what it answered.**

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::process::Output;
use std::time::Duration;

use tests::hub::{STOP_WITHIN, Setup, until};
use tests::shop::{Tills, Week, audit};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn a_wrong_configuration_is_refused_by_name_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let file = dir.path().join("hub.toml");
    let refused = |arguments: &[&str], variables: &[(&str, &str)], named: &str| {
        let mut setup = Setup::demo();
        for (name, value) in variables {
            setup = setup.variable(name, value);
        }
        let mut command = setup.command(&data);
        command.args(["serve", "--demo"]).args(arguments);
        let output = command.output().unwrap();
        assert!(!output.status.success(), "{variables:?} was taken");
        assert!(said(&output).contains(named), "{named}: {}", said(&output));
        assert!(!data.exists(), "{named}: the data folder was made");
    };
    for (name, value, named) in [
        ("OUTLET_HUB_HTPP__LISTEN", "127.0.0.1:0", "htpp"),
        ("OUTLET_HUB_HTTP__LISTEN", "everywhere", "http.listen"),
        ("OUTLET_HUB_HTTP__BODY_BYTES_MAX", "5", "body_bytes_max"),
        ("OUTLET_HUB_LOG__LEVEL", "loud", "log.level"),
        ("OUTLET_HUB_OUTLET__NUMBER", "1", "name"),
        ("OUTLET_HUB_DISCOVERY__ENABLED", "maybe", "discovery.enabled"),
    ] {
        refused(&[], &[(name, value)], named);
    }
    refused(&["--http", "nowhere"], &[], "nowhere");
    let outlet = [("OUTLET_HUB_OUTLET__NUMBER", "1"), ("OUTLET_HUB_OUTLET__NAME", "x")];
    for (name, value, named) in [
        ("OUTLET_HUB_OUTLET__TIME_ZONE", "Asia/Atlantis", "outlet.time_zone"),
        ("OUTLET_HUB_OUTLET__TAX_RATE_BP", "10001", "outlet.tax_rate_bp"),
        ("OUTLET_HUB_OUTLET__CURRENCY", "rupiah", "outlet.currency"),
        ("OUTLET_HUB_OUTLET__TAXES", "1", "taxes"),
    ] {
        refused(&[], &[&outlet[..], &[(name, value)]].concat(), named);
    }
    for (text, named) in [
        ("[http]\nlisten = 5\n", "listen"),
        ("[http]\nlisten = \"127.0.0.1:0\"\nlissen = 1\n", "lissen"),
        ("[http\n", "hub.toml"),
    ] {
        fs::write(&file, text).unwrap();
        let mut command = std::process::Command::new(tests::hub::program());
        command.env_clear();
        command.arg("--config").arg(&file).arg("--data-dir").arg(&data).args(["serve", "--demo"]);
        let output = command.output().unwrap();
        assert!(!output.status.success() && said(&output).contains(named), "{named}: {}", said(&output));
        assert!(!data.exists(), "{named}: the data folder was made");
    }
}

#[tokio::test]
async fn a_second_hub_on_the_same_data_is_refused_in_words() {
    let hub = Setup::demo().start().await;
    let mut second = hub.command();
    let second = second.args(["serve", "--demo", "--http", "127.0.0.1:0", "--socketio", "127.0.0.1:0"]);
    let output = second.output().unwrap();
    assert!(!output.status.success() && said(&output).contains("in use"), "{}", said(&output));
    let shown = hub.data_dir().display().to_string();
    assert!(said(&output).contains(&shown), "{}", said(&output));
    // An address that is taken is named.
    let (taken, other) = (hub.client().base().replace("http://", ""), hub.beside("other"));
    let mut command = Setup::demo().command(&other);
    let output =
        command.args(["serve", "--demo", "--http", &taken, "--socketio", "127.0.0.1:0"]).output().unwrap();
    assert!(!output.status.success() && said(&output).contains(&taken), "{}", said(&output));
    hub.assert_ready().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_under_load_drains_in_time_and_keeps_what_it_answered() {
    let mut hub = Setup::demo().start().await;
    let mut tills = Tills::open(hub.client(), 8, 6, &Week::default());
    let mut slowest = Duration::ZERO;
    for turn in 1..=3 {
        let journal = &tills.journal;
        until(Duration::from_secs(30), "orders", || {
            std::future::ready((journal.acknowledged() >= turn * 30).then_some(()))
        })
        .await;
        hub.ask_to_stop();
        slowest = slowest.max(hub.ended_well().await);
        hub.start_again().await;
    }
    println!("stopped within {slowest:?} under load");
    assert!(slowest < STOP_WITHIN);
    tills.close().await;
    audit(hub.client(), &tills.journal).await;
    hub.terminate().await;
    hub.assert_verified();
}
