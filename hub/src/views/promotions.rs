//! Promotions, with what is known of each: how many orders have it, and what screens were last told.

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::api::PromotionFacts;
use protocol::event::PromotionEvent;
use protocol::ids::Id;
use protocol::promotion::{Applied, Promotion};
use serde::{Deserialize, Serialize};

/// A promotion as the views keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPromotion {
    /// As it was last put.
    pub promotion: Promotion,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it was last put.
    pub updated_ms: i64,
    /// Orders that have it; those that were called off do not count.
    pub uses: u32,
    /// Whether screens were last told that it runs.
    pub is_told: bool,
}

impl KeptPromotion {
    /// What is known beside the promotion itself.
    #[must_use]
    pub fn facts(&self) -> PromotionFacts {
        PromotionFacts { uses: self.uses, created_ms: self.created_ms, updated_ms: self.updated_ms }
    }
}

/// All promotions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Promotions {
    /// By id.
    pub by_id: BTreeMap<Id, Arc<KeptPromotion>>,
}

impl Promotions {
    /// The promotion that a code means: one that is switched on before one that is not.
    #[must_use]
    pub fn with_code(&self, code: &str) -> Option<&Arc<KeptPromotion>> {
        let named = || self.by_id.values().filter(|kept| kept.promotion.has_code(code));
        named().find(|kept| kept.promotion.is_active).or_else(|| named().next())
    }

    /// Folds an event; answers the id of what it changed.
    pub fn apply(&mut self, at_ms: i64, event: &PromotionEvent) -> Id {
        match event {
            PromotionEvent::Put(promotion) => {
                let id = promotion.id;
                let kept = match self.by_id.get(&id) {
                    Some(before) => KeptPromotion {
                        promotion: (**promotion).clone(),
                        updated_ms: at_ms,
                        ..(**before).clone()
                    },
                    None => KeptPromotion {
                        promotion: (**promotion).clone(),
                        created_ms: at_ms,
                        updated_ms: at_ms,
                        uses: 0,
                        is_told: false,
                    },
                };
                self.by_id.insert(id, Arc::new(kept));
                id
            }
            PromotionEvent::Removed(id) => {
                self.by_id.remove(id);
                *id
            }
            PromotionEvent::Started(id) | PromotionEvent::Ended(id) => {
                if let Some(kept) = self.by_id.get_mut(id) {
                    Arc::make_mut(kept).is_told = matches!(event, PromotionEvent::Started(_));
                }
                *id
            }
        }
    }

    /// Counts an order that had promotions before and has others now; answers the ids of those that changed.
    pub(super) fn count(&mut self, before: &[Applied], now: &[Applied]) -> Vec<Id> {
        let is_in = |list: &[Applied], id: Id| list.iter().any(|applied| applied.promotion == id);
        let gone = before.iter().filter(|applied| !is_in(now, applied.promotion)).map(|it| (it, -1));
        let new = now.iter().filter(|applied| !is_in(before, applied.promotion)).map(|it| (it, 1));
        let mut changed = Vec::new();
        for (applied, by) in gone.chain(new) {
            // One that was taken away meanwhile counts nothing any more.
            if let Some(kept) = self.by_id.get_mut(&applied.promotion) {
                let kept = Arc::make_mut(kept);
                kept.uses = kept.uses.saturating_add_signed(by);
                changed.push(applied.promotion);
            }
        }
        changed
    }
}
