//! Lists: `?page=`, `?page_size=`, `?ordering=`, `?search=` and filters, answered as
//! `{"count", "next", "previous", "results"}`.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use jiff::tz::TimeZone;
use protocol::api::Page;
use protocol::ids::Id;

use super::Hub;
use super::error::ApiError;

/// Rows of a page where the client does not say.
const PAGE_SIZE: usize = 100;
/// Most rows of a page.
pub const PAGE_SIZE_MAX: usize = 500;

/// The query of a list.
#[derive(Debug, Clone)]
pub struct Query {
    /// Scheme, host and path as the client reached them.
    address: String,
    /// All of what was asked: `address`, and the parameters as they came.
    asked: String,
    parameters: BTreeMap<String, Vec<String>>,
}

/// Rows of a page, and the pages beside it.
#[derive(Debug)]
pub struct Window {
    /// Rows before it.
    pub skip: usize,
    /// Rows of it.
    pub size: usize,
    /// Address of the next page.
    pub next: Option<String>,
    /// Address of the page before.
    pub previous: Option<String>,
}

impl FromRequestParts<Hub> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, ApiError> {
        let uri =
            OriginalUri::from_request_parts(parts, hub).await.map_or_else(|_| parts.uri.clone(), |uri| uri.0);
        let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(uri.query().unwrap_or_default()).unwrap_or_default();
        for (name, value) in pairs {
            parameters.entry(name).or_default().push(value);
        }
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let base = host.map(|host| format!("http://{host}")).unwrap_or_default();
        let address = format!("{base}{}", uri.path());
        let asked = format!("{address}?{}", uri.query().unwrap_or_default());
        Ok(Self { address, asked, parameters })
    }
}

impl Query {
    /// All that the answer depends on, besides what the rows are cut from.
    pub fn asked(&self) -> &str {
        &self.asked
    }

