//! Hub and browser weigh promotions alike: both pass `golden/promotions.json`.
//!
//! The file is made here, from carts and promotions that property tests draw with a fixed seed, and checked in.
//! `UPDATE_GOLDEN=1` writes it anew after a deliberate change of the rules.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use protocol::api::{Context, PromotionFacts, PromotionOut};
use protocol::ids::{Id, derived_id};
use protocol::money::Minor;
use protocol::pricing::{Bill, Charges, Discount, Line, ServiceBase, price, price_promoted};
use protocol::promotion::schedule::local;
use protocol::promotion::weigh::total;
use protocol::promotion::{Applied, Kind, Part, PartOf, Priced, Promotion, Schedule, Scope, weigh};
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/promotions.json");
const CASES: usize = 120;
const ZONE: &str = "Asia/Jakarta";
/// Noon of Sunday, 22 November 2026, in Jakarta.
const NOON_MS: i64 = 1_795_323_600_000;
const HOUR_MS: i64 = 3_600_000;
const CODE: &str = "HEMAT10";

fn product(at: usize) -> Id {
    derived_id("product", &at.to_string())
}

fn category(at: usize) -> Id {
    derived_id("category", &at.to_string())
}

/// A promotion, and how many orders have it.
type Offer = (Promotion, u32);

#[derive(Debug, Clone)]
struct Case {
    offers: Vec<Offer>,
    lines: Vec<Priced>,
    discount: Discount,
    charges: Charges,
    at_ms: i64,
    codes: Vec<String>,
}

impl Case {
    fn open(&self) -> Vec<&Promotion> {
        let at = local(self.at_ms, &TimeZone::get(ZONE).unwrap());
        let is_open =
            |(promotion, uses): &&Offer| promotion.is_open(&self.codes, at) && !promotion.is_used_up(*uses);
        self.offers.iter().filter(is_open).map(|(promotion, _)| promotion).collect()
    }

    fn applied(&self) -> Vec<Applied> {
        weigh(self.open(), &self.lines).unwrap()
    }

    fn bill(&self, applied: &[Applied]) -> Bill {
        let lines: Vec<Line> = self.lines.iter().map(|priced| priced.line).collect();
        price_promoted(&lines, total(applied).unwrap(), self.discount, &self.charges).unwrap()
    }

    fn vector(&self, name: &str) -> Value {
        let context = Context {
            outlet_number: 1,
            currency: "IDR".to_owned(),
            currency_exponent: 0,
            tz: TimeZone::get(ZONE).unwrap(),
        };
        let shown = |(promotion, uses): &Offer| {
            let facts = PromotionFacts { uses: *uses, created_ms: 0, updated_ms: 0 };
            PromotionOut::new(promotion, facts, self.at_ms, &context)
        };
        let applied = self.applied();
        let brief: Vec<Value> =
            applied.iter().map(|it| json!({"id": it.promotion, "amount": it.amount})).collect();
        json!({
            "name": name, "time_zone": ZONE, "at_ms": self.at_ms, "codes": self.codes,
            "promotions": self.offers.iter().map(shown).collect::<Vec<_>>(), "lines": self.lines,
            "order_discount": self.discount, "charges": self.charges, "applied": brief,
            "bill": self.bill(&applied),
        })
    }
}

fn amounts() -> impl Strategy<Value = Minor> {
    prop_oneof![1_i64..90_000, (1_i64..200).prop_map(|hundreds| hundreds * 500), 0_i64..3]
}

fn lines() -> impl Strategy<Value = Vec<Priced>> {
    let discount = prop_oneof![
        6 => Just(Discount::None),
        1 => (1_u32..=10_000).prop_map(Discount::Percent),
        1 => amounts().prop_map(Discount::Amount),
    ];
    let modifiers = prop_oneof![3 => Just(0), 1 => 0_i64..9_000];
    let quantity = prop_oneof![8 => 1_u32..6, 1 => 1_u32..200];
    let line = (0_usize..6, amounts(), modifiers, quantity, discount).prop_map(
        |(at, price, modifiers, quantity, discount)| Priced {
            // The last is no dish of the menu any more.
            product: (at < 5).then(|| product(at)),
            category: (at < 5).then(|| category(at % 3)),
            line: Line { price, modifiers, quantity, discount },
        },
    );
    proptest::collection::vec(line, 0..8)
}

fn kinds() -> impl Strategy<Value = Kind> {
    let of = prop_oneof![
        (0_usize..5).prop_map(|at| PartOf::Product(product(at))),
        (0_usize..3).prop_map(|at| PartOf::Category(category(at))),
    ];
    let part = (of, 1_u32..3).prop_map(|(of, quantity)| Part { of, quantity });
    let rate = prop_oneof![Just(10_000_u32), 1_u32..=10_000];
    prop_oneof![
        (1_u32..=10_000).prop_map(Kind::Percent),
        amounts().prop_map(Kind::Amount),
        (1_u32..4, 1_u32..4, rate).prop_map(|(buy, get, rate_bp)| Kind::BuyGet { buy, get, rate_bp }),
        (0_i64..60_000, proptest::collection::vec(part, 1..4))
            .prop_map(|(price, parts)| Kind::Bundle { price, parts }),
    ]
}

