//! REST shapes, as the hub answers them. Amounts are integers in the currency's minor unit; times are RFC 3339
//! with the outlet's offset; ids are UUID strings (old clients' order ids keep their own type).

mod audit;
mod catalogue;
mod customers;
mod orders;
mod people;
mod promotions;
mod work;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

pub use self::audit::{AuditActorOut, AuditChangeOut, AuditDeviceOut, AuditOut};
pub use self::catalogue::{CategoryOut, ModifierGroupOut, ModifierOut, OutletOut, ProductOut, TenantOut};
pub use self::customers::{CustomerExportOut, CustomerOut};
pub use self::orders::{ItemOut, ItemRow, OrderOut, PaymentOut, SoldModifierOut};
pub use self::people::{
    DeviceOut, HubOut, PairedOut, PairingCodeOut, PersonOut, SelfOut, StaffOut, TokenOut, UserOut,
};
pub use self::promotions::{
    AppliedOut, PartOut, PromotionFacts, PromotionKind, PromotionOut, PromotionScope, PromotionTrigger,
};
pub use self::work::{DayOut, Every, FactOut, JobOut, JobRunOut, RunOutcome, SettingsOut, TenderOut};
use crate::outlet::Outlet;

/// What every answer about orders needs of the outlet: its number, currency and zone.
#[derive(Debug, Clone)]
pub struct Context {
    /// Number in the replaced system.
    pub outlet_number: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits behind the decimal point.
    pub currency_exponent: u8,
    /// For times with an offset.
    pub tz: TimeZone,
}

impl Context {
    /// Of an outlet.
    #[must_use]
    pub fn of(outlet: &Outlet) -> Self {
        Self {
            outlet_number: outlet.number,
            currency: outlet.currency.clone(),
            currency_exponent: outlet.currency_exponent,
            tz: outlet.tz(),
        }
    }

    /// A time as text, with the outlet's offset and milliseconds.
    #[must_use]
    pub fn time(&self, at_ms: i64) -> String {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned(self.tz.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// How many there are in all.
    pub count: usize,
    /// Address of the next page.
    pub next: Option<String>,
    /// Address of the page before.
    pub previous: Option<String>,
    /// This page.
    pub results: Vec<T>,
}

/// An error that is not about a field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorOut {
    /// What happened, whether anything is lost, what to do.
    pub detail: String,
    /// A stable word for programs.
    pub code: String,
}
