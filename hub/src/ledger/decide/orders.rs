//! Placing orders, adding rounds, calling lines off, taking something off the whole.

use protocol::api::AppliedOut;
use protocol::catalogue::{Modifier, Product};
use protocol::event::{Event, OrderEvent, OrderPlaced, OrderRef};
use protocol::ids::Id;
use protocol::money::{BasisPoints, Overflow, WHOLE_BP};
use protocol::order::{ITEMS_MAX, Item, ItemStatus, Order, OrderStatus, Origin, SoldModifier};
use protocol::pricing::{Bill, Discount, Line, price_promoted};
use serde_json::{Map, Value, json};

use super::payments;
use super::promoted::{self, Promoted, Terms};
use super::{Decision, View, append, changed, reference, refuse_final};
use crate::ledger::command::{NewItem, NewOrder, Refusal};
use crate::views::Catalogue;

pub(super) fn place(view: &View<'_>, new: &NewOrder) -> Result<Decision, Refusal> {
    let id = new.wire_id.id();
    let status = ItemStatus::of_order(new.status).unwrap_or(ItemStatus::Served);
    refuse_known_lines(view, &new.items)?;
    let items = priced_items(&view.state.catalogue, &new.items, status)?;
    let before = Terms {
        is_open: new.origin == Origin::Rest,
        moment_ms: view.now.at_ms,
        codes: Vec::new(),
        has: Vec::new(),
    };
    let mut terms = Terms { moment_ms: promoted::moment(view, new.priced_at_ms)?, ..before.clone() };
    terms.codes = promoted::codes(view, &new.codes, &terms)?;
    let promoted = promoted::bill(view, &items, &terms, Discount::None)?;
    if let Some((field, expected)) = new.expected_total
        && expected != promoted.bill.total
    {
        return Err(total_differs(field, expected, &promoted));
    }
    let business_day = view.business_day()?;
    let number = new.number.clone().unwrap_or_else(|| {
        let last = if business_day == view.state.counters.day { view.state.counters.order_number } else { 0 };
        format!("{:03}", last + 1)
    });
    let placed = OrderPlaced {
        order: OrderRef { id, wire_id: new.wire_id.clone(), number },
        origin: new.origin,
        order_type: new.order_type,
        table: new.table.clone(),
        customer: new.customer.clone(),
        notes: new.notes.clone(),
        metadata: new.metadata.clone(),
        status: new.status,
        status_word: None,
        items,
        discount: Discount::None,
        bill: promoted.bill,
        business_day,
        raw: None,
    };
    let paid = new.paid_by.as_ref().map(|method| payments::of_old_row(view, &placed, method));
    let told = promoted::events(view, &placed.order, &before, &terms, &promoted);
    let mut events = vec![Event::OrderPlaced(Box::new(placed))];
    events.extend(told);
    events.extend(paid);
    Ok(append(events, id))
}

pub(super) fn add_items(view: &View<'_>, id: Id, new: &[NewItem]) -> Result<Decision, Refusal> {
    let order = view.order(id)?;
    refuse_final(&order)?;
    if order.items.len() + new.len() > ITEMS_MAX {
        return Err(Refusal::field("items", format!("An order holds at most {ITEMS_MAX} lines.")));
    }
    if order.origin == Origin::OldSocket {
        return Err(Refusal::conflict("old_ticket", "A ticket of an old till is changed at that till."));
    }
    refuse_known_lines(view, new)?;
    let step = if order.status == OrderStatus::Open { ItemStatus::Open } else { ItemStatus::Sent };
    let items = priced_items(&view.state.catalogue, new, step)?;
    let all: Vec<Item> = order.items.iter().chain(&items).cloned().collect();
    let terms = Terms::of(&order);
    let promoted = promoted::bill(view, &all, &terms, order.discount)?;
    let bill = promoted.bill;
    if bill.total < order.paid() {
        let detail =
            "With these lines less is to be paid than is paid already; place them as an order of their own.";
        return Err(Refusal::conflict("already_paid", detail));
    }
    let status = Order::status_of_items(&all, order.status);
    let mut events = vec![changed(&order, OrderEvent::ItemsAdded { items, bill, status })];
    events.extend(promoted::events(view, &reference(&order), &terms, &terms, &promoted));
    Ok(append(events, id))
}

pub(super) fn void_item(view: &View<'_>, item_id: Id, reason: &str) -> Result<Decision, Refusal> {
    let order = view.order_of(item_id, "order item")?;
    refuse_final(&order)?;
    let Some(item) = order.items.iter().find(|item| item.id == item_id) else {
        return Err(Refusal::NotFound("order item"));
    };
    if !item.is_live() {
        return Ok(Decision::Nothing { subject: order.id });
    }
    let left: Vec<Item> =
        order.items.iter().filter(|other| other.id != item_id && other.is_live()).cloned().collect();
    let terms = Terms::of(&order);
    let promoted = promoted::bill(view, &left, &terms, order.discount)?;
    let bill = promoted.bill;
    if bill.total < order.paid() {
        return Err(Refusal::conflict(
            "already_paid",
            format!("{} is paid already; it takes a refund to call it off.", item.name),
        ));
    }
    let event = OrderEvent::ItemVoided {
        item: item_id,
        name: item.name.clone(),
        quantity: item.quantity,
        reason: reason.to_owned(),
        bill,
    };
    let mut events = vec![changed(&order, event)];
    events.extend(promoted::events(view, &reference(&order), &terms, &terms, &promoted));
    Ok(append(events, order.id))
}

