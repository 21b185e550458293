//! What the demo's guests get off: a happy hour, a third drink for nothing, and a code.

use protocol::ids::{Id, derived_id};

use crate::ledger::command::{Change, KindWord, PromotionCommand, PromotionPatch, ScopeWord};

/// Three in the afternoon, in minutes of the day.
const HAPPY_FROM: u16 = 15 * 60;
/// Five in the afternoon.
const HAPPY_TO: u16 = 17 * 60;

/// The demo's promotions as the commands that put them on an empty ledger.
pub fn promotion_commands() -> Vec<PromotionCommand> {
    let named = |name: &str, description: &str, kind| PromotionPatch {
        name: Some(name.to_owned()),
        description: Some(description.to_owned()),
        kind: Some(kind),
        ..PromotionPatch::default()
    };
    let happy_hour = PromotionPatch {
        percent_bp: Some(Some(2_000)),
        scope: Some(ScopeWord::Category),
        categories: Some(vec![derived_id("category", "DIN"), derived_id("category", "PEN")]),
        days: Some((1..=5).collect()),
        start_time: Some(Some(HAPPY_FROM)),
        end_time: Some(Some(HAPPY_TO)),
        priority: Some(10),
        ..named("Happy hour minuman & es", "Senin–Jumat pukul 15–17, diskon 20 %", KindWord::Percent)
    };
    let third_free = PromotionPatch {
        buy: Some(Some(2)),
        get: Some(Some(1)),
        scope: Some(ScopeWord::Product),
        products: Some(vec![derived_id("product", "DIN-001")]),
        ..named("Es Teh Manis: beli 2 gratis 1", "Setiap hari", KindWord::BuyGet)
    };
    let code = PromotionPatch {
        percent_bp: Some(Some(1_000)),
        by_code: Some(true),
        code: Some("HEMAT10".to_owned()),
        min_spend: Some(100_000),
        ..named("Hemat 10 %", "Belanja mulai Rp 100.000, dengan kode", KindWord::Percent)
    };
    [("happy-hour", happy_hour), ("es-teh-3", third_free), ("hemat10", code)]
        .into_iter()
        .map(|(name, patch)| PromotionCommand::Change(id(name), Box::new(Change::Create(patch))))
        .collect()
}

fn id(name: &str) -> Id {
    derived_id("promotion", name)
}
