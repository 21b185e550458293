//! What must be true of what was sold, whatever happened to the hub meanwhile.

use std::collections::{BTreeMap, HashMap};

use hub::demo::day::Line;
use hub::demo::menu;
use protocol::money;
use protocol::order::OrderStatus;
use serde_json::{Value, json};

use super::journal::{Journal, Sale, priced};
use crate::client::Client;

/// Every acknowledged step of every sale is there, once and whole; steps whose reply was lost are there whole or not at
/// all; nothing else is there; and the numbers hold. Answers how many orders there are.
pub async fn audit(client: &Client, journal: &Journal) -> usize {
    let orders = client.all("/api/orders/").await;
    let mut by_id: HashMap<String, Value> = HashMap::new();
    for order in &orders {
        let id = order["id"].as_str().unwrap_or_default().to_owned();
        assert!(by_id.insert(id, order.clone()).is_none(), "listed twice: {order}");
    }
    for sale in journal.snapshot() {
        let found = by_id.remove(&sale.id.to_string());
        check(&sale, found.as_ref());
        if sale.is_abandoned || sale.rounds_acked == 0 {
            continue;
        }
        // Nothing was left in the middle: all that was asked was acknowledged.
        let asked = (sale.rounds.len(), sale.voids.len(), sale.payments.len());
        let acked = (sale.rounds_acked, sale.voids_acked, sale.payments_acked);
        assert_eq!(asked, acked, "{} was left in the middle", sale.id);
        let found = found.expect("an acknowledged order was checked above");
        assert_eq!(found["state"], sale.status_acked.word().replace("open", "sent"), "{found}");
    }
    assert!(by_id.is_empty(), "nobody asked for {:?}", by_id.keys());
    numbers(&orders);
    orders.len()
}

/// One sale against what the hub has of it. What was not acknowledged may be there too: whole.
pub fn check(sale: &Sale, found: Option<&Value>) {
    let Some(order) = found else {
        assert_eq!(sale.rounds_acked, 0, "an acknowledged order is not there: {}", sale.id);
        return;
    };
    assert_eq!(order["id"], json!(sale.id));
    for (field, sent) in [("order_type", sale.order_type), ("table", &sale.table), ("notes", &sale.notes)] {
        assert_eq!(order[field], json!(sent), "{field} of {order}");
    }
    let items = order["items"].as_array().expect("an order has items");
    let rounds = (sale.rounds_acked.max(1)..=sale.rounds.len())
        .find(|rounds| sale.lines(*rounds).len() == items.len())
        .unwrap_or_else(|| panic!("half a round, or none: {} lines of {sale:?}", items.len()));
    let voided: Vec<&Value> = items.iter().filter(|item| item["status"] == "voided").collect();
    let voids = voided.len();
    assert!((sale.voids_acked..=sale.voids.len()).contains(&voids), "{voids} voids of {sale:?}");
    assert!(voided.iter().all(|item| sale.voids[..voids].iter().any(|id| item["id"] == json!(id))));
    for (item, line) in items.iter().zip(sale.lines(rounds)) {
        same_line(item, line);
    }
    let bill = sale.bill(rounds, voids);
    let charges = ["subtotal", "discount", "service_charge", "tax", "total"].map(|field| &order[field]);
    let expected = [bill.subtotal, bill.discount, bill.service, bill.tax, bill.total].map(|it| json!(it));
    assert_eq!(charges, expected.each_ref(), "{order}");
    same_payments(sale, order);
    let state = order["state"].as_str().and_then(OrderStatus::from_word).expect("a state of ours");
    let is_there =
        if state == OrderStatus::Cancelled { sale.is_cancelled } else { state >= sale.status_acked };
    assert!(is_there, "{state:?} of {sale:?}");
}

fn same_line(item: &Value, line: &Line) {
    let (price, modifiers) = priced(line);
    let picked: Vec<&Value> =
        item["modifiers"].as_array().into_iter().flatten().map(|it| &it["id"]).collect();
    let sent: Vec<Value> = line.modifiers.iter().map(|id| json!(id)).collect();
    assert_eq!(picked, sent.iter().collect::<Vec<_>>(), "{item}");
    for (field, expected) in [
        ("id", json!(line.item)),
        ("product", json!(line.product)),
        ("quantity", json!(line.quantity)),
        ("notes", json!(line.notes)),
        ("price", json!(price)),
        ("line_total", json!((price + modifiers) * i64::from(line.quantity))),
    ] {
        assert_eq!(item[field], expected, "{field} of {item}");
    }
}

fn same_payments(sale: &Sale, order: &Value) {
    let charges = menu::outlet().charges;
    let payments = order["payments"].as_array().expect("an order has payments");
    let count = payments.len();
    assert!((sale.payments_acked..=sale.payments.len()).contains(&count), "{count} payments of {sale:?}");
    for (payment, asked) in payments.iter().zip(&sale.payments) {
        let rounding = if asked.method == "cash" {
            money::cash_rounding(asked.amount, charges.cash_rounding_unit, charges.cash_rounding_mode)
                .expect("a basket is no fortune")
        } else {
            0
        };
        for (field, expected) in [
            ("id", json!(asked.id)),
            ("method", json!(asked.method)),
            ("amount", json!(asked.amount)),
            ("rounding", json!(rounding)),
            ("tendered", json!(asked.amount + rounding)),
            ("change", json!(0)),
        ] {
            assert_eq!(payment[field], expected, "{field} of {payment}");
        }
    }
    let paid: i64 = sale.payments[..count].iter().map(|payment| payment.amount).sum();
    assert_eq!(order["paid"], json!(paid), "{order}");
    assert_eq!(order["receipt_number"].is_u64(), count > 0, "{order}");
}

/// Receipt numbers are 1 to n without a gap or a repeat; order numbers are 1 to n within each business day.
pub fn numbers(orders: &[Value]) {
    let mut receipts: Vec<u64> = orders.iter().filter_map(|order| order["receipt_number"].as_u64()).collect();
    receipts.sort_unstable();
    let gapless: Vec<u64> = (1..=receipts.len() as u64).collect();
    assert_eq!(receipts, gapless, "receipt numbers");
    let mut days: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for order in orders {
        let number = order["order_number"].as_str().and_then(|number| number.parse().ok());
        let number = number.unwrap_or_else(|| panic!("no number of the hub's: {order}"));
        days.entry(order["business_day"].as_str().unwrap_or_default()).or_default().push(number);
    }
    for (day, mut numbers) in days {
        numbers.sort_unstable();
        let consecutive: Vec<u64> = (1..=numbers.len() as u64).collect();
        assert_eq!(numbers, consecutive, "order numbers of {day}");
    }
}
