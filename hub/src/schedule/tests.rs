//! Jobs on a small outlet whose clock a test sets.

use std::sync::atomic::{AtomicI64, Ordering};

use protocol::guest::Profile;
use protocol::outlet::business_day;

use super::jobs::{Job, all};
use super::*;
use crate::demo::{menu, set_up};
use crate::ledger::command::{GuestCommand, NewItem, NewOrder};
use crate::ledger::disk::RealDisk;
use crate::pictures::keep;
use crate::store::{self, Opened};
use protocol::ids::{WireId, derived_id};
use protocol::order::{OrderStatus, OrderType, Origin};

/// A Sunday noon in Jakarta.
const NOON_MS: i64 = 1_795_410_000_000;
const DAY_MS: i64 = 86_400_000;

struct Shop {
    folder: tempfile::TempDir,
    now_ms: Arc<AtomicI64>,
    opened: Opened,
    tools: Tools,
}

impl Shop {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now_ms = Arc::new(AtomicI64::new(NOON_MS));
        let folders = Folders::new(folder.path());
        let clock = Clock::fixed(Arc::clone(&now_ms));
        let disk: Arc<dyn crate::ledger::disk::Disk> = Arc::new(RealDisk);
        let opened = store::open(&disk, &folders, clock.clone(), Box::new(drop), &mut |_, _| {}).unwrap();
        let ledger = Arc::clone(&opened.ledger);
        let guests = Arc::new(Guests::open(folder.path(), &ledger.state()).unwrap());
        let pictures = Arc::new(Pictures::new(&folders.media));
        let backups = folder.path().join("backups");
        let views = opened.views.clone();
        let settings = Settings { guests_kept_days: 30, ..Settings::default() };
        let tools = Tools::new(ledger, views, guests, pictures, None, clock, folders, backups, settings);
        let shop = Self { folder, now_ms, opened, tools };
        for command in set_up::menu_commands() {
            shop.call(Command::Catalogue(command));
        }
        shop.call(Command::SetOutlet(Box::new(menu::outlet())));
        shop
    }

    fn call(&self, command: Command) {
        self.tools.ledger.call_blocking(By::schedule().request(command), 0).unwrap();
    }

    fn at(&self, now_ms: i64) {
        self.now_ms.store(now_ms, Ordering::Relaxed);
    }

    fn sell(&self, name: &str) {
        let catalogue = self.tools.ledger.state().catalogue.clone();
        let product = catalogue.products.values().find(|it| it.is_available && it.modifier_groups.is_empty());
        let item = NewItem {
            id: derived_id("line", name),
            product: product.unwrap().id,
            product_field: "product",
            quantity: 1,
            modifiers: Vec::new(),
            notes: String::new(),
        };
        let order = NewOrder {
            wire_id: WireId::Text(derived_id("sale", name).to_string()),
            origin: Origin::Rest,
            number: None,
            order_type: OrderType::DineIn,
            table: String::new(),
            customer: String::new(),
            notes: String::new(),
            metadata: String::new(),
            status: OrderStatus::Sent,
            expected_total: None,
            items: vec![item],
            codes: Vec::new(),
            priced_at_ms: None,
            paid_by: None,
        };
        self.call(Command::Place(Box::new(order)));
    }

    fn look(&self, name: Name) -> Result<Option<Done>, String> {
        let mut job: Box<dyn Job> = all().into_iter().find(|job| job.name() == name).unwrap();
        job.look(&self.tools, &By::schedule())
    }

    fn closed(&self) -> Vec<(i32, u32)> {
        let work = self.tools.ledger.state().work.clone();
        work.days.values().map(|day| (day.totals.day, day.totals.orders)).collect()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.opened.close();
    }
}

#[test]
fn days_that_the_box_was_off_are_closed_later_and_days_without_orders_are_not() {
    let shop = Shop::open();
    let outlet = menu::outlet();
    let today = business_day(NOON_MS, &outlet.tz(), outlet.business_day_start_hour);
    shop.sell("one");
    shop.sell("two");
    assert!(shop.look(Name::DayClose).unwrap().is_none());
    shop.at(NOON_MS + 2 * DAY_MS);
    shop.sell("three");
    // The box was off for a week.
    shop.at(NOON_MS + 9 * DAY_MS);
    let done = shop.look(Name::DayClose).unwrap().unwrap();
    assert_eq!(shop.closed(), [(today, 2), (today + 2, 1)]);
    assert!(done.message.contains("2 business days"), "{}", done.message);
    assert!(shop.look(Name::DayClose).unwrap().is_none());
    let state = shop.tools.ledger.state();
    assert_eq!((state.counters.day, state.open_days.len()), (today + 3, 0));
}

#[test]
fn a_clock_that_cannot_be_trusted_closes_only_what_the_ledger_has_gone_past() {
    let shop = Shop::open();
    shop.sell("one");
    let today = shop.tools.ledger.state().counters.day;
    // As after a start with a clock of 1970, which later shows something in between.
    shop.tools.clock.check(NOON_MS + 30 * DAY_MS);
    shop.at(NOON_MS + 3 * DAY_MS);
    assert!(shop.tools.clock.is_unverified());
    assert!(shop.look(Name::DayClose).unwrap().is_none());
    shop.sell("two");
    shop.look(Name::DayClose).unwrap().unwrap();
    assert_eq!(shop.closed(), [(today, 1)]);
}

