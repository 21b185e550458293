//! What the orders of a business day come to.

use std::collections::BTreeMap;

use protocol::money::Overflow;
use protocol::order::{Order, OrderStatus, Origin};
use protocol::outlet::BusinessDay;
use protocol::work::{DayTotals, TenderTotal};

/// Adds up a day's orders. Tickets of old tills are left out: their sales come as rows of their own.
pub(super) fn fold<'orders>(
    day: BusinessDay,
    orders: impl IntoIterator<Item = &'orders Order>,
) -> Result<DayTotals, Overflow> {
    let mut totals = DayTotals { day, ..DayTotals::default() };
    let mut tenders: BTreeMap<&str, TenderTotal> = BTreeMap::new();
    for order in orders.into_iter().filter(|order| order.origin != Origin::OldSocket) {
        if order.status == OrderStatus::Cancelled {
            totals.cancelled += 1;
        } else {
            let live = order.items.iter().filter(|item| item.is_live());
            totals.orders += 1;
            totals.items += live.map(|item| u64::from(item.quantity)).sum::<u64>();
            let bill = order.bill;
            add(&mut totals.subtotal, bill.subtotal)?;
            add(&mut totals.discount, bill.discount)?;
            add(&mut totals.service, bill.service)?;
            add(&mut totals.tax, bill.tax)?;
            add(&mut totals.total, bill.total)?;
            totals.open_orders += u32::from(!order.status.is_final());
        }
        // Money that was taken counts, whatever became of the order.
        for payment in &order.payments {
            add(&mut totals.paid, payment.amount)?;
            add(&mut totals.rounding, payment.rounding)?;
            let tender = tenders.entry(&payment.method).or_insert_with(|| TenderTotal {
                method: payment.method.clone(),
                count: 0,
                amount: 0,
            });
            tender.count += 1;
            add(&mut tender.amount, payment.amount)?;
        }
        if let Some(number) = order.receipt_number {
            totals.first_receipt = Some(totals.first_receipt.map_or(number, |first| first.min(number)));
            totals.last_receipt = totals.last_receipt.max(Some(number));
        }
    }
    totals.tenders = tenders.into_values().collect();
    Ok(totals)
}

fn add(sum: &mut i64, amount: i64) -> Result<(), Overflow> {
    *sum = sum.checked_add(amount).ok_or(Overflow)?;
    Ok(())
}
