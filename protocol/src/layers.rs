//! Configuration in layers, which hub and relay read alike: a TOML table, overridden by variables of the environment.
//!
//! Every value has a variable: a prefix, and its path in capitals, sections joined by two underscores (`OUTLET_HUB_HTTP__LISTEN`).

use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// The table with the variables that begin with `prefix` laid over it, as what it configures. What does not hold is named in words.
pub fn over<T: DeserializeOwned>(
    mut table: Table,
    prefix: &str,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<T, String> {
    for (name, value) in environment {
        if let Some(path) = name.strip_prefix(prefix) {
            set(&mut table, &name, path, &value)?;
        }
    }
    table.try_into().map_err(|error: toml::de::Error| error.to_string().trim().replace('\n', " "))
}

/// Sets what a variable says. A value that is no TOML of its own is a text.
fn set(table: &mut Table, variable: &str, path: &str, text: &str) -> Result<(), String> {
    let path = path.to_ascii_lowercase();
    let mut parts: Vec<&str> = path.split("__").collect();
    let last = parts.pop().unwrap_or_default();
    let mut place = table;
    for part in parts {
        let entry = place.entry(part).or_insert_with(|| Value::Table(Table::new()));
        place = entry
            .as_table_mut()
            .ok_or_else(|| format!("{variable}: {part} is no section of the configuration"))?;
    }
    let value = format!("v = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("v"));
    place.insert(last.to_owned(), value.unwrap_or_else(|| Value::String(text.to_owned())));
    Ok(())
}
