//! Stored events read back for ever: one of each kind, as bytes.
//!
//! `golden/events.txt` holds a line of hex per kind, as it is written now, and `golden/events.v1.txt` as version 1 wrote them. A
//! change that makes this fail makes old ledgers unreadable: raise `EVENT_VERSION` and keep a reader of the old one. New kinds
//! are added at the end with `UPDATE_GOLDEN=1`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use protocol::catalogue::{Category, Modifier, ModifierGroup, Product};
use protocol::device::{Device, DeviceRole};
use protocol::event::{
    Actor, DecodeError, DeviceEvent, EVENT_VERSION, Envelope, Event, GuestEvent, Key, OrderEvent,
    OrderPlaced, OrderRef, PromotionEvent, StaffEvent, Via,
};
use protocol::guest::{NONCE_BYTES, Sealed};
use protocol::ids::{WireId, derived_id};
use protocol::order::{Item, ItemStatus, OrderStatus, OrderType, Origin, Payment, SoldModifier};
use protocol::outlet::Outlet;
use protocol::pricing::{Bill, Charges, Discount};
use protocol::promotion::{Applied, Kind, Part, PartOf, Promotion, Schedule, Scope};
use protocol::settings::Settings;
use protocol::staff::{Approval, Role, Session, SessionEnd, User};
use protocol::work::{DayEvent, DayTotals, Fact, Job, JobRun, TenderTotal};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/events.txt");
const FILE_V1: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/events.v1.txt");

fn item() -> Item {
    Item {
        id: derived_id("item", "1"),
        product: Some(derived_id("product", "1")),
        name: "Nasi goreng".to_owned(),
        sku: "NAS-001".to_owned(),
        quantity: 2,
        price: 28_000,
        modifiers: vec![SoldModifier { id: None, name: "Pedas".to_owned(), price: 2_000 }],
        notes: "tanpa bawang".to_owned(),
        station: "dapur".to_owned(),
        status: ItemStatus::Sent,
        discount: Discount::Percent(500),
    }
}

fn reference() -> OrderRef {
    OrderRef { id: derived_id("order", "1"), wire_id: WireId::Int(123), number: "017".to_owned() }
}

fn bill() -> Bill {
    Bill { subtotal: 60_000, discount: 3_000, service: 2_850, tax: 5_985, tax_included: false, total: 65_835 }
}

fn promotion() -> Promotion {
    let id = derived_id("x", "1");
    let parts =
        vec![Part { of: PartOf::Product(id), quantity: 1 }, Part { of: PartOf::Category(id), quantity: 2 }];
    Promotion {
        id,
        name: "Paket sore".to_owned(),
        description: "Kopi dan kue".to_owned(),
        kind: Kind::Bundle { price: 30_000, parts },
        scope: Scope::Categories(vec![id]),
        code: Some("SORE-1".to_owned()),
        schedule: Schedule {
            days: vec![1, 5],
            hours: Some((900, 1_020)),
            start_date: Some(20_779),
            end_date: Some(20_800),
        },
        min_spend: 50_000,
        max_uses: Some(100),
        is_exclusive: true,
        priority: -5,
        is_active: true,
    }
}

fn day() -> DayTotals {
    DayTotals {
        day: 20_779,
        orders: 2,
        cancelled: 1,
        items: 5,
        subtotal: 120_000,
        discount: 6_000,
        service: 5_700,
        tax: 11_970,
        total: 131_670,
        paid: 65_835,
        rounding: -35,
        open_orders: 1,
        tenders: vec![TenderTotal { method: "cash".to_owned(), count: 1, amount: 65_835 }],
        first_receipt: Some(4_211),
        last_receipt: None,
        epoch: 2,
        first_seq: 900,
        last_seq: 950,
    }
}

