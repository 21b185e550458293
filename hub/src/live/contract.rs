//! The events of the replaced Node server, read as they were meant: ids as numbers or strings, amounts however a till
//! counted them, unknown fields kept. What makes no sense is refused in words.

use protocol::ids::WireId;
use protocol::money::{AMOUNT_MAX, Minor};
use protocol::order::{ITEMS_MAX, MODIFIERS_MAX, NOTES_CHARS_MAX, OrderType, QUANTITY_MAX, SoldModifier};
use rmpv::Value;

use crate::ledger::command::{OldItem, OldMove, OldMoveKind, OldOrder};
use crate::ledger::record::Cursor;

/// Largest payload kept, in bytes; the old server's own limit.
pub const PAYLOAD_BYTES_MAX: usize = 1_000_000;

const TEXT_CHARS_MAX: usize = 200;

/// Why a payload makes no sense.
pub type Nonsense = String;

/// Reads `new_order`. `outlet` is this hub's number, `exponent` its currency's.
pub fn order(payload: &Value, outlet: u32, exponent: u8) -> Result<OldOrder, Nonsense> {
    let raw = encode(payload)?;
    let wire_id = wire_id(payload)?;
    same_outlet(payload, outlet)?;
    let items = get(payload, "items").and_then(Value::as_array).ok_or("the order has no items")?;
    if items.is_empty() {
        return Err("the order has no items".to_owned());
    }
    if items.len() > ITEMS_MAX {
        return Err(format!("the order has more than {ITEMS_MAX} items"));
    }
    let items = items.iter().map(|item| read_item(item, exponent)).collect::<Result<Vec<_>, _>>()?;
    let total = match get(payload, "total") {
        None | Some(Value::Nil) => None,
        Some(total) => Some(amount(total, exponent).map_err(|why| format!("the total {why}"))?),
    };
    let number = text(payload, &["order_number"]);
    let order_type = text(payload, &["order_type", "type"]);
    Ok(OldOrder {
        number: if number.is_empty() { display(&wire_id) } else { number },
        wire_id,
        order_type: OrderType::from_word(&order_type).unwrap_or_default(),
        table: text(payload, &["table", "table_number"]),
        notes: notes(payload),
        status: Some(text(payload, &["status"])).filter(|status| !status.is_empty()),
        items,
        total,
        raw,
    })
}

/// Reads `update_status`, `complete_order` or `cancel_order`.
pub fn change(event: &str, payload: &Value, outlet: u32) -> Result<OldMove, Nonsense> {
    let raw = encode(payload)?;
    let wire_id = wire_id(payload)?;
    same_outlet(payload, outlet)?;
    let kind = match event {
        "complete_order" => OldMoveKind::Complete,
        "cancel_order" => OldMoveKind::Cancel(text(payload, &["reason", "cancel_reason"])),
        _ => {
            let word = text(payload, &["status"]);
            if word.is_empty() {
                return Err("the update has no status".to_owned());
            }
            OldMoveKind::Update(word)
        }
    };
    Ok(OldMove { wire_id, kind, raw })
}

/// A wish to hear of an outlet.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// The outlet's id, as sent.
    pub outlet_id: Value,
    /// Whether the client follows the ledger: it sent an object rather than the bare id.
    pub follows_ledger: bool,
    /// Where it stopped.
    pub since: Option<(u32, u64)>,
}

/// Reads `subscribe_outlet`: a bare id, or `{outletId, since: {epoch, seq}}`.
pub fn subscription(payload: &Value, outlet: u32) -> Result<Subscription, Nonsense> {
    if !payload.is_map() {
        if !is_outlet(payload, outlet) {
            return Err("this hub is another outlet's".to_owned());
        }
        return Ok(Subscription { outlet_id: payload.clone(), follows_ledger: false, since: None });
    }
    let outlet_id = get(payload, "outletId").cloned().unwrap_or(Value::Nil);
    if !is_outlet(&outlet_id, outlet) {
        return Err("this hub is another outlet's".to_owned());
    }
    let since = match get(payload, "since") {
        None | Some(Value::Nil) => None,
        Some(since) => {
            let number = |name| get(since, name).and_then(Value::as_u64);
            let epoch = number("epoch").and_then(|epoch| u32::try_from(epoch).ok());
            let (Some(epoch), Some(seq)) = (epoch, number("seq")) else {
                return Err("since needs epoch and seq, as numbers".to_owned());
            };
            Some((epoch, seq))
        }
    };
    Ok(Subscription { outlet_id, follows_ledger: true, since })
}

