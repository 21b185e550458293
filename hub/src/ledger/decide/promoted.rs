//! What an order has of promotions: which codes it may name, and its bill with what they take off.

use jiff::Timestamp;
use protocol::event::{Event, OrderEvent, OrderRef, PromotionEvent};
use protocol::ids::Id;
use protocol::money::Overflow;
use protocol::order::{Item, Order, Origin};
use protocol::outlet::business_day;
use protocol::pricing::{Bill, Discount, Line, price_promoted};
use protocol::promotion::schedule::{is_same_minute, local};
use protocol::promotion::{Applied, CODES_MAX, Priced, Standing, State, weigh, weigh::total};
use serde_json::{Map, json};

use super::{Decision, View, append, refuse_final};
use crate::ledger::command::Refusal;

/// How far a till's clock may be ahead of the hub's, in milliseconds.
const AHEAD_MS_MAX: i64 = 2 * 60_000;

/// By what an order's promotions are judged.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    /// Whether promotions go with it at all: an old till's row and ticket have their own prices.
    pub(super) is_open: bool,
    /// The moment.
    pub(super) moment_ms: i64,
    /// Codes that the guest named.
    pub(super) codes: Vec<String>,
    /// What it has already: its own uses do not stand in its way.
    pub(super) has: Vec<Applied>,
}

impl Terms {
    /// Of an order that is there.
    pub(super) fn of(order: &Order) -> Self {
        Self {
            is_open: order.origin == Origin::Rest,
            moment_ms: order.moment_ms,
            codes: order.codes.clone(),
            has: order.promotions.clone(),
        }
    }

    /// Orders other than this one that have a promotion.
    fn others(&self, promotion: Id, uses: u32) -> u32 {
        uses - u32::from(self.has(promotion)).min(uses)
    }

    fn has(&self, promotion: Id) -> bool {
        self.has.iter().any(|applied| applied.promotion == promotion)
    }
}

/// A bill, and what of it are promotions.
#[derive(Debug, Clone)]
pub(super) struct Promoted {
    pub(super) bill: Bill,
    pub(super) applied: Vec<Applied>,
}

/// Prices lines under the outlet's charges, with the promotions that go with the terms. Voided lines do not count.
pub(super) fn bill(
    view: &View<'_>,
    items: &[Item],
    terms: &Terms,
    discount: Discount,
) -> Result<Promoted, Refusal> {
    let outlet = view.outlet()?;
    let lines: Vec<Line> = items.iter().filter(|item| item.is_live()).map(Item::line).collect();
    let applied = if terms.is_open { weighed(view, items, terms)? } else { Vec::new() };
    let bill = total(&applied)
        .and_then(|promoted| price_promoted(&lines, promoted, discount, &outlet.charges))
        .map_err(too_large)?;
    Ok(Promoted { bill, applied })
}

fn weighed(view: &View<'_>, items: &[Item], terms: &Terms) -> Result<Vec<Applied>, Refusal> {
    let kept = &view.state.promotions.by_id;
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let at = local(terms.moment_ms, &view.outlet()?.tz());
    let open = kept.values().filter(|kept| {
        let promotion = &kept.promotion;
        promotion.is_open(&terms.codes, at) && !promotion.is_used_up(terms.others(promotion.id, kept.uses))
    });
    let products = &view.state.catalogue.products;
    // A dish that has left the menu since it was sold is of no category any more.
    let category = |id: &Id| products.get(id).map(|product| product.category);
    let lines: Vec<Priced> = items
        .iter()
        .filter(|item| item.is_live())
        .map(|item| Priced {
            product: item.product,
            category: item.product.as_ref().and_then(category),
            line: item.line(),
        })
        .collect();
    weigh(open.map(|kept| &kept.promotion), &lines).map_err(too_large)
}

fn too_large(_: Overflow) -> Refusal {
    Refusal::field("items", "The total is larger than can be kept exactly.")
}

