//! Reads a promotion's fields as a client writes them.

use jiff::civil::Date;
use protocol::catalogue::NAME_CHARS_MAX;
use protocol::money::{AMOUNT_MAX, BasisPoints, WHOLE_BP};
use protocol::outlet::day_number;
use protocol::promotion::{
    DESCRIPTION_CHARS_MAX, GROUP_QUANTITY_MAX, PARTS_MAX, PRIORITY_MAX, Part, PartOf, is_code,
};
use serde_json::{Map, Value};

use super::CODE_CHARS_MAX;
use crate::api::error::ApiError;
use crate::api::form::Form;
use crate::ledger::command::{KindWord, PromotionPatch, ScopeWord};

/// Characters of a time or a date; longer ones are none.
const MOMENT_CHARS_MAX: usize = 40;

/// Reads fields. A whole promotion must have the required ones; an update may leave any out.
pub(super) fn patch(form: &mut Form, is_whole: bool) -> PromotionPatch {
    let quantity = |form: &mut Form, name: &str| {
        nullable(form, name, |form| {
            form.integer(name, 1, i64::from(GROUP_QUANTITY_MAX)).map(|quantity| quantity as u32)
        })
    };
    let patch = PromotionPatch {
        name: form.name("name", NAME_CHARS_MAX),
        description: form.text("description", DESCRIPTION_CHARS_MAX),
        kind: form.choice("kind", kind),
        percent_bp: nullable(form, "percent_bp", |form| {
            form.integer("percent_bp", 1, WHOLE_BP as i64).map(|rate| rate as BasisPoints)
        }),
        amount: nullable(form, "amount", |form| form.integer("amount", 0, AMOUNT_MAX)),
        buy: quantity(form, "buy_quantity"),
        get: quantity(form, "get_quantity"),
        parts: parts(form),
        scope: form.choice("scope", scope),
        categories: form.ids("categories"),
        products: form.ids("products"),
        by_code: form.choice("trigger", trigger),
        code: code(form),
        days: days(form),
        start_time: nullable(form, "start_time", |form| time(form, "start_time")),
        end_time: nullable(form, "end_time", |form| time(form, "end_time")),
        start_date: nullable(form, "start_date", |form| date(form, "start_date")),
        end_date: nullable(form, "end_date", |form| date(form, "end_date")),
        min_spend: form.amount("min_spend"),
        max_uses: nullable(form, "max_uses", |form| {
            form.integer("max_uses", 1, i64::from(u32::MAX)).map(|uses| uses as u32)
        }),
        is_exclusive: form.boolean("is_exclusive"),
        priority: form
            .integer("priority", i64::from(-PRIORITY_MAX), i64::from(PRIORITY_MAX))
            .map(|priority| priority as i32),
        is_active: form.boolean("is_active"),
    };
    if is_whole {
        form.required("name", patch.name.as_ref().map(|_| ()));
        form.required("kind", patch.kind.map(|_| ()));
    }
    patch
}

/// A field that may be emptied: nothing where it is not there, and within it nothing where it is `null`.
#[allow(clippy::option_option, reason = "absent and emptied are two things")]
fn nullable<T>(form: &mut Form, name: &str, read: impl FnOnce(&mut Form) -> Option<T>) -> Option<Option<T>> {
    form.has(name).then(|| read(form))
}

fn kind(word: &str) -> Option<KindWord> {
    Some(match word {
        "percent" => KindWord::Percent,
        "amount" => KindWord::Amount,
        "buy_get" => KindWord::BuyGet,
        "bundle" => KindWord::Bundle,
        _ => return None,
    })
}

fn scope(word: &str) -> Option<ScopeWord> {
    Some(match word {
        "order" => ScopeWord::Order,
        "category" => ScopeWord::Category,
        "product" => ScopeWord::Product,
        _ => return None,
    })
}

/// Whether a promotion takes a code.
pub(super) fn trigger(word: &str) -> Option<bool> {
    match word {
        "automatic" => Some(false),
        "code" => Some(true),
        _ => None,
    }
}

