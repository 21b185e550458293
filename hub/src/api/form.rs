//! Reads a request's JSON field by field, so that every field that does not hold is named at once, in the words of the
//! framework that the old clients know.

use protocol::ids::Id;
use protocol::money::{AMOUNT_MAX, Minor};
use serde_json::{Map, Value};

use super::error::ApiError;

/// Deepest nesting taken; an order has five levels.
const DEPTH_MAX: usize = 16;
/// Most entries in a list of ids.
pub(super) const IDS_MAX: usize = 100;

/// The fields of an object, and what is wrong with them.
#[derive(Debug)]
pub struct Form {
    fields: Map<String, Value>,
    errors: Map<String, Value>,
}

impl Form {
    /// Of a request's body.
    pub fn new(body: Value) -> Result<Self, ApiError> {
        if depth(&body) > DEPTH_MAX {
            return Err(ApiError::field(
                "non_field_errors",
                format!("Nested deeper than {DEPTH_MAX} levels."),
            ));
        }
        match body {
            Value::Object(fields) => Ok(Self { fields, errors: Map::new() }),
            other => {
                let message = format!("Invalid data. Expected a dictionary, but got {}.", kind(&other));
                Err(ApiError::field("non_field_errors", message))
            }
        }
    }

    /// Whether a field is there at all.
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Notes what is wrong with a field.
    pub fn error(&mut self, name: &str, message: impl Into<String>) {
        self.errors.insert(name.to_owned(), Value::from(vec![message.into()]));
    }

    /// Notes nested errors.
    pub fn nested(&mut self, name: &str, errors: Value) {
        self.errors.insert(name.to_owned(), errors);
    }

    /// The value, or its absence noted.
    pub fn required<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.errors.contains_key(name) {
            self.error(name, "This field is required.");
        }
        value
    }

    /// All fields held, or the errors.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::Invalid(self.errors)) }
    }

    /// Whether every field read so far held.
    pub fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// What is wrong so far.
    pub fn into_errors(self) -> Map<String, Value> {
        self.errors
    }

    /// Takes a field; null counts as absent.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    /// A text of at most `chars_max` characters; a number's digits are taken for a text.
    pub fn text(&mut self, name: &str, chars_max: usize) -> Option<String> {
        let text = match self.take(name)? {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => {
                self.error(name, "Not a valid string.");
                return None;
            }
        };
        if text.chars().count() > chars_max {
            self.error(name, format!("Ensure this field has no more than {chars_max} characters."));
            return None;
        }
        if text.contains('\0') {
            self.error(name, "Null characters are not allowed.");
            return None;
        }
        Some(text)
    }

    /// A text that is not blank.
    pub fn name(&mut self, name: &str, chars_max: usize) -> Option<String> {
        let text = self.text(name, chars_max)?;
        if text.trim().is_empty() {
            self.error(name, "This field may not be blank.");
            return None;
        }
        Some(text.trim().to_owned())
    }

    /// A whole number within a range; a string of digits is one.
    pub fn integer(&mut self, name: &str, min: i64, max: i64) -> Option<i64> {
        let value = self.take(name)?;
        let Some(number) = whole(&value) else {
            self.error(name, "A valid integer is required.");
            return None;
        };
        if number < min {
            self.error(name, format!("Ensure this value is greater than or equal to {min}."));
            return None;
        }
        if number > max {
            self.error(name, format!("Ensure this value is less than or equal to {max}."));
            return None;
        }
        Some(number)
    }

    /// An amount in minor units, not negative.
    pub fn amount(&mut self, name: &str) -> Option<Minor> {
        self.integer(name, 0, AMOUNT_MAX)
    }

    /// Yes or no.
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(value) => Some(value),
            Value::String(text) if matches!(text.as_str(), "true" | "True" | "1") => Some(true),
            Value::String(text) if matches!(text.as_str(), "false" | "False" | "0") => Some(false),
            _ => {
                self.error(name, "Must be a valid boolean.");
                None
            }
        }
    }

    /// A UUID.
    pub fn id(&mut self, name: &str) -> Option<Id> {
        let value = self.take(name)?;
        let id = value.as_str().and_then(|text| Id::try_parse(text).ok());
        if id.is_none() {
            self.error(name, format!("“{}” is not a valid UUID.", plain(&value)));
        }
        id
    }

    /// A list of UUIDs; an object with an `id` stands for it.
    pub fn ids(&mut self, name: &str) -> Option<Vec<Id>> {
        let Value::Array(values) = self.take(name)? else {
            self.error(name, "Expected a list of items.");
            return None;
        };
        if values.len() > IDS_MAX {
            self.error(name, format!("Ensure this field has no more than {IDS_MAX} elements."));
            return None;
        }
        let mut ids = Vec::with_capacity(values.len());
        for value in &values {
            let text = value.get("id").unwrap_or(value).as_str();
            let Some(id) = text.and_then(|text| Id::try_parse(text).ok()) else {
                self.error(name, format!("“{}” is not a valid UUID.", plain(value)));
                return None;
            };
            ids.push(id);
        }
        Some(ids)
    }

    /// A list of texts, none of them blank.
    pub fn texts(&mut self, name: &str, len_max: usize, chars_max: usize) -> Option<Vec<String>> {
        let Value::Array(values) = self.take(name)? else {
            self.error(name, "Expected a list of items.");
            return None;
        };
        if values.len() > len_max {
            self.error(name, format!("Ensure this field has no more than {len_max} elements."));
            return None;
        }
        let mut texts = Vec::with_capacity(values.len());
        for value in &values {
            let text = value.as_str().map(str::trim).unwrap_or_default();
            if text.is_empty() || text.chars().count() > chars_max || text.contains('\0') {
                self.error(name, format!("“{}” is not a valid string.", plain(value)));
                return None;
            }
            texts.push(text.to_owned());
        }
        Some(texts)
    }

    /// One of a set of words, as `read` understands them.
    pub fn choice<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = self.take(name)?;
        let choice = value.as_str().and_then(read);
        if choice.is_none() {
            self.error(name, format!("\"{}\" is not a valid choice.", plain(&value)));
        }
        choice
    }

    /// A list of objects.
    pub fn list(&mut self, name: &str, len_max: usize) -> Option<Vec<Value>> {
        let Value::Array(values) = self.take(name)? else {
            self.error(name, "Expected a list of items.");
            return None;
        };
        if values.is_empty() {
            self.error(name, "This list may not be empty.");
            return None;
        }
        if values.len() > len_max {
            self.error(name, format!("Ensure this field has no more than {len_max} elements."));
            return None;
        }
        Some(values)
    }
}