/// What is to be written of an order's promotions beside the event whose bill contains them; nothing where nothing is new. What it says
/// of the order comes last: a request's keys go with it.
pub(super) fn events(
    view: &View<'_>,
    order: &OrderRef,
    before: &Terms,
    now: &Terms,
    promoted: &Promoted,
) -> Vec<Event> {
    let Promoted { bill, applied } = promoted;
    let is_new = before.moment_ms != now.moment_ms || before.codes != now.codes || before.has != *applied;
    if !is_new {
        return Vec::new();
    }
    // Whoever takes the last use says so at once: other tills must not go on offering it.
    let is_last = |applied: &&Applied| {
        let kept = view.state.promotions.by_id.get(&applied.promotion);
        !now.has(applied.promotion)
            && kept.is_some_and(|kept| kept.promotion.is_used_up(kept.uses.saturating_add(1)))
    };
    let ended = applied.iter().filter(is_last);
    let mut events: Vec<Event> =
        ended.map(|applied| Event::Promotion(PromotionEvent::Ended(applied.promotion))).collect();
    let (moment_ms, codes) = (now.moment_ms, now.codes.clone());
    let event = OrderEvent::Promoted { moment_ms, codes, applied: applied.clone(), bill: *bill };
    events.push(Event::OrderChanged(order.clone(), event));
    events
}

/// The moment that a new order's promotions are judged at: when the client priced it, so that what was sold offline in a happy hour
/// stays what it was. Within the same minute it is the hub's own, because no schedule knows less than minutes.
pub(super) fn moment(view: &View<'_>, priced_at_ms: Option<i64>) -> Result<i64, Refusal> {
    let now_ms = view.now.at_ms;
    let Some(at_ms) = priced_at_ms else { return Ok(now_ms) };
    if at_ms > now_ms + AHEAD_MS_MAX {
        let now = Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        return Err(Refusal::field("priced_at", format!("This is later than it is: {now:.0}.")));
    }
    let outlet = view.outlet()?;
    if business_day(at_ms, &outlet.tz(), outlet.business_day_start_hour) < view.business_day()? {
        return Err(Refusal::field("priced_at", "This is before the current business day."));
    }
    Ok(if is_same_minute(at_ms, now_ms) { now_ms } else { at_ms })
}

/// Codes as their promotions spell them, or why not.
pub(super) fn codes(view: &View<'_>, said: &[String], terms: &Terms) -> Result<Vec<String>, Refusal> {
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let tz = view.outlet()?.tz();
    let mut codes: Vec<String> = Vec::with_capacity(said.len());
    let mut errors = Vec::new();
    for code in said {
        let Some(kept) = view.state.promotions.with_code(code) else {
            errors.push(format!("There is no code {code}."));
            continue;
        };
        let promotion = &kept.promotion;
        let uses = terms.others(promotion.id, kept.uses);
        let why = match Standing::of(promotion, uses, terms.moment_ms, &tz).state {
            State::Running => {
                let own = promotion.code.clone().unwrap_or_default();
                if !codes.contains(&own) {
                    codes.push(own);
                }
                continue;
            }
            State::Scheduled => "does not run at this time",
            State::Ended => "has ended",
            State::UsedUp => "is used up",
            State::Off => "is switched off",
        };
        errors.push(format!("The code {code} {why}."));
    }
    if codes.len() > CODES_MAX {
        errors.push(format!("Ensure this field has no more than {CODES_MAX} elements."));
    }
    if errors.is_empty() {
        return Ok(codes);
    }
    Err(Refusal::Invalid(Map::from_iter([("codes".to_owned(), json!(errors))])))
}

/// Says which codes the guest of an order named.
pub(super) fn set_codes(view: &View<'_>, id: Id, said: &[String]) -> Result<Decision, Refusal> {
    let order = view.order(id)?;
    refuse_final(&order)?;
    let before = Terms::of(&order);
    if !before.is_open {
        let detail = "Promotions do not go with an order of an old till.";
        return Err(Refusal::conflict("old_order", detail));
    }
    let now = Terms { codes: codes(view, said, &before)?, ..before.clone() };
    let promoted = bill(view, &order.items, &now, order.discount)?;
    if promoted.bill.total < order.paid() {
        let detail = "More is paid already than would be left to pay; it takes a refund.";
        return Err(Refusal::conflict("already_paid", detail));
    }
    let events = events(view, &super::reference(&order), &before, &now, &promoted);
    if events.is_empty() {
        return Ok(Decision::Nothing { subject: id });
    }
    Ok(append(events, id))
}