fn code(form: &mut Form) -> Option<String> {
    let code = form.text("code", CODE_CHARS_MAX)?;
    if !code.is_empty() && !is_code(&code) {
        form.error("code", "A code has 3 to 30 letters, digits or “-”.");
        return None;
    }
    Some(code)
}

fn days(form: &mut Form) -> Option<Vec<u8>> {
    let Value::Array(values) = form.take("days")? else {
        form.error("days", "Expected a list of items.");
        return None;
    };
    let day = |value: &Value| value.as_u64().filter(|day| (1..=7).contains(day)).map(|day| day as u8);
    let days: Option<Vec<u8>> = values.iter().take(8).map(day).collect();
    if days.is_none() || values.len() > 7 {
        form.error("days", "Weekdays are numbers from 1 (Monday) to 7.");
        return None;
    }
    days
}

/// `HH:MM`, as minutes of the day; seconds of 0 are taken, as the old framework writes them.
fn time(form: &mut Form, name: &str) -> Option<u16> {
    let text = form.text(name, MOMENT_CHARS_MAX)?;
    let minutes = minutes(&text);
    if minutes.is_none() {
        form.error(name, "Time has wrong format. Use this format instead: hh:mm.");
    }
    minutes
}

fn minutes(text: &str) -> Option<u16> {
    let two = |text: &str, max: u16| {
        let is_two = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_two.then(|| text.parse::<u16>().ok()).flatten().filter(|number| *number <= max)
    };
    let (hour, rest) = text.split_once(':')?;
    let minute = rest.strip_suffix(":00").unwrap_or(rest);
    Some(two(hour, 23)? * 60 + two(minute, 59)?)
}

/// `YYYY-MM-DD`, as days since 1970.
fn date(form: &mut Form, name: &str) -> Option<i32> {
    let text = form.text(name, MOMENT_CHARS_MAX)?;
    // A time behind it would be passed over.
    let date = if text.len() == 10 { text.parse::<Date>().ok() } else { None };
    if date.is_none() {
        form.error(name, "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.");
    }
    date.map(day_number)
}

/// Parts of a bundle; an empty list is none.
fn parts(form: &mut Form) -> Option<Vec<Part>> {
    let Value::Array(values) = form.take("parts")? else {
        form.error("parts", "Expected a list of items.");
        return None;
    };
    if values.len() > PARTS_MAX {
        form.error("parts", format!("Ensure this field has no more than {PARTS_MAX} elements."));
        return None;
    }
    let read: Vec<Result<Part, Map<String, Value>>> = values.into_iter().map(part).collect();
    if read.iter().any(Result::is_err) {
        let errors = read.into_iter().map(|part| part.err().unwrap_or_default().into()).collect();
        form.nested("parts", Value::Array(errors));
        return None;
    }
    Some(read.into_iter().flatten().collect())
}

fn part(value: Value) -> Result<Part, Map<String, Value>> {
    let mut form = match Form::new(value) {
        Ok(form) => form,
        Err(ApiError::Invalid(errors)) => return Err(errors),
        Err(other) => return Err(Map::from_iter([("non_field_errors".to_owned(), other.words().0.into())])),
    };
    let of = match (form.id("product"), form.id("category")) {
        (Some(id), None) => Some(PartOf::Product(id)),
        (None, Some(id)) => Some(PartOf::Category(id)),
        _ => None,
    };
    if of.is_none() && form.is_clean() {
        form.error("product", "Either a product or a category, and not both.");
    }
    let quantity = form.integer("quantity", 1, i64::from(GROUP_QUANTITY_MAX));
    let quantity = form.required("quantity", quantity);
    match (of, quantity) {
        (Some(of), Some(quantity)) if form.is_clean() => Ok(Part { of, quantity: quantity as u32 }),
        _ => Err(form.into_errors()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_a_wall_clock() {
        for (text, expected) in [
            ("00:00", Some(0)),
            ("23:59", Some(1_439)),
            ("16:30:00", Some(990)),
            ("24:00", None),
            ("12:60", None),
            ("7:30", None),
            ("+1:30", None),
            ("12:30:15", None),
            ("noon", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }
}
