//! What there is to tell of each event: the fields of what was written whole, and the facts of what happened.
//!
//! Each field is named here, so that what is added to an event is told only by whoever says so. What is personal of guests is in
//! none of them, and of what is secret only that it is another.

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::catalogue::{Category, Modifier, ModifierGroup, Product};
use protocol::device::Device;
use protocol::event::{DeviceEvent, Event, OrderEvent, PromotionEvent, StaffEvent};
use protocol::ids::Id;
use protocol::order::Order;
use protocol::outlet::{Outlet, business_date};
use protocol::promotion::{self, PartOf, Promotion, Scope};
use protocol::settings::{Settings, minute_text};
use protocol::staff::{SessionEnd, User};
use protocol::work::DayEvent;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::views::Catalogue;

/// What a field says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Detail {
    /// To be told.
    Open(Value),
    /// To be compared, and not told.
    Hidden(Value),
}

impl Detail {
    pub(super) fn told(self) -> Value {
        match self {
            Self::Open(value) => value,
            Self::Hidden(_) => Value::Null,
        }
    }

    pub(super) fn says_nothing(&self) -> bool {
        match self {
            Self::Open(value) => {
                value.is_null() || *value == "" || value.as_array().is_some_and(Vec::is_empty)
            }
            Self::Hidden(value) => value.is_null(),
        }
    }
}

