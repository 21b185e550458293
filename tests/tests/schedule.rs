//! **What the hub does by itself**: a backup that restores, whatever comes between; a day that is closed once, with the orders' own figures;
//! and none of it stops a sale.
//!
//! A business day is made to end by moving the outlet to the other side of the date line: the clock stays what it is.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, RgbImage};
use protocol::ids::Id;
use reqwest::Method;
use serde_json::{Value, json};
use tests::client::Client;
use tests::hub::{Setup, TestHub, until};
use tests::serial;
use tests::shop::plain_product;
use tests::small_disk::{Kind, SmallDisk};

const PATIENCE: Duration = Duration::from_mins(1);
/// Where, and from which hour on, a business day begins first, and last: 49 hours apart, so that two of them end in between.
const EARLY: (&str, u8) = ("Pacific/Kiritimati", 0);
const LATE: (&str, u8) = ("Etc/GMT+12", 23);

async fn job(client: &Client, name: &str) -> Value {
    let jobs = client.read("/api/hub/jobs/").await["results"].clone();
    jobs.as_array().unwrap().iter().find(|job| job["name"] == name).unwrap().clone()
}

/// Has a job done, and waits for what comes of it.
async fn run(client: &Client, name: &str) -> Value {
    until(PATIENCE, "the job is not at work", || async {
        (job(client, name).await["is_running"] == false).then_some(())
    })
    .await;
    let asked = client.post(&format!("/api/hub/jobs/{name}/run/"), &json!({})).await.expect(202);
    assert_eq!(asked["is_running"], true, "{asked}");
    let done = until(PATIENCE, "the job is done", || async {
        let job = job(client, name).await;
        (job["is_running"] == false).then_some(job)
    })
    .await;
    done["last_run"].clone()
}

async fn sell(client: &Client, quantity: u32) -> Value {
    let order = json!({"id": Id::now_v7(), "items": [{"product": plain_product().0, "quantity": quantity}]});
    client.post("/api/orders/", &order).await.expect(201)
}

async fn pay(client: &Client, order: &Value, method: &str) {
    let payment = json!({"id": Id::now_v7(), "order": order["id"], "method": method});
    client.post("/api/payments/", &payment).await.expect(201);
}

fn path_of(order: &Value) -> String {
    format!("/api/orders/{}/", order["id"].as_str().unwrap())
}

/// Whole backups below a folder, by name.
fn backups(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let is_one = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().contains("_s");
    let mut found: Vec<PathBuf> = entries.filter(is_one).collect();
    found.sort_by_key(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        name.rsplit_once("_s").unwrap().1.parse::<u64>().unwrap()
    });
    found
}

/// `outlet-hub restore` into a new folder, which must take it.
fn restored(backup: &Path, target: &Path) -> Setup {
    let setup = Setup::demo().at(target);
    let restore = setup.command(target).args(["restore", backup.to_str().unwrap()]).output().unwrap();
    assert!(restore.status.success(), "{}", String::from_utf8_lossy(&restore.stderr));
    setup
}