fn scopes() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(Scope::Order),
        proptest::sample::subsequence(vec![0, 1, 2], 1..3)
            .prop_map(|all| Scope::Categories(all.into_iter().map(category).collect())),
        proptest::sample::subsequence(vec![0, 1, 2, 3, 4], 1..4)
            .prop_map(|all| Scope::Products(all.into_iter().map(product).collect())),
    ]
}

fn schedules() -> impl Strategy<Value = Schedule> {
    let days = prop_oneof![
        3 => Just(Vec::new()),
        1 => proptest::sample::subsequence((1_u8..=7).collect::<Vec<_>>(), 1..6),
    ];
    let hours = prop_oneof![3 => Just(None), 1 => (0_u16..1_440, 0_u16..1_440).prop_map(Some)];
    let date = || prop_oneof![3 => Just(None), 1 => (20_770_i32..20_790).prop_map(Some)];
    (days, hours, date(), date()).prop_map(|(days, hours, start_date, end_date)| Schedule {
        days,
        hours,
        start_date,
        end_date,
    })
}

fn offers() -> impl Strategy<Value = Vec<Offer>> {
    let rest = (
        prop_oneof![3 => Just(0), 1 => 0_i64..200_000],
        prop_oneof![3 => Just(None), 1 => (1_u32..4).prop_map(Some)],
        prop::bool::weighted(0.3),
        -2_i32..3,
        prop::bool::weighted(0.9),
        0_u32..4,
    );
    let code = prop_oneof![3 => Just(None), 1 => Just(Some("hemat10".to_owned()))];
    let offer = (any::<u128>(), kinds(), scopes(), code, schedules(), rest);
    let offer = offer.prop_map(
        |(
            id,
            kind,
            scope,
            code,
            schedule,
            (min_spend, max_uses, is_exclusive, priority, is_active, uses),
        )| {
            let scope = if matches!(kind, Kind::Bundle { .. }) { Scope::Order } else { scope };
            let promotion = Promotion {
                id: Id::from_u128(id),
                name: "Promo".to_owned(),
                description: String::new(),
                kind,
                scope,
                code,
                schedule,
                min_spend,
                max_uses,
                is_exclusive,
                priority,
                is_active,
            };
            (promotion, uses)
        },
    );
    proptest::collection::vec(offer, 0..6)
}

fn cases() -> impl Strategy<Value = Case> {
    let discount = prop_oneof![
        4 => Just(Discount::None),
        1 => (0_u32..=10_000).prop_map(Discount::Percent),
        1 => amounts().prop_map(Discount::Amount),
    ];
    let base = prop_oneof![Just(ServiceBase::BeforeDiscount), Just(ServiceBase::AfterDiscount)];
    let charges = (prop_oneof![Just(0_u32), Just(500)], base, any::<bool>()).prop_map(
        |(service_rate_bp, service_base, tax_included)| Charges {
            service_rate_bp,
            service_base,
            tax_rate_bp: 1_000,
            tax_included,
            ..Charges::default()
        },
    );
    let moment = (-72_i64..72, 0_i64..HOUR_MS).prop_map(|(hours, rest)| NOON_MS + hours * HOUR_MS + rest);
    let codes = prop_oneof![Just(Vec::new()), Just(vec![CODE.to_owned()])];
    (offers(), lines(), discount, charges, moment, codes).prop_map(
        |(offers, lines, discount, charges, at_ms, codes)| Case {
            offers,
            lines,
            discount,
            charges,
            at_ms,
            codes,
        },
    )
}

/// The tax office's own example, its discount as a promotion.
fn golden() -> Case {
    let promotion = Promotion {
        id: derived_id("promotion", "golden"),
        name: "20 %".to_owned(),
        description: String::new(),
        kind: Kind::Percent(2_000),
        scope: Scope::Order,
        code: None,
        schedule: Schedule::default(),
        min_spend: 0,
        max_uses: None,
        is_exclusive: false,
        priority: 0,
        is_active: true,
    };
    let line = Line { price: 100_000, modifiers: 0, quantity: 1, discount: Discount::None };
    Case {
        offers: vec![(promotion, 0)],
        lines: vec![Priced { product: Some(product(0)), category: Some(category(0)), line }],
        discount: Discount::None,
        charges: Charges {
            service_rate_bp: 500,
            service_base: ServiceBase::BeforeDiscount,
            tax_rate_bp: 1_000,
            ..Charges::default()
        },
        at_ms: NOON_MS,
        codes: Vec::new(),
    }
}

