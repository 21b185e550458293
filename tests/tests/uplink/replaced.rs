//! Boxes that are put in place of others, and boxes that head office does not want any more.

use serde_json::json;
use tests::hub::Setup;

use super::{Chain, exported, sell, until_sent, until_uplink, uplink};

#[tokio::test]
async fn a_hub_that_is_revoked_stops_sending_and_goes_on_selling() {
    let chain = Chain::new().await;
    let mut hub = Setup::demo().start().await;
    chain.claim(&hub, &[]);
    until_sent(&hub).await;
    let list = chain.relay.run(&["hub", "list"]);
    let id = list.split(' ').next().unwrap().to_owned();
    chain.relay.run(&["hub", "revoke", &id]);
    let stopped = until_uplink(&hub, "the revocation", |said| said["state"] == "stopped").await;
    assert_eq!(stopped["trouble"]["code"], "revoked");
    sell(&hub, 3).await;
    hub.restart().await;
    let stopped = until_uplink(&hub, "the revocation again", |said| said["state"] == "stopped").await;
    assert_eq!(stopped["trouble"]["code"], "revoked");
    // A new claim counts without a restart.
    chain.claim(&hub, &["--again"]);
    until_sent(&hub).await;
    chain.assert_same(&hub).await;
}

#[tokio::test]
async fn a_restored_box_goes_on_and_the_one_before_it_is_fenced() {
    let chain = Chain::new().await;
    let old = Setup::demo().start().await;
    chain.claim(&old, &[]);
    sell(&old, 5).await;
    until_sent(&old).await;
    let backup = old.beside("backup");
    assert!(old.run_command(&["backup", backup.to_str().unwrap()]).status.success());
    let at_backup = exported(&old).len();
    // What the backup does not have.
    sell(&old, 4).await;
    until_sent(&old).await;

    let folder = old.beside("replacement");
    let restored =
        Setup::demo().command(&folder).args(["restore", backup.to_str().unwrap()]).output().unwrap();
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    // The secrets under which passwords are kept were the dead box's own.
    Setup::demo().make_owner(&folder, "owner", "demo-owner");
    let new = Setup::demo().at(&folder).start().await;
    chain.claim(&new, &[]);
    sell(&new, 3).await;
    until_sent(&new).await;
    let records = chain.records().await;
    let (first, second): (Vec<_>, Vec<_>) = records.iter().partition(|(epoch, ..)| *epoch == 1);
    assert!(first.len() > at_backup, "what the dead box had sent is kept");
    assert_eq!(second.first().map(|(_, seq, _)| *seq), Some(at_backup as i64 + 1));
    let new_epoch = exported(&new).into_iter().filter(|(epoch, ..)| *epoch == 2).count();
    assert_eq!(second.len(), new_epoch);

    sell(&old, 1).await;
    let fenced = until_uplink(&old, "the fence", |said| said["state"] == "stopped").await;
    assert_eq!(fenced["trouble"]["code"], "fenced");
    sell(&old, 1).await;
    assert_eq!(uplink(&new).await["state"], json!("connected"));
}