/// Fields and what they say, in the order in which they are told.
type Fields = Vec<(&'static str, Detail)>;

fn open(value: impl Serialize) -> Detail {
    Detail::Open(serde_json::to_value(value).unwrap_or_default())
}

fn hidden(value: impl Serialize) -> Detail {
    Detail::Hidden(serde_json::to_value(value).unwrap_or_default())
}

/// The fields of what an event writes whole; none of any other event.
pub(super) fn fields(event: &Event, catalogue: &Catalogue) -> Fields {
    match event {
        Event::OutletSet(outlet) => of_outlet(outlet),
        Event::CategoryPut(category) => of_category(category),
        Event::ModifierGroupPut(group) => of_group(group),
        Event::ModifierPut(modifier) => of_modifier(modifier, catalogue),
        Event::ProductPut(product) => of_product(product, catalogue),
        Event::Staff(StaffEvent::UserPut(user)) => of_user(user),
        Event::Device(DeviceEvent::Put(device)) => of_device(device),
        Event::Promotion(PromotionEvent::Put(promotion)) => of_promotion(promotion, catalogue),
        Event::SettingsSet(settings) => of_settings(*settings),
        Event::CategoryRemoved(_)
        | Event::ModifierGroupRemoved(_)
        | Event::ModifierRemoved(_)
        | Event::ProductRemoved(_)
        | Event::OrderPlaced(_)
        | Event::OrderChanged(..)
        | Event::Staff(_)
        | Event::Device(_)
        | Event::Guest(_)
        | Event::Promotion(_)
        | Event::Day(_)
        | Event::Job(_) => Vec::new(),
    }
}

fn of_outlet(outlet: &Outlet) -> Fields {
    let charges = outlet.charges;
    vec![
        ("name", open(&outlet.name)),
        ("number", open(outlet.number)),
        ("address", open(&outlet.address)),
        ("currency", open(&outlet.currency)),
        ("currency_exponent", open(outlet.currency_exponent)),
        ("language", open(&outlet.language)),
        ("time_zone", open(&outlet.time_zone)),
        ("business_day_start_hour", open(outlet.business_day_start_hour)),
        ("service_rate_bp", open(charges.service_rate_bp)),
        ("service_base", open(charges.service_base)),
        ("tax_rate_bp", open(charges.tax_rate_bp)),
        ("tax_included", open(charges.tax_included)),
        ("cash_rounding_unit", open(charges.cash_rounding_unit)),
        ("cash_rounding_mode", open(charges.cash_rounding_mode)),
    ]
}

fn of_category(category: &Category) -> Fields {
    vec![
        ("name", open(&category.name)),
        ("station", open(&category.station)),
        ("sort_order", open(category.sort_order)),
        ("is_active", open(category.is_active)),
    ]
}

fn of_group(group: &ModifierGroup) -> Fields {
    vec![
        ("name", open(&group.name)),
        ("min_select", open(group.min_select)),
        ("max_select", open(group.max_select)),
        ("sort_order", open(group.sort_order)),
    ]
}

fn of_modifier(modifier: &Modifier, catalogue: &Catalogue) -> Fields {
    vec![
        ("name", open(&modifier.name)),
        ("group", open(called(&catalogue.groups, modifier.group, |group| &group.name))),
        ("price", open(modifier.price)),
        ("is_available", open(modifier.is_available)),
        ("sort_order", open(modifier.sort_order)),
    ]
}

fn of_product(product: &Product, catalogue: &Catalogue) -> Fields {
    let groups: Vec<String> = product
        .modifier_groups
        .iter()
        .map(|id| called(&catalogue.groups, *id, |group| &group.name))
        .collect();
    vec![
        ("name", open(&product.name)),
        ("price", open(product.price)),
        ("is_available", open(product.is_available)),
        ("category", open(called(&catalogue.categories, product.category, |category| &category.name))),
        ("description", open(&product.description)),
        ("sku", open(&product.sku)),
        ("barcode", open(&product.barcode)),
        ("modifier_groups", open(groups)),
        ("image", open(&product.image)),
        ("sort_order", open(product.sort_order)),
    ]
}

/// The name of something on the menu, or its id where it is there no more.
fn called<T>(entries: &BTreeMap<Id, Arc<T>>, id: Id, name: impl Fn(&T) -> &String) -> String {
    entries.get(&id).map_or_else(|| id.to_string(), |entry| name(entry).clone())
}

fn of_user(user: &User) -> Fields {
    vec![
        ("name", open(&user.name)),
        ("username", open(&user.username)),
        ("role", open(user.role)),
        ("is_active", open(user.is_active)),
        ("password", hidden(&user.password)),
    ]
}

fn of_device(device: &Device) -> Fields {
    vec![
        ("name", open(&device.name)),
        ("role", open(device.role)),
        ("station", open(&device.station)),
        ("key", hidden(device.key_hash)),
    ]
}

fn of_promotion(promotion: &Promotion, catalogue: &Catalogue) -> Fields {
    let scope = match &promotion.scope {
        Scope::Order => Vec::new(),
        Scope::Categories(ids) => names(&catalogue.categories, ids, |category| &category.name),
        Scope::Products(ids) => names(&catalogue.products, ids, |product| &product.name),
    };
    let schedule = &promotion.schedule;
    let clock = |minute: u16| minute_text(minute);
    let date = |day: Option<i32>| day.map(|day| business_date(day).to_string());
    let mut fields = vec![("name", open(&promotion.name)), ("description", open(&promotion.description))];
    match &promotion.kind {
        promotion::Kind::Percent(rate_bp) => fields.push(("percent_bp", open(rate_bp))),
        promotion::Kind::Amount(amount) => fields.push(("amount", open(amount))),
        promotion::Kind::BuyGet { buy, get, rate_bp } => fields.extend([
            ("buy_quantity", open(buy)),
            ("get_quantity", open(get)),
            ("percent_bp", open(rate_bp)),
        ]),
        promotion::Kind::Bundle { price, parts } => {
            let part = |part: &promotion::Part| {
                let name = match part.of {
                    PartOf::Product(id) => called(&catalogue.products, id, |product| &product.name),
                    PartOf::Category(id) => called(&catalogue.categories, id, |category| &category.name),
                };
                format!("{} × {name}", part.quantity)
            };
            fields.push(("amount", open(price)));
            fields.push(("parts", open(parts.iter().map(part).collect::<Vec<_>>())));
        }
    }
    fields.extend([
        ("scope", open(scope)),
        ("code", open(&promotion.code)),
        ("days", open(&schedule.days)),
        ("hours", open(schedule.hours.map(|(from, to)| format!("{}-{}", clock(from), clock(to))))),
        ("start_date", open(date(schedule.start_date))),
        ("end_date", open(date(schedule.end_date))),
        ("min_spend", open(promotion.min_spend)),
        ("max_uses", open(promotion.max_uses)),
        ("is_exclusive", open(promotion.is_exclusive)),
        ("priority", open(promotion.priority)),
        ("is_active", open(promotion.is_active)),
    ]);
    fields
}

fn names<T>(entries: &BTreeMap<Id, Arc<T>>, ids: &[Id], name: impl Fn(&T) -> &String) -> Vec<String> {
    ids.iter().map(|id| called(entries, *id, &name)).collect()
}

fn of_settings(settings: Settings) -> Fields {
    vec![
        ("cashier_discount_max_bp", open(settings.cashier_discount_max_bp)),
        ("backup_time", open(minute_text(settings.backup_minute))),
        ("backups_kept", open(settings.backups_kept)),
        ("guests_kept_days", open(settings.guests_kept_days)),
    ]
}

/// What a change may have made another in its order. Notes may say who the guest is.
pub(super) fn of_order(order: &Order, event: &OrderEvent) -> Fields {
    match event {
        OrderEvent::Edited { .. } => vec![
            ("table", open(&order.table)),
            ("order_type", open(order.order_type)),
            ("notes", hidden(&order.notes)),
        ],
        OrderEvent::ItemVoided { .. } => vec![("total", open(order.bill.total))],
        OrderEvent::Discounted { .. } => {
            vec![("discount", open(order.bill.discount)), ("total", open(order.bill.total))]
        }
        OrderEvent::ItemsAdded { .. }
        | OrderEvent::ItemStatus { .. }
        | OrderEvent::Status { .. }
        | OrderEvent::Promoted { .. }
        | OrderEvent::Paid { .. } => Vec::new(),
    }
}

/// What else an event says.
pub(super) fn facts(event: &Event) -> Map<String, Value> {
    let facts = match event {
        Event::OrderChanged(_, event) => match event {
            OrderEvent::ItemVoided { name, quantity, reason, .. } => {
                json!({"item": name, "quantity": quantity, "reason": reason})
            }
            OrderEvent::Status { reason, .. } | OrderEvent::Discounted { reason, .. } => {
                json!({"reason": reason})
            }
            OrderEvent::ItemsAdded { .. }
            | OrderEvent::ItemStatus { .. }
            | OrderEvent::Edited { .. }
            | OrderEvent::Promoted { .. }
            | OrderEvent::Paid { .. } => json!({}),
        },
        Event::Staff(event) => match event {
            StaffEvent::SessionEnded { why, .. } => json!({"why": why_word(*why)}),
            StaffEvent::PinSet { pin, .. } => json!({"is_set": pin.is_some()}),
            StaffEvent::AccessRefused { what } => json!({"what": what}),
            StaffEvent::UserPut(_)
            | StaffEvent::SessionBegan(_)
            | StaffEvent::SessionRefreshed(_)
            | StaffEvent::SignInRefused { .. }
            | StaffEvent::PinRefused { .. } => json!({}),
        },
        Event::Day(DayEvent::Closed(totals)) => json!({
            "day": business_date(totals.day).to_string(),
            "orders": totals.orders,
            "total": totals.total,
        }),
        Event::Job(run) => json!({"job": run.job, "is_ok": run.is_ok, "message": run.message}),
        Event::OutletSet(_)
        | Event::CategoryPut(_)
        | Event::CategoryRemoved(_)
        | Event::ModifierGroupPut(_)
        | Event::ModifierGroupRemoved(_)
        | Event::ModifierPut(_)
        | Event::ModifierRemoved(_)
        | Event::ProductPut(_)
        | Event::ProductRemoved(_)
        | Event::OrderPlaced(_)
        | Event::Device(_)
        | Event::Guest(_)
        | Event::Promotion(_)
        | Event::SettingsSet(_) => json!({}),
    };
    if let Value::Object(facts) = facts { facts } else { Map::new() }
}

fn why_word(why: SessionEnd) -> &'static str {
    match why {
        SessionEnd::SignedOut => "signed_out",
        SessionEnd::Reused => "reused",
        SessionEnd::AccountChanged => "account_changed",
        SessionEnd::DeviceRevoked => "device_revoked",
    }
}
