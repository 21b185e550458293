//! Checks of a generated day against its promises.

use std::collections::HashMap;

use super::super::menu::menu;
use super::*;

fn orders(steps: &[Step]) -> HashMap<Id, Vec<&Step>> {
    let mut orders: HashMap<Id, Vec<&Step>> = HashMap::new();
    for step in steps {
        orders.entry(step.order).or_default().push(step);
    }
    orders
}

fn lines_of(steps: &[&Step]) -> Vec<Line> {
    let of = |step: &&Step| match &step.action {
        Action::Place { lines, .. } | Action::Round { lines } => lines.clone(),
        _ => Vec::new(),
    };
    steps.iter().flat_map(of).collect()
}

fn sample() -> Vec<Step> {
    day(&menu(), 42, &DayOptions::default())
}

#[test]
fn the_same_seed_gives_the_same_day_and_another_another() {
    assert_eq!(sample(), sample());
    assert_ne!(sample(), day(&menu(), 43, &DayOptions::default()));
}

#[test]
fn steps_are_sorted_and_every_order_is_there() {
    let steps = sample();
    assert!(steps.is_sorted_by_key(|step| step.at_ms));
    assert!(steps.iter().all(|step| step.at_ms >= 0));
    assert_eq!(orders(&steps).len(), DayOptions::default().orders);
}

#[test]
fn every_move_is_legal() {
    for seed in 0..5 {
        let steps = day(&menu(), seed, &DayOptions::default());
        for (id, steps) in orders(&steps) {
            assert!(matches!(steps[0].action, Action::Place { .. }), "{id} begins with its placing");
            let mut status = OrderStatus::Open;
            for step in &steps[1..] {
                assert!(!status.is_final(), "{id} went on after {status:?}: {step:?}");
                let next = match &step.action {
                    Action::Move(next) => Some(*next),
                    Action::Cancel { reason } => (!reason.is_empty()).then_some(OrderStatus::Cancelled),
                    Action::Round { lines } => {
                        assert!(status == OrderStatus::Served && !lines.is_empty());
                        Some(OrderStatus::Preparing)
                    }
                    _ => None,
                };
                if let Some(next) = next {
                    assert!(status.may_become(next), "{id}: {status:?} to {next:?}");
                    status = next;
                }
            }
            assert!(status.is_final(), "{id} is left {status:?}");
        }
    }
}

#[test]
fn shares_make_the_whole_and_voids_leave_something() {
    let steps = day(&menu(), 9, &DayOptions { orders: 3_000, tables: 300, ..DayOptions::default() });
    let (mut all_lines, mut voids, mut cancelled, mut split, mut rounds) = (0, 0, 0, 0, 0);
    let mut methods: HashMap<&str, u32> = HashMap::new();
    for (id, steps) in orders(&steps) {
        let lines = lines_of(&steps);
        let (mut known, mut gone, mut paid, mut payments, mut closed) = (0, Vec::new(), 0, 0, true);
        for step in &steps {
            match &step.action {
                Action::Place { lines, .. } => known += lines.len(),
                Action::Round { lines } => (known, rounds) = (known + lines.len(), rounds + 1),
                Action::Void { line, reason } => {
                    assert!(*line < known && !gone.contains(line) && !reason.is_empty(), "{id} voids {line}");
                    assert_eq!(paid, 0, "{id} voids what was paid");
                    gone.push(*line);
                }
                Action::Pay { method, share_bp } => {
                    *methods.entry(method).or_default() += 1;
                    (paid, payments) = (paid + share_bp, payments + 1);
                }
                Action::Cancel { .. } => closed = false,
                Action::Move(_) => {}
            }
        }
        assert!(gone.len() < lines.len(), "{id} has nothing left");
        assert_eq!(paid, if closed { SHARE_WHOLE_BP } else { 0 }, "{id}");
        all_lines += lines.len();
        voids += gone.len();
        cancelled += usize::from(!closed);
        split += usize::from(payments > 1);
    }
    assert!((10..=30).contains(&(voids * 1_000 / all_lines)), "{voids} voids of {all_lines}");
    assert!((15..=60).contains(&cancelled), "{cancelled} of 3,000 cancelled");
    assert!(split > 50 && rounds > 300, "{split} split, {rounds} rounds");
    assert!(methods["cash"] > methods["card"] && methods["qris"] > methods["card"] && methods["card"] > 100);
}

#[test]
fn both_peaks_are_seen() {
    let steps = sample();
    let placed = |from: i64, to: i64| {
        let range = (from - OPENS_MINUTE) * MINUTE_MS..(to - OPENS_MINUTE) * MINUTE_MS;
        let places = steps.iter().filter(|step| matches!(step.action, Action::Place { .. }));
        places.filter(|step| range.contains(&step.at_ms)).count()
    };
    let (lunch, quiet, dinner) = (placed(690, 810), placed(870, 990), placed(1_110, 1_230));
    assert!(lunch > quiet * 3 && dinner > quiet * 3, "lunch {lunch}, quiet {quiet}, dinner {dinner}");
    assert_eq!(placed(LAST_ORDER_MINUTE, 1_500), 0);
}

#[test]
fn nothing_sold_out_is_ordered_and_item_ids_differ() {
    let menu = menu();
    let steps = sample();
    let mut items = std::collections::HashSet::new();
    for line in lines_of(&steps.iter().collect::<Vec<_>>()) {
        let product = menu.products.iter().find(|product| product.id == line.product).unwrap();
        assert!(product.is_available, "{}", product.name);
        assert!(items.insert(line.item));
        assert_eq!(line.item.get_version_num(), 7);
    }
}

#[test]
fn a_table_has_one_party_at_a_time() {
    let steps = sample();
    let mut by_table: HashMap<&str, Vec<(i64, i64)>> = HashMap::new();
    for steps in orders(&steps).values() {
        let Action::Place { order_type, table, .. } = &steps[0].action else { panic!("no placing") };
        assert_eq!(*order_type == OrderType::DineIn, !table.is_empty());
        if !table.is_empty() {
            by_table.entry(table).or_default().push((steps[0].at_ms, steps[steps.len() - 1].at_ms));
        }
    }
    for (table, mut stays) in by_table {
        stays.sort_unstable();
        assert!(stays.windows(2).all(|pair| pair[0].1 < pair[1].0), "table {table}");
    }
}

#[test]
fn a_menu_with_nothing_on_it_gives_a_day_without_orders() {
    let mut menu = menu();
    menu.products.iter_mut().for_each(|product| product.is_available = false);
    assert!(day(&menu, 1, &DayOptions::default()).is_empty());
}
