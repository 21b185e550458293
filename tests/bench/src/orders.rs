//! Orders, made before anything is measured: real baskets of the demo's menu, of about three lines.
//!
//! Of a sent order only the id changes. It is a `UUIDv7` by its shape whose last twelve digits count the orders of a run, so
//! that whoever receives it knows when it was sent without a table.

use fastrand::Rng;
use hub::demo::basket::{Line, basket};
use hub::demo::menu::{Menu, menu};
use serde_json::{Value, json};

use crate::wire;

/// Different orders; sent in turn.
const KINDS: usize = 64;
/// Lines of an order.
const LINES: std::ops::RangeInclusive<usize> = 2..=4;
/// Bytes of an order as JSON.
const BYTES: std::ops::RangeInclusive<usize> = 500..=900;
/// Digits of an id that count.
const INDEX_DIGITS: usize = 12;
/// Where an id's digits of the run begin.
const RUN_AT: usize = 15;
const RUN_DIGITS: usize = 3;
/// Baskets are the same on every machine.
const SEED: u64 = 20_261_122;

/// Which run of a load an order belongs to, so that a late one is not taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RunId(u16);

impl RunId {
    /// Of this number, of which the last three digits are kept.
    pub(crate) fn new(number: usize) -> Self {
        Self((number % 0x1000) as u16)
    }
}

/// Orders ready to be sent.
#[derive(Debug)]
pub(crate) struct Orders {
    /// `new_order`, as frames.
    frames: Vec<Template>,
    /// Bodies of `POST /api/orders/`.
    bodies: Vec<Template>,
    /// The first part of every id: when this process began, so that no order has been seen before.
    stamp: String,
}

/// An order but for its id.
#[derive(Debug)]
pub(crate) struct Template {
    bytes: Vec<u8>,
    id_at: usize,
}

impl Orders {
    /// Picks the baskets.
    pub(crate) fn new(unix_ms: u64) -> Self {
        let menu = menu();
        let mut rng = Rng::with_seed(SEED);
        let (mut frames, mut bodies) = (Vec::new(), Vec::new());
        while frames.len() < KINDS {
            let lines = basket(&menu, &mut rng);
            let text = as_old_till(&menu, &lines, frames.len());
            if !LINES.contains(&lines.len()) || !BYTES.contains(&text.len()) {
                continue;
            }
            frames.push(Template::new(wire::frame(format!("42[\"new_order\",{text}]").as_bytes())));
            bodies.push(Template::new(as_new_till(&lines).to_string().into_bytes()));
        }
        let stamp = format!("{:08x}-{:04x}", unix_ms >> 16, unix_ms & 0xffff);
        Self { frames, bodies, stamp }
    }

    /// The frame of an order.
    pub(crate) fn frame(&self, run: RunId, index: usize) -> Vec<u8> {
        self.frames[index % KINDS].with_id(&self.id(run, index))
    }

    /// The body of an order.
    pub(crate) fn body(&self, run: RunId, index: usize) -> Vec<u8> {
        self.bodies[index % KINDS].with_id(&self.id(run, index))
    }

    /// Mean bytes of an order on the old events.
    pub(crate) fn mean_bytes(&self) -> f64 {
        let overhead = wire::frame(&[b' '; 500]).len() - 500 + "42[\"new_order\",]".len();
        let bytes: usize = self.frames.iter().map(|template| template.bytes.len() - overhead).sum();
        bytes as f64 / KINDS as f64
    }

    /// The id of an order.
    pub(crate) fn id(&self, run: RunId, index: usize) -> String {
        format!("{}-7{:03x}-8000-{index:012x}", self.stamp, run.0)
    }
}

impl Template {
    /// Of an order with any id.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        let id_at = id_at(&bytes).expect("an order has an id");
        Self { bytes, id_at }
    }

    /// The order with this one.
    pub(crate) fn with_id(&self, id: &str) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes[self.id_at..self.id_at + id.len()].copy_from_slice(id.as_bytes());
        bytes
    }
}

/// Which order of which run a message is about, by the first id in it.
pub(crate) fn read_id(message: &[u8]) -> Option<(RunId, usize)> {
    let at = id_at(message)?;
    let run = hex(message.get(at + RUN_AT..at + RUN_AT + RUN_DIGITS)?)?;
    let index = hex(message.get(at + 36 - INDEX_DIGITS..at + 36)?)?;
    Some((RunId(u16::try_from(run).ok()?), index as usize))
}

fn id_at(bytes: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"\"id\":\"";
    Some(bytes.windows(NAME.len()).position(|here| here == NAME)? + NAME.len())
}

fn hex(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |number, digit| Some(number << 4 | u64::from(char::from(*digit).to_digit(16)?)))
}

const NO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// As the old tills send an order: names and prices in it, and the total.
fn as_old_till(menu: &Menu, lines: &[Line], number: usize) -> String {
    let mut total = 0;
    let items: Vec<Value> = lines
        .iter()
        .map(|line| {
            let product = menu.products.iter().find(|product| product.id == line.product);
            let product = product.expect("a basket is of this menu");
            let modifiers = menu.modifiers.iter().filter(|modifier| line.modifiers.contains(&modifier.id));
            let price = product.price + modifiers.clone().map(|modifier| modifier.price).sum::<i64>();
            total += price * i64::from(line.quantity);
            let modifiers: Vec<Value> = modifiers.map(|modifier| json!({"name": modifier.name})).collect();
            json!({
                "product_id": product.id, "name": product.name, "quantity": line.quantity, "price": price,
                "modifiers": modifiers, "notes": line.notes,
            })
        })
        .collect();
    let rest = json!({
        "order_number": format!("A-{:04}", number + 1), "outlet_id": 1, "order_type": "dine_in",
        "table": (number % 40 + 1).to_string(), "items": items, "total": total, "status": "pending",
        "created_at": "2026-11-22T12:00:00.000Z",
    });
    // An old till writes the id first.
    format!("{{\"id\":\"{NO_ID}\",{}", &rest.to_string()[1..])
}

/// As a till sends an order by REST: the hub prices it.
pub(crate) fn as_new_till(lines: &[Line]) -> Value {
    let items: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!({
                "product": line.product, "quantity": line.quantity, "modifiers": line.modifiers,
                "notes": line.notes,
            })
        })
        .collect();
    json!({"id": NO_ID, "order_type": "dine_in", "table": "12", "items": items})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_says_which_it_is() {
        let orders = Orders::new(1_795_230_000_123);
        for index in [0, 1, 77, 1 << 40] {
            let run = RunId::new(0x1_abc + index % 2);
            let frame = orders.frame(run, index);
            assert_eq!(read_id(&frame), Some((run, index)));
            assert_eq!(read_id(&orders.body(run, index)), Some((run, index)));
        }
        assert_eq!(read_id(b"42[\"order_sent\",{}]"), None);
    }

    #[test]
    fn orders_are_of_a_real_size() {
        let orders = Orders::new(0);
        assert!((500.0..900.0).contains(&orders.mean_bytes()), "{}", orders.mean_bytes());
    }
}
