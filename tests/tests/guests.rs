//! **What is personal of a guest is nowhere in the clear, and gone when they are forgotten**: not in a file below the data folder,
//! not in the log, however much is logged, not in a backup, and not to be had back by restoring one.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use protocol::ids::Id;
use serde_json::{Value, json};
use tests::hub::{Setup, TestHub};
use tests::shop::plain_product;

/// What nothing else says: as it was first, and as it was changed to.
const WORDS: [&str; 7] = [
    "Xanthippe Quokkabana",
    "+62-811-7391-2846",
    "quokkabana@zyzzyva.example",
    "alergi kelapa wyvern",
    "Xenocrates Vuvuzelado",
    "+62-822-5517-9034",
    "vuvuzelado@zyzzyva.example",
];

/// Whether a text is in some bytes, in upper or lower case.
fn holds(bytes: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(bytes).to_ascii_lowercase().contains(&text.to_ascii_lowercase())
}

#[track_caller]
fn assert_not_in(place: &str, bytes: &[u8]) {
    for word in WORDS {
        // In part too: an index would hold parts.
        for part in [&word[..8], &word[word.len() - 8..]] {
            assert!(!holds(bytes, part), "{place} says {part}");
        }
    }
}

/// Every file below a folder, that of the secrets too; answers how many there were.
#[track_caller]
fn assert_not_below(folder: &Path) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += assert_not_below(&path);
        } else if path.is_file() {
            assert_not_in(&path.display().to_string(), &fs::read(&path).unwrap());
            files += 1;
        }
    }
    files
}

#[track_caller]
fn assert_nowhere(hub: &TestHub, logged: &str) {
    assert!(assert_not_below(hub.data_dir()) > 5, "there are files to look at");
    assert_not_in("the log", logged.as_bytes());
    for arguments in [&["export"][..], &["verify"], &["doctor"]] {
        let output = hub.run_command(arguments);
        assert_not_in(arguments[0], &[output.stdout, output.stderr].concat());
    }
}

fn logs(hub: &TestHub) -> String {
    hub.logged() + &hub.printed()
}

fn slots(data_dir: &Path) -> Vec<Vec<u8>> {
    let keys = fs::read(data_dir.join("secrets/guests/keys")).unwrap();
    keys.chunks(64).map(<[u8]>::to_vec).collect()
}

fn first() -> Value {
    json!({"name": WORDS[0], "phone": WORDS[1], "email": WORDS[2], "notes": WORDS[3]})
}

