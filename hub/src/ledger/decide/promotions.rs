//! Changes of promotions, and telling which of them run.

use std::sync::Arc;

use protocol::event::{Event, PromotionEvent};
use protocol::ids::Id;
use protocol::money::{BasisPoints, Minor};
use protocol::promotion::{
    Kind, PROMOTIONS_MAX, Part, PartOf, Promotion, Schedule, Scope, Standing, State as Runs,
};

use super::catalogue::{Errors, patch_of, unknown};
use super::{Decision, View, append};
use crate::ledger::command::{Change, KindWord, PromotionPatch, Refusal, ScopeWord};
use crate::views::{KeptPromotion, State};

const REQUIRED: &str = "This field is required.";
/// Everything off.
const FREE_BP: BasisPoints = 10_000;

pub(super) fn change(state: &State, id: Id, change: &Change<PromotionPatch>) -> Result<Decision, Refusal> {
    let current = state.promotions.by_id.get(&id).map(|kept| &kept.promotion);
    let Some(patch) = patch_of(change, current, "promotion")? else {
        return Ok(append(vec![Event::Promotion(PromotionEvent::Removed(id))], id));
    };
    if current.is_none() && state.promotions.by_id.len() >= PROMOTIONS_MAX {
        let detail = format!("An outlet has at most {PROMOTIONS_MAX} promotions; take some away first.");
        return Err(Refusal::conflict("too_many", detail));
    }
    let promotion = promotion(state, id, current, patch)?;
    if current == Some(&promotion) {
        return Ok(Decision::Nothing { subject: id });
    }
    Ok(append(vec![Event::Promotion(PromotionEvent::Put(Box::new(promotion)))], id))
}

/// Tells screens of every promotion that runs and was not told to, or does not and was.
pub(super) fn sweep(view: &View<'_>) -> Result<Decision, Refusal> {
    let tz = view.outlet()?.tz();
    let news = |kept: &Arc<KeptPromotion>| {
        let id = kept.promotion.id;
        let standing = Standing::of(&kept.promotion, kept.uses, view.now.at_ms, &tz);
        match (standing.state == Runs::Running, kept.is_told) {
            (true, false) => Some(Event::Promotion(PromotionEvent::Started(id))),
            (false, true) => Some(Event::Promotion(PromotionEvent::Ended(id))),
            _ => None,
        }
    };
    let events: Vec<Event> = view.state.promotions.by_id.values().filter_map(news).collect();
    if events.is_empty() {
        return Ok(Decision::Nothing { subject: Id::nil() });
    }
    Ok(append(events, Id::nil()))
}

fn promotion(
    state: &State,
    id: Id,
    current: Option<&Promotion>,
    patch: &PromotionPatch,
) -> Result<Promotion, Refusal> {
    let mut errors = Errors::default();
    let old = |field: fn(&Promotion) -> &String| current.map(|current| field(current).clone());
    let kind = kind(&mut errors, current, patch);
    let is_bundle = matches!(kind, Some(Kind::Bundle { .. }));
    let promotion = Promotion {
        id,
        name: errors.required("name", patch.name.clone().or_else(|| old(|old| &old.name))),
        description: patch.description.clone().or_else(|| old(|old| &old.description)).unwrap_or_default(),
        kind: kind.unwrap_or(Kind::Percent(0)),
        scope: if is_bundle { Scope::Order } else { scope(&mut errors, current, patch) },
        code: code(&mut errors, current, patch),
        schedule: schedule(&mut errors, current, patch),
        min_spend: patch.min_spend.or(current.map(|old| old.min_spend)).unwrap_or(0),
        max_uses: patch.max_uses.unwrap_or_else(|| current.and_then(|old| old.max_uses)),
        is_exclusive: patch.is_exclusive.or(current.map(|old| old.is_exclusive)).unwrap_or(false),
        priority: patch.priority.or(current.map(|old| old.priority)).unwrap_or(0),
        is_active: patch.is_active.or(current.map(|old| old.is_active)).unwrap_or(true),
    };
    refuse_unknown(&mut errors, state, current, &promotion);
    let is_taken = |kept: &Arc<KeptPromotion>| {
        let other = &kept.promotion;
        other.id != id && other.is_active && promotion.code.as_ref().is_some_and(|code| other.has_code(code))
    };
    if promotion.is_active && state.promotions.by_id.values().any(is_taken) {
        errors.add("code", "active promotion with this code already exists.");
    }
    errors.check().map(|()| promotion)
}

