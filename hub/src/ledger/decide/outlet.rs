//! The outlet's settings, the hub's own, and the close of a business day.

use protocol::event::Event;
use protocol::outlet::Outlet;
use protocol::pricing::Charges;
use protocol::settings::Settings;
use protocol::work::{DayEvent, DayTotals, JobRun};
use serde_json::{Map, Value, json};

use super::{Decision, View, append};
use crate::ledger::command::{OutletPatch, Refusal, SettingsPatch};

const KEPT: &str = "This cannot be changed any more: orders are on record.";

/// Changes settings of the outlet.
pub(super) fn change(view: &View<'_>, patch: &OutletPatch) -> Result<Decision, Refusal> {
    let before = view.outlet()?;
    let charges = before.charges;
    let after = Outlet {
        id: before.id,
        number: patch.number.unwrap_or(before.number),
        name: patch.name.clone().unwrap_or_else(|| before.name.clone()),
        address: patch.address.clone().unwrap_or_else(|| before.address.clone()),
        currency: patch.currency.clone().unwrap_or_else(|| before.currency.clone()),
        currency_exponent: patch.currency_exponent.unwrap_or(before.currency_exponent),
        time_zone: patch.time_zone.clone().unwrap_or_else(|| before.time_zone.clone()),
        business_day_start_hour: patch.business_day_start_hour.unwrap_or(before.business_day_start_hour),
        language: patch.language.clone().unwrap_or_else(|| before.language.clone()),
        charges: Charges {
            service_rate_bp: patch.service_rate_bp.unwrap_or(charges.service_rate_bp),
            service_base: patch.service_base.unwrap_or(charges.service_base),
            tax_rate_bp: patch.tax_rate_bp.unwrap_or(charges.tax_rate_bp),
            tax_included: patch.tax_included.unwrap_or(charges.tax_included),
            cash_rounding_unit: patch.cash_rounding_unit.unwrap_or(charges.cash_rounding_unit),
            cash_rounding_mode: patch.cash_rounding_mode.unwrap_or(charges.cash_rounding_mode),
        },
    };
    if view.state.has_orders() {
        // What is on record would change its meaning.
        let fields = [
            ("number", after.number != before.number),
            ("currency", after.currency != before.currency),
            ("currency_exponent", after.currency_exponent != before.currency_exponent),
        ];
        let kept = fields.into_iter().filter(|(_, changes)| *changes);
        let errors: Map<String, Value> = kept.map(|(name, _)| (name.to_owned(), json!([KEPT]))).collect();
        if !errors.is_empty() {
            return Err(Refusal::Invalid(errors));
        }
    }
    if after == *before {
        return Ok(Decision::Nothing { subject: before.id });
    }
    let id = after.id;
    Ok(append(vec![Event::OutletSet(after)], id))
}

/// Changes the hub's own settings; `defaults` hold where nobody has set any.
pub(super) fn settings(
    view: &View<'_>,
    patch: &SettingsPatch,
    defaults: Settings,
) -> Result<Decision, Refusal> {
    let subject = view.outlet()?.id;
    let before = view.state.work.settings;
    let now = before.unwrap_or(defaults);
    let after = Settings {
        cashier_discount_max_bp: patch.cashier_discount_max_bp.unwrap_or(now.cashier_discount_max_bp),
        backup_minute: patch.backup_minute.unwrap_or(now.backup_minute),
        backups_kept: patch.backups_kept.unwrap_or(now.backups_kept),
        guests_kept_days: patch.guests_kept_days.unwrap_or(now.guests_kept_days),
    };
    if before == Some(after) {
        return Ok(Decision::Nothing { subject });
    }
    Ok(append(vec![Event::SettingsSet(after)], subject))
}

/// Closes a business day, once. The totals must be of its orders as they stand: whoever folded them says up to which record, and
/// is refused where there is a later one.
pub(super) fn close_day(view: &View<'_>, totals: &DayTotals) -> Result<Decision, Refusal> {
    let subject = view.outlet()?.id;
    if view.state.work.days.contains_key(&totals.day) {
        return Ok(Decision::Nothing { subject });
    }
    let open = view.state.open_days.get(&totals.day).ok_or(Refusal::NotFound("open business day"))?;
    if totals.day >= view.day_by_clock_and_ledger()? {
        return Err(Refusal::conflict("day_not_over", "The business day is not over."));
    }
    if (open.first_seq, open.last_seq) != (totals.first_seq, totals.last_seq) {
        return Err(Refusal::conflict("day_changed", "An order of the day has changed meanwhile."));
    }
    Ok(append(vec![Event::Day(DayEvent::Closed(Box::new(totals.clone())))], subject))
}

/// Notes what came of scheduled work.
pub(super) fn note(view: &View<'_>, run: &JobRun) -> Result<Decision, Refusal> {
    let subject = view.outlet()?.id;
    Ok(append(vec![Event::Job(run.clone())], subject))
}