#[allow(clippy::too_many_lines, reason = "one of each kind")]
fn events() -> Vec<(&'static str, Event)> {
    let id = derived_id("x", "1");
    let placed = OrderPlaced {
        order: reference(),
        origin: Origin::OldSocket,
        order_type: OrderType::TakeAway,
        table: "12".to_owned(),
        customer: "Sari".to_owned(),
        notes: "cepat".to_owned(),
        metadata: "{}".to_owned(),
        status: OrderStatus::Sent,
        status_word: Some("panas".to_owned()),
        items: vec![item()],
        discount: Discount::Amount(1_000),
        bill: bill(),
        business_day: 20_779,
        raw: Some(vec![1, 2, 3]),
    };
    let payment = Payment {
        id,
        method: "cash".to_owned(),
        amount: 65_835,
        tendered: 100_000,
        rounding: -35,
        change: 34_200,
        reference: String::new(),
        at_ms: 1_795_000_000_000,
    };
    let changed = |event| Event::OrderChanged(reference(), event);
    let user = User {
        id,
        username: "sari".to_owned(),
        name: "Sari".to_owned(),
        role: Role::Kitchen,
        password: Some("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned()),
        is_active: true,
    };
    let session = Session { id, user: id, generation: 3, expires_ms: 1_795_604_800_000 };
    vec![
        (
            "OutletSet",
            Event::OutletSet(Outlet {
                id,
                number: 1,
                name: "Warung".to_owned(),
                address: "Jakarta".to_owned(),
                currency: "IDR".to_owned(),
                currency_exponent: 0,
                time_zone: "Asia/Jakarta".to_owned(),
                business_day_start_hour: 4,
                language: "id".to_owned(),
                charges: Charges { service_rate_bp: 500, tax_rate_bp: 1_000, ..Charges::default() },
            }),
        ),
        (
            "CategoryPut",
            Event::CategoryPut(Category {
                id,
                name: "Nasi".to_owned(),
                station: "dapur".to_owned(),
                sort_order: -1,
                is_active: true,
            }),
        ),
        ("CategoryRemoved", Event::CategoryRemoved(id)),
        (
            "ModifierGroupPut",
            Event::ModifierGroupPut(ModifierGroup {
                id,
                name: "Level pedas".to_owned(),
                min_select: 1,
                max_select: 1,
                sort_order: 2,
            }),
        ),
        ("ModifierGroupRemoved", Event::ModifierGroupRemoved(id)),
        (
            "ModifierPut",
            Event::ModifierPut(Modifier {
                id,
                group: id,
                name: "Pedas".to_owned(),
                price: 2_000,
                is_available: false,
                sort_order: 3,
            }),
        ),
        ("ModifierRemoved", Event::ModifierRemoved(id)),
        (
            "ProductPut",
            Event::ProductPut(Product {
                id,
                sku: "NAS-001".to_owned(),
                name: "Nasi goreng".to_owned(),
                description: "Dengan telur".to_owned(),
                category: id,
                price: 28_000,
                image: Some("/media/x.svg".to_owned()),
                is_available: true,
                modifier_groups: vec![id],
                barcode: "8990001".to_owned(),
                sort_order: 4,
            }),
        ),
        ("ProductRemoved", Event::ProductRemoved(id)),
        ("OrderPlaced", Event::OrderPlaced(Box::new(placed))),
        (
            "ItemsAdded",
            changed(OrderEvent::ItemsAdded {
                items: vec![item()],
                bill: bill(),
                status: OrderStatus::Preparing,
            }),
        ),
        (
            "ItemVoided",
            changed(OrderEvent::ItemVoided {
                item: id,
                name: "Es teh".to_owned(),
                quantity: 1,
                reason: "salah pesan".to_owned(),
                bill: bill(),
            }),
        ),
        (
            "ItemStatus",
            changed(OrderEvent::ItemStatus {
                item: id,
                status: ItemStatus::Ready,
                order_status: OrderStatus::Preparing,
            }),
        ),
        (
            "Status",
            changed(OrderEvent::Status {
                status: OrderStatus::Cancelled,
                word: Some("batal".to_owned()),
                reason: "tamu pergi".to_owned(),
                via: Via::CancelOrder,
                raw: Some(vec![9]),
            }),
        ),
        (
            "Edited",
            changed(OrderEvent::Edited {
                table: "3".to_owned(),
                notes: "pindah".to_owned(),
                order_type: OrderType::DineIn,
            }),
        ),
        ("Paid", changed(OrderEvent::Paid { payment, receipt_number: 4_211 })),
        ("UserPut", Event::Staff(StaffEvent::UserPut(user))),
        ("SessionBegan", Event::Staff(StaffEvent::SessionBegan(session))),
        ("SessionRefreshed", Event::Staff(StaffEvent::SessionRefreshed(session))),
        (
            "SessionEnded",
            Event::Staff(StaffEvent::SessionEnded { session: id, user: id, why: SessionEnd::AccountChanged }),
        ),
        ("SignInRefused", Event::Staff(StaffEvent::SignInRefused { user: id })),
        (
            "PinSet",
            Event::Staff(StaffEvent::PinSet {
                user: id,
                pin: Some("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned()),
            }),
        ),
        ("PinRefused", Event::Staff(StaffEvent::PinRefused { user: id })),
        (
            "AccessRefused",
            Event::Staff(StaffEvent::AccessRefused { what: "DELETE /api/products/{id}/".to_owned() }),
        ),
        (
            "DevicePut",
            Event::Device(DeviceEvent::Put(Device {
                id,
                name: "Kasir depan".to_owned(),
                role: DeviceRole::Kiosk,
                station: "dapur".to_owned(),
                key_hash: [5; 32],
                paired_ms: 1_795_000_000_000,
                paired_by: "Bu Rina".to_owned(),
                revoked_ms: Some(1_795_000_000_001),
            })),
        ),
        ("DeviceRevoked", Event::Device(DeviceEvent::Revoked(id))),
        ("PairingRefused", Event::Device(DeviceEvent::PairingRefused)),
        (
            "Discounted",
            changed(OrderEvent::Discounted {
                discount: Discount::Percent(1_500),
                reason: "keluarga".to_owned(),
                bill: bill(),
            }),
        ),
        (
            "GuestPut",
            Event::Guest(GuestEvent::Put {
                guest: id,
                sealed: Sealed { nonce: [6; NONCE_BYTES], bytes: vec![1, 2, 3] },
            }),
        ),
        ("GuestForgotten", Event::Guest(GuestEvent::Forgotten(id))),
        ("PromotionPut", Event::Promotion(PromotionEvent::Put(Box::new(promotion())))),
        ("PromotionRemoved", Event::Promotion(PromotionEvent::Removed(id))),
        ("PromotionStarted", Event::Promotion(PromotionEvent::Started(id))),
        ("PromotionEnded", Event::Promotion(PromotionEvent::Ended(id))),
        (
            "Promoted",
            changed(OrderEvent::Promoted {
                moment_ms: 1_795_000_000_000,
                codes: vec!["HEMAT10".to_owned()],
                applied: vec![Applied {
                    promotion: id,
                    name: "Hemat".to_owned(),
                    code: "HEMAT10".to_owned(),
                    amount: 3_000,
                }],
                bill: bill(),
            }),
        ),
        ("SettingsSet", Event::SettingsSet(Settings { guests_kept_days: 730, ..Settings::default() })),
        ("DayClosed", Event::Day(DayEvent::Closed(Box::new(day())))),
        (
            "Job",
            Event::Job(JobRun {
                job: Job::Certificate,
                started_ms: 1_795_000_000_000,
                took_ms: 1_234,
                is_ok: true,
                message: "A certificate was made.".to_owned(),
                facts: vec![
                    ("files".to_owned(), Fact::Number(-3)),
                    ("folder".to_owned(), Fact::Text("backups".to_owned())),
                ],
            }),
        ),
    ]
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn envelope(event: Event) -> Envelope {
    Envelope {
        at_ms: 1_795_000_000_000,
        time_unverified: true,
        actor: Actor::lan("till"),
        device: Some(derived_id("device", "1")),
        approval: Some(Approval { user: derived_id("user", "1"), name: "Bu Rina".to_owned() }),
        keys: vec![Key { key: [7; 16], content: [9; 16] }],
        event,
    }
}

fn encoded() -> String {
    let lines = events().into_iter().map(|(name, event)| {
        let envelope = envelope(event);
        let bytes = postcard::to_stdvec(&envelope).unwrap();
        assert_eq!(Envelope::decode(EVENT_VERSION, &bytes).unwrap(), envelope, "{name}");
        format!("{name} {}\n", hex(&bytes))
    });
    lines.collect()
}

#[test]
fn every_kind_of_event_is_stored_as_it_always_was() {
    let encoded = encoded();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(FILE, &encoded).unwrap();
    }
    assert_eq!(std::fs::read_to_string(FILE).unwrap(), encoded);
}

#[test]
fn what_version_1_wrote_is_read_as_it_was_meant() {
    let now: Vec<_> = events();
    let written = std::fs::read_to_string(FILE_V1).unwrap();
    assert_eq!(written.lines().count(), 21);
    for line in written.lines() {
        let (name, hex) = line.split_once(' ').unwrap();
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        let (_, event) = now.iter().find(|(other, _)| *other == name).unwrap();
        let expected = Envelope { device: None, approval: None, ..envelope(event.clone()) };
        assert_eq!(Envelope::decode(1, &bytes).unwrap(), expected, "{name}");
    }
}

#[test]
fn what_is_not_whole_or_of_another_version_is_refused() {
    let mut bytes = postcard::to_stdvec(&envelope(Event::CategoryRemoved(derived_id("x", "1")))).unwrap();
    assert_eq!(Envelope::decode(3, &bytes), Err(DecodeError::Version(3)));
    bytes.push(0);
    assert_eq!(Envelope::decode(EVENT_VERSION, &bytes), Err(DecodeError::Content));
    bytes.truncate(5);
    assert_eq!(Envelope::decode(EVENT_VERSION, &bytes), Err(DecodeError::Content));
}