/// What it takes off: a field of another kind is passed over, one that is missing is named.
fn kind(errors: &mut Errors, current: Option<&Promotion>, patch: &PromotionPatch) -> Option<Kind> {
    let old = current.map(|current| &current.kind);
    let word = patch.kind.or_else(|| {
        old.map(|old| match old {
            Kind::Percent(_) => KindWord::Percent,
            Kind::Amount(_) => KindWord::Amount,
            Kind::BuyGet { .. } => KindWord::BuyGet,
            Kind::Bundle { .. } => KindWord::Bundle,
        })
    });
    let Some(word) = word else {
        errors.add("kind", REQUIRED);
        return None;
    };
    // What it was before counts only where it was of the same kind.
    Some(match word {
        KindWord::Percent => {
            let before = if let Some(Kind::Percent(bp)) = old { Some(*bp) } else { None };
            Kind::Percent(errors.required("percent_bp", patch.percent_bp.unwrap_or(before)))
        }
        KindWord::Amount => {
            let before: Option<Minor> =
                if let Some(Kind::Amount(amount)) = old { Some(*amount) } else { None };
            let amount = errors.required("amount", patch.amount.unwrap_or(before));
            if amount == 0 && !errors.has("amount") {
                errors.add("amount", "Ensure this value is greater than or equal to 1.");
            }
            Kind::Amount(amount)
        }
        KindWord::BuyGet => {
            let before = match old {
                Some(Kind::BuyGet { buy, get, rate_bp }) => Some((*buy, *get, *rate_bp)),
                _ => None,
            };
            Kind::BuyGet {
                buy: errors.required("buy_quantity", patch.buy.unwrap_or(before.map(|(buy, ..)| buy))),
                get: errors.required("get_quantity", patch.get.unwrap_or(before.map(|(_, get, _)| get))),
                rate_bp: patch.percent_bp.unwrap_or(before.map(|(.., rate_bp)| rate_bp)).unwrap_or(FREE_BP),
            }
        }
        KindWord::Bundle => {
            let before = match old {
                Some(Kind::Bundle { price, parts }) => Some((*price, parts.clone())),
                _ => None,
            };
            let parts = patch.parts.clone().or_else(|| before.as_ref().map(|(_, parts)| parts.clone()));
            let parts = errors.required("parts", parts.filter(|parts| !parts.is_empty()));
            Kind::Bundle {
                price: errors.required("amount", patch.amount.unwrap_or(before.map(|(price, _)| price))),
                parts,
            }
        }
    })
}

/// What it looks at: lists that were sent must fit the scope, those of a scope before go with it.
fn scope(errors: &mut Errors, current: Option<&Promotion>, patch: &PromotionPatch) -> Scope {
    let old = current.map(|current| &current.scope);
    let word = patch.scope.unwrap_or(match old {
        Some(Scope::Categories(_)) => ScopeWord::Category,
        Some(Scope::Products(_)) => ScopeWord::Product,
        Some(Scope::Order) | None => ScopeWord::Order,
    });
    for (field, ids, own) in [
        ("categories", &patch.categories, ScopeWord::Category),
        ("products", &patch.products, ScopeWord::Product),
    ] {
        if word != own && ids.as_ref().is_some_and(|ids| !ids.is_empty()) {
            errors.add(field, "This list does not go with the scope.");
        }
    }
    let of = |errors: &mut Errors, field: &str, sent: &Option<Vec<Id>>, before: Option<&Vec<Id>>| {
        let mut ids = sent.clone().or_else(|| before.cloned()).unwrap_or_default();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            errors.add(field, "This list may not be empty.");
        }
        ids
    };
    match (word, old) {
        (ScopeWord::Order, _) => Scope::Order,
        (ScopeWord::Category, old) => {
            let before = if let Some(Scope::Categories(ids)) = old { Some(ids) } else { None };
            Scope::Categories(of(errors, "categories", &patch.categories, before))
        }
        (ScopeWord::Product, old) => {
            let before = if let Some(Scope::Products(ids)) = old { Some(ids) } else { None };
            Scope::Products(of(errors, "products", &patch.products, before))
        }
    }
}

fn code(errors: &mut Errors, current: Option<&Promotion>, patch: &PromotionPatch) -> Option<String> {
    let old = current.and_then(|current| current.code.clone());
    if !patch.by_code.unwrap_or(old.is_some()) {
        return None;
    }
    let code = patch.code.clone().or(old).filter(|code| !code.is_empty());
    if code.is_none() {
        errors.add("code", REQUIRED);
    }
    code
}

fn schedule(errors: &mut Errors, current: Option<&Promotion>, patch: &PromotionPatch) -> Schedule {
    let old = current.map(|current| current.schedule.clone()).unwrap_or_default();
    let start = patch.start_time.unwrap_or(old.hours.map(|(start, _)| start));
    let end = patch.end_time.unwrap_or(old.hours.map(|(_, end)| end));
    if start.is_some() != end.is_some() {
        let missing = if start.is_some() { "end_time" } else { "start_time" };
        errors.add(missing, "Both times are needed, or none.");
    }
    let mut days = patch.days.clone().unwrap_or(old.days);
    days.sort_unstable();
    days.dedup();
    let schedule = Schedule {
        days,
        hours: start.zip(end),
        start_date: patch.start_date.unwrap_or(old.start_date),
        end_date: patch.end_date.unwrap_or(old.end_date),
    };
    if let (Some(first), Some(last)) = (schedule.start_date, schedule.end_date)
        && last < first
    {
        errors.add("end_date", "The last date cannot be before the first.");
    }
    schedule
}

