//! How fast a ledger is folded into new views, from its first record to its last: records a second, and where the time goes.
//!
//! A ledger of a busy month is made on the machine's disk (three lines an order, four steps in the kitchen, one payment),
//! compressed as the hub leaves it, and folded as after the views' folder was deleted.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use hub::ledger::archive;
use hub::ledger::disk::{Disk, RealDisk};
use hub::ledger::record::{self, Cursor};
use hub::ledger::recover;
use hub::ledger::segment::{OpenSegment, SEGMENT_BYTES};
use hub::views::fold;
use protocol::event::{Actor, Envelope, Event, Key, OrderEvent, OrderPlaced, OrderRef, Via};
use protocol::ids::{Id, WireId, derived_id};
use protocol::order::{Item, ItemStatus, OrderStatus, OrderType, Origin, Payment};
use protocol::pricing::{Bill, Discount};

const ORDERS: u64 = 50_000;
const ORDERS_A_DAY: u64 = 1_500;
const DAY_MS: i64 = 86_400_000;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("ledger");
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    disk.create_dir(&dir).expect("the folder is made");
    let end = write_ledger(&disk, &dir);

    let found = recover::find(&disk, &dir).expect("the ledger is found");
    assert!(found.damage.is_empty() && found.end == end);
    let began = Instant::now();
    found.files.scan(Cursor::START, |_| ControlFlow::Continue(())).expect("it reads");
    report("read and chain checked", end.seq, began);
    let began = Instant::now();
    let opened = fold::open(&*disk, &folder.path().join("views"), &found, &mut |_, _| {}).expect("it folds");
    report("folded into new views", opened.folded, began);
}

fn report(what: &str, records: u64, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    println!("{what}: {records} records in {seconds:.2} s, {:.0} a second", records as f64 / seconds);
}

fn write_ledger(disk: &Arc<dyn Disk>, dir: &std::path::Path) -> Cursor {
    let mut cursor = Cursor::START;
    let mut segment = OpenSegment::create(&**disk, dir, &cursor).expect("a segment");
    let mut frames = Vec::new();
    let mut rng = fastrand::Rng::with_seed(1);
    for number in 1..=ORDERS {
        for envelope in order(number, &mut rng) {
            cursor = record::write(&mut frames, &cursor, 1, 0, false, &envelope);
        }
        if frames.len() > 1 << 20 {
            segment.append(&frames).expect("it is written");
            frames.clear();
            if segment.durable_len() > SEGMENT_BYTES {
                let first = segment.first_seq;
                segment.close();
                segment = OpenSegment::create(&**disk, dir, &cursor).expect("a segment");
                assert!(archive::compress(&**disk, dir, first).expect("it is compressed"));
            }
        }
    }
    segment.append(&frames).expect("it is written");
    cursor
}

/// An id as tills make them: the time in front, chance behind.
fn new_id(at_ms: i64, rng: &mut fastrand::Rng) -> Id {
    uuid::Builder::from_unix_timestamp_millis(
        at_ms as u64,
        &rng.u128(..).to_le_bytes()[..10].try_into().expect("ten"),
    )
    .into_uuid()
}

fn order(number: u64, rng: &mut fastrand::Rng) -> Vec<Envelope> {
    let day = number / ORDERS_A_DAY;
    let at_ms = 1_795_000_000_000 + day as i64 * DAY_MS + (number % ORDERS_A_DAY) as i64 * 20_000;
    let id = new_id(at_ms, rng);
    let reference =
        OrderRef { id, wire_id: WireId::Uuid(id), number: format!("{:03}", number % ORDERS_A_DAY) };
    let items = (0..3_u32).map(|line| Item {
        id: new_id(at_ms, rng),
        product: Some(derived_id("product", &line.to_string())),
        name: "Nasi Goreng Kampung".to_owned(),
        sku: "NAS-001".to_owned(),
        quantity: 1,
        price: 28_000,
        modifiers: Vec::new(),
        notes: String::new(),
        station: "dapur".to_owned(),
        status: ItemStatus::Sent,
        discount: Discount::None,
    });
    let bill = Bill {
        subtotal: 84_000,
        discount: 0,
        service: 4_200,
        tax: 8_820,
        tax_included: false,
        total: 97_020,
    };
    let placed = OrderPlaced {
        order: reference.clone(),
        origin: Origin::Rest,
        order_type: OrderType::DineIn,
        table: "12".to_owned(),
        customer: String::new(),
        notes: String::new(),
        metadata: String::new(),
        status: OrderStatus::Sent,
        status_word: None,
        items: items.collect(),
        discount: Discount::None,
        bill,
        business_day: 20_775 + day as i32,
        raw: None,
    };
    let payment = Payment {
        id: new_id(at_ms, rng),
        method: "cash".to_owned(),
        amount: bill.total,
        tendered: 100_000,
        rounding: -20,
        change: 3_000,
        reference: String::new(),
        at_ms,
    };
    let step =
        |status| OrderEvent::Status { status, word: None, reason: String::new(), via: Via::Hub, raw: None };
    let changes = [
        step(OrderStatus::Preparing),
        step(OrderStatus::Ready),
        step(OrderStatus::Served),
        OrderEvent::Paid { payment, receipt_number: number },
        step(OrderStatus::Closed),
    ];
    let key = |id: Id| vec![Key { key: id.into_bytes(), content: [7; 16] }];
    let events = std::iter::once((Event::OrderPlaced(Box::new(placed)), key(id))).chain(
        changes.into_iter().map(|change| {
            let keys =
                if let OrderEvent::Paid { payment, .. } = &change { key(payment.id) } else { Vec::new() };
            (Event::OrderChanged(reference.clone(), change), keys)
        }),
    );
    let envelope = |(event, keys)| Envelope {
        at_ms,
        time_unverified: false,
        actor: Actor::lan("lan"),
        device: None,
        approval: None,
        keys,
        event,
    };
    events.map(envelope).collect()
}
