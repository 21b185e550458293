//! What one party orders: mains, sides, drinks and desserts by popularity, each with modifiers within their groups'
//! limits. Sold-out products and modifiers are never picked.

use std::collections::HashMap;

use fastrand::Rng;
use protocol::catalogue::{Modifier, ModifierGroup, Product};
use protocol::ids::Id;
use protocol::order::OrderType;

use super::day::OPENING_MS_DEFAULT;
use super::menu::{Course, Menu, course, popularity};

/// Parties by size, with how many in a hundred are of it.
const PARTIES: [(u32, u32); 7] = [(1, 14), (2, 34), (3, 18), (4, 20), (5, 6), (6, 5), (8, 3)];
/// Of a thousand lines, how many carry a note.
const NOTE_PERMILLE: u32 = 90;
/// Of a thousand possible further picks in a group, how many are made.
const EXTRA_PICK_PERMILLE: u32 = 170;

const FOOD_NOTES: [&str; 10] = [
    "tidak pakai sambal",
    "sambal dipisah",
    "tanpa bawang goreng",
    "tanpa MSG",
    "jangan terlalu asin",
    "kuah dipisah",
    "tidak pakai seledri",
    "pedasnya sedikit saja",
    "digoreng kering",
    "untuk anak, tanpa cabai",
];
const DRINK_NOTES: [&str; 4] = ["tanpa sedotan", "es dipisah", "gelas tambahan satu", "jangan terlalu manis"];

/// A line as a till sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Identity of the line.
    pub item: Id,
    /// What is ordered.
    pub product: Id,
    /// How many.
    pub quantity: u32,
    /// Modifiers picked, group by group.
    pub modifiers: Vec<Id>,
    /// For the cook; empty for none.
    pub notes: String,
}

/// One random basket for one party: for load tests. Empty only when nothing on the menu is available.
///
/// Makes a `Picker` each time; whoever needs thousands keeps one.
#[must_use]
pub fn basket(menu: &Menu, rng: &mut Rng) -> Vec<Line> {
    let party = party(rng, OrderType::DineIn);
    Picker::new(menu).meal(rng, party, OPENING_MS_DEFAULT)
}

/// An id of the shape of a `UUIDv7` of that moment, its chance drawn from `rng`.
#[must_use]
pub fn stamped_id(rng: &mut Rng, unix_ms: i64) -> Id {
    let mut chance = [0; 10];
    rng.fill(&mut chance);
    uuid::Builder::from_unix_timestamp_millis(unix_ms.max(0).cast_unsigned(), &chance).into_uuid()
}

/// How many come together.
pub(super) fn party(rng: &mut Rng, order_type: OrderType) -> u32 {
    match order_type {
        OrderType::DineIn => *weighted(rng, &PARTIES, |(_, weight)| *weight).map_or(&1, |(size, _)| size),
        OrderType::TakeAway => rng.u32(1..=3),
        OrderType::Delivery => rng.u32(1..=4),
    }
}

/// Whether something happens that does `permille` times of a thousand.
pub(super) fn chance(rng: &mut Rng, permille: u32) -> bool {
    rng.u32(..1_000) < permille
}

/// One of the choices, by weight; `None` where all weights are 0.
pub(super) fn weighted<'a, T>(rng: &mut Rng, choices: &'a [T], weight: impl Fn(&T) -> u32) -> Option<&'a T> {
    let total: u32 = choices.iter().map(&weight).sum();
    if total == 0 {
        return None;
    }
    let mut at = rng.u32(..total);
    choices.iter().find(|choice| {
        let here = weight(choice);
        let found = at < here;
        at = at.saturating_sub(here);
        found
    })
}

/// A menu made ready for picking.
#[derive(Debug)]
pub struct Picker<'m> {
    shelves: HashMap<Course, Vec<(&'m Product, u32)>>,
    groups: HashMap<Id, (&'m ModifierGroup, Vec<&'m Modifier>)>,
    stations: HashMap<Id, &'m str>,
}

impl<'m> Picker<'m> {
    /// Sorts a menu by course. Only what is available can be picked.
    #[must_use]
    pub fn new(menu: &'m Menu) -> Self {
        let of_category: HashMap<Id, &str> =
            menu.categories.iter().map(|category| (category.id, category.station.as_str())).collect();
        let mut groups: HashMap<Id, (&ModifierGroup, Vec<&Modifier>)> =
            menu.groups.iter().map(|group| (group.id, (group, Vec::new()))).collect();
        for modifier in menu.modifiers.iter().filter(|modifier| modifier.is_available) {
            if let Some((_, answers)) = groups.get_mut(&modifier.group) {
                answers.push(modifier);
            }
        }
        let mut shelves: HashMap<Course, Vec<(&Product, u32)>> = HashMap::new();
        let mut stations = HashMap::new();
        for product in &menu.products {
            stations.insert(product.id, of_category.get(&product.category).copied().unwrap_or_default());
            let answerable = product.modifier_groups.iter().all(|id| {
                groups.get(id).is_none_or(|(group, answers)| usize::from(group.min_select) <= answers.len())
            });
            if product.is_available && answerable {
                let shelf = shelves.entry(course(product.category)).or_default();
                shelf.push((product, popularity(product.id)));
            }
        }
        Self { shelves, groups, stations }
    }