/// Names what is not of the menu. What has left the menu since the promotion named it is no reason to refuse a change of its name.
fn refuse_unknown(errors: &mut Errors, state: &State, current: Option<&Promotion>, promotion: &Promotion) {
    let catalogue = &state.catalogue;
    let known = current.map(named).unwrap_or_default();
    for of in named(promotion).into_iter().filter(|of| !known.contains(of)) {
        let is_part = matches!(promotion.kind, Kind::Bundle { .. });
        let (field, id, is_there) = match of {
            PartOf::Category(id) => ("categories", id, catalogue.categories.contains_key(&id)),
            PartOf::Product(id) => ("products", id, catalogue.products.contains_key(&id)),
        };
        if !is_there {
            errors.add(if is_part { "parts" } else { field }, unknown(id));
        }
    }
}

/// Everything of the menu that a promotion names.
fn named(promotion: &Promotion) -> Vec<PartOf> {
    match (&promotion.kind, &promotion.scope) {
        (Kind::Bundle { parts, .. }, _) => parts.iter().map(|Part { of, .. }| *of).collect(),
        (_, Scope::Categories(ids)) => ids.iter().copied().map(PartOf::Category).collect(),
        (_, Scope::Products(ids)) => ids.iter().copied().map(PartOf::Product).collect(),
        (_, Scope::Order) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use protocol::event::Actor;
    use protocol::order::Order;
    use protocol::promotion::schedule::local;

    use super::*;
    use crate::demo::menu::outlet;
    use crate::ledger::command::{Command, PromotionCommand, Request};
    use crate::ledger::decide::{Now, Past, decide};
    use crate::views::KeyEntry;

    struct NoPast;

    impl Past for NoPast {
        fn order_with(&self, _: Id) -> Option<Arc<Order>> {
            None
        }

        fn key(&self, _: &[u8; 16]) -> Option<KeyEntry> {
            None
        }
    }

    /// Noon of 22 November 2026 in Jakarta.
    const NOON_MS: i64 = 1_795_323_600_000;
    const HOUR_MS: i64 = 3_600_000;

    fn promotion(number: u128, hours: Option<(u16, u16)>) -> Promotion {
        Promotion {
            id: Id::from_u128(number),
            name: "Promo".to_owned(),
            description: String::new(),
            kind: Kind::Percent(1_000),
            scope: Scope::Order,
            code: None,
            schedule: Schedule { hours, ..Schedule::default() },
            min_spend: 0,
            max_uses: None,
            is_exclusive: false,
            priority: 0,
            is_active: true,
        }
    }

    fn kept(promotion: Promotion, uses: u32, is_told: bool) -> (Id, Arc<KeptPromotion>) {
        let kept = KeptPromotion { promotion, created_ms: 0, updated_ms: 0, uses, is_told };
        (kept.promotion.id, Arc::new(kept))
    }

    fn swept(state: &State, at_ms: i64) -> Vec<PromotionEvent> {
        let command = Command::Promotion(PromotionCommand::Sweep);
        let request = Request::of(Actor::system("promotions"), Vec::new(), command);
        match decide(state, &NoPast, Now { at_ms, unverified: false }, &request).unwrap() {
            Decision::Append { events, .. } => events
                .into_iter()
                .map(|event| match event {
                    Event::Promotion(event) => event,
                    other => panic!("{other:?}"),
                })
                .collect(),
            Decision::Nothing { .. } => Vec::new(),
            other @ Decision::Repeat(_) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_sweep_tells_what_has_begun_or_stopped_since_the_last_and_nothing_else() {
        let happy = Some((15 * 60, 17 * 60));
        let mut used_up = promotion(4, None);
        used_up.max_uses = Some(2);
        let mut off = promotion(5, None);
        off.is_active = false;
        let by_id = [
            kept(promotion(1, happy), 0, false),
            kept(promotion(2, happy), 0, true),
            kept(promotion(3, None), 0, true),
            kept(used_up, 2, true),
            kept(off, 0, true),
        ];
        let mut state = State { outlet: Some(Arc::new(outlet())), ..State::default() };
        Arc::make_mut(&mut state.promotions).by_id = by_id.into_iter().collect();
        let id = Id::from_u128;
        assert_eq!(local(NOON_MS, &outlet().tz()).hour(), 12);
        let at_noon = [2, 4, 5].map(|number| PromotionEvent::Ended(id(number)));
        assert_eq!(swept(&state, NOON_MS), at_noon);
        let at_four =
            [PromotionEvent::Started(id(1)), PromotionEvent::Ended(id(4)), PromotionEvent::Ended(id(5))];
        assert_eq!(swept(&state, NOON_MS + 4 * HOUR_MS), at_four);
        for event in at_four {
            Arc::make_mut(&mut state.promotions).apply(0, &event);
        }
        assert_eq!(swept(&state, NOON_MS + 4 * HOUR_MS), []);
    }

    #[test]
    fn nothing_is_swept_before_the_outlet_is_set_up() {
        let command = Command::Promotion(PromotionCommand::Sweep);
        let request = Request::of(Actor::system("promotions"), Vec::new(), command);
        let now = Now { at_ms: NOON_MS, unverified: false };
        assert_eq!(decide(&State::default(), &NoPast, now, &request), Err(Refusal::NotSetUp));
    }
}