    /// The last value of a parameter; an empty one is none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .get(name)
            .and_then(|values| values.last())
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// All values of a parameter, those joined by commas too.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.parameters
            .get(name)
            .into_iter()
            .flatten()
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// A parameter read by `read`, or 400 for what cannot be.
    pub fn parse<T>(
        &self,
        name: &str,
        message: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(text) => read(text).map(Some).ok_or_else(|| ApiError::field(name, message)),
        }
    }

    /// Yes or no.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.parse(name, "Must be true or false.", |text| match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        })
    }

    /// A number; what stands behind its point is cut off.
    pub fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        Ok(self.decimal(name)?.map(|(whole, _)| whole))
    }

    /// The least whole number that is not below the one that is said.
    pub fn at_least(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let up = |(whole, has_more): (i64, bool)| whole.saturating_add(i64::from(has_more && whole >= 0));
        Ok(self.decimal(name)?.map(up))
    }

    /// A number's whole part, and whether there is more.
    fn decimal(&self, name: &str) -> Result<Option<(i64, bool)>, ApiError> {
        self.parse(name, "Enter a number.", |text| {
            let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
            let is_number = rest.bytes().all(|digit| digit.is_ascii_digit());
            let has_more = rest.bytes().any(|digit| digit != b'0');
            whole.parse().ok().filter(|_| is_number).map(|whole| (whole, has_more))
        })
    }

    /// An id.
    pub fn id(&self, name: &str) -> Result<Option<Id>, ApiError> {
        self.parse(name, "Enter a valid UUID.", |text| Id::try_parse(text).ok())
    }

    /// A time, in milliseconds since 1970.
    pub fn time_ms(&self, name: &str, tz: &TimeZone) -> Result<Option<i64>, ApiError> {
        self.parse(name, "Enter a valid date/time.", |text| time_ms(text, tz))
    }

    /// One of several words.
    pub fn choice<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
        self.get(name).map(|word| chosen(name, word, &read)).transpose()
    }

    /// Any of several words, joined by commas or said again.
    pub fn choices<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, ApiError> {
        self.all(name).into_iter().map(|word| chosen(name, word, &read)).collect()
    }

    /// The fields to order by with whether each goes down; what is not one of `known` is passed over.
    pub fn ordering<'list>(&'list self, known: &[&str]) -> Vec<(&'list str, bool)> {
        self.all("ordering")
            .into_iter()
            .map(|name| name.strip_prefix('-').map_or((name, false), |name| (name, true)))
            .filter(|(name, _)| known.contains(name))
            .collect()
    }

    /// Words to look for, in lower case.
    pub fn search(&self) -> Vec<String> {
        let text = self.get("search").unwrap_or_default().to_lowercase();
        text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    fn page_size(&self) -> usize {
        let size = self.number("page_size").ok().flatten().map_or(PAGE_SIZE, |size| size.max(0) as usize);
        if size == 0 { PAGE_SIZE } else { size.min(PAGE_SIZE_MAX) }
    }

    /// Rows from the first to the end of the page that is asked for, as far as that can be told without counting them.
    pub fn rows_wanted(&self) -> usize {
        let number = self.get("page").map_or(Some(1), |text| text.parse::<usize>().ok());
        number.map_or(usize::MAX, |number| number.saturating_mul(self.page_size()))
    }

    /// Cuts a page out of rows.
    pub fn page<T>(&self, rows: Vec<T>) -> Result<Page<T>, ApiError> {
        let count = rows.len();
        let Window { skip, size, next, previous } = self.window(count)?;
        Ok(Page { count, next, previous, results: rows.into_iter().skip(skip).take(size).collect() })
    }

    /// Which of so many rows are on the page that is asked for.
    pub fn window(&self, count: usize) -> Result<Window, ApiError> {
        let size = self.page_size();
        let pages = count.div_ceil(size).max(1);
        let number = match self.get("page") {
            None => Some(1),
            Some("last") => Some(pages),
            Some(text) => text.parse::<usize>().ok().filter(|number| (1..=pages).contains(number)),
        };
        let Some(number) = number else {
            return Err(ApiError::Plain(StatusCode::NOT_FOUND, "not_found", "Invalid page.".to_owned()));
        };
        Ok(Window {
            skip: (number - 1) * size,
            size,
            next: (number < pages).then(|| self.address(number + 1)),
            previous: (number > 1).then(|| self.address(number - 1)),
        })
    }

    /// The address of another page, under the name by which the hub was reached.
    fn address(&self, page: usize) -> String {
        let number = page.to_string();
        let others = self
            .parameters
            .iter()
            .filter(|(name, _)| *name != "page")
            .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())));
        let pairs: Vec<(&str, &str)> =
            others.chain((page > 1).then_some(("page", number.as_str()))).collect();
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        if query.is_empty() { self.address.clone() } else { format!("{}?{query}", self.address) }
    }
}

fn chosen<T>(name: &str, word: &str, read: &impl Fn(&str) -> Option<T>) -> Result<T, ApiError> {
    let message = format!("Select a valid choice. {word} is not one of the available choices.");
    read(word).ok_or_else(|| ApiError::field(name, message))
}

/// Whether every word is found in some of the texts.
pub fn matches(words: &[String], texts: &[&str]) -> bool {
    words.iter().all(|word| texts.iter().any(|text| text.to_lowercase().contains(word)))
}

/// A time, or the start of a date in the outlet's zone, in milliseconds since 1970.
fn time_ms(text: &str, tz: &TimeZone) -> Option<i64> {
    // A `+` that a client left unescaped in the address has become a space.
    let text = text.replace(' ', "+");
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(at.as_millisecond());
    }
    let local = text.parse::<jiff::civil::DateTime>().ok();
    let local = local.or_else(|| text.parse::<jiff::civil::Date>().ok().map(|date| date.at(0, 0, 0, 0)))?;
    local.to_zoned(tz.clone()).ok().map(|zoned| zoned.timestamp().as_millisecond())
}