/// A whole number, from a number or from text as old clients write amounts (`"50000.00"`).
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            // Below 2^53 a float that is whole is exact.
            (float.fract() == 0.0 && float.abs() < 9.0e15).then_some(float as i64)
        }),
        Value::String(text) => {
            let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
            rest.bytes().all(|byte| byte == b'0').then(|| whole.parse().ok()).flatten()
        }
        _ => None,
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// A value as it is shown in an error, cut where it is long.
fn plain(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_are_taken_as_old_clients_write_them() {
        for (value, expected) in [
            (json!(50_000), Some(50_000)),
            (json!(50_000.0), Some(50_000)),
            (json!("50000.00"), Some(50_000)),
            (json!("50000.50"), None),
            (json!(0.5), None),
            (json!("12e3"), None),
            (json!(true), None),
            (json!("99999999999999999999"), None),
        ] {
            assert_eq!(whole(&value), expected, "{value}");
        }
    }

    #[test]
    fn every_field_that_does_not_hold_is_named() {
        let mut form = Form::new(json!({"price": -1, "name": "  ", "is_active": "maybe", "id": 5})).unwrap();
        assert_eq!(
            (form.amount("price"), form.name("name", 10), form.boolean("is_active"), form.id("id")),
            (None, None, None, None)
        );
        let category: Option<Id> = form.id("category");
        form.required("category", category);
        let Err(ApiError::Invalid(errors)) = form.finish() else { panic!("taken") };
        let names: Vec<&str> = errors.keys().map(String::as_str).collect();
        assert_eq!(names, ["category", "id", "is_active", "name", "price"]);
    }

    #[test]
    fn endless_nesting_is_refused() {
        let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
        assert!(Form::new(json!({ "items": deep })).is_err());
    }
}
