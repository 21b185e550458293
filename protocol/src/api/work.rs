//! The hub's own settings, its scheduled work and its closed days, as REST answers them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::Context;
use crate::outlet::business_date;
use crate::settings::{Settings, minute_text};
use crate::work::{DayTotals, Fact, Job, JobRun, TenderTotal};

/// The hub's own settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Settings)]
pub struct SettingsOut {
    /// How much of an order a cashier may take off without a manager, in hundredths of a percent.
    pub cashier_discount_max_bp: u32,
    /// When a backup is made, `HH:MM` by the outlet's clock.
    pub backup_time: String,
    /// How many backups are kept.
    pub backups_kept: u16,
    /// How many days a guest is kept after the last change; 0 is for ever.
    pub guests_kept_days: u32,
}

impl From<Settings> for SettingsOut {
    fn from(settings: Settings) -> Self {
        Self {
            cashier_discount_max_bp: settings.cashier_discount_max_bp,
            backup_time: minute_text(settings.backup_minute),
            backups_kept: settings.backups_kept,
            guests_kept_days: settings.guests_kept_days,
        }
    }
}

/// How often a job looks whether there is something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Each minute.
    Minute,
    /// Each hour.
    Hour,
    /// Each day, at a time.
    Day,
}

/// A job of the hub.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobOut {
    /// Which.
    pub name: Job,
    /// How often it looks.
    pub every: Every,
    /// When, `HH:MM` by the outlet's clock, where it is once a day.
    pub at: Option<String>,
    /// It is at work, or is about to be.
    pub is_running: bool,
    /// When it looks next.
    pub next_run_at: Option<String>,
    /// When it last looked, since the hub was started.
    pub last_look_at: Option<String>,
    /// When it last did something, or failed.
    pub last_run: Option<JobRunOut>,
}

/// Whether a run did what it is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// It did.
    Ok,
    /// It did not; the message says why.
    Failed,
}

/// A figure or a word of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum FactOut {
    /// How many.
    Number(i64),
    /// Which.
    Text(String),
}

/// A run that did something, or that failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobRun)]
pub struct JobRunOut {
    /// When it began.
    pub started_at: String,
    /// How long it took.
    pub took_ms: u32,
    /// Whether it did what it is there for.
    pub outcome: RunOutcome,
    /// What came of it, in English.
    pub message: String,
    /// Figures and words, by name.
    pub facts: BTreeMap<String, FactOut>,
    /// Who asked for it; `schedule` where nobody did.
    pub by: String,
}

impl JobRunOut {
    /// Of a run.
    #[must_use]
    pub fn of(run: &JobRun, by: &str, context: &Context) -> Self {
        let fact = |(name, fact): &(String, Fact)| {
            let fact = match fact {
                Fact::Number(number) => FactOut::Number(*number),
                Fact::Text(text) => FactOut::Text(text.clone()),
            };
            (name.clone(), fact)
        };
        Self {
            started_at: context.time(run.started_ms),
            took_ms: run.took_ms,
            outcome: if run.is_ok { RunOutcome::Ok } else { RunOutcome::Failed },
            message: run.message.clone(),
            facts: run.facts.iter().map(fact).collect(),
            by: by.to_owned(),
        }
    }
}

/// A business day that is over, as its orders stood when it was closed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Day)]
pub struct DayOut {
    /// The date on which it began.
    pub day: String,
    /// When it was closed.
    pub closed_at: String,
    /// Orders that were not called off.
    pub orders: u32,
    /// Orders that were.
    pub cancelled: u32,
    /// Dishes and drinks sold.
    pub items: u64,
    /// Lines before discounts.
    pub subtotal: i64,
    /// All discounts, as a positive amount.
    pub discount: i64,
    /// Service charges.
    pub service_charge: i64,
    /// Taxes, those contained in prices too.
    pub tax: i64,
    /// What was added to cash payments so that they could be paid in coins.
    pub rounding: i64,
    /// What was to be paid, before cash rounding.
    pub total: i64,
    /// What payments settled.
    pub paid: i64,
    /// Orders on which something was still to happen.
    pub open_orders: u32,
    /// What was paid by each tender.
    pub tenders: Vec<TenderOut>,
    /// The lowest receipt number.
    pub first_receipt: Option<u64>,
    /// The highest receipt number.
    pub last_receipt: Option<u64>,
    /// The ledger's epoch at the close.
    pub epoch: u32,
    /// The record of the day's first order.
    pub first_seq: u64,
    /// The last record before the close that was about an order of the day.
    pub last_seq: u64,
}

/// What was paid by one tender.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TenderTotal)]
pub struct TenderOut {
    /// `cash`, `card`, `qris`, or another that the outlet names.
    pub method: String,
    /// Payments.
    pub count: u32,
    /// What they settled; cash rounding is apart.
    pub amount: i64,
}

impl DayOut {
    /// Of a day's totals.
    #[must_use]
    pub fn of(totals: &DayTotals, closed_ms: i64, context: &Context) -> Self {
        let tender = |tender: &TenderTotal| TenderOut {
            method: tender.method.clone(),
            count: tender.count,
            amount: tender.amount,
        };
        Self {
            day: business_date(totals.day).to_string(),
            closed_at: context.time(closed_ms),
            orders: totals.orders,
            cancelled: totals.cancelled,
            items: totals.items,
            subtotal: totals.subtotal,
            discount: totals.discount,
            service_charge: totals.service,
            tax: totals.tax,
            rounding: totals.rounding,
            total: totals.total,
            paid: totals.paid,
            open_orders: totals.open_orders,
            tenders: totals.tenders.iter().map(tender).collect(),
            first_receipt: totals.first_receipt,
            last_receipt: totals.last_receipt,
            epoch: totals.epoch,
            first_seq: totals.first_seq,
            last_seq: totals.last_seq,
        }
    }
}
