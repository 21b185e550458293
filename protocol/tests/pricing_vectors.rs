//! Hub and browser price alike: both pass `golden/pricing.json`.
//!
//! The file is made here, from bills that property tests draw with a fixed seed, and checked in. `UPDATE_GOLDEN=1` writes it
//! anew after a deliberate change of the rules.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use protocol::money::{Minor, RoundingMode, cash_rounding};
use protocol::pricing::{Charges, Discount, Line, ServiceBase, price};
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/pricing.json");
const CASES: usize = 250;

fn amounts() -> impl Strategy<Value = Minor> {
    prop_oneof![0_i64..200_000, (0_i64..400).prop_map(|hundreds| hundreds * 500), 0_i64..3]
}

fn discounts() -> impl Strategy<Value = Discount> {
    prop_oneof![
        4 => Just(Discount::None),
        2 => (0_u32..=10_000).prop_map(Discount::Percent),
        1 => amounts().prop_map(Discount::Amount),
    ]
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (amounts(), prop_oneof![3 => Just(0), 1 => amounts()], 1_u32..12, discounts());
    let line =
        line.prop_map(|(price, modifiers, quantity, discount)| Line { price, modifiers, quantity, discount });
    proptest::collection::vec(line, 0..8)
}

fn charges() -> impl Strategy<Value = Charges> {
    let rates = (
        prop_oneof![Just(0_u32), Just(500), 0_u32..2_000],
        prop_oneof![Just(0_u32), Just(1_000), 0_u32..2_500],
    );
    let rounding = (
        prop_oneof![Just(0_i64), Just(1), Just(100), Just(500), Just(1_000)],
        prop_oneof![Just(RoundingMode::Down), Just(RoundingMode::Nearest), Just(RoundingMode::Up)],
    );
    let base = prop_oneof![Just(ServiceBase::BeforeDiscount), Just(ServiceBase::AfterDiscount)];
    (rates, base, any::<bool>(), rounding).prop_map(
        |((service, tax), service_base, tax_included, (unit, mode))| Charges {
            service_rate_bp: service,
            service_base,
            tax_rate_bp: tax,
            tax_included,
            cash_rounding_unit: unit,
            cash_rounding_mode: mode,
        },
    )
}

fn vector(name: &str, lines: &[Line], order_discount: Discount, charges: &Charges) -> Value {
    let bill = price(lines, order_discount, charges).expect("the amounts drawn are far from the range's end");
    let rounding = cash_rounding(bill.total, charges.cash_rounding_unit, charges.cash_rounding_mode);
    json!({
        "name": name, "lines": lines, "order_discount": order_discount, "charges": charges, "bill": bill,
        "cash_rounding": rounding.expect("likewise"),
    })
}

fn vectors() -> Value {
    let golden = Charges {
        service_rate_bp: 500,
        service_base: ServiceBase::BeforeDiscount,
        tax_rate_bp: 1_000,
        ..Charges::default()
    };
    let line = Line { price: 100_000, modifiers: 0, quantity: 1, discount: Discount::None };
    let mut all = vec![vector("the tax office's own example", &[line], Discount::Percent(2_000), &golden)];
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = (lines(), discounts(), charges());
    for at in 0..CASES {
        let (lines, discount, charges) =
            strategy.new_tree(&mut runner).expect("nothing is filtered").current();
        all.push(vector(&format!("drawn {at}"), &lines, discount, &charges));
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
}

proptest! {
    #[test]
    fn a_bill_adds_up(lines in lines(), discount in discounts(), charges in charges()) {
        let bill = price(&lines, discount, &charges).unwrap();
        prop_assert!(bill.discount >= 0 && bill.discount <= bill.subtotal);
        let before_tax = bill.subtotal - bill.discount + bill.service;
        let added = if charges.tax_included { 0 } else { bill.tax };
        prop_assert_eq!(bill.total, before_tax + added);
        prop_assert!(bill.tax >= 0 && bill.service >= 0);
    }

    #[test]
    fn no_amount_overflows_in_silence(price_one in any::<i64>(), modifiers in any::<i64>(), quantity in any::<u32>()) {
        let line = Line { price: price_one, modifiers, quantity, discount: Discount::None };
        let exact = (i128::from(price_one) + i128::from(modifiers)) * i128::from(quantity);
        match line.gross() {
            Ok(gross) => prop_assert_eq!(i128::from(gross), exact),
            Err(_) => prop_assert!(
                i64::try_from(exact).is_err()
                    || i64::try_from(i128::from(price_one) + i128::from(modifiers)).is_err()
            ),
        }
    }
}
