//! Pictures as files: one for each content, gone when nobody names them, carried by backups.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use reqwest::Method;
use tests::hub::Setup;

use super::{address, demo, files, flag, jpeg, send, send_to, shown, thumbnail_of};

#[tokio::test]
async fn the_same_picture_many_times_at_once_is_one_file() {
    let (hub, client) = demo().await;
    let picture = jpeg(&flag(400, 200, 0));
    let others = client.all("/api/products/").await;
    let paths: Vec<String> = others
        .iter()
        .take(4)
        .map(|row| format!("/api/products/{}/image/", row["id"].as_str().unwrap()))
        .collect();
    let sent = paths.iter().map(|path| {
        let (client, path, picture) = (client.another(), path.clone(), picture.clone());
        tokio::spawn(async move { send_to(&client, &path, "image/jpeg", &picture).await.expect(200) })
    });
    let mut addresses = BTreeSet::new();
    for sent in sent.collect::<Vec<_>>() {
        addresses.insert(address(&sent.await.unwrap()).to_owned());
    }
    assert_eq!(addresses.len(), 1);
    assert_eq!(files(hub.data_dir()).len(), 2);
    // A lost reply is asked for again under the same key; another picture is not what the key was for.
    let headers = [("content-type", "image/jpeg"), ("idempotency-key", "one")];
    let post = |picture: Vec<u8>| client.send(Method::POST, &paths[0], &headers, Some(picture));
    let first = post(picture.clone()).await.unwrap().expect(200);
    assert_eq!(post(picture).await.unwrap().expect(200), first);
}

#[tokio::test]
async fn what_no_product_names_goes_after_a_day_and_the_rest_stays() {
    let (mut hub, client) = demo().await;
    let mut addresses = Vec::new();
    for shade in [0, 100, 200] {
        let product = send(&client, "image/jpeg", &jpeg(&flag(40, 20, shade))).await.expect(200);
        addresses.push(address(&product).to_owned());
    }
    hub.terminate().await;
    let media = hub.data_dir().join("media");
    let age = |address: &str| {
        for address in [address.to_owned(), thumbnail_of(address)] {
            let file =
                File::options().write(true).open(media.join(address.trim_start_matches("/media/"))).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_hours(48)).unwrap();
        }
    };
    // The first is nobody's and old, the second nobody's and young, the third old and the product's.
    age(&addresses[0]);
    age(&addresses[2]);
    fs::write(media.join("notes.txt"), "mine").unwrap();
    fs::write(media.join(format!("{}.jpg.unfinished", "0".repeat(32))), "half").unwrap();
    hub.start_again().await;
    let status = async |address: &str| client.download(address).await.0;
    assert_eq!(status(&addresses[0]).await, 404);
    assert_eq!((status(&addresses[1]).await, status(&addresses[2]).await), (200, 200));
    assert_eq!(files(hub.data_dir()).len(), 5, "{:?}", files(hub.data_dir()));
    assert!(media.join("notes.txt").exists(), "what is not the hub's is left alone");
}

#[tokio::test]
async fn a_backup_has_the_pictures_that_the_menu_names_and_brings_them_back() {
    let (mut hub, client) = demo().await;
    send(&client, "image/jpeg", &jpeg(&flag(40, 20, 100))).await.expect(200);
    let product = send(&client, "image/jpeg", &jpeg(&flag(40, 20, 0))).await.expect(200);
    let before = shown(&client, address(&product)).await.0;
    let backup = hub.beside("backup");
    let made = hub.run_command(&["backup", backup.to_str().unwrap()]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(files(&backup).len(), 2, "not the one that was replaced");
    hub.terminate().await;

    let target = hub.beside("restored");
    let setup = Setup::demo().at(&target);
    let restored = setup.command(&target).args(["restore", backup.to_str().unwrap()]).output().unwrap();
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    let other = setup.start().await;
    assert_eq!(shown(other.client(), address(&product)).await.0, before);
    assert_eq!(files(&target), files(&backup));
}
