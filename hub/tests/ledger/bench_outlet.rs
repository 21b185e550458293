//! A small outlet on a simulated disk: a ledger, its state, and commands to give it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use hub::clock::Clock;
use hub::ledger::command::{
    CatalogueCommand, CategoryPatch, Change, Command, NewItem, NewOrder, NewPayment, ProductPatch, Request,
};
use hub::ledger::decide::Past;
use hub::ledger::recover::{self, Found};
use hub::ledger::writer::fold;
use hub::ledger::{self, Environment, Ledger};
use hub::views::{KeyEntry, State};
use protocol::event::{Actor, Key};
use protocol::ids::{Id, WireId, derived_id};
use protocol::order::{Order, OrderStatus, OrderType, Origin};

use crate::simdisk::SimDisk;

/// Nothing is forgotten here: everything is hot.
#[derive(Debug)]
pub(crate) struct NoPast;

impl Past for NoPast {
    fn order_with(&self, _id: Id) -> Option<Arc<Order>> {
        None
    }

    fn key(&self, _key: &[u8; 16]) -> Option<KeyEntry> {
        None
    }
}

pub(crate) fn dir() -> PathBuf {
    PathBuf::from("/ledger")
}

/// What a start finds, and the fold of it.
pub(crate) fn find(disk: &SimDisk) -> (Found, State) {
    ledger::prepare(&*disk.shared(), &dir()).unwrap();
    let found = recover::find(&disk.shared(), &dir()).unwrap();
    let mut state = State::default();
    let scanned = found.files.scan(state.cursor, |record| {
        fold(&mut state, &record, &NoPast);
        std::ops::ControlFlow::Continue(())
    });
    // What cannot be read is for the caller to find in the state's cursor.
    drop(scanned);
    (found, state)
}

/// Starts a ledger on a disk, as the hub does.
pub(crate) fn open(disk: &SimDisk) -> std::io::Result<Ledger> {
    let (found, state) = find(disk);
    let environment = Environment {
        clock: Clock::fixed(Arc::new(AtomicI64::new(1_795_000_000_000))),
        past: Arc::new(NoPast),
        publish: Box::new(|_| {}),
        heal_every: std::time::Duration::from_millis(1),
    };
    Ledger::start(found, state, environment)
}

pub(crate) fn product(at: u32) -> Id {
    derived_id("product", &at.to_string())
}

pub(crate) fn order_id(at: u32) -> Id {
    derived_id("test order", &at.to_string())
}

/// The commands of a first start.
pub(crate) fn set_up() -> Vec<Request> {
    let category = derived_id("category", "1");
    let mut commands = vec![Command::SetOutlet(Box::new(hub::demo::menu::outlet()))];
    let patch = CategoryPatch { name: Some("Nasi".to_owned()), ..CategoryPatch::default() };
    commands.push(Command::Catalogue(CatalogueCommand::Category(category, Change::Create(patch))));
    for at in 0..5 {
        let patch = ProductPatch {
            name: Some(format!("Nasi {at}")),
            category: Some(category),
            price: Some(10_000 + i64::from(at) * 500),
            ..ProductPatch::default()
        };
        commands.push(Command::Catalogue(CatalogueCommand::Product(product(at), Change::Create(patch))));
    }
    commands.into_iter().map(|command| request(command, Vec::new())).collect()
}

pub(crate) fn request(command: Command, keys: Vec<Key>) -> Request {
    Request::of(Actor::lan("test"), keys, command)
}

/// An order of one to three lines; `at` says which, so that a repeat is the same.
pub(crate) fn place(at: u32) -> Request {
    let id = order_id(at);
    let items = (0..=at % 3).map(|line| NewItem {
        id: derived_id("test item", &format!("{at}/{line}")),
        product: product((at + line) % 5),
        product_field: "product",
        quantity: 1 + at % 4,
        modifiers: Vec::new(),
        notes: "x".repeat((at as usize * 37) % 700),
    });
    let order = NewOrder {
        wire_id: WireId::Uuid(id),
        origin: Origin::Rest,
        number: None,
        order_type: OrderType::DineIn,
        table: String::new(),
        customer: String::new(),
        notes: String::new(),
        metadata: String::new(),
        status: OrderStatus::Sent,
        expected_total: None,
        items: items.collect(),
        paid_by: None,
        codes: Vec::new(),
        priced_at_ms: None,
    };
    let key = Key { key: id.into_bytes(), content: [at as u8; 16] };
    request(Command::Place(Box::new(order)), vec![key])
}

/// All that is due of an order.
pub(crate) fn pay(at: u32) -> Request {
    let id = derived_id("test payment", &at.to_string());
    let payment = NewPayment {
        id,
        order: order_id(at),
        method: "cash".to_owned(),
        amount: None,
        tendered: None,
        reference: String::new(),
    };
    request(Command::Pay(payment), vec![Key { key: id.into_bytes(), content: [1; 16] }])
}

pub(crate) fn change(at: u32, status: OrderStatus) -> Request {
    let change = hub::ledger::command::OrderPatch { status: Some(status), ..Default::default() };
    request(Command::Change { order: order_id(at), change }, Vec::new())
}

/// The segment files on a disk, in order.
pub(crate) fn segments(disk: &SimDisk) -> Vec<PathBuf> {
    let is_segment = |path: &PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| hub::ledger::segment::parse_name(name).is_some())
    };
    disk.paths().into_iter().filter(is_segment).collect()
}

pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