pub(super) fn discount(
    view: &View<'_>,
    order: Id,
    discount: Discount,
    reason: &str,
    limit_bp: Option<BasisPoints>,
) -> Result<Decision, Refusal> {
    let order = view.order(order)?;
    refuse_final(&order)?;
    if order.discount == discount {
        return Ok(Decision::Nothing { subject: order.id });
    }
    let bill = bill(&order, discount, view)?;
    // Of what the items cost before anything was taken off: taking off twice is no way around the limit. What promotions take off is
    // nobody's doing.
    let given = bill.discount - order.promoted();
    if let Some(limit_bp) = limit_bp
        && i128::from(given) * WHOLE_BP > i128::from(bill.subtotal) * i128::from(limit_bp)
    {
        return Err(Refusal::PastLimit { percent: limit_bp / 100 });
    }
    if bill.total < order.paid() {
        let detail = "More is paid already than would be left to pay; it takes a refund.";
        return Err(Refusal::conflict("already_paid", detail));
    }
    let event = OrderEvent::Discounted { discount, reason: reason.to_owned(), bill };
    Ok(append(vec![changed(&order, event)], order.id))
}

/// Prices an order under the outlet's charges, with what promotions take off it already. Voided lines do not count.
fn bill(order: &Order, discount: Discount, view: &View<'_>) -> Result<Bill, Refusal> {
    let lines: Vec<Line> = order.items.iter().filter(|item| item.is_live()).map(Item::line).collect();
    price_promoted(&lines, order.promoted(), discount, &view.outlet()?.charges)
        .map_err(|Overflow| Refusal::field("items", "The total is larger than can be kept exactly."))
}

fn priced_items(catalogue: &Catalogue, new: &[NewItem], status: ItemStatus) -> Result<Vec<Item>, Refusal> {
    let priced: Vec<_> = new.iter().map(|item| priced_item(catalogue, item, status)).collect();
    if priced.iter().any(Result::is_err) {
        let errors = priced.into_iter().map(|item| item.err().unwrap_or_default().into()).collect();
        return Err(Refusal::Invalid(Map::from_iter([("items".to_owned(), Value::Array(errors))])));
    }
    Ok(priced.into_iter().flatten().collect())
}

fn priced_item(catalogue: &Catalogue, new: &NewItem, status: ItemStatus) -> Result<Item, Map<String, Value>> {
    let error = |field: &str, message: String| Map::from_iter([(field.to_owned(), json!([message]))]);
    let Some(product) = catalogue.products.get(&new.product) else {
        return Err(error(
            new.product_field,
            format!("Invalid pk \"{}\" - object does not exist.", new.product),
        ));
    };
    if !product.is_available {
        return Err(error(new.product_field, format!("{} is sold out.", product.name)));
    }
    let picked =
        picked_modifiers(catalogue, product, &new.modifiers).map_err(|text| error("modifiers", text))?;
    let station = catalogue.categories.get(&product.category).map(|category| category.station.clone());
    Ok(Item {
        id: new.id,
        product: Some(product.id),
        name: product.name.clone(),
        sku: product.sku.clone(),
        quantity: new.quantity,
        price: product.price,
        modifiers: picked,
        notes: new.notes.clone(),
        station: station.unwrap_or_default(),
        status,
        discount: Discount::None,
    })
}

fn picked_modifiers(
    catalogue: &Catalogue,
    product: &Product,
    ids: &[Id],
) -> Result<Vec<SoldModifier>, String> {
    let mut picked: Vec<&Modifier> = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(modifier) = catalogue.modifiers.get(id) else {
            return Err(format!("Invalid pk \"{id}\" - object does not exist."));
        };
        if !product.modifier_groups.contains(&modifier.group) {
            return Err(format!("{} does not go with {}.", modifier.name, product.name));
        }
        if !modifier.is_available {
            return Err(format!("{} is sold out.", modifier.name));
        }
        picked.push(modifier);
    }
    for group in product.modifier_groups.iter().filter_map(|id| catalogue.groups.get(id)) {
        let count = picked.iter().filter(|modifier| modifier.group == group.id).count();
        if count < usize::from(group.min_select) || count > usize::from(group.max_select) {
            let (min, max) = (group.min_select, group.max_select);
            return Err(format!("{}: pick {min} to {max}, not {count}.", group.name));
        }
    }
    let sold = |modifier: &Modifier| SoldModifier {
        id: Some(modifier.id),
        name: modifier.name.clone(),
        price: modifier.price,
    };
    Ok(picked.into_iter().map(sold).collect())
}

/// A line's id names one line, of one order.
fn refuse_known_lines(view: &View<'_>, new: &[NewItem]) -> Result<(), Refusal> {
    for (at, item) in new.iter().enumerate() {
        let is_known = view.state.parts.contains_key(&item.id) || view.past.order_with(item.id).is_some();
        if is_known || new[..at].iter().any(|other| other.id == item.id) {
            return Err(item_errors(at, "id", "A line with this id exists already."));
        }
    }
    Ok(())
}

fn item_errors(at: usize, field: &str, message: &str) -> Refusal {
    let mut errors = vec![json!({}); at];
    errors.push(json!({ field: [message] }));
    Refusal::Invalid(Map::from_iter([("items".to_owned(), Value::Array(errors))]))
}

fn total_differs(field: &str, expected: i64, promoted: &Promoted) -> Refusal {
    let Promoted { bill, applied } = promoted;
    let promotions: Vec<AppliedOut> = applied.iter().map(Into::into).collect();
    let message = format!("The hub's total is {}, not {expected}.", bill.total);
    Refusal::Invalid(Map::from_iter([
        (field.to_owned(), json!([message])),
        (
            "hub_bill".to_owned(),
            json!({
                "subtotal": bill.subtotal, "discount": bill.discount, "service_charge": bill.service,
                "tax": bill.tax, "tax_included": bill.tax_included, "total": bill.total,
                "promotions": promotions,
            }),
        ),
    ]))
}