    /// The station that makes a product; empty where the menu does not say.
    #[must_use]
    pub fn station(&self, product: Id) -> &'m str {
        self.stations.get(&product).copied().unwrap_or_default()
    }

    /// The first order of a party: a main and mostly a drink each, sides to share, now and then a dessert.
    #[must_use]
    pub fn meal(&self, rng: &mut Rng, party: u32, unix_ms: i64) -> Vec<Line> {
        let mut lines = Vec::new();
        for _ in 0..party {
            self.add(rng, &mut lines, Course::Main, unix_ms);
            for (course, permille) in [(Course::Side, 420), (Course::Drink, 860), (Course::Dessert, 110)] {
                if chance(rng, permille) {
                    self.add(rng, &mut lines, course, unix_ms);
                }
            }
        }
        if lines.is_empty() {
            // A menu of drinks alone is a menu too.
            for course in [Course::Drink, Course::Side, Course::Dessert] {
                self.add(rng, &mut lines, course, unix_ms);
            }
        }
        lines
    }

    /// A later round at the table: drinks, desserts and snacks.
    #[must_use]
    pub fn round(&self, rng: &mut Rng, party: u32, unix_ms: i64) -> Vec<Line> {
        let courses = [(Course::Drink, 5), (Course::Dessert, 3), (Course::Side, 3), (Course::Main, 1)];
        let mut lines = Vec::new();
        for _ in 0..rng.u32(1..=party.clamp(1, 4)) {
            if let Some((course, _)) = weighted(rng, &courses, |(_, weight)| *weight) {
                self.add(rng, &mut lines, *course, unix_ms);
            }
        }
        lines
    }

    fn add(&self, rng: &mut Rng, lines: &mut Vec<Line>, course: Course, unix_ms: i64) {
        let products = self.shelves.get(&course).map_or(&[][..], Vec::as_slice);
        let Some((product, _)) = weighted(rng, products, |(_, weight)| *weight) else { return };
        let modifiers = self.modifiers(rng, product);
        let notes = if chance(rng, NOTE_PERMILLE) { note(rng, course) } else { "" };
        let same = |line: &&mut Line| {
            line.product == product.id && line.modifiers == modifiers && line.notes == notes
        };
        if let Some(line) = lines.iter_mut().find(same) {
            line.quantity += 1;
            return;
        }
        let item = stamped_id(rng, unix_ms);
        lines.push(Line { item, product: product.id, quantity: 1, modifiers, notes: notes.to_owned() });
    }

    /// Answers to all of a product's questions; those listed first are the popular ones.
    fn modifiers(&self, rng: &mut Rng, product: &Product) -> Vec<Id> {
        let mut picked = Vec::new();
        for (group, answers) in product.modifier_groups.iter().filter_map(|id| self.groups.get(id)) {
            let most = usize::from(group.max_select).min(answers.len());
            let mut count = usize::from(group.min_select);
            while count < most && chance(rng, EXTRA_PICK_PERMILLE) {
                count += 1;
            }
            let mut left = answers.clone();
            for _ in 0..count {
                let places: Vec<(usize, u32)> = (0..left.len()).rev().zip(1..).collect();
                let Some(&(place, _)) = weighted(rng, &places, |(_, favour)| *favour) else { break };
                picked.push(left.remove(place).id);
            }
        }
        picked
    }
}

fn note(rng: &mut Rng, course: Course) -> &'static str {
    let notes: &[&'static str] = match course {
        Course::Drink | Course::Dessert => &DRINK_NOTES,
        Course::Main | Course::Side => &FOOD_NOTES,
    };
    rng.choice(notes.iter().copied()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::menu::menu;
    use super::*;

    #[test]
    fn a_thousand_baskets_are_legal_and_none_is_empty() {
        let menu = menu();
        let mut rng = Rng::with_seed(7);
        for _ in 0..1_000 {
            let lines = basket(&menu, &mut rng);
            assert!(!lines.is_empty());
            for line in &lines {
                let product = menu.products.iter().find(|product| product.id == line.product).unwrap();
                assert!(product.is_available && line.quantity > 0, "{}", product.name);
                let mut left = line.modifiers.clone();
                for id in &product.modifier_groups {
                    let group = menu.groups.iter().find(|group| group.id == *id).unwrap();
                    let before = left.len();
                    left.retain(|picked| !menu.modifiers.iter().any(|m| m.id == *picked && m.group == *id));
                    let picks = before - left.len();
                    let fits = usize::from(group.min_select)..=usize::from(group.max_select);
                    assert!(fits.contains(&picks), "{} of {} in {}", picks, group.name, product.name);
                }
                assert!(left.is_empty(), "{} has answers to nothing", product.name);
            }
        }
    }

    #[test]
    fn an_empty_menu_gives_an_empty_basket() {
        let menu = Menu { categories: vec![], groups: vec![], modifiers: vec![], products: vec![] };
        assert!(basket(&menu, &mut Rng::with_seed(1)).is_empty());
    }

    #[test]
    fn the_popular_is_ordered_more() {
        let menu = menu();
        let mut rng = Rng::with_seed(3);
        let mut count = HashMap::new();
        for line in (0..2_000).flat_map(|_| basket(&menu, &mut rng)) {
            *count.entry(line.product).or_insert(0_u32) += line.quantity;
        }
        let of = |sku: &str| menu.products.iter().find(|p| p.sku == sku).map_or(0, |p| count[&p.id]);
        assert!(of("DIN-001") > of("DIN-012") * 3, "es teh against soda gembira");
    }
}
