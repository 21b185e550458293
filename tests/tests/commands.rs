//! **The commands of the program do what they say, and say what they do**: export, backup, restore, verify, and doctor.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use tests::client::Client;
use tests::hub::{Setup, TestHub};
use tests::shop::{Tills, Week, numbers, plain_product};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn plain_order() -> Value {
    json!({"items": [{"product": plain_product().0, "quantity": 1}]})
}

/// Every file below a folder, with its content.
fn content(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir).into_iter().flatten().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            files.extend(
                content(&entry.path()).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)),
            );
        } else {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    files
}

async fn sell(client: &Client, orders: usize, seed: u64) -> Tills {
    let mut tills = Tills::open(client, 3, seed, &Week { orders_max: orders, ..Week::default() });
    tills.finish().await;
    tills
}

async fn ledger_seq(client: &Client) -> u64 {
    client.read("/readyz").await["ledger_seq"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn export_writes_every_record_as_a_line_of_json() {
    let mut hub = Setup::demo().start().await;
    sell(hub.client(), 20, 1).await;
    let seq = ledger_seq(hub.client()).await;
    for state in ["running", "stopped"] {
        let exported = hub.run_command(&["export"]);
        assert!(exported.status.success(), "{state}: {}", said(&exported));
        let lines: Vec<Value> = String::from_utf8(exported.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len() as u64, seq, "{state}");
        for (line, seq) in lines.iter().zip(1_u64..) {
            assert_eq!((&line["seq"], &line["epoch"]), (&json!(seq), &json!(1)), "{state}");
            assert_eq!(line["hash"].as_str().map(str::len), Some(64), "{state}");
            assert!(line["record"]["event"].is_object(), "{state}: {line}");
        }
        let later = hub.run_command(&["export", "--from", &(seq - 4).to_string()]);
        assert_eq!(String::from_utf8(later.stdout).unwrap().lines().count(), 5, "{state}");
        if state == "running" {
            hub.terminate().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_running_hub_becomes_another_that_sells_on() {
    let mut hub = Setup::demo().start().await;
    let tills = sell(hub.client(), 15, 2).await;
    let backup = hub.beside("backup");
    // Sales go on while it is made; what it holds is a beginning of what there is.
    let mut busy = Tills::open_with(hub.client(), 3, 3, &Week::default(), tills.journal.clone());
    let made = hub.run_command(&["backup", backup.to_str().unwrap()]);
    busy.close().await;
    assert!(made.status.success(), "{}", said(&made));
    let again = hub.run_command(&["backup", backup.to_str().unwrap()]);
    assert!(!again.status.success() && said(&again).contains("no backup was made"), "{}", said(&again));

    let quiet = hub.beside("quiet");
    let made = hub.run_command(&["backup", quiet.to_str().unwrap()]);
    assert!(made.status.success() && said(&made).contains("records"), "{}", said(&made));
    let lists = [
        "orders/?page_size=500",
        "payments/?page_size=500",
        "products/?page_size=500",
        "order-items/?page_size=500",
    ];
    let mut before = Vec::new();
    for list in lists {
        before.push(hub.client().read(&format!("/api/{list}")).await["results"].clone());
    }
    for (source, is_same) in [(&backup, false), (&quiet, true)] {
        let target = hub.beside(if is_same { "from-quiet" } else { "from-busy" });
        let setup = Setup::demo().at(&target);
        let restored = setup.command(&target).args(["restore", source.to_str().unwrap()]).output().unwrap();
        assert!(restored.status.success() && said(&restored).contains("epoch 2"), "{}", said(&restored));
        // Another box has other secrets: the passwords of the old one are no good on it.
        setup.make_owner(&target, "owner", "demo-owner");
        let mut other = setup.start().await;
        other.assert_ready().await;
        let client = other.client().clone();
        if is_same {
            for (list, before) in lists.iter().zip(&before) {
                assert_eq!(client.read(&format!("/api/{list}")).await["results"], *before, "{list}");
            }
        }
        let orders = client.all("/api/orders/").await.len();
        assert!(orders >= 15);
        client.post("/api/orders/", &plain_order()).await.expect(201);
        assert_eq!(client.get("/api/orders/").await.header("x-ledger-epoch"), "2");
        other.restart().await;
        let after = client.all("/api/orders/").await;
        assert_eq!(after.len(), orders + 1);
        numbers(&after);
        other.terminate().await;
        other.assert_verified();
    }
    hub.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_never_touches_what_is_there() {
    let mut hub = Setup::demo().start().await;
    sell(hub.client(), 3, 4).await;
    let backup = hub.beside("backup");
    assert!(hub.run_command(&["backup", backup.to_str().unwrap()]).status.success());
    let refused = hub.run_command(&["restore", backup.to_str().unwrap()]);
    assert!(!refused.status.success(), "over a running hub: {}", said(&refused));
    hub.terminate().await;
    let before = content(hub.data_dir());
    let refused = hub.run_command(&["restore", backup.to_str().unwrap()]);
    assert!(!refused.status.success() && said(&refused).contains("nothing"), "{}", said(&refused));
    assert!(content(hub.data_dir()) == before, "a refused restore has changed the data");

    // A backup with a flipped bit restores nothing.
    let segment = backup.join("0000000000000001.log");
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(&segment, bytes).unwrap();
    let target = hub.beside("new");
    let setup = Setup::demo();
    let refused = setup.command(&target).args(["restore", backup.to_str().unwrap()]).output().unwrap();
    assert!(
        !refused.status.success() && said(&refused).contains("nothing was restored"),
        "{}",
        said(&refused)
    );
    assert!(!content(&target).keys().any(|name| name.contains(".log")), "{:?}", content(&target).keys());
}

/// Flips a bit in the middle of the records; the file's name is the first record's.
fn damage(hub: &TestHub) -> (std::path::PathBuf, Vec<u8>) {
    let segment = hub.data_dir().join("ledger/0000000000000001.log");
    let mut bytes = fs::read(&segment).unwrap();
    let records = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    bytes[records / 2] ^= 0x10;
    fs::write(&segment, &bytes).unwrap();
    (segment, bytes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_bit_is_named_kept_and_written_over_by_nobody() {
    let mut hub = Setup::demo().start().await;
    let tills = sell(hub.client(), 30, 5).await;
    let (orders, seq) = (hub.client().all("/api/orders/").await, ledger_seq(hub.client()).await);
    hub.terminate().await;
    hub.assert_verified();
    let healthy = hub.run_command(&["doctor"]);
    assert!(said(&healthy).contains(&format!("ledger: {seq} records")), "{}", said(&healthy));

    let (segment, damaged) = damage(&hub);
    let verified = hub.run_command(&["verify"]);
    assert!(
        !verified.status.success() && said(&verified).contains("NOT everything holds"),
        "{}",
        said(&verified)
    );
    let named: u64 = said(&verified)
        .lines()
        .find(|line| line.starts_with("DAMAGED"))
        .and_then(|line| line.split(|c: char| !c.is_ascii_digit()).find_map(|word| word.parse().ok()))
        .unwrap();
    assert!((2..seq).contains(&named), "record {named} of {seq}: {}", said(&verified));
    let sick = hub.run_command(&["doctor"]);
    assert!(!sick.status.success() && said(&sick).contains("WRONG"), "{}", said(&sick));
    for word in [named.to_string().as_str(), "0000000000000001.log", "backup", "Leave"] {
        assert!(said(&sick).contains(word), "{word}: {}", said(&sick));
    }

    hub.start_again().await;
    let client = hub.client().clone();
    let ready = client.get("/readyz").await.expect(503);
    assert_eq!(ready["code"], "ledger_damaged");
    assert!(ready["detail"].as_str().is_some_and(|words| words.contains(&named.to_string())), "{ready}");
    let refused = client.post("/api/orders/", &plain_order()).await;
    assert_eq!((refused.status, refused.code()), (503, "ledger_damaged".to_owned()), "{}", refused.text);
    assert!(refused.header("retry-after").parse::<u32>().is_ok());
    // What was folded before is answered still.
    assert_eq!(client.all("/api/orders/").await, orders);
    assert_eq!(client.all("/api/products/").await.len(), hub::demo::menu::menu().products.len());
    drop(tills);
    hub.terminate().await;
    assert!(fs::read(&segment).unwrap() == damaged, "the damaged file was changed");
    // Without its views, it answers what comes before the damage.
    fs::remove_dir_all(hub.data_dir().join("views")).unwrap();
    hub.start_again().await;
    client.get("/readyz").await.expect(503);
    assert_eq!(client.read("/api/outlets/").await["count"], 1);
    client.post("/api/orders/", &plain_order()).await.expect(503);
    hub.kill9();
    assert!(fs::read(&segment).unwrap() == damaged, "the damaged file was changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_says_what_it_sees() {
    let mut hub = Setup::demo().start().await;
    let healthy = hub.run_command(&["doctor"]);
    let words = said(&healthy);
    assert!(
        words.contains("the hub is running and takes sales") && words.contains("can be written"),
        "{words}"
    );
    // A machine without a network is told so, and that alone is wrong with it.
    let is_connected = !words.contains("no address on any network");
    assert_eq!(healthy.status.success(), is_connected, "{words}");
    assert_eq!(words.contains("Nothing is wrong."), is_connected, "{words}");
    hub.terminate().await;
    let words = said(&hub.run_command(&["doctor"]));
    assert!(words.contains("the hub is not running"), "{words}");
    let nowhere = hub.beside("nowhere");
    let words = said(&Setup::demo().command(&nowhere).arg("doctor").output().unwrap());
    assert!(words.contains("does not exist yet") && !nowhere.exists(), "doctor changes nothing: {words}");
}
