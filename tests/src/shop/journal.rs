//! What tills have asked for, and how much of it was acknowledged.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use hub::demo::day::Line;
use hub::demo::menu::{self, Menu};
use protocol::ids::Id;
use protocol::money::Minor;
use protocol::order::OrderStatus;
use protocol::pricing::{self, Bill, Discount};
use serde_json::{Value, json};

/// The demo's menu.
pub(super) static MENU: LazyLock<Menu> = LazyLock::new(menu::menu);

/// A payment as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// Made by the till.
    pub id: Id,
    /// Tender.
    pub method: &'static str,
    /// What it settles.
    pub amount: Minor,
}

/// One order as its till knows it: all that was asked, in order, and how much of each was acknowledged.
#[derive(Debug, Clone)]
pub struct Sale {
    /// Made by the till.
    pub id: Id,
    /// `dine_in` and so on.
    pub order_type: &'static str,
    /// Table.
    pub table: String,
    /// Notes.
    pub notes: String,
    /// The first order, and further rounds, each with an id of its own.
    pub rounds: Vec<(Id, Vec<Line>)>,
    /// How many rounds were acknowledged.
    pub rounds_acked: usize,
    /// Lines called off.
    pub voids: Vec<Id>,
    /// How many of them were acknowledged.
    pub voids_acked: usize,
    /// Payments.
    pub payments: Vec<Paid>,
    /// How many of them were acknowledged.
    pub payments_acked: usize,
    /// The last state that was acknowledged.
    pub status_acked: OrderStatus,
    /// The till has asked to call it off.
    pub is_cancelled: bool,
    /// The till was not answered, and asked no more.
    pub is_abandoned: bool,
}

impl Sale {
    /// The lines of the first `rounds` rounds.
    #[must_use]
    pub fn lines(&self, rounds: usize) -> Vec<&Line> {
        self.rounds.iter().take(rounds).flat_map(|(_, lines)| lines).collect()
    }

    /// The bill of the first `rounds` rounds without the first `voids` lines called off.
    #[must_use]
    pub fn bill(&self, rounds: usize, voids: usize) -> Bill {
        let gone = &self.voids[..voids];
        let live: Vec<&Line> =
            self.lines(rounds).into_iter().filter(|line| !gone.contains(&line.item)).collect();
        let lines: Vec<pricing::Line> = live
            .iter()
            .map(|line| {
                let (price, modifiers) = priced(line);
                pricing::Line { price, modifiers, quantity: line.quantity, discount: Discount::None }
            })
            .collect();
        pricing::price(&lines, Discount::None, &menu::outlet().charges).expect("a basket is no fortune")
    }
}

/// A product of the demo that asks nothing, with its price.
#[must_use]
pub fn plain_product() -> (Id, Minor) {
    let product = MENU.products.iter().find(|it| it.is_available && it.modifier_groups.is_empty());
    product.map(|product| (product.id, product.price)).expect("the demo has such a product")
}

/// The price of one of a line's product, and of its modifiers together, by the demo's menu.
#[must_use]
pub fn priced(line: &Line) -> (Minor, Minor) {
    let product = MENU.products.iter().find(|product| product.id == line.product);
    let price_of = |id: &Id| MENU.modifiers.iter().find(|it| it.id == *id).map_or(0, |it| it.price);
    (product.map_or(0, |product| product.price), line.modifiers.iter().map(price_of).sum())
}

/// A line as it is sent.
#[must_use]
pub fn line_json(line: &Line) -> Value {
    json!({
        "id": line.item, "product": line.product, "quantity": line.quantity,
        "modifiers": line.modifiers, "notes": line.notes,
    })
}

/// An order as it is sent.
#[must_use]
pub fn order_json(sale: &Sale) -> Value {
    let items: Vec<Value> = sale.rounds[0].1.iter().map(line_json).collect();
    json!({
        "id": sale.id, "order_type": sale.order_type, "table": sale.table, "notes": sale.notes, "items": items,
    })
}

/// What all tills have sold; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Journal(Arc<Mutex<HashMap<Id, Sale>>>);

impl Journal {
    fn lock(&self) -> MutexGuard<'_, HashMap<Id, Sale>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new sale is about to be asked for.
    pub(super) fn begin(&self, sale: Sale) {
        self.lock().insert(sale.id, sale);
    }

    /// Notes something about a sale.
    pub(super) fn note(&self, id: Id, change: impl FnOnce(&mut Sale)) {
        self.lock().get_mut(&id).map(change).expect("a sale begins with its note");
    }

    /// As it stands at this moment.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Sale> {
        let mut sales: Vec<Sale> = self.lock().values().cloned().collect();
        sales.sort_by_key(|sale| sale.id);
        sales
    }

    /// Orders that were acknowledged.
    #[must_use]
    pub fn acknowledged(&self) -> usize {
        self.lock().values().filter(|sale| sale.rounds_acked > 0).count()
    }
}