/// Whether a cursor of a client can be continued on this ledger at all.
pub fn is_ahead(since: (u32, u64), end: &Cursor) -> bool {
    since.0 > end.epoch || since.1 > end.seq
}

/// The id of an order as sent, for echoing.
pub fn echo(id: &WireId) -> Value {
    match id {
        WireId::Uuid(uuid) => uuid.to_string().into(),
        WireId::Int(number) => (*number).into(),
        WireId::Text(text) => text.as_str().into(),
    }
}

/// The id that a payload names, whatever else is wrong with it.
pub fn id_as_sent(payload: &Value) -> Value {
    get(payload, "id").filter(|id| id.is_str() || id.is_number()).cloned().unwrap_or(Value::Nil)
}

fn encode(payload: &Value) -> Result<Vec<u8>, Nonsense> {
    let mut raw = Vec::new();
    rmpv::encode::write_value(&mut raw, payload).map_err(|_| "the payload cannot be kept")?;
    if raw.len() > PAYLOAD_BYTES_MAX {
        return Err(format!("the payload is larger than {PAYLOAD_BYTES_MAX} bytes"));
    }
    Ok(raw)
}

fn get<'value>(value: &'value Value, name: &str) -> Option<&'value Value> {
    value.as_map()?.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value)
}

fn wire_id(payload: &Value) -> Result<WireId, Nonsense> {
    let id = match get(payload, "id") {
        Some(Value::Integer(number)) => number.as_i64().map(WireId::Int),
        Some(Value::F64(number)) if number.fract() == 0.0 && number.abs() < 9.0e15 => {
            Some(WireId::Int(*number as i64))
        }
        Some(Value::String(text)) => text.as_str().and_then(WireId::from_text),
        _ => None,
    };
    id.ok_or_else(|| "the order has no id that is a number or a short text".to_owned())
}

fn same_outlet(payload: &Value, outlet: u32) -> Result<(), Nonsense> {
    match get(payload, "outlet_id") {
        Some(id) if is_outlet(id, outlet) => Ok(()),
        Some(_) => Err("the order is another outlet's".to_owned()),
        None => Err("the order has no outlet_id".to_owned()),
    }
}

fn is_outlet(id: &Value, outlet: u32) -> bool {
    match id {
        Value::Integer(number) => number.as_u64() == Some(u64::from(outlet)),
        Value::String(text) => text.as_str() == Some(outlet.to_string().as_str()),
        _ => false,
    }
}

fn display(id: &WireId) -> String {
    match id {
        WireId::Uuid(uuid) => uuid.to_string(),
        WireId::Int(number) => number.to_string(),
        WireId::Text(text) => text.clone(),
    }
}

/// The first of some fields that holds a text or a number, cut to what a ticket can show.
fn text(value: &Value, names: &[&str]) -> String {
    let read = |value: &Value| match value {
        Value::String(text) => text.as_str().map(str::to_owned),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    };
    let text = names.iter().find_map(|name| get(value, name).and_then(read)).unwrap_or_default();
    text.chars().take(TEXT_CHARS_MAX).collect()
}

fn notes(value: &Value) -> String {
    let text = get(value, "notes").and_then(Value::as_str).unwrap_or_default();
    text.chars().take(NOTES_CHARS_MAX).collect()
}

fn read_item(item: &Value, exponent: u8) -> Result<OldItem, Nonsense> {
    let quantity = match get(item, "quantity").or_else(|| get(item, "qty")) {
        None | Some(Value::Nil) => Some(1),
        Some(quantity) => whole(quantity).and_then(|quantity| u32::try_from(quantity).ok()),
    };
    let quantity = quantity.filter(|quantity| (1..=QUANTITY_MAX).contains(quantity));
    let quantity = quantity.ok_or("an item has a quantity that is not a whole number above zero")?;
    let price = match get(item, "price").or_else(|| get(item, "unit_price")) {
        None | Some(Value::Nil) => 0,
        Some(price) => amount(price, exponent).map_err(|why| format!("an item's price {why}"))?,
    };
    let product = text(item, &["product_id", "product", "sku"]);
    let nested = get(item, "product").filter(|product| product.is_map());
    let name = match text(item, &["name", "product_name"]) {
        name if name.is_empty() => nested.map(|product| text(product, &["name"])).unwrap_or_default(),
        name => name,
    };
    let modifiers = get(item, "modifiers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let modifiers = modifiers.iter().take(MODIFIERS_MAX).map(|modifier| SoldModifier {
        id: None,
        name: modifier.as_str().map_or_else(|| text(modifier, &["name"]), str::to_owned),
        // The line's price is taken as sent: what its modifiers cost is in it, or in the total.
        price: 0,
    });
    Ok(OldItem {
        product: Some(product).filter(|product| !product.is_empty()),
        name,
        quantity,
        price,
        modifiers: modifiers.collect(),
        notes: notes(item),
    })
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => number.as_i64(),
        Value::F64(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => Some(*number as i64),
        Value::String(text) => text.as_str()?.trim().parse().ok(),
        _ => None,
    }
}