#[test]
fn an_order_that_changes_while_its_day_is_added_up_is_not_passed_over() {
    let shop = Shop::open();
    shop.sell("one");
    shop.at(NOON_MS + DAY_MS);
    let (day, open) =
        shop.tools.ledger.state().open_days.first_key_value().map(|(day, open)| (*day, *open)).unwrap();
    let stale = protocol::work::DayTotals {
        day,
        first_seq: open.first_seq,
        last_seq: open.last_seq - 1,
        ..<_>::default()
    };
    let request = By::schedule().request(Command::CloseDay(Box::new(stale)));
    let refused = shop.tools.ledger.call_blocking(request, 0).unwrap_err();
    assert!(refused.to_string().contains("changed meanwhile"), "{refused}");
    assert_eq!(shop.closed(), []);
}

#[test]
fn guests_whom_nobody_has_changed_for_long_are_forgotten_with_their_keys() {
    let shop = Shop::open();
    let write = |id: Id, name: &str| {
        let profile = Profile { name: name.to_owned(), ..Profile::default() };
        let sealed = shop.tools.guests.seal(id, &profile, &mut []).unwrap();
        let is_known = shop.tools.ledger.state().guests.contains_key(&id);
        let command =
            if is_known { GuestCommand::Change(id, sealed) } else { GuestCommand::Create(id, sealed) };
        shop.call(Command::Guest(command));
    };
    let (old, regular) = (derived_id("guest", "old"), derived_id("guest", "regular"));
    write(old, "Sari");
    write(regular, "Budi");
    shop.at(NOON_MS + 29 * DAY_MS);
    write(regular, "Budi Santoso");
    assert!(shop.look(Name::Retention).unwrap().is_none(), "nobody is kept too long yet");
    shop.at(NOON_MS + 31 * DAY_MS);
    let done = shop.look(Name::Retention).unwrap().unwrap();
    assert!(done.message.contains("1 guests"), "{}", done.message);
    let known = |id| {
        let guest = shop.tools.ledger.state().guests[&id].clone();
        shop.tools.guests.profile(&guest).is_some()
    };
    assert!(!known(old) && known(regular));
    assert!(shop.look(Name::Retention).unwrap().is_none());
}

#[test]
fn views_that_were_set_aside_long_ago_go_and_younger_ones_stay() {
    let shop = Shop::open();
    // By the file system's own clock.
    let now_ms = Clock::system().now_ms();
    let aside = shop.folder.path().join("views.set-aside");
    std::fs::create_dir(&aside).unwrap();
    shop.at(now_ms + 29 * DAY_MS);
    assert!(shop.look(Name::Retention).unwrap().is_none());
    shop.at(now_ms + 31 * DAY_MS);
    assert!(shop.look(Name::Retention).unwrap().is_some());
    assert!(!aside.exists());
    assert!(shop.tools.pictures.sweep(&shop.tools.ledger.state().catalogue.clone()).is_ok());
    assert!(keep::files("/media/x.svg").is_none());
}

#[test]
fn a_backup_shares_closed_segments_with_the_one_before_and_leaves_what_does_not_hold() {
    use std::os::unix::fs::MetadataExt as _;

    let shop = Shop::open();
    // More than a segment holds.
    for at in 0..10 {
        let order = crate::ledger::command::OldOrder {
            wire_id: WireId::Text(format!("old-{at}")),
            number: at.to_string(),
            order_type: OrderType::DineIn,
            table: String::new(),
            notes: String::new(),
            status: None,
            items: Vec::new(),
            total: None,
            raw: vec![at as u8; 1 << 20],
        };
        shop.call(Command::OldPlace(Box::new(order)));
    }
    let archive = format!("{:016}.arc", 1);
    let made = shop.tools.folders.ledger.join(&archive);
    let began = Instant::now();
    while !made.exists() || shop.tools.ledger.files().segments()[0].name() != archive {
        assert!(began.elapsed() < Duration::from_mins(1), "the first segment is compressed");
        std::thread::yield_now();
    }
    let fact =
        |done: &Done, name| done.facts.iter().find(|(it, _)| *it == name).map(|(_, fact)| fact.clone());
    let first = shop.look(Name::Backup).unwrap().unwrap();
    assert_eq!(fact(&first, "shared"), Some(Fact::Number(0)));
    shop.sell("one");
    let second = shop.look(Name::Backup).unwrap().unwrap();
    assert_eq!(fact(&second, "shared"), Some(Fact::Number(1)));
    let kept = shelf::list(&shop.tools.backups).unwrap();
    let shared = shop.tools.backups.join(&kept[0].name).join(&archive);
    assert_eq!(shared.metadata().unwrap().nlink(), 2);
    // A bit of it flips: the next one is whole all the same, and shares nothing.
    let mut bytes = std::fs::read(&shared).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&shared, bytes).unwrap();
    shop.sell("two");
    let third = shop.look(Name::Backup).unwrap().unwrap();
    assert_eq!(fact(&third, "shared"), Some(Fact::Number(0)));
    shop.sell("three");
    let fourth = shop.look(Name::Backup).unwrap().unwrap();
    assert_eq!(fact(&fourth, "shared"), Some(Fact::Number(1)));
}