#[tokio::test]
async fn no_plain_copy_is_left_before_or_after_forgetting() {
    let mut hub = Setup::demo().variable("OUTLET_HUB_LOG__LEVEL", "trace").start().await;
    let client = hub.client().clone();
    let (id, stays) = (Id::now_v7().to_string(), Id::now_v7().to_string());
    let path = format!("/api/customers/{id}/");
    let with_id = |id: &str| {
        let mut guest = first();
        guest["id"] = json!(id);
        guest
    };
    for id in [&id, &stays] {
        client.post_keyed("/api/customers/", id, &with_id(id)).await.expect(201);
    }
    let changed = json!({"name": WORDS[4], "phone": WORDS[5], "email": WORDS[6]});
    client.patch(&path, &changed).await.expect(200);
    let wrong = client.patch(&path, &json!({"email": format!("{} {}", WORDS[0], WORDS[1])})).await;
    wrong.expect(400);
    client.get("/api/customers/?search=Xanthippe").await.expect(200);
    let export = client.read(&format!("{path}export/")).await;
    assert_eq!(
        (&export["customer"]["name"], &export["customer"]["notes"]),
        (&json!(WORDS[4]), &json!(WORDS[3]))
    );
    // What is no secret is found where it was written: the search finds what there is to find.
    let noted = json!({"items": [{"product": plain_product().0, "quantity": 1}], "notes": "Wombat-4711"});
    client.post("/api/orders/", &noted).await.expect(201);
    let ledger = fs::read_dir(hub.data_dir().join("ledger")).unwrap();
    let mut segments = ledger.map(|entry| fs::read(entry.unwrap().path()).unwrap());
    assert!(segments.any(|bytes| holds(&bytes, "wombat-4711")), "the ledger is searched");
    let log = logs(&hub);
    assert!(log.contains("TRACE"), "{log}");
    assert_nowhere(&hub, &log);

    // With a checkpoint behind it, and read back from that.
    hub.terminate().await;
    assert_nowhere(&hub, "");
    let backup = hub.beside("backup");
    assert!(hub.run_command(&["backup", backup.to_str().unwrap()]).status.success());
    assert_not_below(&backup);
    assert!(!backup.join("secrets").exists() && !backup.join("guests").exists(), "a backup holds no keys");
    hub.start_again().await;
    assert_eq!(client.read(&path).await["name"], WORDS[4]);
    let before = slots(hub.data_dir());
    assert_eq!(before.len(), 2);

    client.post(&format!("{path}forget/"), &json!({})).await.expect(200);
    let after = slots(hub.data_dir());
    assert_eq!((&after[0], &after[1]), (&vec![0; 64], &before[1]), "one key is gone, and no other");
    client.get(&format!("{path}export/")).await.expect(410);
    assert_nowhere(&hub, &logs(&hub));
    // Nor is the key anywhere else.
    let key = before[0][16..48].to_vec();
    assert_no_key(hub.data_dir(), &key);
    hub.kill9();
    hub.start_again().await;
    client.get(&format!("{path}export/")).await.expect(410);
    hub.terminate().await;
    hub.assert_verified();
    assert_nowhere(&hub, "");
    // Views folded anew say the same.
    fs::remove_dir_all(hub.data_dir().join("views")).unwrap();
    hub.start_again().await;
    assert_eq!(client.read(&path).await["forgotten"], true);
    assert_eq!(client.read(&format!("/api/customers/{stays}/")).await["name"], WORDS[0]);
    hub.terminate().await;

    // A backup of when they were known, put in place on this very box, with its keys.
    for folder in ["views", "ledger"] {
        fs::remove_dir_all(hub.data_dir().join(folder)).unwrap();
    }
    let restored = hub.run_command(&["restore", backup.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    hub.start_again().await;
    let guest = client.read(&path).await;
    assert_eq!((&guest["name"], &guest["forgotten"]), (&json!(""), &json!(true)));
    client.get(&format!("{path}export/")).await.expect(410);
    client.patch(&path, &json!({"name": "Somebody"})).await.expect(410);
    assert_eq!(client.read(&format!("/api/customers/{stays}/")).await["name"], WORDS[0]);
    assert_nowhere(&hub, &logs(&hub));
    hub.terminate().await;
    hub.assert_verified();
}

#[track_caller]
fn assert_no_key(folder: &Path, key: &[u8]) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_no_key(&path, key);
        } else if path.is_file() {
            let is_there = fs::read(&path).unwrap().windows(key.len()).any(|here| here == key);
            assert!(!is_there, "{} holds the key", path.display());
        }
    }
}

#[tokio::test]
async fn a_key_that_a_crash_left_behind_a_record_ends_with_the_next_start() {
    let mut hub = Setup::demo().start().await;
    let client = hub.client().clone();
    let id = client.post("/api/customers/", &first()).await.expect(201)["id"].as_str().unwrap().to_owned();
    let keys = hub.data_dir().join("secrets/guests/keys");
    let before = fs::read(&keys).unwrap();
    client.post(&format!("/api/customers/{id}/forget/"), &json!({})).await.expect(200);
    hub.kill9();
    // As it was between the record and the key's end.
    fs::write(&keys, &before).unwrap();
    hub.start_again().await;
    assert_eq!(fs::read(&keys).unwrap(), vec![0; before.len()]);
    assert_eq!(client.read(&format!("/api/customers/{id}/")).await["forgotten"], true);
    hub.terminate().await;
    hub.assert_verified();
}
