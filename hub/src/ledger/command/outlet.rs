//! What may be asked about the outlet and the hub's own settings.

use protocol::money::{BasisPoints, Minor, RoundingMode};
use protocol::pricing::ServiceBase;

/// Settings of the outlet; what is `None` stays.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields of `protocol::outlet::Outlet`")]
pub struct OutletPatch {
    pub number: Option<u32>,
    pub name: Option<String>,
    pub address: Option<String>,
    pub currency: Option<String>,
    pub currency_exponent: Option<u8>,
    pub time_zone: Option<String>,
    pub business_day_start_hour: Option<u8>,
    pub language: Option<String>,
    pub service_rate_bp: Option<BasisPoints>,
    pub service_base: Option<ServiceBase>,
    pub tax_rate_bp: Option<BasisPoints>,
    pub tax_included: Option<bool>,
    pub cash_rounding_unit: Option<Minor>,
    pub cash_rounding_mode: Option<RoundingMode>,
}

/// The hub's own settings; what is `None` stays.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs, reason = "the fields of `protocol::settings::Settings`")]
pub struct SettingsPatch {
    pub cashier_discount_max_bp: Option<BasisPoints>,
    pub backup_minute: Option<u16>,
    pub backups_kept: Option<u16>,
    pub guests_kept_days: Option<u32>,
}