fn vectors() -> Value {
    let mut all = vec![golden().vector("the tax office's own example")];
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for at in 0..CASES {
        let case = cases().new_tree(&mut runner).expect("little is filtered").current();
        all.push(case.vector(&format!("drawn {at}")));
    }
    Value::Array(all)
}

#[test]
fn the_checked_in_vectors_are_what_these_rules_say() {
    let vectors = vectors();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let rows: Vec<String> = vectors.as_array().into_iter().flatten().map(Value::to_string).collect();
        std::fs::write(FILE, format!("[\n{}\n]\n", rows.join(",\n"))).unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    assert_eq!(kept, vectors);
    let with = vectors.as_array().unwrap().iter().filter(|row| row["applied"] != json!([])).count();
    assert!(with > CASES / 3, "only {with} cases have a promotion");
}

#[test]
fn a_discount_of_a_promotion_makes_the_golden_bill() {
    let case = golden();
    let bill = case.bill(&case.applied());
    assert_eq!(
        (bill.subtotal, bill.discount, bill.service, bill.tax, bill.total),
        (100_000, 20_000, 5_000, 8_500, 93_500)
    );
}

/// Every unit by itself, dearest first, as somebody would count at the table.
fn units(lines: &[Priced]) -> Vec<(Minor, usize)> {
    let mut units = Vec::new();
    for (at, Priced { line, .. }) in lines.iter().enumerate() {
        let gross = line.gross().unwrap();
        let left = gross - line.discount.of(gross).unwrap();
        let quantity = i64::from(line.quantity);
        units.extend((0..quantity).map(|unit| (left / quantity + i64::from(unit < left % quantity), at)));
    }
    units.sort_by_key(|(value, at)| (std::cmp::Reverse(*value), *at));
    units
}

/// What bundles take off, however many are made.
fn best_bundles(lines: &[Priced], price: Minor, parts: &[Part]) -> Minor {
    let all = units(lines);
    let mut parts = parts.to_vec();
    parts.sort_by_key(|part| matches!(part.of, PartOf::Category(_)));
    let mut best = 0;
    for bundles in 1..=all.len() {
        let mut free = all.clone();
        let mut worth = 0;
        for part in &parts {
            for _ in 0..bundles * part.quantity as usize {
                let fits = |(_, at): &(Minor, usize)| match part.of {
                    PartOf::Product(id) => lines[*at].product == Some(id),
                    PartOf::Category(id) => lines[*at].category == Some(id),
                };
                let Some(found) = free.iter().position(fits) else { return best };
                worth += free.remove(found).0;
            }
        }
        best = best.max(worth - i64::try_from(bundles).unwrap() * price);
    }
    best
}

proptest! {
    #[test]
    fn what_is_paid_is_never_below_zero_and_never_more_than_without(case in cases()) {
        let applied = case.applied();
        let bill = case.bill(&applied);
        let lines: Vec<Line> = case.lines.iter().map(|priced| priced.line).collect();
        let without = price(&lines, case.discount, &case.charges).unwrap();
        prop_assert!(applied.iter().all(|applied| applied.amount > 0));
        prop_assert!(bill.total >= 0 && bill.discount <= bill.subtotal && bill.total <= without.total);
        if applied.is_empty() {
            prop_assert_eq!(bill, without);
        }
    }

    #[test]
    fn the_order_in_which_promotions_are_listed_changes_nothing(case in cases(), turn in 0_usize..6) {
        let mut other = case.clone();
        other.offers.reverse();
        let turn = turn.min(other.offers.len());
        other.offers.rotate_left(turn);
        prop_assert_eq!(other.applied(), case.applied());
    }

    #[test]
    fn bundles_and_groups_are_what_one_counts_at_the_table(lines in lines(), kind in kinds()) {
        prop_assume!(lines.iter().all(|priced| priced.line.quantity < 40));
        let mut promotion = golden().offers.remove(0).0;
        promotion.kind = kind;
        let off = total(&weigh([&promotion], &lines).unwrap()).unwrap();
        match &promotion.kind {
            Kind::Bundle { price, parts } => prop_assert_eq!(off, best_bundles(&lines, *price, parts)),
            Kind::BuyGet { buy, get, rate_bp } => {
                let is_got = |at: usize| at % (buy + get) as usize >= *buy as usize;
                let got: Minor =
                    units(&lines).iter().enumerate().filter(|(at, _)| is_got(*at)).map(|(_, unit)| unit.0).sum();
                prop_assert_eq!(off, protocol::money::percent(got, *rate_bp).unwrap());
            }
            Kind::Percent(_) | Kind::Amount(_) => {}
        }
    }
}