/// An amount in the currency's major unit, as old tills count, in minor units. Half-up where a till computed more digits
/// than the currency has.
fn amount(value: &Value, exponent: u8) -> Result<Minor, &'static str> {
    let factor = 10_f64.powi(i32::from(exponent));
    let number = match value {
        Value::Integer(number) => number.as_f64(),
        Value::F64(number) => Some(*number),
        Value::F32(number) => Some(f64::from(*number)),
        Value::String(text) => text.as_str().and_then(|text| text.trim().parse().ok()),
        _ => None,
    };
    let number = number.filter(|number| number.is_finite()).ok_or("is not a number")? * factor;
    if number < 0.0 {
        return Err("is negative");
    }
    if number > AMOUNT_MAX as f64 {
        return Err("is larger than can be kept exactly");
    }
    Ok((number + 0.5).floor() as Minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        rmpv::ext::to_value(value).unwrap()
    }

    #[test]
    fn an_order_of_the_replaced_systems_own_document_is_taken() {
        let payload = json(
            r#"{"id":123,"order_number":"ORD-001","outlet_id":1,"items":[{"product_id":7,"name":"Es teh","quantity":2,
            "price":5000,"x":{"y":1}}],"total":50000,"something":"else"}"#,
        );
        let order = order(&payload, 1, 0).unwrap();
        assert_eq!((order.number.as_str(), order.total), ("ORD-001", Some(50_000)));
        assert_eq!(echo(&order.wire_id), Value::from(123));
        assert_eq!(order.items[0].product.as_deref(), Some("7"));
        assert_eq!(rmpv::decode::read_value(&mut &order.raw[..]).unwrap(), payload);
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for (payload, word) in [
            (r#"{"outlet_id":1,"items":[{}]}"#, "id"),
            (r#"{"id":{},"outlet_id":1,"items":[{}]}"#, "id"),
            (r#"{"id":1,"outlet_id":1}"#, "items"),
            (r#"{"id":1,"outlet_id":1,"items":[]}"#, "items"),
            (r#"{"id":1,"outlet_id":2,"items":[{}]}"#, "outlet"),
            (r#"{"id":1,"items":[{}]}"#, "outlet"),
            (r#"{"id":1,"outlet_id":1,"items":[{}],"total":-1}"#, "negative"),
            (r#"{"id":1,"outlet_id":1,"items":[{}],"total":"many"}"#, "number"),
            (r#"{"id":1,"outlet_id":1,"items":[{"quantity":0}]}"#, "quantity"),
            (r#"{"id":1,"outlet_id":1,"items":[{"quantity":1.5}]}"#, "quantity"),
            (r"[1,2]", "id"),
        ] {
            let why = order(&json(payload), 1, 0).unwrap_err();
            assert!(why.contains(word), "{payload}: {why}");
        }
    }

    #[test]
    fn amounts_follow_the_currency() {
        assert_eq!(amount(&json("12.5"), 2), Ok(1_250));
        assert_eq!(amount(&json("\"12.50\""), 2), Ok(1_250));
        assert_eq!(amount(&json("93499.5"), 0), Ok(93_500));
        assert_eq!(amount(&json("1e300"), 0), Err("is larger than can be kept exactly"));
    }

    #[test]
    fn an_outlet_is_known_by_number_or_text() {
        assert!(!subscription(&json("1"), 1).unwrap().follows_ledger);
        assert!(!subscription(&json("\"1\""), 1).unwrap().follows_ledger);
        let follow = subscription(&json(r#"{"outletId":1,"since":{"epoch":2,"seq":7}}"#), 1).unwrap();
        assert_eq!(follow.since, Some((2, 7)));
        assert!(subscription(&json("2"), 1).is_err());
        assert!(subscription(&json(r#"{"outletId":1,"since":{"epoch":"x"}}"#), 1).is_err());
    }
}
