//! Whether both servers of the API say the same: nothing is timed that is not right.

use std::io;
use std::sync::atomic::Ordering;

use serde_json::Value;

use crate::api::{PAGE, Target};
use crate::shop::{ITEMS, PRODUCTS};

/// Reads the menu, places so many different orders, and reads them, on both.
pub(crate) async fn check(hub: &Target, django: &Target, orders: usize) -> io::Result<()> {
    same("the menu", &menu(hub).await?, &menu(django).await?)?;
    for _ in 0..orders {
        let (ours, theirs) = (order(hub).await?, order(django).await?);
        same("an order's charges", &ours, &theirs)?;
    }
    same("the page of orders", &page(hub).await?, &page(django).await?)?;
    check_count(hub).await?;
    check_count(django).await
}

/// Whether there are as many orders as were acknowledged.
pub(crate) async fn check_count(target: &Target) -> io::Result<()> {
    let placed = target.placed.load(Ordering::Relaxed);
    let count = target.get("/api/orders/?page_size=1").await?["count"].clone();
    same(&format!("{}'s count of orders", target.side.name()), &count, &Value::from(placed))
}

/// Names and prices.
async fn menu(target: &Target) -> io::Result<Vec<(String, f64)>> {
    let list = target.get("/api/products/").await?;
    let rows = rows(&list, PRODUCTS)?;
    let count = &list["count"];
    same("the number of products", count, &Value::from(PRODUCTS))?;
    let mut menu: Vec<(String, f64)> =
        rows.iter().map(|row| (row["name"].to_string(), amount(&row["price"]))).collect();
    menu.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(menu)
}

/// Places an order, and reads it: its charges.
async fn order(target: &Target) -> io::Result<Vec<f64>> {
    let placed = target.place().await?;
    let id = placed["id"].to_string();
    let read = target.get(&format!("/api/orders/{}/", id.trim_matches('"'))).await?;
    let charges = charges(&placed)?;
    same("an order as it was placed and as it is read", &charges, &self::charges(&read)?)?;
    Ok(charges)
}

/// What the newest orders come to.
async fn page(target: &Target) -> io::Result<Vec<Vec<f64>>> {
    let page = target.get(&format!("/api/orders/?page_size={PAGE}")).await?;
    rows(&page, PAGE)?.iter().map(charges).collect()
}

fn rows(list: &Value, expected: usize) -> io::Result<&Vec<Value>> {
    let rows = list["results"].as_array().ok_or_else(|| io::Error::other("a list without results"))?;
    same("the rows of a list", &rows.len(), &expected)?;
    Ok(rows)
}

/// Every amount of an order, its lines first.
fn charges(order: &Value) -> io::Result<Vec<f64>> {
    let items = order["items"].as_array().ok_or_else(|| io::Error::other("an order without items"))?;
    same("an order's items", &items.len(), &ITEMS)?;
    let lines = items.iter().map(|item| amount(&item["line_total"]));
    let names = ["subtotal", "service_charge", "tax", "total"];
    let charges: Vec<f64> = lines.chain(names.iter().map(|name| amount(&order[*name]))).collect();
    if charges.iter().all(|charge| *charge > 0.0) {
        return Ok(charges);
    }
    Err(io::Error::other(format!("an order without its charges: {order}")))
}

/// An amount: the hub's are whole numbers, Django's texts with two digits behind the point.
fn amount(value: &Value) -> f64 {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(f64::NAN)
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, one: &T, other: &T) -> io::Result<()> {
    if one == other {
        return Ok(());
    }
    Err(io::Error::other(format!("{what} differs: {one:?} and {other:?}")))
}