async fn set_picture(client: &Client) -> String {
    let mut bytes = Vec::new();
    let picture = RgbImage::from_fn(90, 60, |x, y| image::Rgb([x as u8, y as u8, 40]));
    JpegEncoder::new(&mut bytes).encode(&picture, 90, 60, ExtendedColorType::Rgb8).unwrap();
    let path = format!("/api/products/{}/image/", plain_product().0);
    let sent =
        client.send(Method::POST, &path, &[("content-type", "image/jpeg")], Some(bytes)).await.unwrap();
    sent.expect(200)["image"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_restores_with_its_pictures_and_the_oldest_give_way() {
    let mut hub = Setup::demo().start().await;
    let client = hub.client().clone();
    let address = set_picture(&client).await;
    sell(&client, 2).await;
    let orders = client.read("/api/orders/").await["results"].clone();
    client.patch("/api/hub/settings/", &json!({"backups_kept": 2})).await.expect(200);
    let manager = client.signed_in("manager").await;
    let first = run(&manager, "backup").await;
    assert_eq!((&first["outcome"], &first["by"]), (&json!("ok"), &json!("Pak Budi")), "{first}");
    assert_eq!(first["facts"]["pictures"], 2, "{first}");
    let folder = hub.data_dir().join("backups");
    let made = backups(&folder);
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].file_name().unwrap().to_str(), first["facts"]["folder"].as_str());

    // Sales go on; the next ones share the pictures with it, and push it out.
    let thumbnail = fs::read_dir(made[0].join("media")).unwrap().next().unwrap().unwrap().path();
    for _ in 0..2 {
        sell(&client, 1).await;
        assert_eq!(run(&manager, "backup").await["outcome"], "ok");
        let last = backups(&folder).pop().unwrap().join("media").join(thumbnail.file_name().unwrap());
        assert!(fs::metadata(last).unwrap().nlink() > 1, "the picture is there once");
    }
    let kept = backups(&folder);
    assert_eq!(kept.len(), 2);
    assert!(!kept.contains(&made[0]), "the oldest is gone");
    let runs = manager.read("/api/hub/jobs/backup/runs/").await;
    assert_eq!((&runs["count"], &runs["results"][0]["facts"]["removed"]), (&json!(3), &json!(1)), "{runs}");

    // It stands for itself: what shared it is gone.
    let copy = hub.beside("stick");
    fs::rename(&kept[1], &copy).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let target = hub.beside("other");
    let setup = restored(&copy, &target);
    setup.make_owner(&target, "owner", "demo-owner");
    let mut other = setup.start().await;
    let theirs = other.client().all("/api/orders/").await;
    assert_eq!(theirs.len(), 3);
    assert!(theirs.contains(&orders[0]), "the order is as it was");
    let (status, _, picture) = other.client().download(&address).await;
    assert_eq!((status, picture), (200, client.download(&address).await.2));
    sell(other.client(), 1).await;
    other.terminate().await;
    other.assert_verified();
    hub.terminate().await;
    hub.assert_verified();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stick_that_is_missing_is_told_in_words_and_stops_no_sale() {
    let stick = tempfile::tempdir().unwrap();
    let folder = stick.path().join("outlet-hub");
    let setup = Setup::demo().variable("OUTLET_HUB_BACKUP__FOLDER", folder.to_str().unwrap());
    let hub = setup.start().await;
    let client = hub.client().clone();
    let failed = run(&client, "backup").await;
    assert_eq!(failed["outcome"], "failed");
    let words = failed["message"].as_str().unwrap();
    assert!(words.contains("plug") && words.contains(folder.to_str().unwrap()), "{words}");
    assert!(!folder.exists(), "nothing is written where the stick is not");
    let next = job(&client, "backup").await;
    assert!(next["next_run_at"].as_str() > failed["started_at"].as_str(), "{next}");
    sell(&client, 1).await;
    fs::create_dir(&folder).unwrap();
    assert_eq!(run(&client, "backup").await["outcome"], "ok");
    let away = stick.path().join("away");
    fs::rename(&folder, &away).unwrap();
    assert_eq!(run(&client, "backup").await["outcome"], "failed");
    assert_eq!(backups(&away).len(), 1);
    hub.assert_ready().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_in_words_keeps_the_old_backups_and_stops_no_sale() {
    let _turn = serial::turn().await;
    if let Some(why) = SmallDisk::unavailable(Kind::Tmpfs) {
        eprintln!("skipped: {why}");
        return;
    }
    let disk = SmallDisk::new(Kind::Tmpfs, 48).unwrap();
    let folder = disk.path();
    let setup = Setup::demo().variable("OUTLET_HUB_BACKUP__FOLDER", folder.to_str().unwrap());
    let hub = setup.start().await;
    let client = hub.client().clone();
    assert_eq!(run(&client, "backup").await["outcome"], "ok");
    disk.fill();
    let failed = run(&client, "backup").await;
    let words = failed["message"].as_str().unwrap();
    assert!(
        failed["outcome"] == "failed" && words.contains("too full") && words.contains("kept"),
        "{failed}"
    );
    sell(&client, 1).await;
    assert_eq!(backups(&folder).len(), 1);
    disk.relieve();
    assert_eq!(run(&client, "backup").await["outcome"], "ok");
    let target = hub.beside("other");
    drop(restored(&backups(&folder)[1], &target));
    drop(hub);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_the_middle_leaves_no_half_backup_that_counts_as_one() {
    let mut hub = Setup::demo().start().await;
    let folder = hub.data_dir().join("backups");
    set_picture(hub.client()).await;
    for requests in 0..6 {
        sell(hub.client(), 1).await;
        hub.client().post("/api/hub/jobs/backup/run/", &json!({})).await.expect(202);
        // Sooner or later within the copying, or behind it.
        for _ in 0..requests * 2 {
            hub.client().read("/api/hub/jobs/").await;
        }
        hub.kill9();
        hub.start_again().await;
    }
    fs::create_dir_all(folder.join("unfinished-backup/media")).unwrap();
    fs::write(folder.join("unfinished-backup/0000000000000001.log"), "half").unwrap();
    assert_eq!(run(hub.client(), "backup").await["outcome"], "ok");
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| !name.starts_with("unfinished")), "what was half is swept away");
    for (at, backup) in backups(&folder).iter().enumerate() {
        drop(restored(backup, &hub.beside(&format!("other-{at}"))));
    }
    hub.terminate().await;
    hub.assert_verified();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_of_a_job_never_overlap() {
    let (hub, asks) = (Setup::demo().start().await, 12);
    let client = hub.client().clone();
    let asked = (0..asks).map(|_| {
        let client = client.another();
        tokio::spawn(async move { client.post("/api/hub/jobs/backup/run/", &json!({})).await })
    });
    let mut taken = 0;
    for asked in asked.collect::<Vec<_>>() {
        let answer = asked.await.unwrap();
        match answer.status {
            202 => taken += 1,
            _ => assert_eq!((answer.status, answer.code().as_str()), (409, "already_running")),
        }
    }
    until(PATIENCE, "they are done", || async {
        (job(&client, "backup").await["is_running"] == false).then_some(())
    })
    .await;
    assert!(taken >= 1);
    assert_eq!(client.read("/api/hub/jobs/backup/runs/").await["count"], taken);
    assert_eq!(client.post("/api/hub/jobs/dishes/run/", &json!({})).await.status, 404);
}

/// What a day's orders come to, added up from what REST says of each.
fn add_up(orders: &[Value]) -> BTreeMap<&'static str, i64> {
    let mut sums: BTreeMap<&'static str, i64> = BTreeMap::new();
    let mut add = |name, amount: i64| *sums.entry(name).or_default() += amount;
    for name in ["orders", "cancelled", "open_orders", "items", "rounding", "paid", "cash", "card"] {
        add(name, 0);
    }
    for order in orders {
        if order["status"] == "cancelled" {
            add("cancelled", 1);
        } else {
            add("orders", 1);
            add("open_orders", i64::from(order["status"] != "closed" && order["status"] != "completed"));
            for field in ["subtotal", "discount", "service_charge", "tax", "total"] {
                add(field, order[field].as_i64().unwrap());
            }
            for item in order["items"].as_array().unwrap().iter().filter(|item| item["status"] != "voided") {
                add("items", item["quantity"].as_i64().unwrap());
            }
        }
        for payment in order["payments"].as_array().unwrap() {
            add("paid", payment["amount"].as_i64().unwrap());
            add("rounding", payment["rounding"].as_i64().unwrap());
            add(
                if payment["method"] == "cash" { "cash" } else { "card" },
                payment["amount"].as_i64().unwrap(),
            );
        }
    }
    sums
}

#[track_caller]
fn assert_same(day: &Value, orders: &[Value]) {
    let tender = |method: &str| {
        let tenders = day["tenders"].as_array().unwrap();
        tenders
            .iter()
            .find(|tender| tender["method"] == method)
            .map_or(0, |tender| tender["amount"].as_i64().unwrap())
    };
    for (name, sum) in add_up(orders) {
        let closed = match name {
            "cash" | "card" => tender(name),
            _ => day[name].as_i64().unwrap(),
        };
        assert_eq!(closed, sum, "{name} of {day}");
    }
    let numbers: Vec<i64> = orders.iter().filter_map(|order| order["receipt_number"].as_i64()).collect();
    assert_eq!(day["first_receipt"].as_i64(), numbers.iter().min().copied());
    assert_eq!(day["last_receipt"].as_i64(), numbers.iter().max().copied());
}

/// Days without the moment of their close, which is told by the clock of wherever the outlet is now.
fn timeless(days: &Value) -> Vec<Value> {
    let mut days = days["results"].as_array().unwrap().clone();
    for day in &mut days {
        day.as_object_mut().unwrap().remove("closed_at").unwrap();
    }
    days
}

async fn move_to(hub: &TestHub, (zone, hour): (&str, u8)) {
    let outlet = hub.client().read("/api/outlets/").await["results"][0]["id"].clone();
    hub.client()
        .patch(
            &format!("/api/outlets/{outlet}/"),
            &json!({"time_zone": zone, "business_day_start_hour": hour}),
        )
        .await
        .expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_is_closed_once_with_the_orders_own_figures_and_what_comes_later_is_the_next_days() {
    let mut hub = Setup::demo().start().await;
    let client = hub.client().clone();
    move_to(&hub, LATE).await;
    let rounding = json!({"cash_rounding_unit": 1_000, "cash_rounding_mode": "down"});
    let outlet = client.read("/api/outlets/").await["results"][0]["id"].clone();
    client.patch(&format!("/api/outlets/{outlet}/"), &rounding).await.expect(200);
    let (paid, card, discounted) = (sell(&client, 3).await, sell(&client, 1).await, sell(&client, 5).await);
    let (called_off, open) = (sell(&client, 2).await, sell(&client, 4).await);
    let discount = json!({"percent_bp": 1_500, "reason": "keluarga"});
    client.post(&format!("{}discount/", path_of(&discounted)), &discount).await.expect(200);
    client
        .post(&format!("{}cancel/", path_of(&called_off)), &json!({"reason": "tamu pergi"}))
        .await
        .expect(200);
    pay(&client, &paid, "cash").await;
    pay(&client, &card, "card").await;
    pay(&client, &discounted, "cash").await;
    for order in [&paid, &card, &discounted] {
        client.patch(&path_of(order), &json!({"status": "closed"})).await.expect(200);
    }
    // It is not over: nothing is closed, however often one asks.
    assert_eq!(run(&client, "day_close").await["message"], "There was nothing to do.");
    assert_eq!(client.read("/api/hub/days/").await["count"], 0);

    // The box is killed when the day is over, and was off meanwhile: the next start closes it by itself.
    let orders = client.all("/api/orders/").await;
    move_to(&hub, EARLY).await;
    hub.kill9();
    hub.start_again().await;
    let client = hub.client().clone();
    let days = until(PATIENCE, "the day is closed", || async {
        let days = client.read("/api/hub/days/").await;
        (days["count"] == 1).then_some(days)
    })
    .await;
    let day = days["results"][0].clone();
    assert_same(&day, &orders);
    assert_eq!((&day["orders"], &day["cancelled"], &day["open_orders"]), (&json!(4), &json!(1), &json!(1)));
    let date = day["day"].as_str().unwrap();
    assert_eq!(client.read(&format!("/api/hub/days/{date}/")).await, day);
    for wrong in ["2020-01-01", "yesterday"] {
        assert_eq!(client.get(&format!("/api/hub/days/{wrong}/")).await.status, 404);
    }
    let last = job(&client, "day_close").await["last_run"].clone();
    assert_eq!((&last["outcome"], &last["by"]), (&json!("ok"), &json!("schedule")), "{last}");

    // Back on the side where that day goes on: the next order is the next day's all the same, and its number the first.
    move_to(&hub, LATE).await;
    let late = sell(&client, 1).await;
    assert_eq!(late["order_number"], "001", "{late}");
    pay(&client, &open, "cash").await;
    client.patch(&path_of(&open), &json!({"status": "closed"})).await.expect(200);
    for _ in 0..3 {
        hub.kill9();
        hub.start_again().await;
        run(hub.client(), "day_close").await;
    }
    let client = hub.client().clone();
    assert_eq!(timeless(&client.read("/api/hub/days/").await), timeless(&days), "it is written once");

    // And the next day is closed with its own order alone.
    move_to(&hub, EARLY).await;
    run(&client, "day_close").await;
    let days = client.read("/api/hub/days/").await;
    assert_eq!(days["count"], 2, "{days}");
    assert_same(&days["results"][0], &[client.read(&path_of(&late)).await]);
    assert_eq!(days["results"][1], day, "it is what it was");
    hub.terminate().await;
    hub.assert_verified();
    fs::remove_dir_all(hub.data_dir().join("views")).unwrap();
    hub.start_again().await;
    assert_eq!(hub.client().read("/api/hub/days/").await["results"], days["results"]);
    let runs = hub.client().read("/api/hub/jobs/day_close/runs/").await;
    assert!(runs["count"].as_u64() > Some(4), "{runs}");
}
